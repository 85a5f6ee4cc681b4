"""Methods of lists, sets, dicts, text and pathlib paths."""

from __future__ import annotations

import posixpath
from itertools import count

from flake8_moto_order.interpreter.base import Arguments, Base, unknown
from flake8_moto_order.interpreter.calls import key_of
from flake8_moto_order.interpreter.operations import (
    LONGEST_COLLECTION,
)
from flake8_moto_order.interpreter.plain import LONGEST_TEXT, method
from flake8_moto_order.interpreter.values import (
    NONE,
    Collection,
    Constant,
    Method,
    PathText,
    Unknown,
    Value,
)
from flake8_moto_order.interpreter.world import choice, same
from flake8_moto_order.models.model import Model

SAME_PATH = {"resolve", "absolute", "as_posix", "expanduser", "__str__", "__fspath__"}


class ContainerModel(Model):
    """The model of built-in containers and text."""

    types = (Collection, Constant, PathText)

    def attribute(self, machine: Base, value: Value, name: str) -> Value | None:
        """Look up an attribute of a path: the parts of its text."""
        if not isinstance(value, PathText):
            return None
        text = value.text
        match name:
            case "parent":
                return PathText(posixpath.dirname(text))
            case "name":
                return Constant(posixpath.basename(text))
            case "stem":
                return Constant(posixpath.splitext(posixpath.basename(text))[0])
            case "parents":
                return Collection("tuple", dict(enumerate(_parents(text))))
        return None

    def call(self, machine: Base, callee: Value, arguments: Arguments) -> Value | None:
        """Call a method."""
        if not isinstance(callee, Method):
            return None
        match callee.owner:
            case Collection(kind="dict") as mapping:
                return self._of_dict(machine, mapping, callee.name, arguments)
            case Collection() as collection:
                return self._of_list(machine, collection, callee.name, arguments)
            case Constant() as known:
                return _of_constant(machine, known, callee.name, arguments)
        path = callee.owner
        return _of_path(path, callee.name, arguments) if isinstance(path, PathText) else None

    def _of_list(
        self, machine: Base, collection: Collection, name: str, arguments: Arguments
    ) -> Value | None:
        value = arguments.get(0)
        if name in ("append", "add") and value is not None:
            end = next(i for i in count(len(collection.slots)) if i not in collection.slots)
            machine.environment.write(collection.slots, end, value)
            return NONE
        machine.spend(len(collection.slots))
        items = list(collection.items)
        match name:
            case "insert" if len(arguments.positional) == 2:
                items.insert(_index(value) or 0, arguments.positional[1])
            case "extend" | "update" if value is not None:
                more, complete = machine.iterate(value)
                items.extend(more)
                if not complete or len(items) > LONGEST_COLLECTION:
                    machine.environment.open_up(collection.slots)
                del items[LONGEST_COLLECTION:]
            case "clear":
                items = []
            case "remove" | "discard" if value is not None:
                found = [index for index, item in enumerate(items) if same(item, value)]
                items = [item for index, item in enumerate(items) if index not in found[:1]]
            case "pop" if items:
                return _pop(machine, collection, items, value)
            case "copy":
                return Collection(collection.kind, collection.slots.copied(), collection.open)
            case "count" | "index" if value is not None:
                return method(collection, name, *arguments.positional)
            case _:
                return None
        machine.environment.replace(collection.slots, items)
        return NONE

    def _of_dict(
        self, machine: Base, mapping: Collection, name: str, arguments: Arguments
    ) -> Value | None:
        key = arguments.get(0, "key")
        machine.spend(len(mapping.slots) if key is None else 0)
        match name:
            case "get" | "pop" | "setdefault" if isinstance(key, Constant):
                default = arguments.get(1, "default") or NONE
                if name == "pop" and not mapping.open and not arguments.values[1:]:
                    machine.raised += machine.weighs_raises and key.value not in mapping.slots
                return _of_key(machine, mapping, name, key.value, default)
            case "update":
                self._update(machine, mapping, arguments)
                return NONE
            case "values":
                return Collection("view", dict(enumerate(mapping.items)), mapping.open)
            case "items":
                pairs = [
                    Collection("tuple", {0: key_of(known), 1: value})
                    for known, value in mapping.slots.items()
                ]
                return Collection("view", dict(enumerate(pairs)), mapping.open)
            case "keys":
                return Collection("view", dict(enumerate(map(key_of, mapping.slots))), mapping.open)
            case "copy":
                return Collection("dict", mapping.slots.copied(), mapping.open)
            case "clear":
                for known in list(mapping.slots):
                    machine.environment.erase(mapping.slots, known)
                return NONE
        return unknown(name, *mapping.items)

    def _update(self, machine: Base, mapping: Collection, arguments: Arguments) -> None:
        other = arguments.get(0)
        for key, value in arguments.keywords.items():
            machine.environment.write(mapping.slots, key, value)
        match other:
            case Collection(kind="dict", slots=slots, open=is_open):
                for known, item in slots.items():
                    machine.environment.write(mapping.slots, known, item)
            case _:
                is_open = other is not None
        if is_open or arguments.open:
            machine.environment.open_up(mapping.slots)


def _index(value: Value | None) -> int | None:
    """Return a known index."""
    return value.value if isinstance(value, Constant) and isinstance(value.value, int) else None


def _pop(machine: Base, collection: Collection, items: list[Value], at: Value | None) -> Value:
    """Take an item out of a list: which one is not known if its index is not."""
    index = -1 if at is None else _index(at)
    known = index is not None and -len(items) <= index < len(items)
    popped = items.pop(index if index is not None and known else -1)
    machine.environment.replace(collection.slots, items)
    return popped if known else choice([*items, popped])


def _of_key(
    machine: Base, mapping: Collection, name: str, key: object, default: Value
) -> Value:
    """Call a method of a dict that looks for one key."""
    found = mapping.slots.get(key)
    if name == "pop":
        machine.environment.erase(mapping.slots, key)
    if name == "setdefault" and found is None:
        machine.environment.write(mapping.slots, key, default)
    if isinstance(found, Value):
        return found
    if mapping is machine.environment.environ and isinstance(default, Constant):
        return default if name == "setdefault" else Constant(default.value, assumed=True)
    return choice([default, Unknown("item")]) if mapping.open else default


def _parents(text: str) -> list[Value]:
    parents: list[Value] = []
    while text != posixpath.dirname(text):
        text = posixpath.dirname(text)
        parents.append(PathText(text))
    return parents


def _of_constant(
    machine: Base, known: Constant, name: str, arguments: Arguments
) -> Value | None:
    if name == "join" and isinstance(known.value, str) and arguments.positional:
        items, complete = machine.iterate(arguments.positional[0])
        texts = [str(item.value) for item in items if isinstance(item, Constant)]
        length = sum(map(len, texts)) + len(known.value) * len(texts)
        is_known = complete and len(texts) == len(items) and length <= LONGEST_TEXT
        return Constant(known.value.join(texts)) if is_known else None
    if arguments.keywords or arguments.open:
        return None
    return method(known, name, *arguments.positional)


def _of_path(path: PathText, name: str, arguments: Arguments) -> Value | None:
    if name in SAME_PATH:
        text = posixpath.normpath(path.text)
        return PathText(text) if name in ("resolve", "absolute", "expanduser") else Constant(text)
    if name == "joinpath":
        parts = [path.text]
        for part in arguments.positional:
            if isinstance(part, PathText):
                parts.append(part.text)
            elif isinstance(part, Constant) and isinstance(part.value, str):
                parts.append(part.value)
            else:
                return None
        return PathText(posixpath.join(*parts))
    return None
