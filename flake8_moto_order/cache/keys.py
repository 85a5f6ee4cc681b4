"""What a verdict is kept under: everything that shapes it and is not asked of the disk."""

from __future__ import annotations

import os
import sys
from collections.abc import Set
from dataclasses import fields, is_dataclass
from functools import cache
from hashlib import sha256
from typing import NamedTuple

from flake8_moto_order import __version__
from flake8_moto_order.cache.answers import digest
from flake8_moto_order.cache.places import Home
from flake8_moto_order.project import PytestConfiguration, is_below
from flake8_moto_order.settings import Settings

SCHEMA = 2


class Case(NamedTuple):
    """One linted file: its path and text, flake8's folder, the options, pytest's configuration."""

    path: str
    text: str
    folder: str
    settings: Settings
    configuration: PytestConfiguration


def key_of(case: Case, home: Home, code: str) -> bytes:
    """Return the key of the verdict: another text or setting has another."""
    text = sha256(case.text.encode(errors="surrogatepass")).hexdigest()
    parts = [SCHEMA, __version__, code, text, *_circumstances(case, home)]
    parts.append(plain(case.configuration, home))
    return bytes.fromhex(digest(parts))


def subject_of(case: Case, home: Home, saved: bool) -> str:
    """Return what a newer verdict replaces this one by: the same file of the same checkout.

    A text that is not on disk is a subject of its own.
    """
    return owner_of(home) + digest([saved, *_circumstances(case, home)])


def owner_of(home: Home) -> str:
    """Return what the subjects of one checkout begin with."""
    return digest(home.top)


def place_of(case: Case, home: Home, paths: Set[str]) -> str:
    """Return the only place where a verdict holds, "" when it holds wherever the project moves.

    Paths elsewhere are the same after a move, so what leads to them is not.
    """
    patterns = (*case.configuration.python_files, *case.configuration.norecursedirs)
    by_path = any("/" in pattern for pattern in patterns)
    moved = by_path or not is_below(case.folder, home.top) or any(map(os.path.isabs, paths))
    return home.top if moved else ""


def plain(value: object, home: Home) -> object:
    """Write a value as plain data in which paths are in their kept form."""
    if is_dataclass(value):
        return {each.name: plain(getattr(value, each.name), home) for each in fields(value)}
    if isinstance(value, Set):
        return sorted(map(str, value))
    if isinstance(value, (tuple, list)):
        return [plain(each, home) for each in value]
    if isinstance(value, dict):
        return [[key, plain(each, home)] for key, each in value.items()]
    if isinstance(value, str):
        return [home.portable(value)] if os.path.isabs(value) else value
    return value if value is None or isinstance(value, (bool, int)) else str(value)


@cache
def code_digest() -> str:
    """Return the digest of this plugin's own files: a change of it asks every question anew."""
    top = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    found = sha256()
    for folder, names, files in os.walk(top):
        names.sort()
        for name in sorted(files):
            if name.endswith(".py"):
                with open(os.path.join(folder, name), "rb") as file:
                    found.update(file.read())
    return found.hexdigest()


def _circumstances(case: Case, home: Home) -> list[object]:
    paths = [home.portable(case.path), home.portable(case.folder)]
    return [*paths, _python(), plain(case.settings, home)]


def _python() -> list[object]:
    """Return the interpreter and platform, on which markers in requirement files may depend."""
    machine = os.uname().machine if hasattr(os, "uname") else sys.version
    return [sys.implementation.name, list(sys.version_info), sys.platform, os.name, machine]
