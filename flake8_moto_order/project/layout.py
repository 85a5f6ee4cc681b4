"""How pytest imports conftests and test files (_pytest/pathlib.py, import_path)."""

from __future__ import annotations

import os
from dataclasses import dataclass

from flake8_moto_order.project.configuration import (
    PytestConfiguration,
    is_below,
    start_paths,
)
from flake8_moto_order.project.finder import ModuleFile
from flake8_moto_order.project.seen import Wanted
from flake8_moto_order.project.sources import Sources


@dataclass(frozen=True)
class Collected:
    """A test file as pytest imports it: its dotted name, its packages from the top down.

    `insert` is the folder that goes on sys.path, to its end when `append` is set.
    """

    name: str
    path: str
    insert: str | None
    append: bool
    parents: tuple[ModuleFile, ...]


def collected_as(sources: Sources, configuration: PytestConfiguration, path: str) -> Collected:
    """Return how pytest imports the file at `path`."""
    packages = _packages(sources, os.path.dirname(path))
    top = packages[-1] if packages else path
    base = os.path.dirname(top)
    folders = list(reversed(packages))
    parents = tuple(
        ModuleFile(_dotted(folder, base), os.path.join(folder, "__init__.py"), (folder,))
        for folder in folders
    )
    if os.path.basename(path) == "__init__.py" and parents:
        name, parents = parents[-1].name, parents[:-1]
    else:
        name = _dotted(path.removesuffix(".py"), base)
    if configuration.import_mode == "importlib":
        name = name if packages else _from_root(configuration.rootdir, path)
        return Collected(name, path, None, False, parents)
    return Collected(name, path, base, configuration.import_mode == "append", parents)


def _from_root(rootdir: str, path: str) -> str:
    """Return the name of a file outside packages (_pytest/pathlib.py, `module_name_from_path`)."""
    stem = path.removesuffix(".py")
    inside = is_below(path, rootdir)
    relative = os.path.relpath(stem, rootdir) if inside else os.path.splitdrive(stem)[1]
    parts = relative.strip(os.sep).split(os.sep)
    if len(parts) > 1 and parts[-1] == "__init__":
        parts.pop()
    return ".".join(part.replace(".", "_") for part in parts)


def _packages(sources: Sources, folder: str) -> list[str]:
    found = []
    while sources.is_file(os.path.join(folder, "__init__.py")):
        if not os.path.basename(folder).isidentifier():
            break
        found.append(folder)
        folder = os.path.dirname(folder)
    return found


def _dotted(path: str, base: str) -> str:
    return os.path.relpath(path, base).replace(os.sep, ".")


def conftests(
    sources: Sources, configuration: PytestConfiguration, path: str
) -> tuple[str, ...]:
    """Return the conftest files from the root folder down to that of `path`, outermost first.

    Outside the root folder all count but those above it (_pytest/config/__init__.py,
    `_is_in_confcutdir`).
    """
    return _conftests_around(sources, configuration, os.path.dirname(path))


def _conftests_around(
    sources: Sources, configuration: PytestConfiguration, folder: str
) -> tuple[str, ...]:
    found: list[str] = []
    rootdir, inner = configuration.rootdir, ""
    while folder != inner and (folder == rootdir or not is_below(rootdir, folder)):
        if sources.is_file(os.path.join(folder, "conftest.py")):
            found.append(os.path.join(folder, "conftest.py"))
        inner, folder = folder, os.path.dirname(folder)
    return tuple(reversed(found))


def initial_conftests(
    sources: Sources, configuration: PytestConfiguration
) -> tuple[str, ...]:
    """Return the conftest files that pytest loads before it collects anything.

    They stand in the folders it starts from and in the folders `test*` right below these
    (_pytest/config/__init__.py, `_set_initial_conftests`).
    """
    found: list[str] = []
    for start in start_paths(sources, configuration):
        first = start if sources.is_dir(start) else os.path.dirname(start)
        below = sources.entries(start, Wanted(folders=("test*",)))
        for folder in (first, *(os.path.join(start, name) for name in below)):
            found.extend(_conftests_around(sources, configuration, folder))
    return tuple(dict.fromkeys(found))


def initial_path(
    sources: Sources,
    configuration: PytestConfiguration,
    roots: tuple[str, ...],
    cwd: str,
) -> tuple[str, ...]:
    """Return sys.path before any conftest: option, `pythonpath`, then the usual source roots."""
    rootdir = configuration.rootdir
    usual = [rootdir, os.path.join(rootdir, "src"), cwd, os.path.join(cwd, "src")]
    folders = [*roots, *configuration.pythonpath, *filter(sources.is_dir, usual)]
    return tuple(dict.fromkeys(folders))
