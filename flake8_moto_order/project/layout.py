"""How pytest imports conftests and test files (_pytest/pathlib.py, import_path)."""

from __future__ import annotations

import os
from dataclasses import dataclass

from flake8_moto_order.project.configuration import PytestConfiguration
from flake8_moto_order.project.finder import ModuleFile
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
        return _by_importlib(configuration, path, name, parents)
    return Collected(name, path, base, configuration.import_mode == "append", parents)


def _by_importlib(
    configuration: PytestConfiguration, path: str, name: str, parents: tuple[ModuleFile, ...]
) -> Collected:
    stem = path.removesuffix(os.sep + "__init__.py").removesuffix(".py")
    if not parents:
        name = _dotted(stem, configuration.rootdir)
    return Collected(name, path, None, False, parents)


def _packages(sources: Sources, folder: str) -> list[str]:
    found = []
    while sources.is_file(os.path.join(folder, "__init__.py")):
        if not os.path.basename(folder).isidentifier():
            break
        found.append(folder)
        folder = os.path.dirname(folder)
    return found


def _dotted(path: str, base: str) -> str:
    return os.path.relpath(path, base).replace(os.sep, ".").lstrip(".")


def conftests(
    sources: Sources, configuration: PytestConfiguration, path: str
) -> tuple[str, ...]:
    """Return the conftest files from the root folder down to that of `path`, outermost first."""
    found = []
    folder = os.path.dirname(path)
    while True:
        candidate = os.path.join(folder, "conftest.py")
        if sources.is_file(candidate):
            found.append(candidate)
        parent = os.path.dirname(folder)
        if folder in (configuration.rootdir, parent):
            return tuple(reversed(found))
        folder = parent


def initial_conftests(
    sources: Sources, configuration: PytestConfiguration
) -> tuple[str, ...]:
    """Return the conftest files that pytest loads before it collects anything.

    They stand in the folders it starts from and in the folders `test*` right below these
    (_pytest/config/__init__.py, `_set_initial_conftests`).
    """
    found: list[str] = []
    for start in configuration.testpaths or (configuration.rootdir,):
        below = [name for name in sources.entries(start) if name.startswith("test")]
        for folder in (start, *(os.path.join(start, name) for name in below)):
            found.extend(conftests(sources, configuration, os.path.join(folder, "conftest.py")))
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
