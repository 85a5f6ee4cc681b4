"""Whole symbolic runs: a project in a folder, the tests that run, what they send in which order.

Any method of a client is a request to the interpreter, so `aws.name()` marks a point in the run.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar
from unittest.mock import patch

from packaging.version import Version

from flake8_moto_order.effects import Effect, RequestSent, Trace
from flake8_moto_order.interpreter import memory
from flake8_moto_order.project import Sources
from flake8_moto_order.rules import check
from flake8_moto_order.session.tracing import trace_file
from flake8_moto_order.settings import Settings
from tests.memory import NEWEST

T = TypeVar("T")
HEAD = "import boto3, pytest, unittest; from moto import mock_aws; aws = boto3.client('s3')\n"


def run(
    folder: Path,
    source: str,
    files: dict[str, str] | None = None,
    path: str = "test_it.py",
    moto: str = NEWEST,
) -> Trace:
    """Write `source` and other files to `folder`, each module below `HEAD`, and run its tests."""
    for name, text in {path: source, **(files or {})}.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(HEAD + text if name.endswith(".py") else text, encoding="utf-8")
    settings = Settings(moto_version=Version(moto), scope="all")

    def of_file(thorough: bool = True) -> Trace:
        return trace_file(str(folder / path), Sources(), settings, str(folder), thorough)

    trace = in_all_ways(of_file)
    default = of_file(False)
    if not trace.cut_short:
        assert list(check(default)) == list(check(trace)), "a run by default finds the same"
    return trace


def in_all_ways(trace: Callable[[], T]) -> T:
    """Trace without memory, and with one that remembers all: both must see the same."""
    with patch.object(memory, "MOST_SUMMARIES", 0):
        without = trace()
    with patch.object(memory, "RECORDED_FROM", 1):
        remembered = trace()
    if not getattr(without, "cut_short", False):
        assert remembered == without, "memory changes nothing"
    return without


def names_of(trace: Trace) -> str:
    """Return the names of the tests that ran."""
    return " ".join(test.step.what for test in trace.tests)


def requests_of(trace: Trace) -> list[RequestSent]:
    """Return the requests of the tests."""
    return [effect for effect in trace.run if isinstance(effect, RequestSent)]


def calls_of(trace: Trace) -> str:
    """Return the names of the requests in their order; a `?` follows those that are in doubt."""
    return " ".join(e.operation + "?" * (not e.certain) for e in requests_of(trace))


def covers_of(trace: Trace) -> dict[str, bool]:
    """Return which requests a mock covers."""
    return {effect.operation: effect.covered for effect in requests_of(trace)}


def of(trace: Trace, kind: type[Effect]) -> list[int]:
    """Return the lines of the effects of a kind, where their last step is; `HEAD` is line 1."""
    return [e.call_path[-1].site.line for e in trace.run if isinstance(e, kind)]


def numbered(trace: Trace) -> Trace:
    """Return a trace with its objects numbered from 1, in the order in which they come up."""
    numbers: dict[int, int] = {}

    def number(serial: int) -> int:
        return numbers.setdefault(serial, len(numbers) + 1)

    def told(effect: Effect) -> Effect:
        changes: dict[str, Any] = {}
        for name in ("serial", "serials"):
            value = getattr(effect, name, None)
            if value is not None:
                changes[name] = tuple(map(number, value)) if name == "serials" else number(value)
        return replace(effect, **changes)

    effects, run = (tuple(map(told, each)) for each in (trace.effects, trace.run))
    return replace(trace, effects=effects, run=run)
