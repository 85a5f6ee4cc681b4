"""Install the built wheel in a clean environment and compare what it says of examples/.

Call it with the folder that holds the wheel. Two things must agree with the output of flake8: the
`# error:` markers in the examples, and the output that README.md shows.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import venv
from collections import Counter
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
FINDING = re.compile(r"(?P<path>examples/.+?):(?P<line>\d+):\d+: (?P<code>MOT\d{3}) .+")
MARKER = re.compile(r"# error: (?P<code>MOT\d{3})")


def lint(wheel: Path) -> list[str]:
    """Install a wheel in an environment of its own and lint the examples with it."""
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        scripts = Path(folder, "Scripts" if sys.platform == "win32" else "bin")
        pip = [str(scripts / "python"), "-m", "pip", "install", "--quiet", str(wheel)]
        subprocess.run(pip, check=True, cwd=folder)
        flake8 = [str(scripts / "flake8"), "--select", "MOT", "examples/"]
        ended = subprocess.run(flake8, cwd=PROJECT, capture_output=True, text=True, check=False)
    if ended.stderr or ended.returncode != 1:
        sys.exit(f"flake8 ended with {ended.returncode}:\n{ended.stdout}{ended.stderr}")
    return ended.stdout.splitlines()


def found(lines: list[str]) -> Counter[tuple[str, int, str]]:
    """Read flake8's output: file, line and code of each finding."""
    matches = [FINDING.fullmatch(line) for line in lines]
    if None in matches:
        sys.exit("flake8 said something else than findings:\n" + "\n".join(lines))
    return Counter((m["path"], int(m["line"]), m["code"]) for m in matches if m)


def marked() -> Counter[tuple[str, int, str]]:
    """Read the markers in the examples: file, line and code of each."""
    return Counter(
        (path.relative_to(PROJECT).as_posix(), number, marker["code"])
        for path in sorted(PROJECT.glob("examples/**/*.py"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        for marker in MARKER.finditer(line)
    )


def shown() -> list[str]:
    """Read the findings that README.md shows."""
    lines = (PROJECT / "README.md").read_text(encoding="utf-8").splitlines()
    return [line.strip() for line in lines if FINDING.fullmatch(line.strip())]


def main() -> None:
    """Compare, and end with an explanation where something differs."""
    (wheel,) = Path(sys.argv[1]).resolve().glob("*.whl")
    lines = lint(wheel)
    print("\n".join(lines))
    if found(lines) != marked():
        sys.exit(f"the examples mark something else: {sorted(marked())}")
    if sorted(shown()) != sorted(lines):
        sys.exit("README.md shows something else:\n" + "\n".join(shown()))


if __name__ == "__main__":
    main()
