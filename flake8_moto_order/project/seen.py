"""What was asked of the disk for a linted file: its verdict rests on the answers alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from fnmatch import filter as filter_names
from typing import NamedTuple

from flake8_moto_order.record import record

# What a name stands for, as flags; a plain file has none. CLOSED: in a folder that can't be listed.
FOLDER, LINK, CLOSED = 1, 2, 4
Listing = Mapping[str, int]


class Wanted(NamedTuple):
    """The names of a folder that matter, as patterns: of files, of folders, of folders left out."""

    files: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()
    without: tuple[str, ...] = ()

    def among(self, listing: Listing) -> dict[str, int]:
        """Return the part of a listing that matters, in its order."""
        folders = [name for name, kind in listing.items() if kind & FOLDER]
        files = [name for name, kind in listing.items() if not kind & FOLDER]
        kept = _matching(files, self.files) | _matching(folders, self.folders)
        kept -= _matching(folders, self.without)
        return {name: kind for name, kind in listing.items() if name in kept}


@record(frozen=True, slots=True)
class Seen:
    """Questions to the disk: paths are as they were asked for.

    parts: files that were read, each with what was asked of it (text.py). regular: names that had
    to be regular files. names: paths that were looked for; looks: the same as a folder and names in
    it. listings: folders, with the names that mattered. globs: patterns. real: paths that were
    freed of links.
    """

    parts: set[tuple[str, str]] = field(default_factory=set)
    regular: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    looks: set[tuple[str, tuple[str, ...]]] = field(default_factory=set)
    listings: set[tuple[str, Wanted]] = field(default_factory=set)
    globs: set[str] = field(default_factory=set)
    real: set[str] = field(default_factory=set)

    def add(self, other: Seen) -> None:
        """Add the questions of another."""
        self.parts.update(other.parts)
        self.regular.update(other.regular)
        self.names.update(other.names)
        self.looks.update(other.looks)
        if other.listings or other.globs or other.real:
            self.listings.update(other.listings)
            self.globs.update(other.globs)
            self.real.update(other.real)


def _matching(names: list[str], patterns: tuple[str, ...]) -> set[str]:
    return {name for pattern in patterns for name in filter_names(names, pattern)}
