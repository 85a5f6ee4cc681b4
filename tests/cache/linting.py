"""Runs of the plugin as new processes would make them, with and without a cache."""

from __future__ import annotations

import ast
import os
import tokenize
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import ClassVar, NamedTuple

from flake8_moto_order.cache import Cache
from flake8_moto_order.plugin import Findings, MotoOrderPlugin
from flake8_moto_order.project import Sources
from flake8_moto_order.settings import CacheSettings, Settings

OFF = CacheSettings(used=False)
ON = CacheSettings()
HOUR = 3_600_000_000_000


class Run(NamedTuple):
    """What a run found, as lines of text, and the files whose verdict it had to work out."""

    found: list[str]
    traced: list[str]


class Linter(MotoOrderPlugin):
    """The plugin, which notes the files that it traces and never hides an error."""

    traced: ClassVar[list[str]] = []

    def findings(self) -> Findings:
        """Check the file."""
        return self._check()

    def _trace(self, sources: Sources, folder: str, is_test: bool) -> Findings:
        type(self).traced.append(self._path)
        return super()._trace(sources, folder, is_test)


def lint(
    paths: Iterable[Path],
    cache: CacheSettings = ON,
    settings: Settings | None = None,
    texts: Mapping[Path, str] | None = None,
    settled: bool = False,
) -> Run:
    """Lint files as a process of its own does, in the working directory.

    `texts` come from standard input. `settled`: let every file look as if it were older than it is.
    """

    class Once(Linter):
        """A plugin that knows nothing of earlier runs."""

        cache: ClassVar[Cache | None] = None
        traced: ClassVar[list[str]] = []

    sources = Sources()
    sources.started += HOUR * settled
    Once.settings, Once.cache_settings, Once.sources = settings or Settings(), cache, sources
    found: list[str] = []
    for path in paths:
        text = texts[path] if texts and path in texts else read(path)
        tree = parse(text)
        if text is not None and tree is not None:
            for line, column, code, message in Once(tree, str(path), [text]).findings():
                found.append(f"{path}:{line}:{column}: {code} {message}")
    if Once.cache is not None:
        Once.cache.close()
    return Run(found, Once.traced)


def read(path: Path) -> str | None:
    """Read a file as flake8 does."""
    try:
        with tokenize.open(os.fspath(path)) as file:
            return file.read()
    except (OSError, SyntaxError, UnicodeDecodeError):
        return None


def parse(text: str | None) -> ast.Module | None:
    """Parse a text, if it can be."""
    try:
        return None if text is None else ast.parse(text)
    except SyntaxError:
        return None
