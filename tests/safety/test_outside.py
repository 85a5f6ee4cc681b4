"""Nothing outside the project is read, whatever its files say, and nothing is written there."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

AUDIT = """\
import atexit, os, sys
log = []
def note(event, args):
    if event in ("open", "os.listdir", "os.scandir", "os.mkdir", "os.rename", "os.remove"):
        if isinstance(args[0], (str, bytes)):
            how = args[1] if event == "open" else event
            log.append(f"{os.path.realpath(os.fsdecode(args[0]))}\\t{how}")
atexit.register(lambda: print("LOG", *log, sep="\\n"))
sys.addaudithook(note)
sys.argv = ["flake8", "-j1", *sys.argv[1:]]
from flake8.main.cli import main
main()
"""
CLIENT = "import boto3\nclient = boto3.client('s3')\n"
LATE = "from moto import mock_aws\n@mock_aws\ndef test_it(): client.list_buckets()\n"
INSIDE = {
    "conftest.py": "import sys\nsys.path.insert(0, {outside!r})\nsys.path.append('../../outside')\n"
    "pytest_plugins = ['plugging']\n",
    "requirements.txt": "-r ../outside/requirements.txt\n-r linked.txt\n",
    "test_path.py": "from aws import client\n" + LATE,
    "test_folder.py": "from linked.aws import client\n" + LATE,
    "test_file.py": "from linked_file import client\n" + LATE,
    "test_own.py": "from own.aws import client\n" + LATE,
    "test_linked_own.py": "from linked_own.aws import client\n" + LATE,
    "own/aws.py": CLIENT,
}
TESTS = [name for name in INSIDE if name.startswith("test_")]
OUTSIDE = {
    "aws.py": CLIENT,
    "plugging.py": CLIENT,
    "requirements.txt": "moto==4.2.0\n",
    "test_outside.py": "from moto import mock_aws\n",
    "conftest.py": "import moto\n",
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A repository, and a folder beside it to which its files and links lead."""
    outside = tmp_path / "outside"
    for folder, files in (("project", INSIDE), ("outside", OUTSIDE)):
        for name, text in files.items():
            path = tmp_path / folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text.replace("{outside!r}", repr(str(outside))), encoding="utf-8")
    project = tmp_path / "project"
    (project / ".git").mkdir()
    (project / "linked").symlink_to(outside)
    (project / "linked_file.py").symlink_to(outside / "aws.py")
    (project / "linked.txt").symlink_to(outside / "requirements.txt")
    (project / "linked_own").symlink_to(project / "own")
    return project


def lint(
    project: Path, *options: str, files: Sequence[str] = TESTS
) -> tuple[set[str], dict[str, set[str]]]:
    """Return the test files with findings, and what was done to which real path."""
    command = [sys.executable, "-B", "-c", AUDIT, "--select=MOT", *options, *files]
    done = subprocess.run(command, cwd=project, capture_output=True, text=True)
    assert not done.stderr
    found, _, log = done.stdout.partition("LOG\n")
    touched: dict[str, set[str]] = {}
    for line in log.splitlines():
        path, _, how = line.partition("\t")
        touched.setdefault(path, set()).add(how)
    return {line.partition(":")[0] for line in found.splitlines()}, touched


def among(touched: dict[str, set[str]], folder: Path) -> dict[str, set[str]]:
    """Return what was touched in a folder."""
    inside = os.path.realpath(folder) + os.sep
    return {path: how for path, how in touched.items() if f"{path}{os.sep}".startswith(inside)}


def test_nothing_outside(project: Path) -> None:
    """Paths, links, requirements and plugins that lead outside lead to nothing, cold and warm."""
    for _ in range(2):
        found, touched = lint(project)
        assert among(touched, project / "linked") == {}
        assert found == {"test_own.py", "test_linked_own.py"}


def test_named_is_inside(project: Path) -> None:
    """A root that the user names is open, and so are the links that lead to it."""
    found, touched = lint(project, f"--moto-order-roots={project.parent / 'outside'}")
    assert str((project / "linked" / "aws.py").resolve()) in touched
    assert found == set(TESTS)


def test_configured_is_inside(project: Path) -> None:
    """So is a folder of pytest's `pythonpath`."""
    (project / "pytest.ini").write_text("[pytest]\npythonpath = ../outside\n")
    assert lint(project)[0] == set(TESTS)


def test_written(project: Path) -> None:
    """Only the cache is written."""
    changed = {"w", "wb", "x", "xb", "a", "os.mkdir", "os.rename", "os.remove"}
    _, touched = lint(project)
    written = {path for path, how in touched.items() if how & changed}
    cache = str((project / ".flake8_moto_order_cache").resolve())
    assert written
    assert {path for path in written if not path.startswith(cache)} <= {os.devnull}


def test_one_project_opens_nothing_for_another(project: Path) -> None:
    """What may be read for one file of a run may not be read for the next, in any order."""
    other = project.parent / "outside" / "tests"
    other.mkdir()
    (other / "pytest.ini").write_text("[pytest]\n")
    (other / "test_other.py").write_text("from own_aws import client\n" + LATE)
    (other / "own_aws.py").write_text(CLIENT)
    files = [f"{other}/test_other.py", "test_path.py", "test_own.py"]
    for order in (files, files[::-1]):
        found, touched = lint(project, files=order)
        assert found == {files[0], "test_own.py"}
        assert set(among(touched, project.parent / "outside")) >= {str(other / "own_aws.py")}
        assert str(project.parent / "outside" / "aws.py") not in touched
