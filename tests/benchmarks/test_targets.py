"""Targets are judged by the worst, or by the middle, and what is worse than it must be is named."""

from __future__ import annotations

import pytest

from benchmarks.measure import Series
from benchmarks.results import Result, Row
from benchmarks.rounds import COLD
from benchmarks.targets import Judged, beaten, growth, judge, worse_than_must
from tests.benchmarks.figures import result


def row(size: int, plain: float, with_plugin: float) -> Row:
    """Make a row of two series."""
    series = [Series(plain, 0.0, 40.0), Series(with_plugin, 0.0, 130.0)]
    return Row("tree", size, "flake8 tests, cold", *series)


def judged(*repositories: Result, rows: tuple[Row, ...] = ()) -> dict[str, Judged]:
    """Judge, and return the lines by their case."""
    return {line.case: line for line in judge(repositories, rows)}


def test_median_and_worst() -> None:
    """A cold run has a target for the repository in the middle and one for the worst."""
    lines = judged(result("one"), result("two", {COLD: 12.0}), result("three", {COLD: 25.0}))
    median, worst = lines["`flake8 .`, cold, median"], lines["`flake8 .`, cold"]
    assert median[1:] == ("1.250", "1.100", "1.200", "2.500 (three)", "met")
    assert worst[1:] == ("2.000", "1.250", "1.200", "2.500 (three)", "missed")
    assert lines["warm, nothing changed"].verdict == "aim met"
    memory = lines["memory over plain flake8"]
    assert memory[1:] == ("60 MB", "30 MB", "25 MB", "25 MB (one)", "aim met")


def test_not_measured() -> None:
    """What was not measured is neither met nor missed."""
    lines = judged(Result("none", problem="there is no folder"))
    assert {line.verdict for line in lines.values()} == {"not measured"}


def test_cut() -> None:
    """Tests that were cut count per repository and over all of them."""
    one, two, empty = result("one"), result("two"), result("empty")
    one.cut, empty.tests = 6, 0
    lines = judged(one, two, empty)
    assert lines["tests cut at the budget, per repository"][4:] == ("3.00 % (one)", "missed")
    assert lines["tests cut at the budget, of all"][4:] == ("1.50 %", "missed")


def test_beside() -> None:
    """Below two of four on three of four repositories is a must, below all the aim."""
    good, half = result("good"), result("half", {"flake8-bugbear": 1.0, "flake8-simplify": 1.0})
    bad = result("bad", {COLD: 20.0})
    assert [beaten(each) for each in (good, half, bad)] == [4, 2, 0]
    del bad.rounds[0]["flake8-bugbear"]
    assert beaten(bad) is None
    case = "cold, beside other plugins"
    assert judged(good)[case].verdict == "aim met"
    line = judged(good, half)[case]
    assert (line.worst, line.verdict) == ("below 2 on 2 of 2, below all on 1", "met")
    assert judged(good, result("bad", {COLD: 20.0}))[case].verdict == "missed"


def test_synthetic() -> None:
    """Synthetic trees are judged at 10,000 modules, and by how the cost grows."""
    rows = (row(1_000, 1.0, 2.0), row(10_000, 10.0, 21.0))
    assert growth(rows, "flake8 tests, cold") == pytest.approx(1.0414, abs=0.0001)
    lines = judged(rows=rows)
    assert lines["synthetic, 10,000 modules, tests, cold"][4:] == ("2.100", "missed")
    assert lines["synthetic, exponent of growth"][4:] == ("1.04", "aim met")
    assert lines["synthetic, 10,000 modules, memory"][4:] == ("90 MB", "met")


def test_worse_than_must() -> None:
    """Problems come first, then the slowest, each with all that it misses."""
    one, two = result("one", {COLD: 21.0}), result("two", {COLD: 25.0})
    failed = result("three", {COLD: 22.0})
    failed.problem = "flake8 failed"
    one.worst = [("tests/test_a.py", 60.0, 9.0)]
    assert list(worse_than_must([one, two, Result("four", problem="missing"), failed])) == [
        "**three**: flake8 failed; `flake8 .`, cold 2.200, not 2.000",
        "**four**: missing",
        "**two**: `flake8 .`, cold 2.500, not 2.000",
        "**one**: `flake8 .`, cold 2.100, not 2.000; "
        "any file, beside its own plain flake8 60.0 times, not 20.0 times",
    ]
    assert not list(worse_than_must([result("one"), result("two", {COLD: 13.0})]))
