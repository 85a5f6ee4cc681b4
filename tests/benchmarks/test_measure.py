"""What the benchmarks compute from runs is right, and a run that fails is no measurement."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from benchmarks.measure import FailedError, Run, Series, exponent, in_turn, run, summary


def test_run(tmp_path: Path) -> None:
    """A run has its CPU time, its memory, and what it printed."""
    program = "import sys; sum(range(2_000_000)); print(sys.stdin.read(), sys.path)"
    done = run([sys.executable, "-c", program], tmp_path, [tmp_path / "own"], "given")
    assert done.cpu > 0 and done.memory > 1
    assert done.output.startswith("given") and str(tmp_path / "own") in done.output


def test_failure(tmp_path: Path) -> None:
    """A command that ends otherwise than flake8 does is reported with what it said."""
    with pytest.raises(FailedError, match=r"ended with 3:\nwrong"):
        run([sys.executable, "-c", "print('wrong'); exit(3)"], tmp_path, [])


def test_in_turn() -> None:
    """Commands take turns, so that what disturbs the machine disturbs all of them."""
    order: list[str] = []

    def command(name: str, cpu: float) -> Run:
        order.append(name)
        return Run(cpu * len(order), 10.0, "")

    series = in_turn(3, [lambda: command("a", 1.0), lambda: command("b", 2.0)])
    assert order == list("ababab")
    assert [each.cpu for each in series] == [3.0, 8.0]


def test_summary() -> None:
    """A series has the median, and the spread as a part of it."""
    runs = [Run(1.0, 30.0, ""), Run(4.0, 10.0, ""), Run(2.0, 20.0, "")]
    assert summary(runs) == Series(2.0, 0.75, 20.0)
    assert summary([Run(0.0, 1.0, "")]).spread == 0


def test_exponent() -> None:
    """The exponent of costs that are a power of the size is that power."""
    sizes = [1_000, 10_000, 50_000]
    assert exponent(sizes, [size**1.5 / 7 for size in sizes]) == pytest.approx(1.5)
    assert str(exponent([1_000], [1.0])) == str(exponent(sizes, [1.0, 0.0, 1.0])) == "nan"
