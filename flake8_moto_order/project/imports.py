"""The files that a file imports, read off its text: a hint that costs no syntax tree."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

from flake8_moto_order.project.finder import find_module
from flake8_moto_order.project.sources import Sources

FROM = re.compile(
    r"^[ \t]*from[ \t]+(\.*)([\w.]*)[ \t]+import[ \t]*(\([\w, \t\r\n]*|[\w, \t]*)", re.MULTILINE
)
IMPORT = re.compile(r"^[ \t]*import[ \t]+([\w.]+)", re.MULTILINE)


def imported_files(sources: Sources, path: str, search_path: tuple[str, ...]) -> Iterator[str]:
    """Yield the files of the project that import statements of a file name, packages first."""
    folder = os.path.dirname(path)
    for dots, name in sources.parsed("imports", path, _imported_names) or ():
        search = (folder, *search_path)
        if dots:
            search = (os.path.normpath(os.path.join(folder, *[".."] * (dots - 1))),)
        for part in name.split("."):
            found = find_module(sources, part, search)
            if found is None:
                break
            if found.path:
                yield found.path
            search = found.search


def _imported_names(text: str) -> list[tuple[int, str]]:
    """Return the names in import statements, each with the number of dots in front of it."""
    found = [(0, name) for name in IMPORT.findall(text)]
    for dots, base, members in FROM.findall(text):
        for member in re.findall(r"\w+", members) or [""]:
            found.append((len(dots), f"{base}.{member}".strip(".")))
    return sorted(set(found))
