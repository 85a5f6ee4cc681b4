"""Constructors that a library writes: dataclasses, attrs, tuples, and those nothing is known of.

Sources: Python's documentation, dataclasses, typing and collections; attrs, "Initialization".
"""

from __future__ import annotations

from flake8_moto_order.interpreter.attributes import find_in_class, linearize
from flake8_moto_order.interpreter.base import Arguments, Base, RaisedError
from flake8_moto_order.interpreter.values import (
    Bound,
    Class,
    Collection,
    Constant,
    Covered,
    Function,
    Instance,
    Library,
    Value,
    Wrapped,
)
from flake8_moto_order.models.owned import LOADED_BY_PYTEST
from flake8_moto_order.models.records.fields import Field, doubtful, fields_of

# Bases whose constructors set no attribute that a class body could have a default for.
STANDARD = LOADED_BY_PYTEST | {"builtins", "typing_extensions"}
# Of these, the ones that take no arguments: what is given is for somebody else.
BARE = {"abc", "typing", "typing_extensions"}
HOOKS = ("__post_init__", "__attrs_post_init__")
METHODS = (Function, Wrapped, Covered)


def is_filled(cls: Class) -> bool:
    """Tell whether the annotations of a class make the parameters of its constructor."""
    return cls.dataclass or Library("typing.NamedTuple") in cls.bases


def fill(machine: Base, instance: Instance, arguments: Arguments) -> Value:
    """Construct an instance of a dataclass, a class of attrs or a named tuple."""
    passed: list[Value] = []
    index = 0
    for field in fields_of(instance.cls, is_filled):
        given = None
        is_parameter = field.option("init") != Constant(False)
        if is_parameter:
            by_name = field.is_marked("kw_only")
            given = _given(arguments, len(arguments.positional) if by_name else index, field)
            index += not by_name
        value = given or _default(machine, instance, field, is_parameter, arguments.open)
        converter = field.option("converter")
        if converter is not None:
            value = machine.call(converter, Arguments((value,)))
        if "InitVar" in field.words:
            passed.append(value)
        else:
            machine.set_attribute(instance, field.name, value)
    for name in HOOKS:
        hook = find_in_class(instance.cls, name)
        if hook is not None:
            machine.call(Bound(hook, (instance,)), Arguments(tuple(passed)))
    return instance


def _given(arguments: Arguments, index: int, field: Field) -> Value | None:
    """Return what is given for a field; attrs takes `_name` as `name`."""
    return arguments.get(index, field.name) or arguments.keywords.get(field.name.lstrip("_"))


def _default(
    machine: Base, instance: Instance, field: Field, is_parameter: bool, is_open: bool
) -> Value:
    """Return the value of a field that is not given, as far as is known; raise if it must be."""
    value = field.default(machine, instance)
    if value is None and is_parameter and not is_open:
        raise RaisedError
    return doubtful(field.name, value) if is_open or value is None else value


def set_keywords(machine: Base, instance: Instance, arguments: Arguments) -> Value:
    """Construct an instance whose attributes are the keywords that are given."""
    if arguments.positional or arguments.open:
        return keep(machine, instance, arguments)
    for name, value in arguments.keywords.items():
        machine.set_attribute(instance, name, value)
    return instance


def keep(machine: Base, instance: Instance, arguments: Arguments) -> Value:
    """Construct by a constructor that nothing is known of.

    Its keywords are attributes, other fields are in doubt; with arguments that could be anything,
    so is all that the class body assigns.
    """
    cls = instance.cls
    for name, value in arguments.keywords.items():
        if not isinstance(find_in_class(cls, name), METHODS):
            machine.set_attribute(instance, name, value)
    keep_arguments(machine, instance, arguments)
    names: list[object] = [field.name for field in fields_of(cls)]
    if arguments.positional or arguments.open:
        names.extend(name for owner in linearize(cls) for name in owner.namespace)
    for key in map(str, names):
        found = find_in_class(cls, key)
        if key not in instance.attributes and not isinstance(found, (*METHODS, Class)):
            machine.set_attribute(instance, key, doubtful(key, found))
    return instance


def keep_arguments(machine: Base, instance: Instance, arguments: Arguments) -> Value:
    """Construct by a constructor that only holds on to what it is given."""
    if arguments.values:
        held = Collection("tuple", dict(enumerate(arguments.values)))
        machine.environment.write(instance.attributes, "(arguments)", held)
    return instance


def construct_plainly(machine: Base, instance: Instance, arguments: Arguments) -> Value:
    """Construct an instance of a class whose bases no model knows."""
    tops = {name.partition(".")[0] for name in names_of_bases(instance.cls)}
    is_given = bool(arguments.values) or arguments.open
    is_new = is_given and find_in_class(instance.cls, "__new__") is not None
    if tops - STANDARD or (is_given and tops <= BARE and not is_new):
        return keep(machine, instance, arguments)
    return keep_arguments(machine, instance, arguments)


def names_of_bases(cls: Class) -> list[str]:
    """Return the names of the bases that the project does not define; test cases do not count."""
    bases = [base for owner in linearize(cls) for base in owner.bases]
    names = [_name_of(base) for base in bases if not isinstance(base, Class)]
    return [name for name in names if not name.endswith("TestCase") and name != "builtins.object"]


def _name_of(base: Value) -> str:
    """Name a base; what a call gave is nothing that has a name, a generic class of typing has."""
    if isinstance(base, Library):
        return base.name
    origin = getattr(base, "origin", "")
    return origin if origin.startswith("typing") else "unknown"
