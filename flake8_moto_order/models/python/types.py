"""What asks for a value's type: isinstance, issubclass, type, hasattr and callable."""

from __future__ import annotations

import builtins

from flake8_moto_order.interpreter.base import Arguments, Base
from flake8_moto_order.interpreter.kinds import has_attribute, is_instance, is_subclass, types_of
from flake8_moto_order.interpreter.values import (
    Bound,
    Class,
    Collection,
    Constant,
    Function,
    Instance,
    Library,
    Module,
    PathText,
    Value,
)


def call_isinstance(machine: Base, arguments: Arguments) -> Value | None:
    """`isinstance`."""
    value, kind = arguments.get(0), arguments.get(1)
    return _told(is_instance(machine, value, kind) if value and kind else None)


def call_issubclass(machine: Base, arguments: Arguments) -> Value | None:
    """`issubclass`."""
    cls, kind = arguments.get(0), arguments.get(1)
    return _told(is_subclass(cls, kind) if cls and kind else None)


def call_type(machine: Base, arguments: Arguments) -> Value | None:
    """`type` with one argument."""
    value = arguments.get(0)
    if len(arguments.positional) != 1 or value is None:
        return None
    if isinstance(value, Instance):
        return value.cls
    types = types_of(machine, value)
    is_known = len(types) == 1 and types[0].__module__ == "builtins" and types[0] is not object
    return Library(f"builtins.{types[0].__name__}") if is_known else None


def call_hasattr(machine: Base, arguments: Arguments) -> Value | None:
    """`hasattr`, of plain data, modules and instances that have the attribute."""
    owner, name = arguments.get(0), arguments.get(1)
    if owner is None or not isinstance(name, Constant):
        return None
    return _told(has_attribute(machine, owner, str(name.value)))


def call_callable(machine: Base, arguments: Arguments) -> Value | None:
    """`callable`."""
    value = arguments.get(0)
    if isinstance(value, (Function, Class, Bound)):
        return Constant(True)
    if isinstance(value, (Constant, Collection, Module, PathText)):
        return Constant(False)
    known = isinstance(value, Library) and callable(_builtin(value.name))
    return Constant(True) if known else None


def _builtin(name: str) -> object:
    module, _, last = name.rpartition(".")
    return getattr(builtins, last, None) if module == "builtins" else None


def _told(known: bool | None) -> Value | None:
    return None if known is None else Constant(known)
