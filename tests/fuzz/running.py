"""Lints projects and runs them for real, many in one process."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from packaging.version import Version

from tests.fuzz.comparing import Verdict, compare
from tests.fuzz.linting import Said, lint
from tests.fuzz.shapes.projects import Project
from tests.oracle.conftest import WORKER
from tests.pages import Case

ROOT = Path(__file__).parent.parent.parent


class Runner:
    """Compares projects, and keeps a process that runs them."""

    def __init__(self, moto: Version) -> None:
        """Start that process, of the Python that runs this."""
        self.moto = moto
        self.worker = subprocess.Popen(
            [sys.executable, "-I", "-c", WORKER, str(ROOT)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )

    def close(self) -> None:
        """End the process."""
        self.worker.communicate()

    def compare(self, projects: Sequence[Project]) -> list[Verdict]:
        """Return a verdict on each project."""
        assert self.worker.stdin and self.worker.stdout
        with TemporaryDirectory() as name:
            folders = [Path(name).resolve() / str(number) for number in range(len(projects))]
            cases = [as_case(project) for project in projects]
            said: list[dict[str, Said]] = []
            wanted: list[list[str]] = []
            runs: list[dict[str, Any]] = []
            for folder, case in zip(folders, cases, strict=True):
                folder.mkdir()
                case.write(folder, self.moto)
                said.append(lint(folder, self.moto))
                targets = tests_of(case)
                wanted.append([*targets, ""] if len(targets) > 1 else targets)
                runs += [run(folder, target, said[-1]) for target in wanted[-1]]
            self.worker.stdin.write(json.dumps(runs) + "\n")
            self.worker.stdin.flush()
            told = iter(json.loads(self.worker.stdout.readline()))
            verdicts = []
            for case, about, targets in zip(cases, said, wanted, strict=True):
                verdicts.append(compare(case, about, {target: next(told) for target in targets}))
            return verdicts


def as_case(project: Project) -> Case:
    """Return a project as an example of a page."""
    return Case("fuzz", "fuzz", True, project.files, (), "")


def tests_of(case: Case) -> list[str]:
    """Return the files of tests."""
    return sorted(path for path in case.files if path.rpartition("/")[2].startswith("test_"))


def run(folder: Path, target: str, said: dict[str, Said]) -> dict[str, Any]:
    """Return a run of one file of tests, or of all; it tells the lines that ran, if they matter."""
    targets = [target] if target else []
    codes = {code for about in said.values() for _, code, _ in about.findings}
    return {
        "folder": str(folder), "targets": targets, "trace": "MOT205" in codes, "answered": True
    }
