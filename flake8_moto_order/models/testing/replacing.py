"""Attributes replaced for a while: by patches, monkeypatch and mocker, and put back after."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from flake8_moto_order.interpreter.base import Arguments, Base, RaisedError
from flake8_moto_order.interpreter.slots import Slots
from flake8_moto_order.interpreter.values import (
    Collection,
    Constant,
    Module,
    Native,
    PathText,
    Value,
)

Replaced = tuple[Slots, object, object]
Undo = list[Callable[[], None]]


def replace_attribute(machine: Base, owner: Value, name: str, value: Value | None) -> object:
    """Set an attribute, or delete it; return what `put_back` needs, None when it can't be set."""
    slot = machine.slot_of(owner, name)
    if slot is None:
        return None
    slots, key = slot
    before = slots.get(key)
    machine.set_attribute(owner, name, value)
    return slots, key, before


def replace_item(machine: Base, slots: Slots, key: object, value: Value | None) -> object:
    """Set an item of a dict, or delete it; return what `put_back` needs."""
    before = slots.get(key)
    if value is None:
        machine.environment.erase(slots, key)
    else:
        machine.environment.write(slots, key, value)
    return slots, key, before


class Contents(NamedTuple):
    """All that was in a dict before."""

    slots: Slots
    before: Slots


def put_back(machine: Base, replaced: object) -> None:
    """Restore what stood in a slot before, or empty it; or all contents of a dict."""
    if isinstance(replaced, Contents):
        for key in [key for key in replaced.slots if key not in replaced.before]:
            machine.environment.erase(replaced.slots, key)
        for key, value in replaced.before.items():
            machine.environment.write(replaced.slots, key, value)
    elif isinstance(replaced, tuple):
        slots, key, before = replaced
        if before is None:
            machine.environment.erase(slots, key)
        else:
            machine.environment.write(slots, key, before)


def resolve_name(machine: Base, path: str) -> Value | None:
    """Import what a dotted path names, as pkgutil.resolve_name does."""
    first, *rest = path.split(".")
    try:
        value = machine.load(first)
        for index, name in enumerate(rest):
            found = machine.attribute(value, name)
            if isinstance(value, Module) and name not in value.namespace:
                found = machine.load(".".join([first, *rest[: index + 1]]))
            value = found
    except RaisedError:
        return None
    return value


class Monkeypatch:
    """The methods of pytest's `monkeypatch`; what restores its changes goes to `undo`."""

    def __init__(self, machine: Base, undo: Undo) -> None:
        self.machine = machine
        self.undo = undo

    def _change(self, replaced: object) -> Value:
        self.undo.append(lambda: put_back(self.machine, replaced))
        return Constant(None)

    def _named(self, path: str) -> tuple[Value | None, Constant]:
        """Return the owner and the name of an attribute by its dotted name."""
        owner, _, name = path.rpartition(".")
        return resolve_name(self.machine, owner), Constant(name)

    def setattr(self, arguments: Arguments) -> Value | None:
        """Set an attribute, of an object or by a dotted name."""
        target, name, value = (arguments.get(i, key) for i, key in enumerate(SETATTR))
        if isinstance(target, Constant) and name is not None:
            value = name
            target, name = self._named(str(target.value))
        if value is None and name is not None:
            # The dotted name is not known: anything may be replaced from now on.
            self.machine.raised += 1
        if target is None or value is None or not isinstance(name, Constant):
            return None
        return self._change(replace_attribute(self.machine, target, str(name.value), value))

    def delattr(self, arguments: Arguments) -> Value | None:
        """Delete an attribute, of an object or by a dotted name."""
        target, name = arguments.get(0, "target"), arguments.get(1, "name")
        if isinstance(target, Constant) and name is None:
            target, name = self._named(str(target.value))
        if target is None or not isinstance(name, Constant):
            return None
        return self._change(replace_attribute(self.machine, target, str(name.value), None))

    def setitem(self, arguments: Arguments) -> Value | None:
        """Set an item of a dict."""
        dic, key, value = (arguments.get(i, name) for i, name in enumerate(SETITEM))
        return self._item(dic, key, value) if value is not None else None

    def delitem(self, arguments: Arguments) -> Value | None:
        """Delete an item of a dict."""
        return self._item(arguments.get(0, "dic"), arguments.get(1, "name"), None)

    def setenv(self, arguments: Arguments) -> Value | None:
        """Set an environment variable."""
        name, value = arguments.get(0, "name"), arguments.get(1, "value")
        environ = self.machine.environment.environ
        return self._item(environ, name, value) if value is not None else None

    def delenv(self, arguments: Arguments) -> Value | None:
        """Delete an environment variable."""
        return self._item(self.machine.environment.environ, arguments.get(0, "name"), None)

    def syspath_prepend(self, arguments: Arguments) -> Value | None:
        """Put a folder in front of sys.path."""
        path, folder = self.machine.environment.path, arguments.get(0, "path")
        text = folder.text if isinstance(folder, PathText) else getattr(folder, "value", None)
        if not isinstance(text, str):
            return None
        before = list(path.items)
        self.machine.environment.replace(path.slots, [Constant(text), *before])
        self.undo.append(lambda: self.machine.environment.replace(path.slots, before))
        return Constant(None)

    def _item(self, owner: Value | None, key: Value | None, value: Value | None) -> Value | None:
        if not isinstance(owner, Collection) or not isinstance(key, Constant):
            return None
        return self._change(replace_item(self.machine, owner.slots, key.value, value))


def monkeypatch(machine: Base, undo: Undo) -> Native:
    """Make pytest's `monkeypatch`."""
    made = Monkeypatch(machine, undo)
    methods: dict[str, Callable[..., Value | None]] = {
        "setattr": made.setattr,
        "delattr": made.delattr,
        "setitem": made.setitem,
        "delitem": made.delitem,
        "setenv": made.setenv,
        "delenv": made.delenv,
        "syspath_prepend": made.syspath_prepend,
        "context": lambda arguments: monkeypatch(machine, []),
        "undo": lambda arguments: undo_all(undo),
    }
    return Native("monkeypatch", methods)


SETATTR = ("target", "name", "value")
SETITEM = ("dic", "name", "value")


def undo_all(undo: Undo) -> Value:
    """Restore everything, the last change first."""
    while undo:
        undo.pop()()
    return Constant(None)
