"""From what was seen of the disk to dependencies, each with a proof that is quick to check."""

from __future__ import annotations

import json
import os
from collections import defaultdict
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
from flake8_moto_order.project import (
    ALL,
    LINK,
    Listing,
    Seen,
    Sources,
    Stamp,
    Wanted,
    folder_stamp,
)

# What changed so short a time (in nanoseconds) before it was read may change again unnoticed: file
# systems tell times in steps of up to two seconds.
UNSETTLED = 2_000_000_000


class Proof(NamedTuple):
    """What spares the question: while the stamp of a file or folder is the same, so is the answer.

    So it is while the whole is the same: the digest of a file's content, or of a folder's listing.
    """

    stamp: Stamp | None
    whole: str = ""


Dependencies = dict[Dependency, Proof | None]


class Recorder:
    """Writes down the dependencies of the verdicts of one home, which are much the same."""

    def __init__(self, sources: Sources, home: Home) -> None:
        self._sources = sources
        self._home = home
        self._read: dict[tuple[str, str], tuple[Stamp | None, Dependency, Proof]] = {}
        self._proofs: dict[str, tuple[Listing, Proof]] = {}

    def record(self, seen: Seen) -> Dependencies:
        """Return what a verdict depends on. Call it before the sources are refreshed."""
        self._sources.watch()
        found: Dependencies = dict(self._contents(seen))
        for folder, names in _by_folder(seen).items():
            found.update(self._names(folder, names))
        read = {path for path, _ in seen.parts}
        for path in seen.regular:
            if path not in read or not self._sources.answer(path, ALL):
                found[self._ask(REGULAR, self._home.portable(path))] = None
        for pattern in seen.globs:
            found[self._ask(GLOB, self._home.kept_pattern(pattern))] = None
        for path in seen.real:
            found[self._ask(REAL, self._home.portable(path))] = None
        return found

    def _contents(self, seen: Seen) -> Iterator[tuple[Dependency, Proof]]:
        for part in seen.parts:
            path, question = part
            if question != ALL and (path, ALL) in seen.parts:
                continue
            stamp = self._sources.stamp(path)
            known = self._read.get(part)
            if known is None or known[0] != stamp:
                answer = self._sources.answer(path, question)
                dependency = Dependency(CONTENT, self._home.portable(path), question, answer)
                proof = Proof(self._settled(stamp), self._sources.answer(path, ALL))
                known = self._read[part] = (stamp, dependency, proof)
            yield known[1], known[2]

    def _names(self, folder: str, asked: Asked) -> Iterator[tuple[Dependency, Proof | None]]:
        """Yield what was asked of one folder: all of it has the proof of the folder."""
        listing = self._sources.names(folder)
        proof = None if listing is None else self._prove(folder, listing)
        path = self._home.portable(folder)
        for name in asked.names - self._home.implied(folder, asked.names):
            if listing is None or not name:
                yield self._ask(NAME, path, name), proof
            else:
                yield Dependency(NAME, path, name, name_answer(listing.get(name))), proof
        for wanted in asked.listings:
            yield self._ask(LISTING, path, json.dumps(wanted)), proof

    def _ask(self, kind: str, path: str, detail: str = "") -> Dependency:
        return Dependency(kind, path, detail, ask(self._sources, self._home, kind, path, detail))

    def _prove(self, folder: str, listing: Listing) -> Proof:
        known = self._proofs.get(folder)
        if known and known[0] is listing:
            return known[1]
        # What a link leads to can change while its folder stays the same.
        links = any(kind & LINK for kind in listing.values())
        stamp = None if links else self._settled(folder_stamp(folder))
        proof = Proof(stamp, listing_digest(listing))
        self._proofs[folder] = (listing, proof)
        return proof

    def _settled(self, stamp: Stamp | None) -> Stamp | None:
        young = stamp is None or max(stamp[:2]) > self._sources.started - UNSETTLED
        return None if young else stamp


class Asked(NamedTuple):
    """What was asked of one folder."""

    names: set[str]
    listings: set[Wanted]


def _by_folder(seen: Seen) -> dict[str, Asked]:
    asked: defaultdict[str, Asked] = defaultdict(lambda: Asked(set(), set()))
    for path in seen.names:
        folder, name = os.path.split(path)
        asked[folder].names.add(name)
    for folder, names in seen.looks:
        asked[folder].names.update(names)
    for folder, wanted in seen.listings:
        asked[folder].listings.add(wanted)
    return asked
