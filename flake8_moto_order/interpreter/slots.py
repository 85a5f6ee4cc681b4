"""Slots: what an object of the interpreted program binds, and who is told what is read of them.

A recording learns of every read of slots that are older than itself: whoever reads slots in the
ordinary ways of a dict can't forget to say so.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from _collections_abc import dict_items, dict_keys, dict_values

MISSING = object()
# Stand in the place of a key: all keys with their values, and whether there may be more.
WHOLE = object()
OPEN = object()


class Listener(Protocol):
    """What is told of reads.

    `start` is when it began, `owner` the module whose body it is of, `nodes` are the functions
    activated since.
    """

    start: int
    owner: int
    nodes: set[ast.AST]

    def note(self, slots: Slots, key: object, found: object) -> None:
        """Note that `key` was looked up, and what was found."""

    def note_all(self, slots: Slots) -> None:
        """Note that all keys and values were looked at."""

    def act(self) -> None:
        """Note that something was changed that is no slot."""

    def spoil(self) -> None:
        """Note that something was looked at or changed that is no slot."""


class Recorder:
    """The time, counted in recordings and branches begun, and the innermost recording.

    `owner` is the module whose body runs, by the time at which that began.
    """

    def __init__(self) -> None:
        self.now = self.owner = 0
        self.top: Listener | None = None

    def visit(self, node: ast.AST) -> None:
        """Note that a function would have been activated if it were not active too often."""
        if self.top is not None:
            self.top.nodes.add(node)

    def act(self) -> None:
        """Note that something is changed that is no slot."""
        if self.top is not None:
            self.top.act()

    def spoil(self) -> None:
        """Have the recordings under way be of no use: what happens now can't be replayed."""
        if self.top is not None:
            self.top.spoil()


RECORDER = Recorder()
raw_get = dict.get
raw_items = dict.items
raw_values = dict.values


def raw_open(slots: Slots) -> bool:
    """Tell whether there may be further keys in slots, without anybody being told."""
    return slots._open


class Slots(dict[object, object]):
    """A dict that tells the innermost recording what is read of it, if it is older.

    `born` is when it was made, `changed` when it was last written to, `owner` the module whose body
    made it, `open` tells that there may be more in it than is known.
    """

    __slots__ = ("born", "changed", "owner", "_open")

    def __init__(self, values: Mapping[Any, object] | Iterable[tuple[Any, object]] = ()) -> None:
        if isinstance(values, Slots):
            values = values.items()
        super().__init__(values)
        self.born = self.changed = RECORDER.now
        self.owner = RECORDER.owner
        self._open = False

    def _note_all(self) -> None:
        top = RECORDER.top
        if top is not None and (self.born < top.start or self.owner != top.owner):
            top.note_all(self)

    @property
    def open(self) -> bool:
        """Tell whether there may be further, unknown keys."""
        top = RECORDER.top
        if top is not None and (self.born < top.start or self.owner != top.owner):
            top.note(self, OPEN, self._open)
        return self._open

    @open.setter
    def open(self, value: bool) -> None:
        self._open = value

    def get(self, key: object, default: Any = None) -> Any:
        """Return what stands under `key`."""
        top = RECORDER.top
        if top is None or (self.born >= top.start and self.owner == top.owner):
            return raw_get(self, key, default)
        found = raw_get(self, key, MISSING)
        top.note(self, key, found)
        return default if found is MISSING else found

    def __getitem__(self, key: object) -> object:
        found = self.get(key, MISSING)
        if found is MISSING:
            raise KeyError(key)
        return found

    def __contains__(self, key: object) -> bool:
        return self.get(key, MISSING) is not MISSING

    def __iter__(self) -> Iterator[object]:
        self._note_all()
        return super().__iter__()

    def __len__(self) -> int:
        self._note_all()
        return super().__len__()

    def __eq__(self, other: object) -> bool:
        self._note_all()
        return super().__eq__(other)

    def copied(self) -> Slots:
        """Return slots with the same values, made now."""
        return Slots(self)

    def keys(self) -> dict_keys[object, object]:
        """Return the keys."""
        self._note_all()
        return super().keys()

    def values(self) -> dict_values[object, object]:
        """Return the values."""
        self._note_all()
        return super().values()

    def items(self) -> dict_items[object, object]:
        """Return the keys with their values."""
        self._note_all()
        return super().items()
