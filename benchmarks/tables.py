"""From results to the parts of the page: what is worse than it must be comes first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from benchmarks.measure import Series
from benchmarks.plugins import BEFORE, PEERS
from benchmarks.report import rows_table, seconds, table
from benchmarks.results import PLAIN, Result, Results
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
from benchmarks.targets import SYNTHETIC_CASE, cut_share, growth, judge, worse_than_must

GROWING = (SYNTHETIC_CASE, "flake8 tests, warm", "one test file, warm")
CASES = (COLD, WARM, FRESH, LEAF, HUB, *PEERS)


def verdict(results: Results) -> Iterator[str]:
    """Yield what comes first, here and on the screen: what is too slow, and all targets."""
    repositories = list(results.repositories.values())
    worse = list(worse_than_must(repositories))
    if worse:
        yield "### Worse than it must be"
        yield "\n".join(f"- {line}" for line in worse)
    elif any(each.rounds for each in repositories):
        yield "No repository is worse than it must be."
    if len({each.build for each in repositories if each.rounds}) > 1:
        yield "Figures are of more than one build of this plugin: below the tables stands which."
    yield "### Targets"
    rows = [row for tree in results.trees.values() for row in tree.rows]
    head = ("case", "must", "aim", "median", "worst", "")
    yield table(head, judge(repositories, rows))


def parts(results: Results) -> Iterator[str]:
    """Yield the parts of the page."""
    yield from verdict(results)
    for tuned, title in ((True, "tuned on"), (False, "not tuned on")):
        found = [each for each in results.repositories.values() if each.tuned is tuned]
        if found:
            yield f"### Repositories {title}"
            yield from _of_repositories(found)
    yield from _of_trees(results)


def _of_repositories(found: Sequence[Result]) -> Iterator[str]:
    head = (
        "repository", "plain flake8, s", "before, s", "cold, s", "before, ratio", "cold, ratio",
        "MB more", "worst file, times its own", "tests cut", "findings",
    )  # fmt: skip
    yield table(head, map(_summary, found))
    measured = [each for each in found if each.rounds]
    if measured:
        yield "CPU beside plain flake8, in the same rounds; on standard input one test file."
        cases = ("repository", *CASES, STDIN_COLD, STDIN_WARM)
        yield table(cases, map(_cases, measured))
        yield "\n".join(f"- {each.name}: {_about(each)}" for each in measured)


def _summary(each: Result) -> tuple[str, ...]:
    """Show one repository in a line."""
    worst = ""
    if each.worst:
        file, ratio, added = each.worst[0]
        worst = f"{ratio:.1f} (`{file}`, {added * 1000:+.0f} ms)"
    share = cut_share(each)
    return (
        each.name,
        _seconds(each.series(PLAIN)),
        _seconds(each.series(BEFORE)),
        _seconds(each.series(COLD)),
        _number(each.ratio(BEFORE), "{:.3f}"),
        _number(each.ratio(COLD), "{:.3f}"),
        _number(each.memory(COLD), "{:.0f}"),
        worst,
        "" if share is None else f"{each.cut} of {each.tests} ({share:.1f} %)",
        _findings(each) if each.rounds else each.problem,
    )


def _seconds(series: Series | None) -> str:
    return seconds(series) if series else ""


def _number(value: float | None, form: str) -> str:
    return "" if value is None else form.format(value)


def _findings(each: Result) -> str:
    if not each.before:
        return str(each.findings)
    if each.lost or each.new:
        return f"{each.findings}: {each.new} new, {each.lost} lost"
    return f"{each.findings}, as before"


def _cases(each: Result) -> tuple[str, ...]:
    """Show the ratio and spread of each case of a repository, and what standard input adds."""
    cells = [each.name]
    for case in CASES:
        series, ratio = each.series(case), each.ratio(case)
        cells.append(f"{ratio:.3f} ± {series.spread * 100:.0f} %" if ratio and series else "")
    for case in (STDIN_COLD, STDIN_WARM):
        cells.append(_number(each.added(case, STDIN_PLAIN), "{:+.0f} ms"))
    return tuple(cells)


def _about(each: Result) -> str:
    """Say what a reader must know to repeat the figures of one repository."""
    said = [f"commit {each.commit[:10]}", f"build {each.build}"]
    if each.before:
        said.append(f"before {each.before}")
    said.append(f"{len(each.rounds)} rounds")
    said.extend(f"{case}: `{path}`" for case, path in each.marked.items())
    if each.cut_files:
        said.append(f"the budget ended something in {each.cut_files} files")
    return "; ".join([*said, *each.notes])


def _of_trees(results: Results) -> Iterator[str]:
    trees = list(results.trees.values())
    rows = [row for tree in trees for row in tree.rows]
    if not rows:
        return
    yield "### Synthetic trees"
    yield rows_table(rows)
    yield "### Beside other plugins"
    yield "Over the tests, one process, in the same rounds."
    beside = []
    for tree in trees:
        plain = tree.peers.get(PLAIN)
        for name, series in tree.peers.items():
            ratio = f"{series.cpu / plain.cpu:.2f}" if plain and name != PLAIN else ""
            beside.append((f"{tree.name}: {name}", f"{series.cpu:.2f}", ratio))
    yield table(("plugin", "CPU, s", "ratio to plain flake8"), beside)
    yield "### Start"
    start = [(name, f"{ms:.0f}") for name, ms in results.start.items()]
    yield table(("import", "ms of CPU"), start)
    yield "### Growth"
    yield "Exponent of the added cost against the number of modules."
    exponents = [(case, f"{growth(rows, case):.2f}") for case in GROWING]
    yield table(("case", "exponent"), exponents)
    yield "![Added CPU against the size of the tree](performance.png)"
