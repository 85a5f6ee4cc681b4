"""What is measured on one repository: round by round, each case once, in turn."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.changes import changed, touch
from benchmarks.imports import find_marked
from benchmarks.measure import FailedError, Run, run
from benchmarks.plugins import BEFORE, OWN, PEERS
from benchmarks.repositories import Repository
from benchmarks.results import PLAIN, Figures, Result

COLD, WARM, FRESH = "cold", "warm", "fresh checkout"
LEAF, HUB = "a leaf module changed", "a hub module changed"
STDIN_PLAIN, STDIN_COLD, STDIN_WARM = (
    f"standard input, {case}" for case in ("plain flake8", COLD, WARM)
)
CACHE_VARIABLE = "FLAKE8_MOTO_ORDER_CACHE_DIR"
INSIDE = Path(__file__).with_name("inside.py")
# Of the files that cost most in a whole run, and of those that cost most beside their own
# checks, so many are checked once more, each alone.
WORST = 3
Findings = set[str]


@dataclass
class Subject:
    """A copy of a checkout, and how flake8 is run on it; it is as it was after each run."""

    tree: Path
    linted: tuple[str, ...]
    plugins: dict[str, Path]
    work: Path
    measure: Callable[..., Run] = run
    findings: dict[str, Findings] = field(default_factory=dict)

    def flake8(self, plugin: str, *arguments: str, text: str = "", cache: str = "cache") -> Run:
        """Run flake8 with one plugin, or none, and a cache of that name."""
        command = [sys.executable, "-m", "flake8", "--isolated", "-j1", *arguments]
        return self._run(command, plugin, text, cache)

    def _run(self, command: list[str], plugin: str, text: str, cache: str) -> Run:
        folders = [self.plugins[plugin]] if plugin else []
        variables = {CACHE_VARIABLE: str(self.work / cache)}
        return self.measure(command, self.tree, folders, text, variables)

    def round(self, marked: dict[str, str]) -> dict[str, Figures]:
        """Run each case once; `marked` names the files that are changed or given."""
        runs = {PLAIN: self.flake8("", *self.linted)}
        if BEFORE in self.plugins:
            self._forget("cache")
            runs[BEFORE] = self.flake8(BEFORE, *self.linted)
        self._forget("cache")
        runs[COLD] = self.flake8(OWN, *self.linted)
        runs[WARM] = self.flake8(OWN, *self.linted)
        for case in (LEAF, HUB):
            if case in marked:
                with self._cache_kept(), changed(self.tree / marked[case]):
                    runs[case] = self.flake8(OWN, *self.linted)
        touch(self.tree)
        runs[FRESH] = self.flake8(OWN, *self.linted)
        for peer in PEERS:
            runs[peer] = self.flake8(peer, *self.linted)
        if STDIN_COLD in marked:
            runs.update(self._standard_input(marked[STDIN_COLD]))
        for case, each in runs.items():
            self._note(case, each)
        return {case: (each.cpu, each.memory) for case, each in runs.items()}

    def _standard_input(self, name: str) -> Iterator[tuple[str, Run]]:
        text = (self.tree / name).read_text(encoding="utf-8", errors="replace")
        arguments = ("--stdin-display-name", name, "-")
        yield STDIN_PLAIN, self.flake8("", *arguments, text=text)
        self._forget("cache")
        for case in (STDIN_COLD, STDIN_WARM):
            yield case, self.flake8(OWN, *arguments, text=text)

    def _note(self, case: str, each: Run) -> None:
        """Hold the findings of a case together, also those of other rounds."""
        lines = {line for line in each.output.splitlines() if " MOT" in line}
        if self.findings.setdefault(case, lines) != lines:
            self.findings[case] = {*lines, "(not the same in each round)"}

    def _forget(self, cache: str) -> None:
        shutil.rmtree(self.work / cache, ignore_errors=True)

    @contextmanager
    def _cache_kept(self) -> Iterator[None]:
        """Put the cache back as it was, so that the next case finds no traces of this one."""
        cache, kept = self.work / "cache", self.work / "kept"
        shutil.copytree(cache, kept) if cache.exists() else kept.mkdir()
        try:
            yield
        finally:
            shutil.rmtree(cache, ignore_errors=True)
            kept.rename(cache)

    def look_inside(self) -> dict[str, dict[str, float]]:
        """Return what the checks of each file take, the plugin's part, and its tests: inside.py."""
        self._forget("inside")
        output = self.work / "inside.json"
        command = [sys.executable, str(INSIDE), str(output), "--isolated", "-j1", *self.linted]
        self._run(command, OWN, "", "inside")
        files: dict[str, dict[str, float]] = json.loads(output.read_text(encoding="utf-8"))
        return files

    def alone(self, name: str) -> tuple[str, float, float]:
        """Return how many times its plain flake8 one file takes by itself, and the seconds more."""
        plain = self.flake8("", name)
        self._forget("alone")
        own = self.flake8(OWN, name, cache="alone")
        return os.path.normpath(name), own.cpu / plain.cpu, own.cpu - plain.cpu


def measure(
    subject: Subject, repository: Repository, result: Result, rounds: int, keep: Callable[[], None]
) -> None:
    """Fill a result, and `keep` it each time there is more; what it has is not measured again."""
    marked = find_marked(subject.tree, repository.tests)
    files = {HUB: marked.hub, LEAF: marked.leaf, STDIN_COLD: marked.test}
    result.marked = {
        case: str(path.relative_to(subject.tree)) for case, path in files.items() if path
    }
    result.notes.extend(f"no file for: {case}" for case, path in files.items() if path is None)
    try:
        while len(result.rounds) < rounds:
            result.rounds.append(subject.round(result.marked))
            _compare(subject.findings, result)
            keep()
        _add_files(subject, result)
    except FailedError as error:
        result.complain(f"flake8 failed: {_short(error)}")
    else:
        result.done = True
    keep()


def _short(error: FailedError) -> str:
    """Return the first and the last line of what an error says."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return " ... ".join(line[-120:] for line in dict.fromkeys([lines[0], lines[-1]]))


def _compare(findings: dict[str, Findings], result: Result) -> None:
    """Compare the findings of all cases with those of a cold run."""
    cold = findings[COLD]
    result.findings = len(cold)
    if BEFORE in findings:
        result.lost = len(findings[BEFORE] - cold)
        result.new = len(cold - findings[BEFORE])
    differing = [case for case in (WARM, LEAF, HUB, FRESH) if findings.get(case, cold) != cold]
    if findings.get(STDIN_COLD) != findings.get(STDIN_WARM):
        differing.append(STDIN_WARM)
    if differing:
        result.complain(f"findings differ from those of a cold run: {', '.join(differing)}")


def _add_files(subject: Subject, result: Result) -> None:
    """Add what is known file by file: the worst ones, and tests that were cut at the budget."""
    files = subject.look_inside()
    result.tests = sum(int(file["tests"]) for file in files.values())
    result.cut = sum(int(file["cut"]) for file in files.values())
    result.cut_files = sum(bool(file["cut_short"]) for file in files.values())
    failed = [name for name, file in files.items() if file["failed"]]
    if failed:
        result.complain(f"the plugin failed on {len(failed)} files: {', '.join(failed[:3])}")
    by_cost = sorted(files, key=lambda name: files[name]["plugin"], reverse=True)
    by_ratio = sorted(files, key=lambda name: _ratio(files[name]), reverse=True)
    names = dict.fromkeys([*by_cost[:WORST], *by_ratio[:WORST]])
    result.worst = sorted(map(subject.alone, names), key=lambda each: each[1], reverse=True)


def _ratio(file: dict[str, float]) -> float:
    rest = file["checks"] - file["plugin"]
    return file["plugin"] / rest if rest > 0 else 0.0
