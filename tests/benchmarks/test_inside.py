"""A run of flake8 that is looked at from inside tells what each file costs, and what was cut."""

from __future__ import annotations

import json
import logging
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from benchmarks.inside import File, Observer
from benchmarks.measure import run
from benchmarks.rounds import INSIDE
from tests.benchmarks.trees import write

ROOT = Path(__file__).parents[2]


def test_run(tmp_path: Path) -> None:
    """Checks include the plugin's, which costs something where there are tests."""
    tree = write(tmp_path / "tree")
    output = tmp_path / "inside.json"
    command = [sys.executable, str(INSIDE), str(output), "--isolated", "-j1", "."]
    variables = {"FLAKE8_MOTO_ORDER_CACHE_DIR": str(tmp_path / "cache")}
    run(command, tree, [ROOT], "", variables)
    files = {name: File(**each) for name, each in json.loads(output.read_text()).items()}
    assert len(files) == 8
    test = files["./tests/test_store.py"]
    assert 0 < test.plugin < test.checks
    assert (test.tests, test.cut, test.cut_short, test.failed) == (1, 0, False, False)
    assert files["./app/store.py"].tests == 0 and files["./app/store.py"].checks > 0


def runner(path: str, cut_short: bool) -> Any:
    """Make what stands for a runner of five tests, three of which came to their end."""
    session = SimpleNamespace(project=SimpleNamespace(path=path))
    items, tests = [None] * 5, [None] * 3
    return SimpleNamespace(session=session, items=items, tests=tests, cut_short=cut_short)


@pytest.mark.parametrize(
    ("path", "cut_short", "counts"),
    [("test_a.py", True, (5, 2)), ("test_a.py", False, (5, 0)), ("conftest.py", True, (0, 0))],
)
def test_cut(path: str, cut_short: bool, counts: tuple[int, int]) -> None:
    """Tests that were not run to their end are cut where the budget ended something."""
    observer = Observer()
    calls: list[object] = []
    observer._run(calls.append, runner(path, cut_short))
    assert (observer.file.tests, observer.file.cut) == counts and len(calls) == 1
    observer._trace(lambda: SimpleNamespace(cut_short=cut_short))
    assert observer.file.cut_short is cut_short


def test_failure() -> None:
    """What the plugin warns of is noted at the file at hand."""
    observer = Observer()
    given = ("flake8.moto_order", logging.WARNING, "", 1, "%s: not checked", ("a.py",), None)
    observer.handle(logging.LogRecord(*given))
    assert observer.file.failed
