"""Questions to the disk and their answers: what a verdict depends on, each as four texts."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import NamedTuple

from flake8_moto_order.cache.places import Home
from flake8_moto_order.project import Sources, Wanted

CONTENT, REGULAR, NAME = "content", "regular", "name"
LISTING, GLOB, REAL = "listing", "glob", "real"


class Dependency(NamedTuple):
    """A question, as its kind, the path in its kept form and a detail; with the answer it had.

    A name is asked of a folder, with the name as detail. So is a listing, with what was wanted. The
    detail of a content is what was asked of the text of a file.
    """

    kind: str
    path: str
    detail: str
    answer: str


def ask(sources: Sources, home: Home, kind: str, path: str, detail: str) -> str:
    """Return the answer of folders and names now; "" always means that there is nothing."""
    return QUESTIONS[kind](sources, home, path, detail)


def digest(value: object) -> str:
    """Return a digest of plain data."""
    return sha256(json.dumps(value, separators=(",", ":")).encode()).hexdigest()[:32]


def listing_digest(listing: Mapping[str, int]) -> str:
    """Return a digest of names and their kinds."""
    return digest(list(listing.items()))


def name_answer(kind: int | None) -> str:
    """Write the kind of what a name stands for."""
    return "" if kind is None else str(kind)


def _regular(sources: Sources, home: Home, path: str, detail: str) -> str:
    return "yes" if sources.stamp(home.absolute(path)) else ""


def _name(sources: Sources, home: Home, path: str, detail: str) -> str:
    return name_answer(sources.look(os.path.join(home.absolute(path), detail)))


def _listing(sources: Sources, home: Home, path: str, detail: str) -> str:
    wanted = Wanted(*map(tuple, json.loads(detail)))
    return listing_digest(sources.entries(home.absolute(path), wanted))


def _glob(sources: Sources, home: Home, path: str, detail: str) -> str:
    found = sources.glob(home.pattern(path))
    return digest([home.portable(each) for each in found])


def _real(sources: Sources, home: Home, path: str, detail: str) -> str:
    return home.kept_real(sources, sources.real(home.absolute(path)))


QUESTIONS: dict[str, Callable[[Sources, Home, str, str], str]] = {
    REGULAR: _regular,
    NAME: _name,
    LISTING: _listing,
    GLOB: _glob,
    REAL: _real,
}
