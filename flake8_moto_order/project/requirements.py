"""What the project's own files require of a distribution."""

from __future__ import annotations

import ast
import json
import os
import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from flake8_moto_order.project.configuration import read_toml, upward
from flake8_moto_order.project.parsing import parse_source
from flake8_moto_order.project.seen import Wanted
from flake8_moto_order.project.sources import Sources

if TYPE_CHECKING:
    from packaging.specifiers import SpecifierSet

    Stated = tuple[SpecifierSet, ...]
    Reader = Callable[[str, str], Iterator[SpecifierSet]]

FOLDERS = ("", "requirements", "tests", "test", "dev", "requirements_dev")
ANY_LIST = Wanted(files=("*.txt", "*.in"))
REQUIREMENT_FILES = Wanted(
    files=tuple(
        f"*{''.join(f'[{letter}{letter.upper()}]' for letter in word)}*{ending}"
        for word in ("require", "constraint")
        for ending in (".txt", ".in")
    )
)
LISTS = ("uv", "pdm", "hatch", "flit")
TABLES = ("poetry", "pixi")
LONGEST = 1000
MOST_FILES = 200
INCLUDE = re.compile(r"\A\s*(?:-r|--requirement|-c|--constraint)[ =]*(\S+)")
# What may stand before a requirement in an ini file: `deps =`, a factor of tox.
KEY = re.compile(r"^\s*[\w.-]+\s*=(?!=)|^\s*[\w{},!.-]+:\s")


def required(sources: Sources, root: str, distribution: str) -> SpecifierSet | None:
    """Return the versions of a distribution that the project's files allow, None if unsaid.

    The files of `root` are read and, up to the top of its repository, those of the folders
    around it: the nearest that say something count. A lock file's pin is taken before a
    requirement, a pinned requirement before a range.
    """
    key = ("required", root, distribution)
    return sources.derive(key, lambda: _required(sources, root, distribution))


def _required(sources: Sources, root: str, distribution: str) -> SpecifierSet | None:
    folders = list(upward(sources, root))
    if not sources.has(folders[-1], ".git", ".hg"):
        folders = [root]
    said = None
    for folder in folders:
        for locked in _stated(sources, folder, distribution, LOCKS):
            return locked
        if said is None:
            said = _chosen(sources, folder, distribution)
            if said is not None and _is_exact(said):
                return said
    return said


def _chosen(sources: Sources, folder: str, distribution: str) -> SpecifierSet | None:
    found = list(_listed(sources, folder, distribution))
    found.extend(_stated(sources, folder, distribution, READERS))
    return next(filter(_is_exact, found), found[0] if found else None)


def _is_exact(specifiers: SpecifierSet) -> bool:
    return any(part.operator in ("==", "~=") for part in specifiers)


def _stated(
    sources: Sources, folder: str, distribution: str, readers: dict[str, Reader]
) -> Iterator[SpecifierSet]:
    """Yield what the files of a folder say, each read once while it stays the same."""
    for name, reader in readers.items():
        path = os.path.join(folder, name)
        read = partial(_all, reader, distribution)
        yield from sources.parsed(f"requires {distribution}", path, read) or ()


def _all(reader: Reader, distribution: str, text: str) -> Stated:
    return tuple(found for found in reader(distribution, text) if str(found))


def _read_lock(distribution: str, text: str) -> Iterator[SpecifierSet]:
    # Lock files are long and written by tools, so their two lines are found without parsing TOML.
    name = re.escape(distribution)
    package = re.compile(rf'^name = "{name}"\r?\nversion = "([^"\n]+)"', re.MULTILINE)
    for found in package.finditer(text):
        yield from _specifiers(f"=={found[1]}")


def _read_pipfile_lock(distribution: str, text: str) -> Iterator[SpecifierSet]:
    try:
        lock = json.loads(text)
    except (ValueError, RecursionError):
        return
    for section in ("develop", "default"):
        packages = lock.get(section) if isinstance(lock, dict) else None
        pin = packages.get(distribution) if isinstance(packages, dict) else None
        if isinstance(pin, dict):
            yield from _specifiers(str(pin.get("version", "")))


def _specifiers(text: str) -> Iterator[SpecifierSet]:
    from packaging.specifiers import SpecifierSet

    try:
        yield SpecifierSet(text)
    except ValueError:
        return


def _requirement(distribution: str, line: str) -> Iterator[SpecifierSet]:
    """Read one requirement; one for other interpreters than this says nothing."""
    from packaging.requirements import Requirement
    from packaging.utils import canonicalize_name

    if distribution not in line.lower() or len(line) > LONGEST:
        return
    text = line.replace("\t", " ").split(" #")[0].split(" --")[0].rstrip(" ,\\")
    try:
        requirement = Requirement(text.strip())
        holds = requirement.marker is None or requirement.marker.evaluate()
    except (ValueError, RecursionError):
        return
    if holds and canonicalize_name(requirement.name) == distribution:
        yield requirement.specifier


def _read_ini(distribution: str, text: str) -> Iterator[SpecifierSet]:
    for line in text.splitlines():
        yield from _requirement(distribution, KEY.sub("", line))


def _read_setup(distribution: str, text: str) -> Iterator[SpecifierSet]:
    tree = parse_source(text)
    for node in ast.walk(tree) if tree else ():
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from _read_ini(distribution, node.value)


def _read_pyproject(distribution: str, text: str) -> Iterator[SpecifierSet]:
    data = read_toml(text)
    tool = data.get("tool")
    tools = tool if isinstance(tool, dict) else {}
    lists = [data.get("project"), data.get("dependency-groups"), *map(tools.get, LISTS)]
    for line in _texts(lists):
        yield from _requirement(distribution, line)
    for name in TABLES:
        yield from _read_tables(distribution, tools.get(name))


def _read_pipfile(distribution: str, text: str) -> Iterator[SpecifierSet]:
    yield from _read_tables(distribution, read_toml(text))


def _texts(value: object) -> Iterator[str]:
    """Yield the texts in lists and tables, in order, however deep they are."""
    left = [value]
    while left:
        item = left.pop()
        if isinstance(item, str):
            yield item
        elif isinstance(item, (list, dict)):
            left.extend(reversed(item.values() if isinstance(item, dict) else item))


def _read_tables(distribution: str, value: object) -> Iterator[SpecifierSet]:
    left: list[tuple[str, object]] = [("", value)]
    while left:
        name, item = left.pop()
        if name.lower() == distribution:
            for choice in item if isinstance(item, list) else [item]:
                version = choice.get("version") if isinstance(choice, dict) else choice
                yield from _poetry_version(version)
        if isinstance(item, dict):
            left.extend(reversed(item.items()))


def _poetry_version(text: object) -> Iterator[SpecifierSet]:
    """Read a version as poetry and Pipenv write it, with its clauses separated by commas."""
    if isinstance(text, str) and len(text) <= LONGEST:
        clauses = re.split(r"\s*,\s*|\s+(?=[<>=!~^])", text.strip())
        yield from _specifiers(",".join(map(_clause, filter(None, clauses))))


def _clause(text: str) -> str:
    """Write a clause as packaging does: `^` keeps the first part that is not zero, `~` two."""
    match = re.fullmatch(r"([\^~=]?)\s*v?(\d+(?:\.\d+)*)(\.\*)?", text)
    if match is None:
        return "" if text == "*" else text
    sign, number, star = match[1], match[2], match[3] or ""
    if sign not in ("^", "~"):
        return f"=={number}{star}"
    parts = number.split(".")
    kept = min(2, len(parts))
    if sign == "^":
        kept = next((index for index, part in enumerate(parts, 1) if part.strip("0")), len(parts))
    return f">={number},=={'.'.join(parts[:kept])}.*"


class Line(NamedTuple):
    """A telling line of a requirements file: what it requires, or the file it includes."""

    found: tuple[SpecifierSet, ...]
    include: str = ""


def _listed(sources: Sources, root: str, distribution: str) -> Iterator[SpecifierSet]:
    """Yield what requirements files say, each file once."""
    seen: set[str] = set()
    for folder in FOLDERS:
        base = os.path.join(root, folder) if folder else root
        wanted = ANY_LIST if folder.startswith("requirements") else REQUIREMENT_FILES
        for name in sources.entries(base, wanted):
            path = os.path.join(base, name)
            yield from _lines_of(sources, path, distribution, seen)


def _lines_of(
    sources: Sources, path: str, distribution: str, seen: set[str]
) -> Iterator[SpecifierSet]:
    if path in seen or len(seen) > MOST_FILES:
        return
    seen.add(path)
    read = partial(_telling_lines, distribution)
    for line in sources.parsed(f"lines {distribution}", path, read) or ():
        yield from line.found
        if line.include:
            inner = os.path.normpath(os.path.join(os.path.dirname(path), line.include))
            yield from _lines_of(sources, inner, distribution, seen)


def _telling_lines(distribution: str, text: str) -> list[Line]:
    lines = []
    for line in text.splitlines():
        include = INCLUDE.match(line)
        found = () if include else tuple(s for s in _requirement(distribution, line) if str(s))
        if include or found:
            lines.append(Line(found, include[1] if include else ""))
    return lines


LOCKS: dict[str, Reader] = {
    "uv.lock": _read_lock,
    "poetry.lock": _read_lock,
    "pdm.lock": _read_lock,
    "Pipfile.lock": _read_pipfile_lock,
}
READERS: dict[str, Reader] = {
    "pyproject.toml": _read_pyproject,
    "setup.cfg": _read_ini,
    "tox.ini": _read_ini,
    "setup.py": _read_setup,
    "Pipfile": _read_pipfile,
}
