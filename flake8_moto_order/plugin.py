"""The flake8 plugin: options in, findings out. Nothing else here knows flake8."""

from __future__ import annotations

import argparse
import ast
import logging
import os
from collections.abc import Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from flake8.options.manager import OptionManager

from flake8_moto_order import __version__
from flake8_moto_order.settings import (
    OF_MODULES,
    CacheSettings,
    Settings,
    add_options,
    read_cache_options,
    read_options,
)

if TYPE_CHECKING:
    from flake8_moto_order.cache import Cache
    from flake8_moto_order.project import PytestConfiguration, Sources, Territory

LOG = logging.getLogger("flake8.moto_order")
Result = tuple[int, int, str, type["MotoOrderPlugin"]]
Findings = Sequence[tuple[int, int, str, str]]
# Mocks come from a library with this word in its name, clients from others.
MOCKS, CLIENTS = b"moto", b"boto"


class MotoOrderPlugin:
    """Checks one file; flake8 makes an instance for each."""

    name = "flake8-moto-order"
    version = __version__
    settings: ClassVar[Settings] = Settings()
    cache_settings: ClassVar[CacheSettings] = CacheSettings()
    sources: ClassVar[Sources | None] = None
    cache: ClassVar[Cache | None] = None

    def __init__(self, tree: ast.Module, filename: str, lines: Sequence[str]) -> None:
        self._tree = tree
        self._path = os.path.abspath(filename)
        self._lines = lines

    @classmethod
    def add_options(cls, manager: OptionManager) -> None:
        """Tell flake8 the options."""
        add_options(manager)

    @classmethod
    def parse_options(
        cls, manager: OptionManager, options: argparse.Namespace, args: list[str]
    ) -> None:
        """Read the options of a run. A wrong value ends flake8 with its usage error."""
        cls.settings = read_options(manager, options)
        cls.cache_settings = read_cache_options(manager, options)
        if cls.cache is not None:
            cls.cache.close()
        cls.sources = cls.cache = None

    def run(self) -> Iterator[Result]:
        """Yield the findings in flake8's form; an error of ours is logged, never raised."""
        try:
            for line, column, code, message in self._check():
                yield line, column, f"{code} {message}", type(self)
        except Exception as error:
            LOG.warning("%s: not checked: %r", self._path, error, exc_info=True)

    def _check(self) -> Findings:
        from flake8_moto_order.project import (
            Linted,
            Sources,
            confine,
            find_configuration,
            is_test_file,
        )

        cls = type(self)
        cls.sources = sources = cls.sources or Sources()
        text = "".join(self._lines)
        sources.begin(self._path, Linted(self._tree, text))
        folder = os.getcwd()
        configuration = find_configuration(sources, self._path, folder)
        is_test = is_test_file(sources, configuration, self._path, cls.settings.test_files)
        if not is_test and (OF_MODULES.isdisjoint(cls.settings.chosen) or "import" not in text):
            return ()
        territory = confine(sources, configuration, self._path, folder, cls.settings.roots)
        sources.part(self._path)
        may_find = partial(self._may_find, sources, territory, configuration, folder)
        if not cls.cache_settings.used:
            return self._trace(sources, folder, is_test) if may_find() else ()
        from flake8_moto_order.cache import Cache, Case

        cls.cache = cache = cls.cache or Cache(cls.cache_settings.folder, sources)
        case = Case(self._path, text, folder, cls.settings, configuration)
        known = cache.recall(case)
        if known is not None or not may_find():
            return known or ()
        seen = sources.watch()
        found = self._trace(sources, folder, is_test)
        cache.keep(case, seen, found)
        return found

    def _may_find(
        self,
        sources: Sources,
        territory: Territory,
        configuration: PytestConfiguration,
        folder: str,
    ) -> bool:
        """Tell whether anything can be found: where no file has a word, nothing can.

        What a project sends that has no tests with moto is told only to those who ask for it.
        """
        from flake8_moto_order.project import is_mentioned

        settings = type(self).settings
        if settings.mocks or settings.client_factories:
            return True
        words = (MOCKS, CLIENTS) if settings.scope == "all" or settings.chosen else (MOCKS,)
        texts = (*self._lines, *configuration.plugins, *configuration.env.values())
        if any(word.decode() in text for word in words for text in texts):
            return True
        named = (os.path.dirname(self._path), folder, *settings.roots, *configuration.pythonpath)
        return is_mentioned(sources, territory, named, words)

    def _trace(self, sources: Sources, folder: str, is_test: bool) -> Findings:
        from flake8_moto_order.rules import check
        from flake8_moto_order.session.tracing import trace_file, trace_module

        settings = type(self).settings
        if is_test:
            trace = trace_file(self._path, sources, settings, folder, bool(settings.chosen))
        else:
            trace = trace_module(self._path, sources, settings, folder)
        return [found[:4] for found in check(trace, settings.chosen)]
