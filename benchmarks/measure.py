"""Measuring commands: CPU seconds and memory of a process and its children, medians of rounds."""

from __future__ import annotations

import math
import os
import statistics
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple


class Run(NamedTuple):
    """One run of a command: CPU seconds (user and system), peak memory in MB, what it printed."""

    cpu: float
    memory: float
    output: str


class Series(NamedTuple):
    """The runs of one command: the median of CPU seconds and memory, the spread of the former."""

    cpu: float
    spread: float
    memory: float


class FailedError(Exception):
    """A measured command did not do its work."""


def run(
    command: Sequence[str],
    folder: Path,
    plugins: Sequence[Path],
    text: str = "",
    variables: Mapping[str, str] | None = None,
) -> Run:
    """Run a command in a folder with these folders of plugins on its path, and measure it.

    Nothing is imported from the folder itself. Raises FailedError when the command ends with
    anything but 0 or 1, which are flake8's for its work done.
    """
    environment = dict(os.environ, PYTHONPATH=os.pathsep.join(map(str, plugins)))
    environment.update(variables or {}, PYTHONSAFEPATH="1")
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    process = subprocess.Popen(
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    assert process.stdin and process.stdout
    process.stdin.write(text)
    process.stdin.close()
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    process.stdout.close()
    if process.returncode not in (0, 1):
        raise FailedError(f"{' '.join(command)} ended with {process.returncode}:\n{output[-2000:]}")
    scale = 1024 if sys.platform != "darwin" else 1024 * 1024
    return Run(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / scale, output)


def in_turn(rounds: int, commands: Sequence[Callable[[], Run]]) -> list[Series]:
    """Run the commands one after the other, `rounds` times, and return a series of each."""
    runs: list[list[Run]] = [[] for _ in commands]
    for _ in range(rounds):
        for index, command in enumerate(commands):
            runs[index].append(command())
    return [summary(each) for each in runs]


def summary(runs: Sequence[Run]) -> Series:
    """Summarise runs: the spread is half of what lies between the extremes, over the median."""
    cpu = [each.cpu for each in runs]
    median = statistics.median(cpu)
    spread = (max(cpu) - min(cpu)) / 2 / median if median else 0.0
    return Series(median, spread, statistics.median(each.memory for each in runs))


def exponent(sizes: Sequence[float], costs: Sequence[float]) -> float:
    """Return how costs grow with sizes: the slope of the line through their logarithms."""
    if len(sizes) < 2 or min(costs) <= 0:
        return float("nan")
    logarithms = ([math.log(value) for value in values] for values in (sizes, costs))
    return statistics.linear_regression(*logarithms).slope
