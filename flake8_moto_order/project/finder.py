"""From a module name to its file, as importlib's path finder does."""

from __future__ import annotations

import os
from dataclasses import dataclass

from flake8_moto_order.project.sources import Sources


@dataclass(frozen=True)
class ModuleFile:
    """A module of the project: its file (None for a namespace package), its `__path__`.

    `search` is empty for a module that is no package.
    """

    name: str
    path: str | None
    search: tuple[str, ...] = ()


def find_module(sources: Sources, name: str, search_path: tuple[str, ...]) -> ModuleFile | None:
    """Find a module by the last part of its name; a regular one wins over namespace folders."""
    last = name.rpartition(".")[2]
    portions = []
    for folder in search_path:
        package = os.path.join(folder, last)
        is_folder = sources.is_dir(package)
        if is_folder and sources.is_file(os.path.join(package, "__init__.py")):
            return ModuleFile(name, os.path.join(package, "__init__.py"), (package,))
        if sources.is_file(f"{package}.py"):
            return ModuleFile(name, f"{package}.py")
        if is_folder:
            portions.append(package)
    return ModuleFile(name, None, tuple(portions)) if portions else None
