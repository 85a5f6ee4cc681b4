"""Attributes replaced for a while: by patches, monkeypatch and mocker, and put back after."""

from __future__ import annotations

from collections.abc import Callable

from flake8_moto_order.domain import Constant, Module, Native, Slots, Unknown, Value
from flake8_moto_order.interpreter.base import Arguments, Base, RaisedError
from flake8_moto_order.interpreter.machine import Machine

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


def put_back(machine: Base, replaced: object) -> None:
    """Restore what stood in a slot before, or empty it."""
    if isinstance(replaced, tuple):
        slots, key, before = replaced
        if before is None:
            machine.environment.erase(slots, key)
        else:
            machine.environment.write(slots, key, before)


def resolve_name(machine: Base, path: str) -> Value | None:
    """Import what a dotted path names, as pkgutil.resolve_name does."""
    if not isinstance(machine, Machine):
        return None
    first, *rest = path.split(".")
    try:
        value = machine.load(first)
        for index, name in enumerate(rest):
            found = machine.attribute(value, name)
            loaded = isinstance(value, Module) and name not in value.namespace
            if loaded:
                found = machine.load(".".join([first, *rest[: index + 1]]))
            value = found
    except RaisedError:
        return None
    return value


def monkeypatch(machine: Base, undo: Undo) -> Native:
    """Make pytest's `monkeypatch`; what restores its changes goes to `undo`."""

    def change(replaced: object) -> Value:
        undo.append(lambda: put_back(machine, replaced))
        return Constant(None)

    def set_attribute(arguments: Arguments) -> Value | None:
        target, name, value = (arguments.get(index, key) for index, key in enumerate(SETATTR))
        if isinstance(target, Constant) and name is not None:
            path, _, attribute = str(target.value).rpartition(".")
            target, name, value = resolve_name(machine, path), Constant(attribute), name
        if target is None or value is None or not isinstance(name, Constant):
            return None
        return change(replace_attribute(machine, target, str(name.value), value))

    def delete_attribute(arguments: Arguments) -> Value | None:
        target, name = arguments.get(0, "target"), arguments.get(1, "name")
        if target is None or not isinstance(name, Constant):
            return None
        return change(replace_attribute(machine, target, str(name.value), None))

    def item_of(slots_from: Slots | None, deletes: bool) -> Callable[[Arguments], Value | None]:
        def apply(arguments: Arguments) -> Value | None:
            given = list(arguments.positional)
            slots = slots_from
            if slots is None:
                owner = given.pop(0) if given else arguments.keywords.get("dic", Unknown(""))
                slots = getattr(owner, "slots", None)
            key = given[0] if given else arguments.keywords.get("name")
            value = given[1] if len(given) > 1 else arguments.keywords.get("value")
            if slots is None or not isinstance(key, Constant) or (value is None and not deletes):
                return None
            return change(replace_item(machine, slots, key.value, None if deletes else value))

        return apply

    environ = machine.environment.environ.slots
    methods: dict[str, Callable[..., Value | None]] = {
        "setattr": set_attribute,
        "delattr": delete_attribute,
        "setitem": item_of(None, False),
        "delitem": item_of(None, True),
        "setenv": item_of(environ, False),
        "delenv": item_of(environ, True),
    }
    methods["context"] = lambda arguments: monkeypatch(machine, [])
    methods["undo"] = lambda arguments: undo_all(undo)
    return Native("monkeypatch", methods)


SETATTR = ("target", "name", "value")


def undo_all(undo: Undo) -> Value:
    """Restore everything, the last change first."""
    while undo:
        undo.pop()()
    return Constant(None)
