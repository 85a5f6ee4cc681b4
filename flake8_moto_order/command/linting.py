"""flake8 with this plugin and no other: its options, its configuration, its decisions."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import EntryPoint
from typing import Any
from unittest.mock import patch

from flake8 import checker
from flake8.main.application import Application
from flake8.options.parse_args import parse_args
from flake8.plugins import finder
from flake8.violation import Violation

from flake8_moto_order import __version__
from flake8_moto_order.command.progress import Progress

GROUP = "flake8.extension"
OURS = finder.Plugin(
    "flake8-moto-order",
    __version__,
    EntryPoint("MOT", "flake8_moto_order.plugin:MotoOrderPlugin", GROUP),
)
# What flake8 itself reports of files that it can't read or parse comes as E902 and E999.
UNREADABLE = "E9"
REPORTED = ("MOT", UNREADABLE)
START = "_try_initialize_processpool"


@contextmanager
def no_other_plugins() -> Iterator[None]:
    """Have flake8 find only this plugin and the formatters."""
    find = finder.find_plugins

    def find_ours(*arguments: Any) -> list[finder.Plugin]:
        kept = [each for each in find(*arguments) if each.entry_point.group == "flake8.report"]
        return [OURS, *kept]

    with patch.object(finder, "find_plugins", find_ours):
        yield


def read_arguments(arguments: Sequence[str]) -> argparse.Namespace:
    """Read flake8's options and configuration; the plugin gets its settings.

    A wrong option ends the program with flake8's usage error.
    """
    with no_other_plugins():
        return parse_args(arguments)[1]


class Manager(checker.Manager):
    """Checks files, and tells how far it has come."""

    def report(self) -> tuple[int, int]:
        """Report what this plugin finds; a worker that was spawned has run others, too."""
        self.results = [
            (name, [one for one in found if one[0].startswith(REPORTED)], statistics)
            for name, found, statistics in self.results
        ]
        return super().report()

    def run_serial(self) -> None:
        """Check one file after the other."""
        with Progress(sys.stderr, len(self.filenames)) as progress:
            files, self.filenames = self.filenames, progress.over(self.filenames)
            super().run_serial()
            self.filenames = files

    def run_parallel(self) -> None:
        """Check files in several processes."""
        start = getattr(checker, START)

        def start_watched(*arguments: Any) -> Any:
            pool = start(*arguments)
            if pool is not None:
                unordered = pool.imap_unordered
                pool.imap_unordered = lambda run, files: progress.over(unordered(run, files))
            return pool

        with Progress(sys.stderr, len(self.filenames)) as progress:
            with patch.object(checker, START, start_watched):
                super().run_parallel()


class Checks(Application):
    """A run of flake8 that keeps what it reports."""

    def __init__(self) -> None:
        super().__init__()
        self.reported: list[Violation] = []

    def make_formatter(self) -> None:
        """Make the formatter that the options choose, and listen to it."""
        super().make_formatter()
        assert self.formatter is not None
        handle = self.formatter.handle

        def listen(violation: Violation) -> None:
            self.reported.append(violation)
            handle(violation)

        self.formatter.handle = listen

    def make_guide(self) -> None:
        """Have what flake8 says of broken files count, though no plugin here has such codes."""
        assert self.options is not None
        self.options.extended_default_select = [
            *self.options.extended_default_select,
            UNREADABLE,
        ]
        super().make_guide()

    def make_file_checker_manager(self, argv: Sequence[str]) -> None:
        """Make the manager."""
        assert self.guide is not None and self.plugins is not None
        self.file_checker_manager = Manager(self.guide, self.plugins.checkers, argv)


def run_checks(arguments: Sequence[str]) -> tuple[int, list[Violation]]:
    """Run flake8; return its exit code and what it reported."""
    checks = Checks()
    with no_other_plugins():
        checks.run(arguments)
    return checks.exit_code(), checks.reported
