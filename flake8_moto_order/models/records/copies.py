"""Copies of records, with some fields replaced or as dicts: what all libraries of them offer."""

from __future__ import annotations

from collections.abc import Mapping

from flake8_moto_order.interpreter.base import Arguments, Base, unknown
from flake8_moto_order.interpreter.values import Collection, Instance, Value
from flake8_moto_order.models.records.fields import fields_of


def replaced(instance: Instance, changes: Mapping[str, Value]) -> Instance:
    """Copy an instance and set some of its attributes."""
    return Instance(instance.cls, {**instance.attributes, **changes})


def replace(machine: Base, arguments: Arguments) -> Value | None:
    """`dataclasses.replace`, `attrs.evolve`: the constructor gets the fields, some of them new."""
    instance = arguments.get(0)
    if not isinstance(instance, Instance):
        return None
    names = [field.name for field in fields_of(instance.cls) if field.name in instance.attributes]
    present = {name: machine.attribute(instance, name) for name in names}
    given = {**present, **arguments.keywords}
    return machine.call(instance.cls, Arguments((), given, arguments.open))


def fields_as_dict(machine: Base, instance: Instance) -> Collection:
    """Return the fields in a dict; what is an instance in them may be a dict, too."""
    slots: dict[str, Value] = {}
    for field in fields_of(instance.cls):
        value = machine.attribute(instance, field.name)
        is_nested = isinstance(value, Instance)
        slots[field.name] = unknown(field.name, value) if is_nested else value
    return Collection("dict", slots)


def as_dict(machine: Base, arguments: Arguments) -> Value | None:
    """`dataclasses.asdict`, `attrs.asdict`."""
    instance = arguments.get(0)
    return fields_as_dict(machine, instance) if isinstance(instance, Instance) else None
