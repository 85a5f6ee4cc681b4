"""Source files: read and parsed once while they stay the same; what can't be read is None."""

from __future__ import annotations

import ast
import codecs
import glob
import os
import stat
import time
import tokenize
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from io import BytesIO
from os.path import islink
from typing import NamedTuple, Protocol, TypeVar, cast

from flake8_moto_order.project.parsing import parse_source
from flake8_moto_order.project.seen import CLOSED, FOLDER, LINK, Listing, Seen, Wanted
from flake8_moto_order.project.text import ALL, AT_IMPORT, BODY, WORD, Text

T = TypeVar("T")
LARGEST = 2_000_000
# A folder that changed this short a time ago (in nanoseconds) may change again without a new time.
UNSETTLED = 50_000_000
BYTE_ORDER_MARKS = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
# When a file or folder changed (its content, then anything of it), its size, number and mode.
Stamp = tuple[int, int, int, int, int]


class Linted(NamedTuple):
    """A file as flake8 passes it, whatever stands on disk: standard input may be unsaved text."""

    tree: ast.Module
    text: str

    def encoded(self) -> bytes:
        """Return the text as it would stand on disk."""
        return self.text.encode(errors="surrogatepass")


class Parsed(NamedTuple):
    """A syntax tree, and what it tells of the text: all but function bodies, or all."""

    tree: ast.Module | None
    question: str


class Bounds(Protocol):
    """What may be looked at; paths have no links in them."""

    def has(self, path: str) -> bool:
        """Tell whether a file may be read."""

    def may_list(self, folder: str) -> bool:
        """Tell whether the names in a folder may be looked at."""


class Sources:
    """The files of a project, as one flake8 process sees them; everything is read through it.

    `overlay` gives the files whose text is not to be taken from the disk. Everything else is seen
    as it is when first looked at, until `refresh`; what is out of bounds is not there once the
    sources are confined.
    """

    def __init__(self, overlay: Mapping[str, Linted] | None = None) -> None:
        self.started = time.time_ns()
        self._overlay = dict(overlay or {})
        self._seen = Seen()
        self._stamps: dict[str, Stamp | None] = {}
        self._memory: dict[tuple[str, str], tuple[Stamp | None, object]] = {}
        self._of_overlay: dict[tuple[str, str], object] = {}
        self._listed: dict[str, Listing | None] = {}
        self._listings: dict[str, tuple[Stamp, Listing | None]] = {}
        self._derived: dict[object, tuple[object, Seen]] = {}
        self._linted: set[str] = set()
        self._unsaved = False
        self._bounds: Bounds | None = None
        self._inside: dict[str, bool] = {}

    def begin(self, path: str, linted: Linted) -> None:
        """Start a linted file; one that was linted before starts a new look at the disk."""
        if path in self._linted or self._unsaved:
            self.refresh()
        if not self._is_inside(os.path.dirname(path)):
            self._bounds = None
            self.refresh()
        self._linted.add(path)
        self._put_over({path: linted})
        self._seen = Seen()

    def confine(self, path: str, bounds: Bounds) -> None:
        """Look at nothing out of bounds for the linted file at `path`."""
        if bounds != self._bounds:
            self._bounds = bounds
            self.refresh(self._overlay)
            self._linted.add(path)

    def part(self, path: str) -> None:
        """Keep a linted file to itself if its text is not that on disk: no other may see it."""
        if not self.is_saved(path):
            self.refresh(self._overlay)
            self._unsaved = True

    def refresh(self, overlay: Mapping[str, Linted] | None = None) -> None:
        """Look at the disk anew, with `overlay` over it."""
        self._put_over(dict(overlay or {}))
        self._linted.clear()
        self._unsaved = False
        self._seen = Seen()
        self._stamps.clear()
        self._listed.clear()
        self._derived.clear()
        self._inside.clear()

    def _put_over(self, overlay: dict[str, Linted]) -> None:
        self._overlay = overlay
        self._of_overlay.clear()

    def watch(self) -> Seen:
        """Return what will be noted of every question to the disk from now on."""
        self._seen = Seen()
        return self._seen

    def noting(self, make: Callable[[], T]) -> tuple[T, Seen]:
        """Return what `make` gives, and what it asks of the disk."""
        around, self._seen = self._seen, Seen()
        try:
            return make(), self._seen
        finally:
            self._seen = around

    @contextmanager
    def asking(self) -> Iterator[Seen]:
        """Give what will have been asked of the disk when the block is over."""
        around, self._seen = self._seen, Seen()
        try:
            yield self._seen
        finally:
            around.add(self._seen)
            self._seen = around

    def note(self, seen: Seen) -> None:
        """Note what was asked of the disk before, and is relied on again."""
        self._seen.add(seen)

    def derive(self, key: object, make: Callable[[], T], noted: bool = True) -> T:
        """Return what `make` gives, computed once until the next refresh.

        What it asks of the disk is `noted` each time.
        """
        if key not in self._derived:
            self._derived[key] = self.noting(make)
        value, seen = self._derived[key]
        if noted:
            self.note(seen)
        return cast(T, value)

    def tree(self, path: str) -> ast.Module | None:
        """Return the syntax tree of a file; None when it can't be read or parsed.

        Function bodies that are hardly ever looked at are cut out, and noted when they are.
        """
        parsed = self._keep("tree", path, lambda: self._parse(path)) or Parsed(None, ALL)
        self._seen.parts.add((path, parsed.question))
        return parsed.tree

    def _parse(self, path: str) -> Parsed:
        """Parse a file, without function bodies where these are hardly ever looked at."""
        if path in self._overlay:
            return Parsed(self._overlay[path].tree, ALL)
        text = self._text(path)
        if text is None:
            return Parsed(None, ALL)
        pieces = None if b"moto" in text.content else text.cut
        tree = pieces.parse() if pieces else None
        if pieces is None or tree is None:
            return Parsed(parse_source(text.content), ALL)
        for number, body in enumerate(pieces.bodies):
            body.on_use = partial(self._note_part, (path, f"{BODY}{number}"))
        return Parsed(tree, AT_IMPORT)

    def _note_part(self, part: tuple[str, str]) -> None:
        self._seen.parts.add(part)

    def mentions(self, path: str, word: bytes) -> bool:
        """Tell whether the text of a file has a word."""
        question = WORD + word.decode()
        self._seen.parts.add((path, question))
        return bool(self.answer(path, question))

    def answer(self, path: str, question: str) -> str:
        """Return what a file answers to a question (text.py), unnoted; "" if it can't be read."""

        def make() -> str:
            text = self._text(path)
            return text.answer(question) if text else ""

        return self._keep(question, path, make) or ""

    def _text(self, path: str) -> Text | None:
        """Return what a file holds, unnoted."""
        linted = self._overlay.get(path)

        def make() -> Text | None:
            content = linted.encoded() if linted else _read(path)
            return None if content is None else Text(content)

        return self._keep("content", path, make)

    def bytes(self, path: str) -> bytes | None:
        """Return the bytes of a regular file of at most `LARGEST` bytes, else None."""
        self._seen.parts.add((path, ALL))
        text = self._text(path)
        return text.content if text else None

    def text(self, path: str) -> str | None:
        """Return the text of a file, None when it can't be read or decoded."""
        linted = self._overlay.get(path)
        return self._remember(
            "text", path, lambda: linted.text if linted else _decode(self.bytes(path))
        )

    def is_saved(self, path: str) -> bool:
        """Tell whether the text of a linted file is what stands on disk."""
        content = _read(path)
        text = _decode(content)
        if text is None and content is not None:
            text = content.decode("latin-1")
        return text is not None and _lines(text) == self.text(path)

    def parsed(self, kind: str, path: str, parse: Callable[[str], T]) -> T | None:
        """Return what `parse` makes of a file's text, kept under the name `kind`."""

        def make() -> T | None:
            text = self.text(path)
            return None if text is None else parse(text)

        return self._remember(kind, path, make) if self.is_file(path) else None

    def written(self, kind: str, path: str, read: Callable[[ast.Module], T]) -> T | None:
        """Return what `read` takes from a file's syntax tree, kept under the name `kind`."""

        def make() -> T | None:
            tree = self.tree(path)
            return None if tree is None else read(tree)

        return self._remember(kind, path, make)

    def is_file(self, path: str) -> bool:
        """Tell whether there is a regular file."""
        if path in self._overlay:
            return True
        self._seen.names.add(path)
        kind = self.look(path)
        if kind is None or kind & FOLDER:
            return False
        self._seen.regular.add(path)
        return self.stamp(path) is not None

    def is_dir(self, path: str) -> bool:
        """Tell whether there is a folder."""
        self._seen.names.add(path)
        return bool((self.look(path) or 0) & FOLDER)

    def has(self, folder: str, *names: str) -> bool:
        """Tell whether one of the names is in a folder."""
        self._seen.looks.add((folder, names))
        listing = self.names(folder) or {}
        return any(name in listing for name in names)

    def entries(self, folder: str, wanted: Wanted) -> dict[str, int]:
        """Return the wanted names in a folder, sorted, with their kind; none if it is closed."""
        self._seen.listings.add((folder, wanted))
        return wanted.among(self.names(folder) or {})

    def glob(self, pattern: str) -> tuple[str, ...]:
        """Return the paths that match a pattern, sorted."""
        self._seen.globs.add(pattern)
        return self.derive(
            ("glob", pattern), lambda: tuple(filter(self._may_read, sorted(_glob(pattern))))
        )

    def real(self, path: str) -> str:
        """Return a path without symbolic links."""
        self._seen.real.add(path)
        return self.derive(("real", path), lambda: os.path.realpath(path))

    def look(self, path: str) -> int | None:
        """Return the kind of what stands at a path, None when there is nothing."""
        folder, name = os.path.split(path)
        listing = self.names(folder) if name else None
        if listing is None:
            return CLOSED | os.path.isdir(path)
        return listing.get(name)

    def names(self, folder: str) -> Listing | None:
        """Return the sorted names in a folder with their kinds, None when it can't be listed."""
        if folder not in self._listed:
            self._listed[folder] = self._list(folder)
        return self._listed[folder]

    def _list(self, folder: str) -> Listing | None:
        """List a folder, or take what an earlier look found while the folder stays the same."""
        stamp = folder_stamp(folder)
        if stamp is None or not self._may_list(folder):
            return {}
        known = self._listings.get(folder)
        if known and known[0] == stamp:
            return known[1]
        listing = _scan(folder)
        links = any(kind & LINK for kind in (listing or {}).values())
        if not links and time.time_ns() - stamp[0] > UNSETTLED:
            self._listings[folder] = (stamp, listing)
        return listing

    def stamp(self, path: str) -> Stamp | None:
        """Return when a regular file changed and so on, None when it is missing or too large."""
        if path not in self._stamps:
            self._stamps[path] = _stamp(path) if self._may_read(path) else None
        return self._stamps[path]

    def _may_read(self, path: str) -> bool:
        """Tell whether a file, or what it leads to if it is a link, is within bounds."""
        if self._bounds is None or (self._is_inside(os.path.dirname(path)) and not islink(path)):
            return True
        return self._bounds.has(os.path.realpath(path))

    def _may_list(self, folder: str) -> bool:
        return self._bounds is None or self._bounds.may_list(os.path.realpath(folder))

    def _is_inside(self, folder: str) -> bool:
        """Tell whether the files in a folder are within bounds."""
        if folder not in self._inside:
            self._inside[folder] = self._bounds is None or self._bounds.has(
                os.path.realpath(folder)
            )
        return self._inside[folder]

    def _remember(self, kind: str, path: str, make: Callable[[], T]) -> T | None:
        self._seen.parts.add((path, ALL))
        return self._keep(kind, path, make)

    def _keep(self, kind: str, path: str, make: Callable[[], T]) -> T | None:
        if path in self._overlay:
            if (kind, path) not in self._of_overlay:
                self._of_overlay[kind, path] = make()
            return cast(T, self._of_overlay[kind, path])
        stamp = self.stamp(path)
        known = self._memory.get((kind, path))
        if known is None or known[0] != stamp:
            known = (stamp, make() if stamp else None)
            self._memory[kind, path] = known
        return cast("T | None", known[1])


def _glob(pattern: str) -> Iterator[str]:
    return glob.iglob(pattern, recursive=True)


def folder_stamp(folder: str) -> Stamp | None:
    """Return the stamp of a folder, None when there is nothing of that name."""
    try:
        return _stamp_of(os.stat(folder))
    except (OSError, ValueError):
        return None


def _stamp(path: str) -> Stamp | None:
    try:
        status = os.stat(path)
    except (OSError, ValueError):
        return None
    regular = stat.S_ISREG(status.st_mode) and status.st_size <= LARGEST
    return _stamp_of(status) if regular else None


def _stamp_of(status: os.stat_result) -> Stamp:
    changed = (status.st_mtime_ns, status.st_ctime_ns)
    return (*changed, status.st_size, status.st_ino, status.st_mode)


def _scan(folder: str) -> Listing | None:
    try:
        with os.scandir(folder) as found:
            return dict(sorted((entry.name, _kind(entry)) for entry in found))
    except PermissionError:
        return None
    except OSError:
        return {}


def _kind(entry: os.DirEntry[str]) -> int:
    try:
        return entry.is_dir() * FOLDER | entry.is_symlink() * LINK
    except OSError:
        return LINK


def read_text(path: str) -> Text | None:
    """Return what a regular file on disk holds, as `Sources` reads it, and keep nothing of it."""
    content = _read(path) if _stamp(path) else None
    return None if content is None else Text(content)


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


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
