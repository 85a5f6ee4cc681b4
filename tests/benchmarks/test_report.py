"""The page of results: its tables, and what a person wrote around them."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import report
from benchmarks.measure import Series
from benchmarks.results import Row


def row(case: str, size: int, plain: float, with_plugin: float) -> Row:
    """Make a row of two series."""
    series = [Series(cpu, 0.05, memory) for cpu, memory in ((plain, 40.0), (with_plugin, 52.0))]
    return Row("tree", size, case, *series)


ROWS = [
    row("flake8 tests, cold", 1_000, 1.0, 2.0),
    row("flake8 tests, cold", 10_000, 10.0, 20.0),
    row("flake8 tests, cold", 0, 10.0, 11.0),
    row("one test file, warm", 1_000, 0.1, 0.11),
]


def test_rows() -> None:
    """A row shows the two costs, their ratio, what was added and the memory on top."""
    assert report.rows_table(ROWS[2:3]).splitlines()[2] == (
        "| tree | flake8 tests, cold | 10.00 ± 5 % | 11.00 ± 5 % | 1.100 | 1000 | 12 |"
    )


def test_page(tmp_path: Path) -> None:
    """Results replace earlier results and nothing else."""
    page = tmp_path / "page.md"
    report.write(page, ["one"])
    page.write_text(f"# Title\n\n{page.read_text()}\nBelow.\n")
    report.write(page, ["two", report.machine({"flake8-bugbear": "24.1"})])
    text = page.read_text()
    assert text.startswith("# Title\n") and text.endswith("Below.\n")
    assert "two" in text and "one\n" not in text
    assert "CPython" in text and "flake8-bugbear 24.1" in text


# matplotlib is installed for the measurements only.
def test_plot(tmp_path: Path) -> None:  # pragma: no cover
    """A plot is drawn where matplotlib is there."""
    pytest.importorskip("matplotlib")
    report.plot(ROWS, {"flake8-bugbear": {1_000: 0.2}}, tmp_path / "plot.png")
    assert (tmp_path / "plot.png").read_bytes().startswith(b"\x89PNG")
