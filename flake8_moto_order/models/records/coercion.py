"""What validation makes of a value: plain text becomes what the annotation of its field says."""

from __future__ import annotations

import ast

from flake8_moto_order.interpreter.base import Arguments, Base, unknown
from flake8_moto_order.interpreter.values import Class, Collection, Constant, Value
from flake8_moto_order.models.python.data import duplicate
from flake8_moto_order.models.records.fields import Field, doubtful

TEXT = {"str", "Any", "object", "Literal", "bytes"}
# Functions in an annotation that change the value.
CHANGING = {"BeforeValidator", "AfterValidator", "PlainValidator", "WrapValidator"}
TRUE = {"1", "true", "t", "yes", "y", "on"}
FALSE = {"0", "false", "f", "no", "n", "off"}


def coerce(machine: Base, cls: Class, field: Field, value: Value) -> Value:
    """Return what a field keeps of what it is given."""
    words = field.words
    if words & CHANGING:
        return doubtful(field.name, value)
    if isinstance(value, Collection):
        return _of_collection(machine, cls, field, value)
    if not isinstance(value, Constant) or not isinstance(value.value, str) or words & TEXT:
        return value
    text = value.value.strip().lower()
    if words <= {"bool", "Optional", "None"} and "bool" in words and text in TRUE | FALSE:
        return Constant(text in TRUE)
    if words == {"int"} and text.isdigit():
        return Constant(int(text))
    return unknown(field.name)


def _of_collection(machine: Base, cls: Class, field: Field, value: Collection) -> Value:
    """Copy a collection; a dict for another record is that record."""
    inner = None
    if isinstance(field.annotation, ast.Name):
        inner = cls.module.namespace.get(field.annotation.id)
    if isinstance(inner, Class) and value.kind == "dict":
        return machine.call(inner, given_by(value))
    nested = any(isinstance(item, Collection) for item in value.items)
    return unknown(field.name, value) if nested else duplicate(machine, value)


def given_by(value: Value) -> Arguments:
    """Return the keywords that a dict stands for, open ones for any other value."""
    if not isinstance(value, Collection) or value.kind != "dict":
        return Arguments(open=True)
    named = {str(name): item for name, item in value.slots.items() if isinstance(item, Value)}
    return Arguments((), named, value.open)
