"""Recordings: what one activation of a function reads, until that can be told as a summary.

The innermost recording is told by slots what is read of them. What an activation reads after it
wrote it is nothing that it depends on, as long as that write was not taken back.
"""

from __future__ import annotations

import ast
from typing import Protocol

from flake8_moto_order.interpreter.renaming import is_fixed
from flake8_moto_order.interpreter.slots import OPEN, RECORDER, WHOLE, Slots

# Slots with more keys than this are not worth to be compared as a whole.
WIDEST = 256
Read = tuple[Slots, object, object]
Found = dict[object, object]


class Trail(Protocol):
    """What a recording asks of the world."""

    @property
    def length(self) -> int:
        """How long the trail is."""

    def has_written(self, slots: Slots, since: int, until: int, key: object = WHOLE) -> bool:
        """Tell whether `key` was written when the trail had a length from `since` to `until`."""

    def before(self, slots: Slots, since: int) -> Found | None:
        """Return all that stood in slots when the trail had a length."""


class Reads:
    """What was read of some slots: what was found by key; for `WHOLE`, that are all items.

    As long as the slots were not written to, only what a renaming could make another of needs to be
    compared: `renamed`.
    """

    __slots__ = ("slots", "found", "renamed", "_since")

    def __init__(self, slots: Slots) -> None:
        self.slots = slots
        self.found: Found = {}
        self.renamed: Found = {}
        self._since = 0

    def close(self, start: int) -> None:
        """Note that nothing is added any more, and that all of it was so at a time."""
        self._since = start
        self.renamed = {
            key: value
            for key, value in self.found.items()
            if not (is_fixed(key) and is_fixed(value))
        }

    def is_unchanged(self) -> bool:
        """Tell whether the very same is there for sure."""
        return self.slots.changed < self._since

    def confirm(self) -> None:
        """Note that the very same is there now."""
        self._since = RECORDER.now


class Recording:
    """What an activation that began at `start` reads of slots that are older, by their identity.

    `length` is that of the trail when it began, `nodes` are the functions that were activated
    inside, `deepest` is how deep the interpreter came, `is_spoiled` tells that it can't stand for
    another activation.
    """

    __slots__ = ("start", "owner", "length", "reads", "nodes", "deepest", "is_spoiled", "_trail")

    def __init__(self, trail: Trail, start: int, length: int, node: ast.AST, depth: int) -> None:
        self.start = start
        self.owner = 0
        self.length = length
        self.reads: dict[int, Reads] = {}
        self.nodes: set[ast.AST] = {node}
        self.deepest = depth
        self.is_spoiled = False
        self._trail = trail

    def note(self, slots: Slots, key: object, found: object) -> None:
        """Note that `key` was looked up, and what was found."""
        self._note_at(self._trail.length, slots, key, found)

    def _note_at(self, length: int, slots: Slots, key: object, found: object) -> None:
        """Note what was found when the trail had a length, unless it was written here before."""
        known = self._known(slots)
        if key in known or (WHOLE in known and key is not OPEN):
            return
        if not self._trail.has_written(slots, self.length, length, key):
            self._reads_of(slots).found[key] = found

    def note_all(self, slots: Slots) -> None:
        """Note that all keys and values were looked at."""
        if WHOLE in self._known(slots):
            return
        before = self._trail.before(slots, self.length)
        if before is None or len(before) > WIDEST:
            self.is_spoiled = True
        else:
            self._reads_of(slots).found[WHOLE] = tuple(before.items())

    def _known(self, slots: Slots) -> Found:
        reads = self.reads.get(id(slots))
        return reads.found if reads else {}

    def _reads_of(self, slots: Slots) -> Reads:
        reads = self.reads.get(id(slots))
        if reads is None:
            reads = self.reads[id(slots)] = Reads(slots)
        return reads

    def act(self) -> None:
        """Note that something was changed that is no slot."""
        self.is_spoiled = True

    def spoil(self) -> None:
        """Note that something was looked at or changed that is no slot."""
        self.is_spoiled = True

    def include(self, inner: Recording) -> None:
        """Take over what an activation inside of this one read."""
        self.nodes |= inner.nodes
        self.deepest = max(self.deepest, inner.deepest)
        self.is_spoiled |= inner.is_spoiled
        for reads in inner.reads.values():
            self.take(reads.slots, reads.found, inner.length)

    def take(self, slots: Slots, found: Found, length: int) -> None:
        """Take over what an activation that began when the trail had a length found in slots."""
        if slots.born >= self.start:
            return
        if self._trail.has_written(slots, self.length, length):
            for key, value in found.items():
                if key is WHOLE:
                    self.note_all(slots)
                else:
                    self._note_at(length, slots, key, value)
            return
        reads = self._reads_of(slots)
        if not found.keys() <= reads.found.keys():
            reads.found = found | reads.found


__all__ = ["OPEN", "Found", "Read", "Reads", "Recording", "WHOLE"]
