"""Runs the examples of all rule pages once, if moto is there to run them with."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from packaging.version import Version

from tests.pages import Case, every_case

WORKER = """\
import sys
sys.path.insert(0, sys.argv.pop())
from tests.oracle.worker import main
del sys.path[0]
main()
"""
TESTS = [path.name for path in Path(__file__).parent.glob("test_*.py")]
collect_ignore = [] if find_spec("moto") else TESTS


@pytest.fixture(scope="session")
def moto() -> Version:
    """Return the version of moto that is installed."""
    return Version(version("moto"))


@pytest.fixture(scope="session")
def runs(
    moto: Version, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> dict[tuple[str, str], Any]:
    """Return the results of the runs that tests ask for, by case and file run alone, or ""."""
    wanted: dict[tuple[str, str], dict[str, Any]] = {}
    names = {name for item in request.session.items for name in item.keywords}
    for case in every_case():
        if case.name not in names:
            continue
        if case.applies(moto) and case.not_run is None:
            folder = tmp_path_factory.mktemp("case").resolve()
            case.write(folder, moto)
            for target in ("", *alone(case, moto)):
                run = {"folder": str(folder), "targets": [target] if target else []}
                trace = any(code == "MOT205" for _, _, code in case.expected(moto))
                wanted[case.name, target] = {**run, "trace": trace}
    worker = [sys.executable, "-I", "-c", WORKER, str(Path(__file__).parent.parent.parent)]
    told = subprocess.run(
        worker, input=json.dumps(list(wanted.values())), capture_output=True, text=True, check=False
    )
    assert told.returncode == 0, told.stderr
    return dict(zip(wanted, json.loads(told.stdout), strict=True))


def alone(case: Case, moto: Version) -> list[str]:
    """Return the test files to run alone too: those with a finding, where others are run first."""
    tests = [path for path in case.files if path.rpartition("/")[2].startswith("test_")]
    marked = {path for path, _, _ in case.expected(moto)}
    return [path for path in tests if path in marked] if len(tests) > 1 else []
