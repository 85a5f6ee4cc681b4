"""Results as they come, in a JSON file: what a run that was ended has measured is not lost."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.measure import Run, Series, summary

PLAIN = "plain flake8"
Figures = tuple[float, float]


@dataclass
class Result:
    """What was measured on one repository with one build of the plugin.

    `rounds` have CPU seconds and MB by case. `problem` says why there is nothing, or not all;
    `notes` are to be said with the figures. `marked` are the files that are changed or given on
    standard input, by what they are. `lost` and `new` compare the findings with those of the build
    before. `worst` has files with the ratio to their own plain flake8 and the CPU seconds added.
    """

    name: str
    commit: str = ""
    tuned: bool = False
    build: str = ""
    before: str = ""
    problem: str = ""
    notes: list[str] = field(default_factory=list)
    marked: dict[str, str] = field(default_factory=dict)
    rounds: list[dict[str, Figures]] = field(default_factory=list)
    findings: int = 0
    lost: int = 0
    new: int = 0
    worst: list[tuple[str, float, float]] = field(default_factory=list)
    tests: int = 0
    cut: int = 0
    cut_files: int = 0
    done: bool = False

    def complain(self, problem: str) -> None:
        """Add a problem to those that are known."""
        self.problem = "; ".join(filter(None, [self.problem, problem]))

    def series(self, case: str) -> Series | None:
        """Return the series of one case, if it was measured."""
        found = [Run(*each[case], "") for each in self.rounds if case in each]
        return summary(found) if found else None

    def ratio(self, case: str, other: str = PLAIN) -> float | None:
        """Return how many times the CPU of another case one takes."""
        series, base = self.series(case), self.series(other)
        return series.cpu / base.cpu if series and base else None

    def added(self, case: str, other: str) -> float | None:
        """Return the CPU milliseconds that a case takes more than another."""
        series, base = self.series(case), self.series(other)
        return (series.cpu - base.cpu) * 1000 if series and base else None

    def memory(self, case: str) -> float | None:
        """Return the MB that a case takes more than plain flake8."""
        series, base = self.series(case), self.series(PLAIN)
        return series.memory - base.memory if series and base else None


class Row(NamedTuple):
    """One measurement: the tree, what was run, and the series without and with the plugin."""

    tree: str
    size: int
    case: str
    plain: Series
    with_plugin: Series

    @property
    def ratio(self) -> float:
        """How many times the CPU of plain flake8 the run takes."""
        return self.with_plugin.cpu / self.plain.cpu

    @property
    def added(self) -> float:
        """CPU seconds on top of plain flake8."""
        return self.with_plugin.cpu - self.plain.cpu


@dataclass
class Tree:
    """What was measured on one synthetic tree: rows, and the series of other plugins by name."""

    name: str
    size: int
    rows: list[Row] = field(default_factory=list)
    peers: dict[str, Series] = field(default_factory=dict)
    build: str = ""


class Results:
    """All results that a file has; each change is written at once."""

    def __init__(self, path: Path) -> None:
        self.path = path
        content: dict[str, Any] = {}
        if path.exists():
            content = json.loads(path.read_text(encoding="utf-8"))
        results = map(_result, content.get("repositories", []))
        self.repositories = {result.name: result for result in results}
        self.trees = {tree.size: tree for tree in map(_tree, content.get("trees", []))}
        self.start: dict[str, float] = content.get("start", {})
        self.versions: dict[str, str] = content.get("versions", {})

    def keep(self, result: Result) -> None:
        """Put the result of a repository in the place of an earlier one."""
        self.repositories[result.name] = result
        self.write()

    def write(self) -> None:
        """Write all, in one step: whoever ends this run leaves a whole file."""
        content = {
            "repositories": _plain(self.repositories.values()),
            "trees": _plain(self.trees[size] for size in sorted(self.trees)),
            "start": self.start,
            "versions": self.versions,
        }
        part = self.path.with_suffix(".part")
        part.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
        os.replace(part, self.path)


def _plain(items: Iterable[Result | Tree]) -> list[dict[str, Any]]:
    return [asdict(item) for item in items]


def _result(stored: dict[str, Any]) -> Result:
    result = Result(**stored)
    result.rounds = [{case: (cpu, mb) for case, (cpu, mb) in r.items()} for r in result.rounds]
    result.worst = [(file, ratio, added) for file, ratio, added in result.worst]
    return result


def _tree(stored: dict[str, Any]) -> Tree:
    rows = [
        Row(name, size, case, Series(*plain), Series(*with_plugin))
        for name, size, case, plain, with_plugin in stored["rows"]
    ]
    peers = {name: Series(*series) for name, series in stored["peers"].items()}
    return Tree(stored["name"], stored["size"], rows, peers, stored["build"])
