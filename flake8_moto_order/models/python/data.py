"""json and copy: data that passes through text or is copied stays known.

Source: Python's documentation, json and copy.
"""

from __future__ import annotations

import json

from flake8_moto_order.interpreter.base import Arguments, Base
from flake8_moto_order.interpreter.plain import LONGEST_TEXT
from flake8_moto_order.interpreter.values import Bound, Collection, Constant, Library, Value
from flake8_moto_order.models.model import Handler, Model

TEXT = Library("json.text")
DEEPEST = 20


class DataModel(Model):
    """The model of what encodes, decodes and copies data."""

    libraries = ("json", "copy")

    def call(self, machine: Base, callee: Value, arguments: Arguments) -> Value | None:
        """Call a function of these modules."""
        handler = HANDLERS.get(callee.name) if isinstance(callee, Library) else None
        return handler(machine, arguments) if handler else None


def _dumps(machine: Base, arguments: Arguments) -> Value | None:
    value = arguments.get(0, "obj")
    return Bound(TEXT, (value,)) if value is not None else None


def _loads(machine: Base, arguments: Arguments) -> Value | None:
    text = arguments.get(0, "s")
    if isinstance(text, Bound) and text.callee == TEXT:
        return duplicate(machine, text.positional[0])
    if isinstance(text, Constant) and isinstance(text.value, str):
        if len(text.value) <= LONGEST_TEXT:
            return _parse(text.value)
    return None


def _parse(text: str) -> Value | None:
    try:
        return _value_of(json.loads(text))
    except (ValueError, RecursionError):
        return None


def _value_of(data: object) -> Value:
    if isinstance(data, dict):
        return Collection("dict", {key: _value_of(item) for key, item in data.items()})
    if isinstance(data, list):
        return Collection("list", {index: _value_of(item) for index, item in enumerate(data)})
    return Constant(data)


def _copy(machine: Base, arguments: Arguments) -> Value | None:
    value = arguments.get(0, "x")
    return duplicate(machine, value, 1) if value is not None else None


def _deepcopy(machine: Base, arguments: Arguments) -> Value | None:
    value = arguments.get(0, "x")
    return duplicate(machine, value) if value is not None else None


def duplicate(machine: Base, value: Value, depth: int = DEEPEST) -> Value:
    """Copy a collection with the collections in it; any other value is itself."""
    if not isinstance(value, Collection) or not depth:
        return value
    machine.spend(len(value.slots))
    slots = {
        key: duplicate(machine, item, depth - 1) if isinstance(item, Value) else item
        for key, item in value.slots.items()
    }
    return Collection(value.kind, slots, value.open)


HANDLERS: dict[str, Handler] = {
    "json.dumps": _dumps,
    "json.loads": _loads,
    "copy.copy": _copy,
    "copy.deepcopy": _deepcopy,
}
