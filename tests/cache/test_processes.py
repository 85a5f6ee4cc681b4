"""The cache under the real flake8: worker processes, standard input, several runs at once."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest

from flake8_moto_order.cache.cache import FOLDER
from flake8_moto_order.cache.folders import ENDING
from tests.cache import editing

METHODS = ("fork", "spawn", "forkserver")
# Other plugins would only take time.
ONLY_OURS = ("--select=MOT", "--disable-noqa")
STARTER = """
import multiprocessing, sys
from flake8.main.cli import main
if __name__ == "__main__":
    multiprocessing.set_start_method(sys.argv[1])
    raise SystemExit(main(sys.argv[2:]))
"""
ASKER = """
import sys
from flake8.main.cli import main
main(sys.argv[1:])
names = ("cache", "session", "rules", "interpreter", "models")
print(*(name for name in names if f"flake8_moto_order.{name}" in sys.modules))
"""
REPEATER = """
import pathlib
from flake8.main.cli import main
path = pathlib.Path("src/shop/aws.py")
original = path.read_text()
for run, text in enumerate(("", original, "")):
    path.write_text(text)
    print(run, main(["--select=MOT", "-q", "tests/test_a.py"]))
path.write_text(original)
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Make a project with a few tests that have findings."""
    root = tmp_path / "project"
    (root / ".git").mkdir(parents=True)
    for name in editing.START:
        editing.put(root / name, editing.CONTENTS[name][0])
    for number in range(6):
        (root / "tests" / f"test_{number}.py").write_text(editing.FIRST)
    return root


def flake8(root: Path, *arguments: str, text: str | None = None) -> str:
    """Run flake8 and return what it prints."""
    return run(root, "-m", "flake8", *ONLY_OURS, *arguments, text=text)


def run(root: Path, *arguments: str, text: str | None = None) -> str:
    """Run Python in a folder and return what it prints."""
    done = subprocess.run(
        [sys.executable, *arguments], cwd=root, input=text, capture_output=True, text=True
    )
    assert not done.stderr
    return "".join(sorted(done.stdout.splitlines(keepends=True)))


def packs_of(root: Path) -> set[str]:
    """Return the names of the packs."""
    return {path.name for path in (root / FOLDER).glob(f"*{ENDING}")}


@pytest.mark.parametrize("method", METHODS)
def test_workers(root: Path, tmp_path: Path, method: str) -> None:
    """Workers keep what they found when flake8 ends them, however it started them."""
    starter = tmp_path / "starter.py"
    starter.write_text(STARTER)
    expected = flake8(root, "--no-moto-order-cache", "tests")
    assert expected.count("MOT101") == 6
    assert not (root / FOLDER).exists()
    arguments = (str(starter), method, *ONLY_OURS, "-j2", "tests")
    assert run(root, *arguments) == expected
    packs = packs_of(root)
    assert packs
    assert run(root, *arguments) == expected
    assert flake8(root, "tests") == expected
    assert packs_of(root) == packs


def test_recalled_without_the_interpreter(root: Path) -> None:
    """A file whose verdict is recalled loads no interpreter, one that is no test loads no cache."""
    arguments = ("-c", ASKER, "--select=E999", "-j1")
    test, module = "tests/test_a.py", "src/shop/aws.py"
    loaded = "cache session rules interpreter models\n"
    assert run(root, *arguments, "--no-moto-order-cache", module, test) == loaded.replace(
        "cache ", ""
    )
    assert run(root, *arguments, module) == "\n"
    assert run(root, *arguments, test) == loaded
    assert run(root, *arguments, test) == "cache\n"


def test_several_runs_in_one_process(root: Path) -> None:
    """A process that runs flake8 several times sees what changed in between."""
    (root / "tests" / "test_a.py").write_text(editing.FIRST)
    (root / "src" / "shop" / "__init__.py").write_text("")
    first = run(root, "-c", REPEATER)
    assert first == "0 0\n1 1\n2 0\ntests/test_a.py\n"
    packs = packs_of(root)
    assert run(root, "-c", REPEATER) == first
    assert packs_of(root) == packs


def test_two_runs_at_once(root: Path) -> None:
    """Several flake8 processes on one cache do not get in each other's way."""
    command = [sys.executable, "-m", "flake8", *ONLY_OURS, "tests"]
    expected = flake8(root, "--no-moto-order-cache", "tests")
    for number in range(3):
        (root / "tests" / "test_a.py").write_text(f"{editing.LATER}# {number}\n")
        started = [
            subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
            for _ in range(3)
        ]
        for each in started:
            output, _ = each.communicate()
            assert "".join(sorted(output.decode().splitlines(keepends=True))) == expected
    packs = packs_of(root)
    assert flake8(root, "tests") == expected
    assert packs_of(root) == packs


def test_standard_input(root: Path) -> None:
    """Text from standard input is judged by itself, and stands for no file."""
    name = "tests/test_a.py"
    (root / name).write_text(editing.LATER)
    arguments = (f"--stdin-display-name={name}", "-")
    for _ in range(2):
        assert "MOT101" in flake8(root, *arguments, text=editing.FIRST)
        assert flake8(root, name) == ""
        assert flake8(root, *arguments, text=editing.LATER) == ""


def test_configured(root: Path, tmp_path: Path) -> None:
    """The folder of the configuration is used, and a configuration can switch the cache off."""
    (root / ".flake8").write_text("[flake8]\nmoto-order-cache-dir = ../kept\n")
    flake8(root / "tests", "--config=../.flake8", ".")
    assert {path.suffix for path in (tmp_path / "kept").iterdir()} == {"", ".TAG", ENDING}
    (root / ".flake8").write_text("[flake8]\nno-moto-order-cache = true\n")
    flake8(root, "tests")
    assert not (root / FOLDER).exists()


def test_why_nothing_is_kept(root: Path) -> None:
    """`flake8 -v` says why nothing is kept."""
    (root / FOLDER).write_text("mine")
    assert "MOT" in flake8(root, "tests")
    command = [sys.executable, "-m", "flake8", "-v", "tests/test_a.py"]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True)
    assert f"cache: nothing is written to {root / FOLDER}" in done.stdout + done.stderr


@pytest.mark.parametrize("seed", range(2))
def test_edits(root: Path, seed: int, tmp_path: Path) -> None:
    """Real runs with and without the cache agree after random edits."""
    random = Random(seed)
    for _ in range(4):
        editing.edit(root, random)
        jobs = f"-j{random.choice([1, 2])}"
        assert flake8(root, jobs, ".") == flake8(root, "--no-moto-order-cache", ".")
    copy = tmp_path / "copy"
    shutil.copytree(root, copy, symlinks=True)
    shutil.rmtree(root)
    assert flake8(copy, ".") == flake8(copy, "--no-moto-order-cache", ".")
