"""Recordings: what one activation of a function reads, until that can be told as a summary.

The innermost recording is told by slots what is read of them. What an activation reads after it
wrote it is nothing that it depends on, as long as that write was not taken back.
"""

from __future__ import annotations

import ast
from typing import Protocol

from flake8_moto_order.interpreter.slots import OPEN, WHOLE, Slots

# Slots with more keys than this are not worth to be compared as a whole.
WIDEST = 256
Read = tuple[Slots, object, object]


class Trail(Protocol):
    """What a recording asks of the world."""

    @property
    def length(self) -> int:
        """How long the trail is."""

    def has_written(self, slots: Slots, key: object, since: int, until: int) -> bool:
        """Tell whether `key` was written when the trail had a length from `since` to `until`."""

    def before(self, slots: Slots, since: int) -> dict[object, object] | None:
        """Return all that stood in slots when the trail had a length."""


class Recording:
    """What an activation that began at `start` reads of slots that are older, in order.

    A read is (slots, key, what was found); for `WHOLE`, what was found are all items. `length` is
    that of the trail when it began, `nodes` are the functions that were activated inside, `deepest`
    is how deep the interpreter came, `is_spoiled` tells that it can't stand for another activation.
    """

    __slots__ = ("start", "owner", "length", "reads", "nodes", "deepest", "is_spoiled", "_trail")

    def __init__(self, trail: Trail, start: int, length: int, node: ast.AST, depth: int) -> None:
        self.start = start
        self.owner = 0
        self.length = length
        self.reads: dict[tuple[int, object], Read] = {}
        self.nodes: set[ast.AST] = {node}
        self.deepest = depth
        self.is_spoiled = False
        self._trail = trail

    def note(self, slots: Slots, key: object, found: object) -> None:
        """Note that `key` was looked up, and what was found."""
        if (id(slots), key) not in self.reads:
            self._note_at(self._trail.length, slots, key, found)

    def _note_at(self, length: int, slots: Slots, key: object, found: object) -> None:
        """Note what was found when the trail had a length, unless it was written here before."""
        if not self._trail.has_written(slots, key, self.length, length):
            self.reads[id(slots), key] = (slots, key, found)

    def note_all(self, slots: Slots) -> None:
        """Note that all keys and values were looked at."""
        place = (id(slots), WHOLE)
        if place in self.reads:
            return
        before = self._trail.before(slots, self.length)
        if before is None or len(before) > WIDEST:
            self.is_spoiled = True
        else:
            self.reads[place] = (slots, WHOLE, tuple(before.items()))

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
        for place, read in inner.reads.items():
            if place not in self.reads and read[0].born < self.start:
                if read[1] is WHOLE:
                    self.note_all(read[0])
                else:
                    self._note_at(inner.length, *read)

    def note_read(self, slots: Slots, key: object, found: object) -> None:
        """Note what an activation read that is to be replayed."""
        if slots.born < self.start:
            if key is WHOLE:
                self.note_all(slots)
            else:
                self.note(slots, key, found)


__all__ = ["OPEN", "Read", "Recording", "WHOLE"]
