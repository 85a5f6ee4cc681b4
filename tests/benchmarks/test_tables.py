"""The parts of the page: what is worse than it must be, targets, repositories, synthetic trees."""

from __future__ import annotations

from pathlib import Path

from benchmarks import tables
from benchmarks.measure import Series
from benchmarks.results import PLAIN, Result, Results, Row, Tree
from benchmarks.rounds import COLD, HUB
from tests.benchmarks.figures import result


def results_of(folder: Path, *repositories: Result) -> Results:
    """Make results of these repositories."""
    results = Results(folder / "performance.json")
    results.repositories = {each.name: each for each in repositories}
    return results


def test_first(tmp_path: Path) -> None:
    """What is too slow comes before anything else; where nothing is, this is said."""
    slow, good = result("slow", {COLD: 25.0}), result("good")
    first, line, *_ = tables.parts(results_of(tmp_path, good, slow))
    assert first == "### Worse than it must be"
    assert line == "- **slow**: `flake8 .`, cold 2.500, not 2.000"
    first, second, *_ = tables.verdict(results_of(tmp_path, good))
    assert (first, second) == ("No repository is worse than it must be.", "### Targets")
    assert next(tables.verdict(results_of(tmp_path))) == "### Targets"


def test_builds(tmp_path: Path) -> None:
    """Results of different builds are not mixed in silence."""
    other = result("other")
    other.build = "another"
    found = results_of(tmp_path, result("one"), other)
    assert "more than one build" in list(tables.verdict(found))[1]


def test_repositories(tmp_path: Path) -> None:
    """Those that were tuned on stand apart from the others, each with all its figures."""
    other, differing = result("other"), result("differing")
    missing = Result("missing", problem="no")
    other.before, other.cut_files, other.notes = "", 2, ["at commit a, not b"]
    del other.rounds[0][HUB]
    differing.new, differing.lost = 2, 1
    found = results_of(tmp_path, other, result("ours", tuned=True), differing, missing)
    ours, others = "\n\n".join(tables.parts(found)).split("### Repositories ")[1:]
    lines = ours.splitlines()
    assert lines[0] == "tuned on" and others.startswith("not tuned on")
    assert lines[4] == (
        "| ours | 10.00 ± 0 % | 30.00 ± 0 % | 11.00 ± 0 % | 3.000 | 1.100 | 25 |"
        " 3.0 (`tests/test_a.py`, +200 ms) | 0 of 200 (0.0 %) | 3, as before |"
    )
    costs = "1.100 1.010 1.020 1.020 1.040 1.200 1.200 1.200 1.200".split()
    assert lines[10] == f"| ours | {' ± 0 % | '.join(costs)} ± 0 % | +30 ms | +10 ms |"
    assert lines[12] == (
        "- ours: commit cccccccccc; build build; before old; 1 rounds; "
        "a hub module changed: `app/a.py`"
    )
    assert "| 3: 2 new, 1 lost |" in others and "| 3 |" in others
    assert "| missing |  |  |  |  |  |  |  |  | no |" in others and "- missing" not in others
    assert "budget ended something in 2 files; at commit a, not b" in others
    assert "| 1.020 ± 0 % |  | 1.200 ± 0 % |" in others


def test_trees(tmp_path: Path) -> None:
    """Synthetic trees keep their tables."""
    found = results_of(tmp_path)
    series = {1: Series(1.0, 0.0, 10.0), 2: Series(2.0, 0.5, 20.0)}
    rows = [Row("tree", 100, "flake8 tests, cold", series[1], series[2])]
    found.trees[100] = Tree("tree", 100, rows, {PLAIN: series[1], "flake8-bugbear": series[2]})
    found.start = {"engine": 40.4}
    text = "\n\n".join(tables.parts(found))
    assert "| tree | flake8 tests, cold | 1.00 ± 0 % | 2.00 ± 50 % | 2.000 | 1000 | 10 |" in text
    assert "| tree: flake8-bugbear | 2.00 | 2.00 |" in text and "| engine | 40 |" in text
    assert "| tree: plain flake8 | 1.00 |  |" in text and "| flake8 tests, cold | nan |" in text
