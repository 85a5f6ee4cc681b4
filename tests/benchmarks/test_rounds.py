"""A round runs each case once, on a tree that is as the case says and as it was afterwards."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from benchmarks.measure import FailedError, Run
from benchmarks.plugins import BEFORE, OWN, PEERS
from benchmarks.repositories import Repository
from benchmarks.results import PLAIN, Result
from benchmarks.rounds import (
    COLD,
    FRESH,
    HUB,
    LEAF,
    STDIN_COLD,
    STDIN_PLAIN,
    STDIN_WARM,
    WARM,
    Subject,
    measure,
)
from tests.benchmarks.trees import content, write

ONE = Repository("https://example.com/of/one", "c", "one")
FINDING = "tests/test_store.py:1:1: MOT101 found\nother: E501 long\n"
INSIDE = {
    "./tests/test_a.py": {
        "checks": 0.3, "plugin": 0.2, "tests": 9, "cut": 2, "cut_short": True, "failed": False,
    },
    "./tests/test_b.py": {
        "checks": 0.0, "plugin": 0.0, "tests": 1, "cut": 0, "cut_short": True, "failed": False,
    },
}  # fmt: skip


class Fake:
    """Stands for flake8: it keeps a cache, costs what is told, and notes what it was run on."""

    def __init__(self, folder: Path) -> None:
        self.tree = write(folder / "one")
        self.before = content(self.tree)
        self.seen: list[str] = []
        self.costs: dict[str, float] = {}
        self.outputs: dict[str, str] = {}
        self.inside: dict[str, dict[str, float]] = INSIDE
        self.fails = ""
        self.limit = 10**6
        plugins = {name: folder / name for name in (OWN, BEFORE, *PEERS)}
        self.subject = Subject(self.tree, (".",), plugins, folder, self.run)

    def run(
        self,
        command: Sequence[str],
        folder: Path,
        plugins: Sequence[Path],
        text: str,
        variables: Mapping[str, str],
    ) -> Run:
        """Stand for measure.run."""
        assert folder == self.tree
        cache = Path(variables["FLAKE8_MOTO_ORDER_CACHE_DIR"])
        if command[1].endswith("inside.py"):
            assert not cache.exists() and plugins == [self.subject.plugins[OWN]]
            Path(command[2]).write_text(json.dumps(self.inside))
            return Run(1.0, 40.0, "")
        case = self.case(command, plugins[0].name if plugins else "", cache, text)
        self.seen.append(case)
        if case == self.fails or len(self.seen) > self.limit:
            raise FailedError("flake8 ended with 2:\n\nTraceback\nKeyError: 'x'\n")
        output = FINDING if plugins and plugins[0].name in (OWN, BEFORE) else ""
        return Run(self.costs.get(case, 1.0), 40.0, self.outputs.get(case, output))

    def case(self, command: Sequence[str], plugin: str, cache: Path, text: str) -> str:
        """Tell which case this is from all that a run of flake8 can see."""
        assert list(command[1:5]) == ["-m", "flake8", "--isolated", "-j1"]
        name = command[5] if command[5] != "." else ""
        name = "standard input" if name.startswith("--stdin") else name
        if name == "standard input":
            assert text == self.before["tests/test_store.py"].decode()
        if plugin in PEERS:
            return plugin
        if plugin == "":
            return f"{name or PLAIN}{', plain flake8' * bool(name)}"
        known = set(cache.iterdir()) if cache.exists() else set()
        touched = [key for key, value in content(self.tree).items() if value != self.before[key]]
        fresh = (self.tree / "app/names.py").stat().st_mtime > 10
        cache.mkdir(exist_ok=True)
        (cache / f"{plugin}{len(self.seen)}").touch()
        state = WARM if known else COLD
        case = f"{plugin}, {name}, {state}, {touched}, {len(known)} {'fresh' * fresh}"
        return CASES.get(case.strip(), case.strip())


CASES = {
    "before, , cold, [], 0": BEFORE,
    "flake8-moto-order, , cold, [], 0": COLD,
    "flake8-moto-order, , warm, [], 1": WARM,
    # Each begins with the cache that the warm run left, also after another one.
    "flake8-moto-order, , warm, ['app/view.py'], 2": LEAF,
    "flake8-moto-order, , warm, ['app/store.py'], 2": HUB,
    "flake8-moto-order, , warm, [], 2 fresh": FRESH,
    "flake8-moto-order, standard input, cold, [], 0 fresh": STDIN_COLD,
    "flake8-moto-order, standard input, warm, [], 1 fresh": STDIN_WARM,
}
ROUND = [
    PLAIN, BEFORE, COLD, WARM, LEAF, HUB, FRESH, *PEERS, STDIN_PLAIN, STDIN_COLD, STDIN_WARM,
]  # fmt: skip


@pytest.fixture
def fake(tmp_path: Path) -> Fake:
    """A fake flake8 and a tree whose files are old."""
    found = Fake(tmp_path)
    for folder, _, names in os.walk(found.tree):
        for name in names:
            os.utime(os.path.join(folder, name), (5, 7))
    return found


def measured(fake: Fake, result: Result, rounds: int = 1) -> list[int]:
    """Measure; return how many rounds there were each time the result was kept."""
    kept: list[int] = []
    measure(fake.subject, ONE, result, rounds, lambda: kept.append(len(result.rounds)))
    assert content(fake.tree) == fake.before
    return kept


def test_round(fake: Fake) -> None:
    """Cases come in turn, each with the cache and the changes it is about."""
    result = Result("one")
    fake.costs = {COLD: 2.0, HUB: 1.5}
    assert measured(fake, result) == [1, 1]
    assert fake.seen[: len(ROUND)] == ROUND
    assert list(result.rounds[0]) == ROUND and result.ratio(COLD) == 2.0
    assert result.marked == {
        HUB: "app/store.py", LEAF: "app/view.py", STDIN_COLD: "tests/test_store.py",
    }  # fmt: skip
    assert (result.findings, result.lost, result.new) == (1, 0, 0)
    assert (result.problem, result.notes, result.done) == ("", [], True)


def test_files(fake: Fake) -> None:
    """Cut tests are counted, and the files that cost most are run by themselves."""
    result = Result("one")
    name = "flake8-moto-order, ./tests/test_a.py, cold, [], 0 fresh"
    fake.costs = {name: 4.0}
    measured(fake, result)
    assert (result.tests, result.cut, result.cut_files) == (10, 2, 2)
    assert result.worst == [("tests/test_a.py", 4.0, 3.0), ("tests/test_b.py", 1.0, 0.0)]


def test_before(fake: Fake) -> None:
    """Findings are compared with those of the build before."""
    result = Result("one")
    fake.outputs = {BEFORE: "a: MOT101 gone\nb: MOT102 gone\n" + FINDING}
    measured(fake, result)
    assert (result.findings, result.lost, result.new, result.problem) == (1, 2, 0, "")


def test_findings_differ(fake: Fake) -> None:
    """A run whose findings are not those of the cold run is a problem."""
    result = Result("one")
    fake.outputs = {WARM: "", STDIN_WARM: "a: MOT101 more"}
    measured(fake, result)
    said = "findings differ from those of a cold run: warm, standard input, warm"
    assert result.problem == said and result.done


def test_rounds_differ(fake: Fake) -> None:
    """Findings that are not the same in each round are a problem as well."""
    result = Result("one")
    fake.subject.findings[FRESH] = {"a: MOT101 in an earlier round"}
    measured(fake, result)
    assert result.problem == "findings differ from those of a cold run: fresh checkout"


def test_failure(fake: Fake) -> None:
    """A repository on which flake8 fails is reported with what was measured by then."""
    result = Result("one")
    fake.limit = len(ROUND) + 2
    assert measured(fake, result, rounds=2) == [1, 1]
    assert result.problem == "flake8 failed: flake8 ended with 2: ... KeyError: 'x'"
    assert not result.done


def test_changes_are_undone(fake: Fake) -> None:
    """A run that fails leaves no change behind."""
    result = Result("one")
    fake.fails = HUB
    assert measured(fake, result) == [0] and fake.seen[-1] == HUB


def test_completed(fake: Fake) -> None:
    """Rounds that are there are not run again."""
    result = Result("one", rounds=[{PLAIN: (1.0, 40.0), COLD: (2.0, 40.0)}])
    assert measured(fake, result, rounds=2) == [2, 2]
    assert fake.seen.count(PLAIN) == 1 and result.done


def test_plugin_fails(fake: Fake) -> None:
    """A file that the plugin gives up on is a problem."""
    fake.inside = {"a.py": {**INSIDE["./tests/test_a.py"], "failed": True}}
    result = Result("one")
    measured(fake, result)
    assert result.problem == "the plugin failed on 1 files: a.py"


def test_no_application(tmp_path: Path) -> None:
    """Where there is nothing to change, or to give, this is said."""
    fake = Fake(tmp_path)
    for path in [*fake.tree.rglob("test_*.py")]:
        path.unlink()
    fake.before = content(fake.tree)
    del fake.subject.plugins[BEFORE]
    result = Result("one")
    measured(fake, result)
    assert not {LEAF, HUB, BEFORE, STDIN_COLD} & set(result.rounds[0])
    assert result.notes == [f"no file for: {case}" for case in (HUB, LEAF, STDIN_COLD)]
