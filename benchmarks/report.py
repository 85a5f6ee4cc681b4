"""The page: what stands between its marks, tables in Markdown, a plot of synthetic trees."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from benchmarks.measure import Series
from benchmarks.results import Row

BEGIN, END = "<!-- results: begin -->", "<!-- results: end -->"
SHOWN = ("flake8", "import-linter")
PLOTTED = (
    "flake8 tests, cold", "flake8 tests, warm", "one test file, cold", "one test file, warm",
)


def write(page: Path, parts: Iterable[str]) -> None:
    """Put the parts between the two marks of a page; what a person wrote around them stays."""
    text = page.read_text(encoding="utf-8") if page.exists() else f"{BEGIN}\n{END}\n"
    results = "\n\n".join([BEGIN, *parts, END])
    pattern = re.compile(f"{re.escape(BEGIN)}.*{re.escape(END)}", re.DOTALL)
    page.write_text(pattern.sub(lambda _: results, text), encoding="utf-8")


def machine(peers: Mapping[str, str]) -> str:
    """Describe the machine and the versions of what ran, those of `peers` by their name."""
    processor = platform.processor() or platform.machine()
    information = Path("/proc/cpuinfo")
    if information.exists():
        names = re.findall(r"^model name\s*: (.*)$", information.read_text(), re.MULTILINE)
        processor = names[0] if names else processor
    lines = [f"{platform.system()}, {processor}, {os.cpu_count()} cores; CPython "
             f"{platform.python_version()}."]
    known = {**{name: _version(name) for name in SHOWN}, **peers}
    versions = [f"{name} {version}" for name, version in known.items() if version]
    return "\n".join([*lines, "Versions: " + ", ".join(versions) + "."])


def _version(name: str) -> str:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return ""


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Render a table in Markdown."""
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows)])


def rows_table(rows: Iterable[Row]) -> str:
    """Render what was measured."""
    costs = ("plain flake8, s", "with the plugin, s", "ratio", "added, ms", "MB more")
    return table(("tree", "case", *costs), map(_row, rows))


def _row(row: Row) -> tuple[str, ...]:
    return (
        row.tree,
        row.case,
        seconds(row.plain),
        seconds(row.with_plugin),
        f"{row.ratio:.3f}",
        f"{row.added * 1000:.0f}",
        f"{row.with_plugin.memory - row.plain.memory:.0f}",
    )


def seconds(series: Series) -> str:
    """Show the median and the spread of a series."""
    return f"{series.cpu:.2f} ± {series.spread * 100:.0f} %"


def plot(rows: Sequence[Row], peers: dict[str, dict[int, float]], path: Path) -> None:
    """Draw the added CPU of cases and of other plugins against the size of synthetic trees."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(8, 5), layout="constrained")
    for case in PLOTTED:
        found = sorted((r.size, max(r.added, 0.001)) for r in rows if r.case == case and r.size)
        if found:
            axes.plot(*zip(*found), marker="o", label=case)
    for name, costs in peers.items():
        axes.plot(*zip(*sorted(costs.items())), marker="x", linestyle=":", label=name)
    axes.set(xscale="log", yscale="log", xlabel="modules in the tree", ylabel="added CPU, seconds")
    axes.grid(which="both", alpha=0.3)
    axes.legend(fontsize="small")
    figure.savefig(path, dpi=120)
    pyplot.close(figure)
