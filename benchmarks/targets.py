"""What the plugin may cost: for each case what it must reach, what it aims at, what it reached."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from benchmarks.measure import exponent
from benchmarks.plugins import PEERS
from benchmarks.results import Result, Row
from benchmarks.rounds import (
    COLD,
    FRESH,
    HUB,
    LEAF,
    STDIN_COLD,
    STDIN_PLAIN,
    STDIN_WARM,
    WARM,
)

RATIO, TIMES, ADDED = "{:.3f}", "{:.1f} times", "{:+.0f} ms"
MEMORY, SHARE = "{:.0f} MB", "{:.2f} %"
GROWTH = "{:.2f}"
SYNTHETIC = 10_000
SYNTHETIC_CASE = "flake8 tests, cold"


class Target(NamedTuple):
    """What repositories are to reach in one case, and how the figure of one is found and shown.

    `must` and `aim` are for the worst of all; a `median` target is for the one in the middle.
    """

    case: str
    must: float
    aim: float
    form: str
    figure: Callable[[Result], float | None]
    median: bool = False


class Judged(NamedTuple):
    """One line of the table of targets, ready to be shown."""

    case: str
    must: str
    aim: str
    median: str
    worst: str
    verdict: str


def _ratio(case: str) -> Callable[[Result], float | None]:
    return lambda result: result.ratio(case)


def _added(case: str) -> Callable[[Result], float | None]:
    return lambda result: result.added(case, STDIN_PLAIN)


def _worst_file(result: Result) -> float | None:
    return result.worst[0][1] if result.worst else None


def cut_share(result: Result) -> float | None:
    """Return the percentage of tests that were cut at the budget."""
    if not result.done:
        return None
    return 100 * result.cut / result.tests if result.tests else 0.0


TARGETS = (
    Target("`flake8 .`, cold, median", 1.25, 1.10, RATIO, _ratio(COLD), median=True),
    Target("`flake8 .`, cold", 2.0, 1.25, RATIO, _ratio(COLD)),
    Target("warm, nothing changed", 1.03, 1.02, RATIO, _ratio(WARM)),
    Target("warm, fresh checkout", 1.05, 1.03, RATIO, _ratio(FRESH)),
    Target("warm, a leaf module changed", 1.05, 1.03, RATIO, _ratio(LEAF)),
    Target("warm, a hub module changed", 1.15, 1.05, RATIO, _ratio(HUB)),
    Target("one file on standard input, cold", 80, 40, ADDED, _added(STDIN_COLD)),
    Target("one file on standard input, warm", 25, 15, ADDED, _added(STDIN_WARM)),
    Target("any file, beside its own plain flake8", 20, 5, TIMES, _worst_file),
    Target("memory over plain flake8", 60, 30, MEMORY, lambda result: result.memory(COLD)),
    Target("tests cut at the budget, per repository", 1, 0, SHARE, cut_share),
)


def judge(repositories: Sequence[Result], rows: Sequence[Row]) -> list[Judged]:
    """Judge all targets: of repositories, beside other plugins, and of synthetic trees."""
    lines = [_of_repositories(target, repositories) for target in TARGETS]
    lines.append(_of_all_tests(repositories))
    lines.append(_beside(repositories))
    at_size = [row for row in rows if row.size == SYNTHETIC and row.case == SYNTHETIC_CASE]
    ratios = [row.ratio for row in at_size]
    memory = [row.with_plugin.memory - row.plain.memory for row in at_size]
    slope = growth(rows, SYNTHETIC_CASE)
    lines.append(_line("synthetic, 10,000 modules, tests, cold", 2.0, 1.3, RATIO, ratios))
    exponents = [slope] if slope == slope else []
    lines.append(_line("synthetic, exponent of growth", 1.10, 1.05, GROWTH, exponents))
    lines.append(_line("synthetic, 10,000 modules, memory", 150, 80, MEMORY, memory))
    return lines


def growth(rows: Sequence[Row], case: str) -> float:
    """Return the exponent with which the added cost of a case grows with the size of the tree."""
    found = [row for row in rows if row.case == case and row.size and row.added > 0]
    return exponent([row.size for row in found], [row.added for row in found])


def _of_repositories(target: Target, repositories: Sequence[Result]) -> Judged:
    found = [(each, target.figure(each)) for each in repositories]
    figures = {each.name: figure for each, figure in found if figure is not None}
    if not figures:
        return _line(target.case, target.must, target.aim, target.form, [])
    middle = statistics.median(figures.values())
    name = max(figures, key=lambda each: figures[each])
    worst = f"{target.form.format(figures[name])} ({name})"
    reached = middle if target.median else figures[name]
    show = target.form.format
    verdict = _verdict(reached, target.must, target.aim)
    return Judged(target.case, show(target.must), show(target.aim), show(middle), worst, verdict)


def _of_all_tests(repositories: Sequence[Result]) -> Judged:
    done = [each for each in repositories if each.done and each.tests]
    tests = sum(each.tests for each in done)
    shares = [100 * sum(each.cut for each in done) / tests] if done else []
    return _line("tests cut at the budget, of all", 1, 0, SHARE, shares)


def beaten(result: Result) -> int | None:
    """Return how many of the other plugins cost more than a cold run with this one."""
    own, others = result.series(COLD), [result.series(peer) for peer in PEERS]
    if own is None or None in others:
        return None
    return sum(own.cpu < other.cpu for other in others if other)


def _beside(repositories: Sequence[Result]) -> Judged:
    """Judge the comparison: below two others on 3 of 4 repositories, below all on all of them."""
    counts = [count for count in map(beaten, repositories) if count is not None]
    case = "cold, beside other plugins"
    must, aim = "below 2 of 4 on 75 %", "below all on all"
    if not counts:
        return Judged(case, must, aim, "", "", "not measured")
    two, four = (sum(count >= least for count in counts) for least in (2, len(PEERS)))
    reached = f"below 2 on {two} of {len(counts)}, below all on {four}"
    verdict = "missed"
    if two >= 0.75 * len(counts):
        verdict = "aim met" if four == len(counts) else "met"
    return Judged(case, must, aim, "", reached, verdict)


def _line(case: str, must: float, aim: float, form: str, figures: Sequence[float]) -> Judged:
    if not figures:
        return Judged(case, form.format(must), form.format(aim), "", "", "not measured")
    worst = max(figures)
    verdict = _verdict(worst, must, aim)
    return Judged(case, form.format(must), form.format(aim), "", form.format(worst), verdict)


def _verdict(reached: float, must: float, aim: float) -> str:
    if reached > must:
        return "missed"
    return "met" if reached > aim else "aim met"


def worse_than_must(repositories: Sequence[Result]) -> Iterator[str]:
    """Say which repositories have problems or figures worse than they must be, a line for each.

    Those with problems come first, then the slowest ones.
    """
    for each in sorted(repositories, key=lambda each: (not each.problem, -(each.ratio(COLD) or 0))):
        said = [each.problem] if each.problem else []
        said.extend(_missed(each))
        if said:
            yield f"**{each.name}**: {'; '.join(said)}"


def _missed(repository: Result) -> Iterator[str]:
    for target in TARGETS:
        figure = target.figure(repository)
        if not target.median and figure is not None and figure > target.must:
            show = target.form.format
            yield f"{target.case} {show(figure)}, not {show(target.must)}"
