"""Whether any file that may be read has one of some words: one look at all of them per run."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator

from flake8_moto_order.project.sources import Sources
from flake8_moto_order.project.territory import Territory

Words = tuple[bytes, ...]
# Folders that nothing is imported from, unless the project or its user names a folder in them.
APART = {"__pycache__", "node_modules"}
# A name in the top folder of a virtual environment.
ENVIRONMENT = ("pyvenv.cfg", "conda-meta")


def is_mentioned(
    sources: Sources, territory: Territory, named: Iterable[str], words: Words
) -> bool:
    """Tell whether a Python file of the territory has a word, or may have one for all we know.

    Virtual environments, hidden folders and the like are not looked into: if a `named` folder is in
    one, the answer is yes.
    """
    return any(
        sources.derive(("apart", folder), lambda: _is_in_apart(territory, folder), noted=False)
        for folder in named
    ) or sources.derive(
        ("mentioned", territory, words), lambda: _scan(territory, words), noted=False
    )


def _is_in_apart(territory: Territory, folder: str) -> bool:
    folder = os.path.realpath(folder)
    while folder not in territory:
        if _is_apart(folder):
            return True
        folder = os.path.dirname(folder)
    return False


def _is_apart(folder: str) -> bool:
    name = os.path.basename(folder)
    return (
        name in APART
        or name.startswith(".")
        or any(os.path.exists(os.path.join(folder, mark)) for mark in ENVIRONMENT)
    )


def _scan(territory: Territory, words: Words) -> bool:
    """Look for the words; what can't be read may have them."""
    try:
        return any(_has(path, words) for path in _files(territory))
    except OSError:
        return True


def _has(path: str, words: Words) -> bool:
    with open(path, "rb") as file:
        content = file.read()
    return any(word in content for word in words)


def _files(territory: Territory) -> Iterator[str]:
    """Yield the Python files, links followed within the territory."""
    waiting = list(territory)
    entered: set[str] = set()
    while waiting:
        folder = waiting.pop()
        entered.add(folder)
        with os.scandir(folder) as found:
            for entry in found:
                path = os.path.realpath(entry.path) if entry.is_symlink() else entry.path
                if not territory.has(path):
                    continue
                if entry.is_dir():
                    if path not in entered and not _is_apart(path):
                        waiting.append(path)
                elif entry.name.endswith(".py") and entry.is_file():
                    yield path
