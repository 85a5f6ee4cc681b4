"""Run the benchmarks and write docs/performance.md and docs/performance.png.

    tox -e bench -- [--sizes 1000,10000,50000] [--repositories FOLDER:TESTS ...] [--rounds 3]

Costs are CPU seconds of the whole process, in pairs with and without the plugin, in turn.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterable
from pathlib import Path

from benchmarks import report
from benchmarks.cases import Bench, Row
from benchmarks.measure import FailedError, Series
from benchmarks.plugins import install
from benchmarks.synthetic import generate

ROOT = Path(__file__).parents[1]
# Larger trees are linted in parts: the whole would take hours in plain flake8.
LARGEST_WHOLE, LARGEST_TESTS = 1_000, 10_000


def main() -> None:
    """Measure what the command line says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="1000,10000", help="modules of the synthetic trees")
    parser.add_argument("--repositories", nargs="*", default=[], metavar="FOLDER:TESTS")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--output", type=Path, default=ROOT / "docs")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        plugins = install(work / "plugins", ROOT)
        benches = [_synthetic(int(size), plugins, work, options.rounds)
                   for size in filter(None, options.sizes.split(","))]
        for place in options.repositories:
            folder, _, tests = place.partition(":")
            path = Path(folder).resolve()
            bench = Bench(path, path.name, 0, tests or "tests", plugins, work, options.rounds)
            bench.whole_runs()
            benches.append((bench, dict(bench.peers())))
        _report(benches, options.output)


def _synthetic(
    size: int, plugins: dict[str, Path], work: Path, rounds: int
) -> tuple[Bench, dict[str, Series]]:
    tree = work / f"tree_{size}"
    tree.mkdir()
    shape = generate(tree, size, seed=1)
    name = f"{size:,} modules"
    bench = Bench(tree, name, size, "tests", plugins, work, rounds)
    found = bench.flake8("flake8-moto-order", "--no-moto-order-cache", "tests").output
    if size <= LARGEST_TESTS and found.count(" MOT201 ") != shape.leaks:
        raise FailedError(f"{name}: {shape.leaks} findings expected\n{found[-2000:]}")
    last = tree / "app" / f"package_{(shape.modules - 1) // 25:04}"
    leaf = max(last.glob("module_*.py"))
    hub = tree / "app" / "package_0000" / "module_00.py"
    bench.single_files(Path("tests/test_00000.py"), leaf.relative_to(tree))
    if size <= LARGEST_WHOLE:
        bench.whole_runs()
    elif size <= LARGEST_TESTS:
        bench.compare("flake8 tests, cold", "-j1", "tests", before=bench.forget)
        bench.compare("flake8 tests, warm", "-j1", "tests")
    if size <= LARGEST_TESTS:
        bench.changes(leaf, hub)
    peers = dict(bench.peers()) if size <= LARGEST_TESTS else {}
    return bench, peers


def _report(benches: Iterable[tuple[Bench, dict[str, Series]]], folder: Path) -> None:
    rows: list[Row] = []
    beside: list[tuple[str, str, str]] = []
    costs: dict[str, dict[int, float]] = {}
    starts: list[tuple[str, str]] = []
    for bench, peers in benches:
        rows.extend(bench.rows)
        starts = starts or [(name, f"{ms:.0f}") for name, ms in bench.imports()]
        plain = peers.get("plain flake8")
        for name, series in peers.items():
            ratio = f"{series.cpu / plain.cpu:.2f}" if plain and name != "plain flake8" else ""
            beside.append((f"{bench.name}: {name}", f"{series.cpu:.2f}", ratio))
            if plain and bench.size and series.cpu > plain.cpu:
                costs.setdefault(name, {})[bench.size] = series.cpu - plain.cpu
    exponents = [(case, f"{report.growth(rows, case):.2f}")
                 for case in ("flake8 tests, cold", "flake8 tests, warm", "one test file, warm")]
    report.write(folder / "performance.md", [
        report.machine(),
        "### Targets", report.targets_table(rows),
        "### All measurements", report.rows_table(rows),
        "### Beside other plugins", "Over the tests, one process, in the same rounds.",
        report.table(("plugin", "CPU, s", "ratio to plain flake8"), beside),
        "### Start", report.table(("import", "ms of CPU"), starts),
        "### Growth", "Exponent of the added cost against the number of modules.",
        report.table(("case", "exponent"), exponents),
        "![Added CPU against the size of the tree](performance.png)",
    ])  # fmt: skip
    report.plot(rows, costs, folder / "performance.png")


if __name__ == "__main__":
    main()
