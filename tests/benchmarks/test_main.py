"""A run of the benchmarks: what it measures, skips, completes, and writes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from benchmarks import __main__ as command
from benchmarks.measure import Series
from benchmarks.plugins import BEFORE, OWN, PEERS
from benchmarks.repositories import Repository
from benchmarks.results import PLAIN, Result, Results, Row
from benchmarks.rounds import Subject
from tests.benchmarks.figures import result
from tests.benchmarks.trees import write

ENTRY = '[[repository]]\naddress = "https://example.com/of/{0}"\ncommit = "c"\n'


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with two checkouts, one of three in the list, where nothing is really run."""
    for name in ("one", "two"):
        write(tmp_path / name)
    names = ("one", "missing", "two")
    (tmp_path / "list.toml").write_text("".join(map(ENTRY.format, names)))
    output = write(tmp_path / "docs", {"performance.md": ""})
    (output / "performance.md").write_text("Above\n<!-- results: begin --><!-- results: end -->\n")

    def install(folder: Path, source: Path, before: Path | None) -> dict[str, Path]:
        names = (OWN, *PEERS, *([BEFORE] if before else []))
        return {name: folder / name for name in names}

    def measure(
        subject: Subject, repository: Repository, found: Result, rounds: int,
        keep: Callable[[], None],
    ) -> None:  # fmt: skip
        assert (subject.tree / ".git").is_dir() and (subject.tree / "app/store.py").is_file()
        if (subject.tree / "broken").exists():
            raise OSError("no space left")
        while len(found.rounds) < rounds:
            found.rounds.append(result(repository.name).rounds[0])
            keep()
        found.done = True
        keep()

    monkeypatch.setattr(command, "strangers", lambda output: [])
    monkeypatch.setattr(command, "install", install)
    monkeypatch.setattr(command, "measure", measure)
    return tmp_path


def run(place: Path, *arguments: str) -> Results:
    """Run the benchmarks and return what is kept."""
    given = ["--checkouts", str(place), "--output", str(place / "docs"), "--sizes", ""]
    given += ["--repositories", str(place / "list.toml"), *arguments]
    command.main(given)
    return Results(place / "docs" / "performance.json")


def test_all(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each repository of the list is measured; one that is missing is said, here and there."""
    found = run(place, "--rounds", "2")
    assert [each.done for each in found.repositories.values()] == [True, False, True]
    assert len(found.repositories["two"].rounds) == 2
    assert "there is no `.git`" in found.repositories["one"].notes[0]
    page = (place / "docs" / "performance.md").read_text()
    said = "- **missing**: there is no folder missing among the checkouts"
    output, progress = capsys.readouterr()
    assert page.startswith("Above\n") and said in page
    assert output.startswith(f"### Worse than it must be\n\n{said}\n")
    assert "one: 1 of 2 rounds, plain 10.00 s, cold 11.00 s\n" in progress
    assert "two: done, plain" in progress and "missing: there is no folder" in progress


def test_only(place: Path) -> None:
    """One repository is measured again; what there is of others stays."""
    run(place, "--rounds", "1")
    found = run(place, "--rounds", "2", "--only", "two")
    assert [len(each.rounds) for each in found.repositories.values()] == [1, 0, 2]


def test_resume(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What has all its rounds is left, what hasn't is completed, another build begins anew."""
    found = run(place, "--rounds", "2")
    found.repositories["two"].done = False
    found.repositories["two"].rounds = [{PLAIN: (1.0, 40.0)}]
    found.repositories["two"].findings = 7
    found.write()
    capsys.readouterr()
    found = run(place, "--rounds", "2", "--resume")
    assert found.repositories["two"].rounds[0] == {PLAIN: (1.0, 40.0)}
    assert found.repositories["two"].findings == 7
    assert "one: measured before" in capsys.readouterr().err
    found.repositories["two"].rounds[0] = {PLAIN: (1.0, 40.0)}
    found.repositories["two"].build = "earlier"
    found.write()
    found = run(place, "--rounds", "2", "--resume", "--before", "old.whl")
    assert len(found.repositories["two"].rounds[0]) > 1
    assert found.repositories["two"].before == found.repositories["two"].build


def test_figures_stay(place: Path) -> None:
    """A checkout that has gone takes no figures with it."""
    run(place, "--rounds", "1")
    (place / "two").rename(place / "away")
    two = run(place, "--rounds", "1").repositories["two"]
    assert len(two.rounds) == 1 and two.problem.startswith("there is no folder two")


def test_error(place: Path) -> None:
    """A repository that can't be copied or measured ends nothing but itself."""
    write(place / "one", {"broken": ""})
    found = run(place, "--rounds", "1").repositories
    assert found["one"].problem == "not measured to the end: no space left" and found["two"].done


def test_nothing(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without a figure the page stays as it is."""
    before = (place / "docs" / "performance.md").read_text()
    run(place, "--only", "missing")
    assert (place / "docs" / "performance.md").read_text() == before
    assert "**missing**" in capsys.readouterr().out


def test_usage(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A name that is not in the list is an error of usage."""
    with pytest.raises(SystemExit):
        run(place, "--only", "three")
    assert "not among the repositories: three" in capsys.readouterr().err


def test_synthetic(
    place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Trees are kept by their size, measured once when resumed, and drawn."""
    drawn: list[dict[str, dict[int, float]]] = []
    builds = ["first"]

    def synthetic(
        work: Path, size: int, plugins: dict[str, Path], rounds: int
    ) -> tuple[object, dict[str, Series]]:
        series = Series(1.0, 0.0, 10.0), Series(2.0, 0.0, 20.0)
        rows = [Row(f"{size}", size, "flake8 tests, cold", *series)]
        bench = SimpleNamespace(name=f"{size}", rows=rows, imports=lambda: [("engine", 40.0)])
        return bench, {PLAIN: series[0], "flake8-bugbear": series[1]}

    monkeypatch.setattr(command, "_synthetic", synthetic)
    monkeypatch.setattr(command, "build_of", lambda folder: builds[0])
    monkeypatch.setattr("benchmarks.report.plot", lambda rows, costs, path: drawn.append(costs))
    arguments = ["--output", str(place / "docs"), "--resume", "--sizes"]
    command.main([*arguments, "10"])
    command.main([*arguments, "10,20"])
    assert drawn[1:] == [{"flake8-bugbear": {10: 1.0, 20: 1.0}}]
    page = (place / "docs" / "performance.md").read_text()
    assert "| 20 | flake8 tests, cold |" in page and "| engine | 40 |" in page
    assert "10: measured before\n20 modules\n" in capsys.readouterr().err
    builds[0] = "second"
    command.main([*arguments, "10"])
    trees = Results(place / "docs" / "performance.json").trees
    assert [tree.build for tree in trees.values()] == ["second", "first"]


def test_plugins_around(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where flake8 has plugins of its own there is nothing to compare with."""
    there = {True: ["flake8-own"], False: []}
    monkeypatch.setattr(command, "strangers", lambda output: there["pyflakes" in output])
    with pytest.raises(SystemExit, match="it has plugins: flake8-own"):
        run(place)
