"""What may be looked at: the project, and the folders that its user or its configuration names.

A path counts as where it leads, links followed, whatever edits of sys.path, links, requirement
files or names of plugins say. Above the project only what pytest's own search reads is open: names,
and configuration files.
"""

from __future__ import annotations

import os

from flake8_moto_order.project.configuration import (
    INI_FILES,
    REPOSITORY,
    PytestConfiguration,
    is_below,
    upward,
)
from flake8_moto_order.project.sources import Sources


class Territory(tuple[str, ...]):
    """The real folders in which everything is open; none is in another."""

    __slots__ = ()

    def has(self, path: str) -> bool:
        """Tell whether a file, whose path has no links, may be read."""
        if any(is_below(path, top) for top in self):
            return True
        folder, name = os.path.split(path)
        return name in INI_FILES and self.is_around(folder)

    def is_around(self, folder: str) -> bool:
        """Tell whether a folder, whose path has no links, has a part of the project in it."""
        return any(is_below(top, folder) for top in self)

    def may_list(self, folder: str) -> bool:
        """Tell whether the names in a folder, whose path has no links, may be looked at."""
        return self.has(folder) or self.is_around(folder)


def confine(
    sources: Sources,
    configuration: PytestConfiguration,
    path: str,
    cwd: str,
    roots: tuple[str, ...] = (),
) -> Territory:
    """Let `sources` see what may be looked at for the linted file at `path`, and nothing else.

    That is the repository of pytest's root folder, or this folder itself; the folder of the file;
    `cwd`, where flake8 was started; the option's `roots` and pytest's `pythonpath`.
    """
    top = list(upward(sources, configuration.rootdir))[-1]
    if not sources.has(top, *REPOSITORY):
        top = configuration.rootdir
    named = (top, os.path.dirname(path), cwd, *roots, *configuration.pythonpath)
    real = sorted({os.path.realpath(folder) for folder in named})
    tops = [one for one in real if not any(o != one and is_below(one, o) for o in real)]
    territory = Territory(tops)
    sources.confine(path, territory)
    return territory
