"""What the project's own files require of a distribution."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flake8_moto_order.project.configuration import read_toml
from flake8_moto_order.project.sources import Sources

if TYPE_CHECKING:
    from packaging.specifiers import SpecifierSet

LOCKS = ("uv.lock", "poetry.lock", "pdm.lock")
FOLDERS = ("", "requirements", "tests", "test", "dev", "requirements_dev")
DEEPEST = 8


def required(sources: Sources, root: str, distribution: str) -> SpecifierSet | None:
    """Return the versions of a distribution that the files below `root` allow, None if unsaid.

    A lock file's pin is taken before a requirement, a pinned requirement before a range.
    """
    key = ("required", root, distribution)
    return sources.derive(key, lambda: _required(sources, root, distribution))


def _required(sources: Sources, root: str, distribution: str) -> SpecifierSet | None:
    from packaging.specifiers import SpecifierSet

    for version in _locked(sources, root, distribution):
        return SpecifierSet(f"=={version}")
    found = [s for s in _specifiers(sources, root, distribution) if str(s)]
    exact = [s for s in found if any(part.operator in ("==", "~=") for part in s)]
    return next(iter(exact or found), None)


def _locked(sources: Sources, root: str, distribution: str) -> Iterator[str]:
    # Lock files are long and written by tools, so their two lines are found without parsing TOML.
    package = re.compile(
        rf'^name = "{re.escape(distribution)}"\r?\nversion = "([^"\n]+)"', re.MULTILINE
    )
    for name in LOCKS:
        path = os.path.join(root, name)
        found = package.search((sources.text(path) if sources.is_file(path) else None) or "")
        if found:
            yield from _version_text(found[1])
    text = sources.text(os.path.join(root, "Pipfile.lock"))
    try:
        lock = json.loads(text) if text else {}
    except (ValueError, RecursionError):
        return
    for section in ("develop", "default"):
        entry = lock.get(section, {}) if isinstance(lock, dict) else {}
        pin = entry.get(distribution, {}) if isinstance(entry, dict) else {}
        if isinstance(pin, dict):
            yield from _version_text(str(pin.get("version", "")).removeprefix("=="))


def _version_text(text: object) -> Iterator[str]:
    from packaging.version import InvalidVersion, Version

    try:
        yield str(Version(str(text)))
    except InvalidVersion:
        return


def _toml(sources: Sources, path: str) -> dict[str, object]:
    text = sources.text(path) if sources.is_file(path) else None
    return read_toml(text) if text else {}


def _specifiers(sources: Sources, root: str, distribution: str) -> Iterator[SpecifierSet]:
    for line in _requirement_lines(sources, root):
        yield from _parse(line, distribution)
    yield from _poetry(sources, root, distribution)


def _parse(line: str, distribution: str) -> Iterator[SpecifierSet]:
    from packaging.requirements import InvalidRequirement, Requirement
    from packaging.utils import canonicalize_name

    if distribution not in line.lower():
        return
    try:
        requirement = Requirement(re.split(r"\s+#|\s+--|\s*\\$", line.strip())[0])
    except InvalidRequirement:
        return
    if canonicalize_name(requirement.name) == distribution:
        yield requirement.specifier


def _requirement_lines(sources: Sources, root: str) -> Iterator[str]:
    for folder in FOLDERS:
        base = os.path.join(root, folder) if folder else root
        for name in sources.entries(base):
            if name.endswith((".txt", ".in")) and (
                "require" in name or "constraint" in name or folder.startswith("requirements")
            ):
                yield from _lines_of(sources, os.path.join(base, name), 0)
    yield from _pyproject_lines(_toml(sources, os.path.join(root, "pyproject.toml")))
    for name in ("setup.cfg", "tox.ini"):
        yield from (sources.text(os.path.join(root, name)) or "").splitlines()
    setup = sources.text(os.path.join(root, "setup.py")) or ""
    yield from re.findall(r"""["'](moto[^"'\n]*)["']""", setup)


def _lines_of(sources: Sources, path: str, depth: int) -> Iterator[str]:
    for line in (sources.text(path) or "").splitlines():
        include = re.match(r"\s*(?:-r|--requirement|-c|--constraint)[ =]+(\S+)", line)
        if include and depth < DEEPEST:
            inner = os.path.normpath(os.path.join(os.path.dirname(path), include[1]))
            yield from _lines_of(sources, inner, depth + 1)
        elif not include:
            yield line


def _pyproject_lines(data: dict[str, object]) -> Iterator[str]:
    yield from _texts(data.get("project"))
    yield from _texts(data.get("dependency-groups"))
    tool = data.get("tool")
    for name in ("uv", "pdm", "hatch"):
        yield from _texts(tool.get(name) if isinstance(tool, dict) else None)


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, (list, dict)):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _texts(item)


def _poetry(sources: Sources, root: str, distribution: str) -> Iterator[SpecifierSet]:
    tables = [_toml(sources, os.path.join(root, "pyproject.toml"))]
    tables.append({"packages": _toml(sources, os.path.join(root, "Pipfile"))})
    for table in tables:
        for name, value in _named(table):
            if name == distribution:
                version = value.get("version") if isinstance(value, dict) else value
                yield from _caret(version)


def _named(value: object) -> Iterator[tuple[str, object]]:
    for name, item in value.items() if isinstance(value, dict) else ():
        if isinstance(name, str):
            yield name, item
        yield from _named(item)


def _caret(text: object) -> Iterator[SpecifierSet]:
    """Read a version as poetry writes it: `^` and `~` keep the first parts (its docs)."""
    from packaging.specifiers import InvalidSpecifier, SpecifierSet

    if not isinstance(text, str) or text == "*":
        return
    match = re.fullmatch(r"([\^~])\s*(\d+)((?:\.\d+)*)", text)
    if match:
        parts = [match[2], *match[3].strip(".").split(".")] if match[3] else [match[2]]
        kept = 1 if match[1] == "^" or len(parts) == 1 else 2
        text = f">={'.'.join(parts)},=={'.'.join(parts[:kept])}.*"
    elif re.fullmatch(r"[\d.]+", text):
        text = f"=={text}"
    try:
        yield SpecifierSet(text)
    except InvalidSpecifier:
        return
