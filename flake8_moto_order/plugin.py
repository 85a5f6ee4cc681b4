"""The flake8 plugin: options in, findings out. Nothing else here knows flake8."""

from __future__ import annotations

import argparse
import ast
import logging
import os
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, ClassVar

from flake8.options.manager import OptionManager

from flake8_moto_order import __version__
from flake8_moto_order.settings import Settings, add_options, read_options

if TYPE_CHECKING:
    from flake8_moto_order.project import Sources

LOG = logging.getLogger("flake8.moto_order")
Result = tuple[int, int, str, type["MotoOrderPlugin"]]


class MotoOrderPlugin:
    """Checks one file; flake8 makes an instance for each."""

    name = "flake8-moto-order"
    version = __version__
    settings: ClassVar[Settings] = Settings()
    sources: ClassVar[Sources | None] = None

    def __init__(self, tree: ast.Module, filename: str, lines: Sequence[str]) -> None:
        self._tree = tree
        self._lines = lines
        self._path = os.path.abspath(filename)

    @classmethod
    def add_options(cls, manager: OptionManager) -> None:
        """Tell flake8 the options."""
        add_options(manager)

    @classmethod
    def parse_options(
        cls, manager: OptionManager, options: argparse.Namespace, args: list[str]
    ) -> None:
        """Read the options. A wrong value ends flake8 with its usage error."""
        cls.settings = read_options(manager, options)

    def run(self) -> Iterator[Result]:
        """Yield the findings in flake8's form; an error of ours is logged, never raised."""
        try:
            yield from self._check()
        except Exception as error:
            LOG.warning("%s: not checked: %r", self._path, error, exc_info=True)

    def _check(self) -> Iterator[Result]:
        from flake8_moto_order.project import Linted, Sources, find_configuration, is_test_file

        cls = type(self)
        folder = os.getcwd()
        cls.sources = sources = cls.sources or Sources()
        sources.refresh({self._path: Linted(self._tree, "".join(self._lines))})
        configuration = find_configuration(sources, self._path, folder)
        if not is_test_file(sources, configuration, self._path, cls.settings.test_files):
            return
        from flake8_moto_order.rules import check
        from flake8_moto_order.tracing import trace_file

        for found in check(trace_file(self._path, sources, cls.settings, folder)):
            yield found.line, found.column, f"{found.code} {found.message}", cls
