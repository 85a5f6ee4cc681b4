"""Named tuples: classes of them that a call makes, and what their instances have of a tuple.

Source: Python's documentation, collections.namedtuple.
"""

from __future__ import annotations

from flake8_moto_order.interpreter.base import Arguments, Base
from flake8_moto_order.interpreter.slots import Slots
from flake8_moto_order.interpreter.values import (
    Class,
    Collection,
    Constant,
    Instance,
    Library,
    Module,
    Value,
)
from flake8_moto_order.models.records.constructors import is_filled
from flake8_moto_order.models.records.copies import fields_as_dict, replaced
from flake8_moto_order.models.records.fields import fields_of

NAMED_TUPLE = Library("typing.NamedTuple")


def make_class(machine: Base, arguments: Arguments) -> Value | None:
    """`collections.namedtuple`, and `typing.NamedTuple` where it is called."""
    title, listed = arguments.get(0), arguments.get(1, "field_names")
    if not isinstance(title, Constant) or listed is None:
        return None
    names = _names_in(machine, listed)
    if names is None:
        return None
    slots = Slots({"_fields": Collection("tuple", {i: Constant(n) for i, n in enumerate(names)})})
    defaults = arguments.get(2, "defaults")
    values = machine.iterate(defaults)[0] if defaults is not None else ()
    slots.update(zip(names[len(names) - len(values) :], values))
    return Class(str(title.value), Module("collections", None, ()), (NAMED_TUPLE,), slots)


def _names_in(machine: Base, listed: Value) -> list[str] | None:
    """Return names that stand in a text, or in a list of names, or of names with types."""
    if isinstance(listed, Constant) and isinstance(listed.value, str):
        return listed.value.replace(",", " ").split()
    items, complete = machine.iterate(listed)
    names = [machine.iterate(i)[0][0] if isinstance(i, Collection) else i for i in items]
    known = [name.value for name in names if isinstance(name, Constant)]
    return list(map(str, known)) if complete and len(known) == len(items) else None


def call_method(
    machine: Base, instance: Instance, name: str, arguments: Arguments
) -> Value | None:
    """Call a method that a named tuple inherits."""
    items = [
        machine.attribute(instance, field.name) for field in fields_of(instance.cls, is_filled)
    ]
    whole = Collection("tuple", dict(enumerate(items)))
    index = arguments.get(0)
    match name:
        case "__iter__":
            return whole
        case "__getitem__" if isinstance(index, Constant) and isinstance(index.value, int):
            at = index.value + len(items) * (index.value < 0)
            return items[at] if at < len(items) else None
        case "_replace":
            return replaced(instance, arguments.keywords)
        case "_asdict":
            return fields_as_dict(machine, instance)
    return None
