"""Source files: read and parsed once while they stay the same; what can't be read is None."""

from __future__ import annotations

import ast
import os
import stat
import tokenize
import warnings
from collections.abc import Callable, Mapping
from io import BytesIO
from typing import TypeVar, cast

T = TypeVar("T")
LARGEST = 2_000_000
Stamp = tuple[int, int, int]


class Sources:
    """The files of a project, as one flake8 process sees them.

    `overlay` gives the trees of files whose text is not on disk (standard input). Call `refresh`
    before each linted file: what changed on disk since is read again.
    """

    def __init__(self, overlay: Mapping[str, ast.Module] | None = None) -> None:
        self._overlay = dict(overlay or {})
        self._stamps: dict[str, Stamp | None] = {}
        self._memory: dict[tuple[str, str], tuple[Stamp | None, object]] = {}
        self._listed: dict[str, frozenset[str]] = {}
        self._derived: dict[object, object] = {}

    def refresh(self, overlay: Mapping[str, ast.Module]) -> None:
        """Start a linted file: forget what was known of the disk, put `overlay` over it."""
        self._overlay = dict(overlay)
        self._stamps.clear()
        self._listed.clear()
        self._derived.clear()

    def derive(self, key: object, make: Callable[[], T]) -> T:
        """Return what `make` gives, computed once for this linted file."""
        if key not in self._derived:
            self._derived[key] = make()
        return cast(T, self._derived[key])

    def tree(self, path: str) -> ast.Module | None:
        """Return the syntax tree of a file; None when it can't be read or parsed."""
        if path in self._overlay:
            return self._overlay[path]
        return self._remember("tree", path, lambda: _parse(self.bytes(path)))

    def bytes(self, path: str) -> bytes | None:
        """Return the bytes of a regular file of at most `LARGEST` bytes, else None."""
        return self._remember("bytes", path, lambda: _read(path))

    def text(self, path: str) -> str | None:
        """Return the text of a file, None when it can't be read or decoded."""
        return self._remember("text", path, lambda: _decode(self.bytes(path)))

    def is_file(self, path: str) -> bool:
        """Tell whether there is a regular file."""
        folder, name = os.path.split(path)
        return name in self._names(folder) and self._stamp(path) is not None

    def is_dir(self, path: str) -> bool:
        """Tell whether there is a folder."""
        return os.path.isdir(path)

    def entries(self, folder: str) -> tuple[str, ...]:
        """Return the names in a folder, sorted; none when it can't be read."""
        return tuple(sorted(self._names(folder)))

    def _names(self, folder: str) -> frozenset[str]:
        if folder not in self._listed:
            try:
                self._listed[folder] = frozenset(os.listdir(folder))
            except (OSError, ValueError):
                self._listed[folder] = frozenset()
        return self._listed[folder]

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
        encoding, _ = tokenize.detect_encoding(BytesIO(content).readline)
        return content.decode(encoding)
    except (SyntaxError, UnicodeDecodeError, LookupError):
        return None


def _parse(content: bytes | None) -> ast.Module | None:
    if content is None:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(content)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
