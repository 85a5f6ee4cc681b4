"""The fields of a class: what its body annotates, or assigns what a library makes fields with."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from typing import TypeGuard

from flake8_moto_order.interpreter.attributes import find_in_class, linearize
from flake8_moto_order.interpreter.base import Arguments, Base, unknown
from flake8_moto_order.interpreter.slots import Slots
from flake8_moto_order.interpreter.values import (
    Class,
    Collection,
    Constant,
    Library,
    Value,
    Wrapped,
)
from flake8_moto_order.interpreter.world import choice
from flake8_moto_order.models.python.data import duplicate
from flake8_moto_order.record import record

FIELD, DEFAULT_METHOD = "field", "default method"
FACTORIES = ("default_factory", "factory", DEFAULT_METHOD)
WORD = re.compile(r"\w+")
NO_FIELDS = {"ClassVar", "KW_ONLY"}
REQUIRED = Constant(...)


@record(frozen=True, slots=True)
class Field:
    """A field of a class: its annotation, and what the class body assigns to it."""

    name: str
    annotation: ast.expr | None
    assigned: Value | None

    @property
    def words(self) -> frozenset[str]:
        """The names that the annotation is made of."""
        return words_of(self.annotation)

    def option(self, *names: str) -> Value | None:
        """Return what the field was made with under the first of these names that was given."""
        if not is_field(self.assigned):
            return None
        found = (self.assigned.memory.get(name) for name in names)
        return next((value for value in found if isinstance(value, Value)), None)

    def is_marked(self, name: str) -> bool:
        """Tell whether an option of the field is known to be true."""
        value = self.option(name)
        return isinstance(value, Constant) and bool(value.value)

    def default(self, machine: Base, instance: Value) -> Value | None:
        """Return the default, made anew where each instance has its own; None if there is none."""
        made = self.assigned
        if is_field(made):
            made = self.option("default", *FACTORIES)
            if made is not None and made is self.option(*FACTORIES):
                takes_self = self.option(DEFAULT_METHOD) is made
                return machine.call(made, Arguments((instance,) if takes_self else ()))
        if isinstance(made, Wrapped) and made.kind == "factory":
            return machine.call(made.callee, Arguments())
        return None if made is None or made == REQUIRED else duplicate(machine, made)


def is_field(value: object) -> TypeGuard[Wrapped]:
    """Tell whether a value is what a library makes a field with."""
    return isinstance(value, Wrapped) and value.kind == FIELD


def make_field(name: str, arguments: Arguments) -> Wrapped:
    """Make what a class body assigns to a field."""
    slots = Slots(arguments.keywords)
    if arguments.positional:
        slots["default"] = arguments.positional[0]
    return Wrapped(FIELD, Library(name), slots)


def words_of(annotation: ast.expr | None) -> frozenset[str]:
    """Return the names that an annotation is made of, also where it is text."""
    words: set[str] = set()
    for node in ast.walk(annotation) if annotation is not None else ():
        match node:
            case ast.Name(id=name) | ast.Attribute(attr=name):
                words.add(name)
            case ast.Constant(value=str() as text):
                words.update(WORD.findall(text))
    return frozenset(words)


def fields_of(cls: Class, counts: Callable[[Class], bool] = lambda _: True) -> list[Field]:
    """Return the fields of a class, those of its bases first, as far as their class counts."""
    found: dict[str, ast.expr | None] = {}
    for owner in filter(counts, reversed(linearize(cls))):
        found.update(_own_fields(owner))
    return [Field(name, note, find_in_class(cls, name)) for name, note in found.items()]


def _own_fields(cls: Class) -> Iterator[tuple[str, ast.expr | None]]:
    listed = cls.namespace.get("_fields")
    if isinstance(listed, Collection):
        yield from ((str(item.value), None) for item in listed.items if isinstance(item, Constant))
    for statement in cls.node.body if cls.node else ():
        match statement:
            case ast.AnnAssign(target=ast.Name(id=name), annotation=annotation):
                if not words_of(annotation) & NO_FIELDS:
                    yield name, annotation
            case ast.Assign(targets=[ast.Name(id=name)]) if is_field(cls.namespace.get(name)):
                yield name, None


def doubtful(name: str, value: Value | None) -> Value:
    """Return what may be this value, or another one."""
    other = unknown(name)
    return other if value is None else choice((value, other))
