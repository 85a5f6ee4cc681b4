"""Copying: what an activation made is made again for another one that it stands for."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from typing import Any, cast

from flake8_moto_order.effects import CallPath, Serial, Step
from flake8_moto_order.interpreter.renaming import COMPOUND, FIELDS, OBJECTS, Renaming
from flake8_moto_order.interpreter.slots import Slots, raw_items, raw_values
from flake8_moto_order.interpreter.values import (
    Class,
    Collection,
    Constant,
    Fake,
    Function,
    Instance,
    Library,
    Module,
    Native,
    PathText,
    Suspended,
    Value,
    Wrapped,
)

# So many fresh objects at most are worth to be made again.
MOST_FRESH = 400
# What needs no look inside: nothing that was made can be in there, or it can't be made again.
LEAVES = (Constant, Library, PathText, Module, Native, Class, ast.AST)
PLAIN = frozenset((str, int, float, bytes, bool, type(None), Step, frozenset))
FIXED = frozenset((Constant, Library, PathText, Module, Native, Class))
# Made again when a part of them is: by their fields.
REBUILT = frozenset(COMPOUND)
Snapshot = tuple[Slots, tuple[tuple[object, object], ...], bool]


class NotCopiedError(Exception):
    """Something was made that can't be made again: a class, a generator, too many objects."""


def slots_in(value: object) -> Iterator[Slots]:
    """Yield the slots that an object keeps its own in."""
    match value:
        case Instance():
            yield value.attributes
        case Collection() | Fake():
            yield value.slots
        case Wrapped():
            yield value.memory
        case Function():  # pragma: no branch
            yield from value.scopes


def snapshot(values: Iterable[object], start: int) -> dict[int, Snapshot]:
    """Return what stands in all slots made since `start` that values lead to, by their identity.

    Raises NotCopiedError.
    """
    found: dict[int, Snapshot] = {}
    seen: set[int] = set()
    stack = list(values)
    while stack:
        value = stack.pop()
        if isinstance(value, LEAVES) or type(value) in PLAIN or isinstance(value, int):
            if isinstance(value, Class) and value.namespace.born >= start:
                raise NotCopiedError
            continue
        if id(value) in seen:
            continue
        seen.add(id(value))
        stack.extend(_parts(value, start))
        if isinstance(value, Slots) and value.born >= start:
            items = tuple(raw_items(value))
            found[id(value)] = (value, items, value.open)
            if len(found) > MOST_FRESH:
                raise NotCopiedError
    return found


def _parts(value: object, start: int) -> Iterator[object]:
    """Yield what is to be looked at of a value. Raises NotCopiedError."""
    match value:
        case Slots():
            if value.born >= start:
                yield from raw_values(value)
        case tuple() | list():
            yield from value
        case Value() if type(value) in FIELDS:
            yield from (getattr(value, name) for name in FIELDS[type(value)])
        case Suspended() if value.started.born < start:
            return
        case _:
            raise NotCopiedError


class Copier:
    """Makes what a recorded activation made again, for another one.

    Objects that both have are renamed, fresh ones made anew, serials that were given inside go on
    from the present one, and call paths below `before` are put below `after`.
    """

    def __init__(self, renaming: Renaming, fresh: dict[int, Snapshot]) -> None:
        self._renaming = renaming
        self._fresh = fresh
        self._made: dict[int, object] = {}
        self.base = self.shift = 0
        self.before: CallPath = ()
        self.after: CallPath = ()

    def serial(self, serial: Serial) -> Serial:
        """Return the serial of what was given one inside, or that stands for one."""
        if serial > self.base:
            return Serial(serial + self.shift)
        return self._renaming.serial(serial)

    def key(self, key: object) -> object:
        """Return the key of a slot: some are made of objects and serials."""
        if isinstance(key, Serial):
            return self.serial(key)
        if isinstance(key, tuple):
            return tuple(map(self.key, key))
        return self._renaming.key(key)

    def copy(self, value: object) -> Any:
        """Return what stands for a value."""
        kind = type(value)
        if kind in PLAIN or kind in FIXED:
            return value
        if kind is Serial:
            return self.serial(cast(Serial, value))
        known = self._made.get(id(value))
        if known is not None:
            return known
        if kind in OBJECTS:
            return self._object(cast(Value, value))
        if kind in REBUILT:
            return self._rebuilt(value)
        if kind is Slots:
            return self._slots(cast(Slots, value))
        if isinstance(value, tuple):
            return self._tuple(value)
        if kind is list:
            return [self.copy(item) for item in cast("list[object]", value)]
        return self._renaming.image(value)

    def _tuple(self, value: tuple[object, ...]) -> object:
        if value and isinstance(value[0], Step):
            steps = len(self.before)
            return (*self.after, *value[steps:]) if value[:steps] == self.before else value
        items = map(self.copy, value)
        return tuple(items) if type(value) is tuple else type(value)(*items)

    def _rebuilt(self, value: object) -> object:
        """Return a value with other parts, itself if they are the same."""
        names = FIELDS[type(value)]
        parts = [getattr(value, name) for name in names]
        copies = [self.copy(part) for part in parts]
        is_same = all(map(same_parts, parts, copies))
        made = self._made[id(value)] = value if is_same else type(value)(*copies)
        return made

    def _object(self, value: Value) -> object:
        """Return the object that stands for one: a new one if that was fresh."""
        if not any(id(slots) in self._fresh for slots in slots_in(value)):
            return self._renaming.image(value)
        kind = type(value)
        made = self._made[id(value)] = object.__new__(kind)
        for name in FIELDS[kind]:
            setattr(made, name, self.copy(getattr(value, name)))
        return made

    def _slots(self, slots: Slots) -> object:
        if id(slots) not in self._fresh:
            return self._renaming.image(slots)
        _, items, is_open = self._fresh[id(slots)]
        made = Slots()
        made.open = is_open
        self._made[id(slots)] = made
        for key, value in items:
            made[self.key(key)] = self.copy(value)
        return made


def same_parts(old: object, new: object) -> bool:
    """Tell whether a part of a value is what it was."""
    if type(old) is tuple and type(new) is tuple:
        return len(old) == len(new) and all(map(same_parts, old, new))
    return old is new or (isinstance(old, int) and old == new)
