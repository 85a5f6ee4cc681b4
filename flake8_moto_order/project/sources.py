"""Source files: read and parsed once while they stay the same; what can't be read is None."""

from __future__ import annotations

import ast
import codecs
import os
import stat
import time
import tokenize
import warnings
from collections.abc import Callable, Mapping
from io import BytesIO
from typing import TypeVar, cast

T = TypeVar("T")
LARGEST = 2_000_000
# A folder that changed this short a time ago (in nanoseconds) may change again without a new time.
UNSETTLED = 50_000_000
BYTE_ORDER_MARKS = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
Stamp = tuple[int, int, int]
Listing = dict[str, bool]


class Sources:
    """The files of a project, as one flake8 process sees them.

    `overlay` gives the trees of files whose text is not on disk (standard input). All files of a
    flake8 run are seen as they are when first looked at, until `refresh`.
    """

    def __init__(self, overlay: Mapping[str, ast.Module] | None = None) -> None:
        self._overlay = dict(overlay or {})
        self._stamps: dict[str, Stamp | None] = {}
        self._memory: dict[tuple[str, str], tuple[Stamp | None, object]] = {}
        self._listed: dict[str, Listing | None] = {}
        self._listings: dict[str, tuple[Stamp, Listing | None]] = {}
        self._derived: dict[object, object] = {}
        self._linted: set[str] = set()

    def begin(self, path: str, tree: ast.Module) -> None:
        """Start a linted file; one that was linted before starts a new look at the disk."""
        if path in self._linted:
            self.refresh()
        self._linted.add(path)
        self._overlay = {path: tree}

    def refresh(self, overlay: Mapping[str, ast.Module] | None = None) -> None:
        """Look at the disk anew, with `overlay` over it."""
        self._overlay = dict(overlay or {})
        self._linted.clear()
        self._stamps.clear()
        self._listed.clear()
        self._derived.clear()

    def derive(self, key: object, make: Callable[[], T]) -> T:
        """Return what `make` gives, computed once until the next refresh."""
        if key not in self._derived:
            self._derived[key] = make()
        return cast(T, self._derived[key])

    def tree(self, path: str) -> ast.Module | None:
        """Return the syntax tree of a file; None when it can't be read or parsed."""
        if path in self._overlay:
            return self._overlay[path]
        return self._remember("tree", path, lambda: parse_source(self.bytes(path)))

    def mentions(self, path: str, word: bytes) -> bool:
        """Tell whether the text of a file has a word; one that is not on disk may."""
        text = self.bytes(path)
        return path in self._overlay if text is None else word in text

    def bytes(self, path: str) -> bytes | None:
        """Return the bytes of a regular file of at most `LARGEST` bytes, else None."""
        return self._remember("bytes", path, lambda: _read(path))

    def text(self, path: str) -> str | None:
        """Return the text of a file, None when it can't be read or decoded."""
        return self._remember("text", path, lambda: _decode(self.bytes(path)))

    def parsed(self, kind: str, path: str, parse: Callable[[str], T]) -> T | None:
        """Return what `parse` makes of a file's text, kept under the name `kind`."""

        def make() -> T | None:
            text = self.text(path)
            return None if text is None else parse(text)

        return self._remember(kind, path, make) if self.is_file(path) else None

    def is_file(self, path: str) -> bool:
        """Tell whether there is a regular file."""
        if path in self._overlay:
            return True
        return self._is_folder(path) is False and self._stamp(path) is not None

    def is_dir(self, path: str) -> bool:
        """Tell whether there is a folder."""
        return self._is_folder(path) is True

    def entries(self, folder: str) -> tuple[str, ...]:
        """Return the names in a folder, sorted; none when it can't be read."""
        return tuple(self._names(folder) or ())

    def has(self, folder: str, *names: str) -> bool:
        """Tell whether one of the names is in a folder."""
        listing = self._names(folder) or {}
        return any(name in listing for name in names)

    def _is_folder(self, path: str) -> bool | None:
        """Tell whether a path is a folder, None when there is nothing."""
        folder, name = os.path.split(path)
        listing = self._names(folder) if name else None
        if listing is None:
            return os.path.isdir(path)
        return listing.get(name)

    def _names(self, folder: str) -> Listing | None:
        if folder not in self._listed:
            self._listed[folder] = self._list(folder)
        return self._listed[folder]

    def _list(self, folder: str) -> Listing | None:
        """List a folder, or take what an earlier look found while the folder stays the same."""
        try:
            status = os.stat(folder)
        except (OSError, ValueError):
            return {}
        stamp = (status.st_mtime_ns, status.st_dev, status.st_ino)
        known = self._listings.get(folder)
        if known and known[0] == stamp:
            return known[1]
        listing = _scan(folder)
        if time.time_ns() - status.st_mtime_ns > UNSETTLED:
            self._listings[folder] = (stamp, listing)
        return listing

    def _stamp(self, path: str) -> Stamp | None:
        if path not in self._stamps:
            self._stamps[path] = _stamp(path)
        return self._stamps[path]

    def _remember(self, kind: str, path: str, make: Callable[[], T]) -> T:
        stamp = self._stamp(path)
        known = self._memory.get((kind, path))
        if known is None or known[0] != stamp:
            known = (stamp, make() if stamp else None)
            self._memory[kind, path] = known
        return cast(T, known[1])


def _scan(folder: str) -> Listing | None:
    """Return the sorted names in a folder, each with whether it is one; None if it is closed."""
    try:
        with os.scandir(folder) as found:
            return dict(sorted((entry.name, _leads_to_folder(entry)) for entry in found))
    except PermissionError:
        return None
    except OSError:
        return {}


def _leads_to_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False


def _stamp(path: str) -> Stamp | None:
    try:
        status = os.stat(path)
    except (OSError, ValueError):
        return None
    regular = stat.S_ISREG(status.st_mode) and status.st_size <= LARGEST
    return (status.st_mtime_ns, status.st_size, status.st_ino) if regular else None


def _read(path: str) -> bytes | None:
    try:
        with open(path, "rb") as file:
            return file.read(LARGEST + 1)
    except OSError:
        return None


def _decode(content: bytes | None) -> str | None:
    if content is None:
        return None
    try:
        if content[:2] in BYTE_ORDER_MARKS:
            return content.decode(BYTE_ORDER_MARKS[content[:2]])
        encoding, _ = tokenize.detect_encoding(BytesIO(content).readline)
        return content.decode(encoding)
    except (SyntaxError, UnicodeDecodeError, LookupError):
        return None


def parse_source(content: bytes | str | None) -> ast.Module | None:
    """Parse Python; None for what Python refuses."""
    if content is None:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(content)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
