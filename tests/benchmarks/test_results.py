"""Results are kept as they come, and read back as they were."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.measure import Series
from benchmarks.results import PLAIN, Result, Results, Row, Tree
from benchmarks.rounds import COLD, STDIN_COLD, STDIN_PLAIN
from tests.benchmarks.figures import result


def test_figures() -> None:
    """Figures are of the medians of the rounds that have the case."""
    one = Result("one", rounds=[{PLAIN: (2.0, 40.0), COLD: (3.0, 50.0)}, {PLAIN: (4.0, 44.0)}])
    assert one.series(PLAIN) == Series(3.0, 1 / 3, 42.0)
    assert (one.ratio(COLD), one.memory(COLD)) == (1.0, 8.0)
    assert one.ratio("other") is one.memory("other") is one.added(COLD, "other") is None
    assert result("two").added(STDIN_COLD, STDIN_PLAIN) == pytest.approx(30)


def test_problems() -> None:
    """No problem hides another."""
    one = Result("one")
    one.complain("first")
    one.complain("second")
    assert one.problem == "first; second"


def test_kept(tmp_path: Path) -> None:
    """What was kept is there for the next run; a result takes the place of an earlier one."""
    path = tmp_path / "performance.json"
    results = Results(path)
    assert not results.repositories and not results.trees
    series = Series(1.0, 0.0, 10.0), Series(2.0, 0.5, 20.0)
    results.trees[100] = Tree("tree", 100, [Row("tree", 100, COLD, *series)], {PLAIN: series[0]})
    results.start = {"engine": 40.0}
    results.keep(result("one"))
    results.keep(result("two"))
    results.keep(result("one", {COLD: 12.0}))
    again = Results(path)
    assert again.trees == results.trees and again.start == results.start
    assert again.repositories == results.repositories
    assert again.repositories["one"].ratio(COLD) == 1.2
    assert list(again.repositories) == ["one", "two"]
    assert [each.name for each in tmp_path.iterdir()] == ["performance.json"]
