"""Paths as the cache keeps them: a checkout that is moved or copied takes its cache along."""

from __future__ import annotations

import glob
import os
from collections.abc import Set

from flake8_moto_order.project import REPOSITORY, Sources, is_below, upward

AS_WRITTEN = "\0"


class Home:
    """The folder that kept paths are relative to: the top of the repository, else the root folder.

    What lies elsewhere is kept by its absolute path. A path that a project wrote relative to the
    working directory stays as it is, behind a mark.
    """

    def __init__(self, sources: Sources, rootdir: str) -> None:
        top = tuple(upward(sources, rootdir))[-1]
        self.in_repository = sources.has(top, *REPOSITORY)
        self.top = top if self.in_repository else rootdir
        self._prefix = self.top.rstrip(os.sep) + os.sep

    def portable(self, path: str) -> str:
        """Return the form of a path that is kept."""
        if path.startswith(self._prefix):
            return path[len(self._prefix) :]
        if path == self.top:
            return ""
        return path if os.path.isabs(path) else AS_WRITTEN + path

    def absolute(self, kept: str) -> str:
        """Return the path that was kept."""
        if kept.startswith(AS_WRITTEN):
            return kept.removeprefix(AS_WRITTEN)
        return os.path.join(self.top, kept) if kept else self.top

    def kept_pattern(self, pattern: str) -> str:
        """Return the form of a glob pattern that is kept."""
        prefix = glob.escape(self._prefix)
        return pattern[len(prefix) :] if pattern.startswith(prefix) else pattern

    def pattern(self, kept: str) -> str:
        """Return the glob pattern that was kept."""
        return kept if os.path.isabs(kept) else glob.escape(self._prefix) + kept

    def kept_real(self, sources: Sources, path: str) -> str:
        """Return the form that is kept of a path without links."""
        top = sources.real(self.top).rstrip(os.sep) + os.sep
        return (path + os.sep).removeprefix(top)

    def implied(self, folder: str, names: Set[str]) -> Set[str]:
        """Return the names in a folder that the choice of this home answers: those above it.

        It exists, so do the folders around it, and these are no repositories if it is none.
        """
        if folder == self.top or not is_below(self.top, folder):
            return frozenset()
        known = {name for name in names if is_below(self.top, os.path.join(folder, name))}
        return known if self.in_repository else known.union(REPOSITORY)
