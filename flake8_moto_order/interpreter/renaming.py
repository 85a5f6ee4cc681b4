"""Renaming: whether two values are the same but for which mutable objects they are made of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from flake8_moto_order.effects import Serial, Step
from flake8_moto_order.interpreter.slots import Slots
from flake8_moto_order.interpreter.values import (
    BotoSession,
    Bound,
    Choice,
    Client,
    Collection,
    Constant,
    Covered,
    Deferred,
    Fake,
    Function,
    Guard,
    Instance,
    Library,
    Mark,
    Method,
    PathText,
    Super,
    Unknown,
    Value,
    Wrapped,
)

# Compared by their fields, and objects that another one can stand for.
COMPOUND: tuple[type[Value], ...] = (
    Unknown, Choice, Method, Bound, Super, Covered, Guard, Client, BotoSession, Deferred, Mark,
)
OBJECTS: tuple[type[Value], ...] = (Instance, Collection, Fake, Wrapped, Function)
FIELDS: dict[type, tuple[str, ...]] = {
    kind: tuple(cast("Sequence[str]", kind.__slots__)) for kind in (*COMPOUND, *OBJECTS)
}
# Compared by what they are.
EQUAL = frozenset(
    (Library, PathText, Step, str, int, bool, float, bytes, frozenset, type(None))
)
# All that may differ and be the same under a renaming. Anything else stands for itself alone.
RENAMED = frozenset((*COMPOUND, *OBJECTS, Constant, Slots, Serial, tuple, list))


class Renaming:
    """An injective renaming of the mutable objects of one activation to those of another.

    So are the serials of sessions, clients, mocks and patches.
    """

    __slots__ = ("_image", "_taken", "_seen", "_serials")

    def __init__(self) -> None:
        self._image: dict[int, object] = {}
        self._taken: dict[int, object] = {}
        self._seen: dict[tuple[int, int], tuple[object, object]] = {}
        self._serials: dict[int, Serial] = {}

    def bind(self, old: object, new: object) -> bool:
        """Have `new` stand for `old`; false when another one does, or it stands for another one."""
        key = id(old)
        if key in self._image:
            return self._image[key] is new
        if id(new) in self._taken:
            return False
        self._image[key] = new
        self._taken[id(new)] = old
        return True

    def slots_for(self, slots: Slots) -> Slots | None:
        """Return the slots that stand for some: themselves, if none were bound; None if taken."""
        known = self._image.get(id(slots))
        if known is None:
            return slots if self.bind(slots, slots) else None
        return cast(Slots, known)

    def image(self, old: object) -> object:
        """Return what stands for an object, itself if it was not bound."""
        return self._image.get(id(old), old)

    def serial(self, old: Serial) -> Serial:
        """Return the serial that stands for one, itself if it was not bound."""
        return self._serials.get(old, old)

    def _bind_serial(self, old: Serial, new: Serial) -> bool:
        known = self._serials.get(old)
        if known is None and new not in self._serials.values():
            self._serials[old] = known = new
        return known == new

    def key(self, key: object) -> object:
        """Return what stands for the key of a slot, which may be made of objects and serials."""
        if type(key) is str:
            return key
        if isinstance(key, Serial):
            return self.serial(key)
        if isinstance(key, tuple):
            return tuple(self.key(part) for part in key)
        renamed = getattr(key, "renamed", None)
        if renamed is not None:
            return renamed(self.image)
        return self.image(key) if isinstance(key, Value) else key

    def match(self, old: object, new: object) -> bool:
        """Tell whether `new` is `old`, under a renaming that binds all that was bound before."""
        kind = type(old)
        if kind not in RENAMED:
            return old is new or (kind is type(new) and kind in EQUAL and old == new)
        if kind is not type(new):
            return False
        if kind is Constant:
            return _same_constant(cast(Constant, old), cast(Constant, new))
        if kind is Slots:
            return self.bind(old, new)
        if kind is Serial:
            return self._bind_serial(cast(Serial, old), cast(Serial, new))
        if kind is tuple or kind is list:
            return self.match_all(cast("Sequence[object]", old), cast("Sequence[object]", new))
        if kind is Function and not cast(Function, old).scopes:
            return old is new
        return self._match_fields(kind, old, new)

    def match_all(self, old: Sequence[object], new: Sequence[object]) -> bool:
        """Match values pairwise."""
        if len(old) != len(new):
            return False
        return not old or all(map(self.match, old, new))

    def _match_fields(self, kind: type, old: object, new: object) -> bool:
        pair = (id(old), id(new))
        if pair in self._seen:
            return True
        self._seen[pair] = (old, new)
        if kind in OBJECTS and not self.bind(old, new):
            return False
        match = self.match
        for name in FIELDS[kind]:
            mine = getattr(old, name)
            if not match(mine, getattr(new, name)):
                return False
        return True


def is_fixed(value: object) -> bool:
    """Tell whether no renaming makes another value, or another key, of this one."""
    kind = type(value)
    if kind is Function:
        return not cast(Function, value).scopes
    if kind is tuple:
        return all(map(is_fixed, cast("tuple[object, ...]", value)))
    return kind is Constant or (kind not in RENAMED and not hasattr(kind, "renamed"))


def _same_constant(old: Constant, new: Constant) -> bool:
    if old is new:
        return True
    mine, other = old.value, new.value
    return type(mine) is type(other) and mine == other and old.assumed == new.assumed
