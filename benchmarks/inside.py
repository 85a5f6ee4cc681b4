"""Run flake8 in this process and write what it cost file by file, as JSON.

    python benchmarks/inside.py OUTPUT ARGUMENTS_OF_FLAKE8 ...

For each file: CPU seconds of all checks and of this plugin alone, how many tests there are and how
many were not followed to their end because the budget of steps ended first, whether the budget
ended anything else, and whether the plugin failed. Import of the plugin's engine is left out.
"""

from __future__ import annotations

import json
import logging
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TypeVar

import flake8.checker
import flake8.main.cli

import flake8_moto_order.rules
import flake8_moto_order.session.running.runner as running
import flake8_moto_order.session.tracing as tracing
from flake8_moto_order import plugin

T = TypeVar("T")


@dataclass
class File:
    """What checking one file took and showed."""

    checks: float = 0.0
    plugin: float = 0.0
    tests: int = 0
    cut: int = 0
    cut_short: bool = False
    failed: bool = False


class Observer(logging.Handler):
    """Wraps what flake8 and the plugin call, and keeps the figures of each file."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.files: dict[str, File] = {}
        self.file = File()

    def install(self) -> None:
        """Put this in the way."""
        logging.getLogger("flake8.moto_order").addHandler(self)
        self._wrap(flake8.checker.FileChecker, "run_checks", self._check)
        self._wrap(plugin.MotoOrderPlugin, "run", self._find)
        self._wrap(tracing, "trace_file", self._trace)
        self._wrap(running.Runner, "run", self._run)

    def emit(self, record: logging.LogRecord) -> None:
        """Note that the plugin gave up on the file at hand."""
        self.file.failed = True

    @staticmethod
    def _wrap(owner: Any, name: str, around: Callable[..., object]) -> None:
        original = getattr(owner, name)
        setattr(owner, name, lambda *given, **named: around(original, *given, **named))

    def _check(self, original: Callable[[Any], T], checker: Any) -> T:
        self.file = self.files.setdefault(checker.display_name, File())
        start = time.process_time()
        result = original(checker)
        self.file.checks = time.process_time() - start
        return result

    def _find(self, original: Callable[[Any], Iterator[T]], asked: Any) -> Iterator[T]:
        start = time.process_time()
        found = list(original(asked))
        self.file.plugin = time.process_time() - start
        return iter(found)

    def _trace(self, original: Callable[..., Any], *given: Any, **named: Any) -> Any:
        trace = original(*given, **named)
        self.file.cut_short = trace.cut_short
        return trace

    def _run(self, original: Callable[[Any], None], runner: Any) -> None:
        original(runner)
        # In a conftest it is fixtures that are run one by one.
        if not runner.session.project.path.endswith("conftest.py"):
            self.file.tests = len(runner.items)
            self.file.cut = len(runner.items) - len(runner.tests) if runner.cut_short else 0


def main(output: str, *arguments: str) -> None:
    """Run flake8 and write the figures."""
    assert flake8_moto_order.rules
    observer = Observer()
    observer.install()
    flake8.main.cli.main(list(arguments))
    files = {name: asdict(file) for name, file in observer.files.items()}
    Path(output).write_text(json.dumps(files), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
