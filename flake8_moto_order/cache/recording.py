"""From what was seen of the disk to dependencies, each with a proof that is quick to check."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from typing import NamedTuple

from flake8_moto_order.cache.answers import (
    CONTENT,
    GLOB,
    LISTING,
    NAME,
    REAL,
    REGULAR,
    Dependency,
    ask,
    listing_digest,
    name_answer,
)
from flake8_moto_order.cache.places import Home
from flake8_moto_order.project import LINK, Seen, Sources, Stamp, folder_stamp

# What changed so short a time (in nanoseconds) before it was read may change again unnoticed: file
# systems tell times in steps of up to two seconds.
UNSETTLED = 2_000_000_000


class Proof(NamedTuple):
    """What spares the question: while the stamp of a file or folder is the same, so is the answer.

    So it is while a folder holds the same names as told by the digest of its listing.
    """

    stamp: Stamp | None
    listing: str = ""


Dependencies = dict[Dependency, Proof | None]


class Recorder:
    """Writes down the dependencies of the verdicts of one home."""

    def __init__(self, sources: Sources, home: Home) -> None:
        self._sources = sources
        self._home = home
        self._folders: dict[str, Proof | None] = {}

    def record(self, seen: Seen) -> Dependencies:
        """Return what a verdict depends on. Call it before the sources are refreshed."""
        self._sources.watch()
        self._folders.clear()
        found: Dependencies = {}
        for path in seen.contents:
            found[self._content(path)] = Proof(self._settled(self._sources.stamp(path)))
        for path in seen.regular - seen.contents:
            found[self._ask(REGULAR, self._home.portable(path))] = None
        for folder, name in _names(seen):
            if not self._home.implies(folder, name):
                found[self._name(folder, name)] = self._proof(folder)
        found.update(self._others(seen))
        return found

    def _content(self, path: str) -> Dependency:
        answer = self._sources.digest(path) or ""
        return Dependency(CONTENT, self._home.portable(path), "", answer)

    def _name(self, folder: str, name: str) -> Dependency:
        kind = self._sources.look(os.path.join(folder, name))
        return Dependency(NAME, self._home.portable(folder), name, name_answer(kind))

    def _others(self, seen: Seen) -> Iterator[tuple[Dependency, Proof | None]]:
        home = self._home
        for folder, wanted in seen.listings:
            detail = json.dumps(wanted)
            yield self._ask(LISTING, home.portable(folder), detail), self._proof(folder)
        for pattern in seen.globs:
            yield self._ask(GLOB, home.kept_pattern(pattern)), None
        for path in seen.real:
            yield self._ask(REAL, home.portable(path)), None

    def _ask(self, kind: str, path: str, detail: str = "") -> Dependency:
        return Dependency(kind, path, detail, ask(self._sources, self._home, kind, path, detail))

    def _proof(self, folder: str) -> Proof | None:
        if folder not in self._folders:
            self._folders[folder] = self._prove(folder)
        return self._folders[folder]

    def _prove(self, folder: str) -> Proof | None:
        listing = self._sources.names(folder)
        if listing is None:
            return None
        # What a link leads to can change while its folder stays the same.
        links = any(kind & LINK for kind in listing.values())
        stamp = None if links else self._settled(folder_stamp(folder))
        return Proof(stamp, listing_digest(listing))

    def _settled(self, stamp: Stamp | None) -> Stamp | None:
        young = stamp is None or max(stamp[:2]) > self._sources.started - UNSETTLED
        return None if young else stamp


def _names(seen: Seen) -> set[tuple[str, str]]:
    names = {os.path.split(path) for path in seen.names}
    return names | {(folder, name) for folder, looks in seen.looks for name in looks}
