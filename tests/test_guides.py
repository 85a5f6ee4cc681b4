"""The guides in docs/ say what is so: their examples are run through flake8."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

DOCS = Path(__file__).resolve().parent.parent / "docs"
GUIDE = (DOCS / "how-it-works.md").read_text(encoding="utf-8")
LIMITATIONS = (DOCS / "limitations.md").read_text(encoding="utf-8")
FILE = re.compile(
    r"^`(?P<path>[^`\n]+)`(?P<rest>[^\n]*):\n```\w+\n(?P<text>.*?)^```", re.MULTILINE | re.DOTALL
)
CONSOLE = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)
BLOCK = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
HEAD = re.compile(r"^# (\S+\.py)\n", re.MULTILINE)
FINDING = re.compile(r"^(\d+)/(.+?):(\d+):\d+: (MOT\d+) ", re.MULTILINE)
MARKER = re.compile(r"# error: (MOT\d{3})")


def files_of(block: str) -> dict[str, str]:
    """Split an example of limitations.md into its files."""
    _, *parts = HEAD.split(block)
    return dict(zip(parts[::2], parts[1::2]))


EXAMPLES = [files_of(block) for block in BLOCK.findall(LIMITATIONS)]
USUAL = EXAMPLES[0]
Findings = list[tuple[str, int, str]]


def write(folder: Path, files: dict[str, str]) -> None:
    """Write the files of an example."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")


def lint(folder: Path, *targets: str) -> str:
    """Return what flake8 prints about some targets in a folder."""
    command = [sys.executable, "-m", "flake8", "--isolated", "--select=MOT", "-j1", *targets]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True).stdout


def guide_files(rest: str) -> dict[str, str]:
    """Return the files of the worked example whose path is followed by `rest`."""
    return {m["path"]: m["text"] for m in FILE.finditer(GUIDE) if m["rest"] == rest}


def marked(files: dict[str, str]) -> Findings:
    """Return path, line and code of the markers in some files."""
    return [
        (name, number, code)
        for name, text in files.items()
        for number, line in enumerate(text.splitlines(), 1)
        for code in MARKER.findall(line)
    ]


@pytest.fixture(scope="module")
def findings(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Findings]:
    """Write every example of limitations.md as a project of its own, and check all in one run."""
    folder = tmp_path_factory.mktemp("limitations")
    for index, example in enumerate(EXAMPLES):
        write(folder / str(index), {"pytest.ini": "[pytest]\n", **USUAL, **example})
    found: dict[int, Findings] = {index: [] for index in range(len(EXAMPLES))}
    for index, name, row, code in FINDING.findall(lint(folder, *map(str, found))):
        found[int(index)].append((name, int(row), code))
    return found


def test_worked_example(tmp_path: Path) -> None:
    """The output in how-it-works.md is what flake8 prints about the files shown there."""
    shown = CONSOLE.search(GUIDE)
    assert shown
    write(tmp_path, guide_files(""))
    assert lint(tmp_path, "tests") == shown[1]


def test_repair_of_worked_example(tmp_path: Path) -> None:
    """With the fixture that how-it-works.md adds, the worked example is silent."""
    repaired = guide_files(", with a repair")
    assert repaired
    write(tmp_path, guide_files("") | repaired)
    assert lint(tmp_path, "tests") == ""


@pytest.mark.parametrize("index", range(len(EXAMPLES)))
def test_limitation(index: int, findings: dict[int, Findings]) -> None:
    """An example in limitations.md is reported where it is marked, and nowhere else."""
    assert findings[index] == marked(EXAMPLES[index])
