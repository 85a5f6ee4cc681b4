"""Run the benchmarks and write docs/performance.md, performance.png and performance.json.

    tox -e bench -- [--sizes 1000,10000,50000] [--rounds 3] [--resume]
        [--repositories FILE] [--checkouts FOLDER] [--only NAME ...] [--before FOLDER_OR_WHEEL]

Costs are CPU seconds of the whole process, in pairs with and without the plugin, in turn. Results
are kept as they come: what is not measured this time stays as it was, and with --resume only that
is measured which has no result of this build yet.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks import report, tables
from benchmarks.cases import Bench
from benchmarks.measure import FailedError, Series, run
from benchmarks.plugins import BEFORE, OWN, build_of, install, strangers, versions
from benchmarks.repositories import ListError, Repository, copy, find_checkout, read
from benchmarks.results import PLAIN, Result, Results, Row, Tree
from benchmarks.rounds import Subject, measure
from benchmarks.synthetic import generate

ROOT = Path(__file__).parents[1]
# Larger trees are linted once, and the largest only cold: the rest would take hours.
LARGEST_WHOLE, LARGEST_CHANGED = 1_000, 10_000


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure what the command line says."""
    parser = _parser()
    options = parser.parse_args(arguments)
    try:
        chosen = _chosen(options.repositories, options.only)
    except ListError as error:
        parser.error(str(error))
    sizes = [int(size) for size in filter(None, options.sizes.split(","))]
    results = Results(options.output / "performance.json")
    try:
        if sizes or chosen:
            _measure(results, options, chosen, sizes)
    except FailedError as error:
        raise SystemExit(str(error)) from error
    finally:
        publish(results, options.output)


def _measure(
    results: Results, options: argparse.Namespace, chosen: list[Repository], sizes: list[int]
) -> None:
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        if there := strangers(run([sys.executable, "-m", "flake8", "--version"], work, []).output):
            raise FailedError(f"plain flake8 is none, it has plugins: {', '.join(there)}")
        say("installing this plugin and its peers")
        plugins = install(work / "plugins", ROOT, options.before)
        results.versions = versions(plugins)
        session = Session(plugins, work, results, options.rounds, options.resume)
        for repository in chosen:
            session.repository(repository, options.checkouts)
        for size in sizes:
            session.synthetic(size)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", default="1000,10000", help="modules of the synthetic trees")
    parser.add_argument("--repositories", type=Path, metavar="FILE", help="see repositories.toml")
    parser.add_argument("--checkouts", type=Path, default=Path("repositories"), metavar="FOLDER")
    parser.add_argument("--only", action="append", default=[], metavar="NAME")
    parser.add_argument("--before", type=Path, help="another build: a folder of sources, a wheel")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--resume", action="store_true", help="measure only what is not there yet")
    parser.add_argument("--output", type=Path, default=ROOT / "docs")
    return parser


def _chosen(path: Path | None, only: Sequence[str]) -> list[Repository]:
    """Return the repositories to measure; raises ListError, also for names that are not there."""
    found = read(path) if path else []
    unknown = set(only) - {each.name for each in found}
    if unknown:
        raise ListError(f"not among the repositories: {', '.join(sorted(unknown))}")
    return [each for each in found if not only or each.name in only]


def say(text: str) -> None:
    """Tell how far it is."""
    print(text, file=sys.stderr, flush=True)


@dataclass
class Session:
    """One run of the benchmarks: what is installed, and where results go."""

    plugins: dict[str, Path]
    work: Path
    results: Results
    rounds: int
    resume: bool

    def repository(self, repository: Repository, checkouts: Path) -> None:
        """Measure one repository, or say why that can't be done."""
        result = self._begin(repository)
        if result.done:
            say(f"{repository.name}: measured before")
            return
        checkout = find_checkout(repository, checkouts)
        if checkout.problem:
            # What an earlier run has measured stays.
            result = self.results.repositories.get(repository.name, result)
            result.problem = checkout.problem
            say(f"{repository.name}: {checkout.problem}")
            self.results.keep(result)
            return
        result.notes = [checkout.note] if checkout.note else []
        with tempfile.TemporaryDirectory(dir=self.work) as name:
            folder = Path(name)
            subject = Subject(folder / repository.name, repository.linted, self.plugins, folder)
            try:
                copy(checkout.folder, subject.tree)
                measure(subject, repository, result, self.rounds, lambda: self._keep(result))
            except OSError as error:
                result.complain(f"not measured to the end: {error}"[:200])
                self._keep(result)

    def _begin(self, repository: Repository) -> Result:
        """Return an empty result, or what is to be completed."""
        own = build_of(self.plugins[OWN])
        before = build_of(self.plugins[BEFORE]) if BEFORE in self.plugins else ""
        result = Result(repository.name, repository.commit, repository.tuned, own, before)
        earlier = self.results.repositories.get(repository.name)
        if self.resume and earlier and _same(earlier, result):
            result.rounds = earlier.rounds
            if earlier.done and len(earlier.rounds) >= self.rounds:
                return earlier
            result.findings, result.lost, result.new = earlier.findings, earlier.lost, earlier.new
        return result

    def _keep(self, result: Result) -> None:
        self.results.keep(result)
        cold, plain = result.series("cold"), result.series(PLAIN)
        costs = f"plain {plain.cpu:.2f} s, cold {cold.cpu:.2f} s" if cold and plain else ""
        state = "done" if result.done else f"{len(result.rounds)} of {self.rounds} rounds"
        say(", ".join(filter(None, [f"{result.name}: {state}", costs, result.problem])))

    def synthetic(self, size: int) -> None:
        """Measure one synthetic tree."""
        build, earlier = build_of(self.plugins[OWN]), self.results.trees.get(size)
        if self.resume and earlier and earlier.build == build:
            say(f"{earlier.name}: measured before")
            return
        say(f"{size:,} modules")
        with tempfile.TemporaryDirectory(dir=self.work) as name:
            bench, peers = _synthetic(Path(name), size, self.plugins, self.rounds)
            self.results.trees[size] = Tree(bench.name, size, bench.rows, peers, build)
            self.results.start = dict(bench.imports())
        self.results.write()


def _same(one: Result, other: Result) -> bool:
    """Tell whether two results are of the same commit and builds."""
    return (one.commit, one.build, one.before) == (other.commit, other.build, other.before)


def _synthetic(
    work: Path, size: int, plugins: dict[str, Path], rounds: int
) -> tuple[Bench, dict[str, Series]]:
    tree = work / f"tree_{size}"
    tree.mkdir()
    shape = generate(tree, size, seed=1)
    name = f"{size:,} modules"
    bench = Bench(tree, name, size, "tests", plugins, work, rounds)
    last = tree / "app" / f"package_{(shape.modules - 1) // 25:04}"
    leaf = max(last.glob("module_*.py"))
    hub = tree / "app" / "package_0000" / "module_00.py"
    bench.single_files(Path("tests/test_00000.py"), leaf.relative_to(tree))
    if size <= LARGEST_WHOLE:
        bench.whole_runs()
    else:
        bench.rounds = 1
        bench.compare("flake8 tests, cold", "-j1", "tests", before=bench.forget)
        bench.compare("flake8 tests, warm", "-j1", "tests")
    found = bench.flake8(OWN, "tests").output.count(" MOT201 ")
    if found != shape.leaks:
        raise FailedError(f"{name}: {found} findings, {shape.leaks} expected")
    if size > LARGEST_CHANGED:
        return bench, {}
    bench.changes(leaf, hub)
    return bench, dict(bench.peers())


def publish(results: Results, folder: Path) -> None:
    """Write the page when there is any figure, tell the verdict, and draw the plot."""
    if results.trees or any(each.rounds for each in results.repositories.values()):
        parts = [report.machine(results.versions), *tables.parts(results)]
        report.write(folder / "performance.md", parts)
    print("\n\n".join(tables.verdict(results)), flush=True)
    if results.trees:
        report.plot(_rows(results), _costs(results.trees.values()), folder / "performance.png")


def _rows(results: Results) -> list[Row]:
    return [row for tree in results.trees.values() for row in tree.rows]


def _costs(trees: Iterable[Tree]) -> dict[str, dict[int, float]]:
    """Return what other plugins add to plain flake8, by name and size of the tree."""
    costs: dict[str, dict[int, float]] = {}
    for tree in trees:
        plain = tree.peers.get(PLAIN)
        for name, series in tree.peers.items():
            if plain and series.cpu > plain.cpu:
                costs.setdefault(name, {})[tree.size] = series.cpu - plain.cpu
    return costs


if __name__ == "__main__":
    main()
