"""Of which type a value is, and what that tells.

Types of Python and its standard library are asked themselves; classes of the project are followed
through their bases. Where another library has a say, nothing is known.
"""

from __future__ import annotations

import abc
import builtins
import collections.abc
import datetime
import decimal
import enum
import numbers
import os
import pathlib
from collections import ChainMap, Counter, OrderedDict, UserDict, defaultdict, deque
from collections.abc import Iterator
from types import FunctionType, ModuleType

from flake8_moto_order.interpreter.attributes import find_in_class, linearize
from flake8_moto_order.interpreter.base import Base
from flake8_moto_order.interpreter.values import (
    NONE,
    BotoSession,
    Choice,
    Class,
    Client,
    Collection,
    Constant,
    Function,
    Instance,
    Library,
    Module,
    PathText,
    Value,
)

MODULES = {
    "builtins": builtins, "collections.abc": collections.abc, "numbers": numbers, "abc": abc,
    "decimal": decimal, "datetime": datetime, "pathlib": pathlib, "enum": enum, "os": os,
}
TYPES: dict[str, type] = {
    f"collections.{each.__name__}": each
    for each in (ChainMap, Counter, OrderedDict, UserDict, defaultdict, deque)
} | {"builtins.NoneType": type(None)}
# What a collection of the interpreter is in Python; iterators and views are of many types.
KINDS: dict[str, tuple[type, ...]] = {
    "list": (list,), "tuple": (tuple,), "set": (set,), "frozenset": (frozenset,), "dict": (dict,),
}
# The types of other values.
OBJECTS: dict[type[Value], type] = {
    Function: FunctionType, Class: type, Module: ModuleType, PathText: pathlib.PosixPath,
    Client: object, BotoSession: object,
}


def type_named(name: str) -> type | None:
    """Return the type of Python or its standard library that has a qualified name."""
    module, _, last = name.rpartition(".")
    found = TYPES.get(name) or getattr(MODULES.get(module), last, None)
    return found if isinstance(found, type) else None


def types_of(machine: Base, value: Value) -> tuple[type, ...]:
    """Return the types that a value may have, none if that is not known."""
    if isinstance(value, Constant):
        return (type(value.value),)
    if value is machine.environment.environ:
        return (type(os.environ),)
    if isinstance(value, Collection):
        return KINDS.get(value.kind, ())
    return (OBJECTS[type(value)],) if type(value) in OBJECTS else ()


def is_instance(machine: Base, value: Value, kind: Value) -> bool | None:
    """Tell whether a value is an instance of a type, or of one of several; None if unknown."""
    if isinstance(kind, Collection) and kind.kind == "tuple" and not kind.open:
        return _any(is_instance(machine, value, each) for each in kind.items)
    if isinstance(value, Choice):
        return _agreed(is_instance(machine, each, kind) for each in value.options)
    if isinstance(value, Instance):
        return is_subclass(value.cls, kind)
    types = types_of(machine, value)
    if kind == NONE:
        return (types[0] is type(None)) if types else None
    if isinstance(kind, Class):
        return False if types and _is_ordinary(kind) else None
    found = type_named(kind.name) if isinstance(kind, Library) else None
    return _agreed(issubclass(each, found) for each in types) if found else None


def is_subclass(cls: Value, kind: Value) -> bool | None:
    """Tell whether a class is a subclass of a type, or of one of several; None if unknown."""
    if isinstance(kind, Collection) and kind.kind == "tuple" and not kind.open:
        return _any(is_subclass(cls, each) for each in kind.items)
    if isinstance(cls, Library) and isinstance(kind, Library):
        types = type_named(cls.name), type_named(kind.name)
        return issubclass(types[0], types[1]) if types[0] and types[1] else None
    if not isinstance(cls, Class):
        return None
    order = linearize(cls)
    if kind in order:
        return True
    bases = [base for each in order for base in each.bases if not isinstance(base, Class)]
    if isinstance(kind, Library):
        if kind in bases or kind.name == "builtins.object":
            return True
        found = type_named(kind.name)
        named = [type_named(base.name) if isinstance(base, Library) else None for base in bases]
        if found is None or None in named or found.__module__ in ("collections.abc", "numbers"):
            return None
        return any(issubclass(base, found) for base in named if base)
    known = all(isinstance(base, Library) for base in bases)
    return False if known and isinstance(kind, Class) and _is_ordinary(kind) else None


def _is_ordinary(kind: Class) -> bool:
    """Tell whether only subclasses of a class count as such: it is no ABC and no protocol."""
    order = linearize(kind)
    bases = [base for each in order for base in each.bases]
    plain = all(isinstance(base, Class) or base == Library("builtins.object") for base in bases)
    return plain and not any(each.node and each.node.keywords for each in order)


def _agreed(answers: Iterator[bool | None]) -> bool | None:
    """Return the answer that all give; None where they differ, or where there is none."""
    known = set(answers)
    return known.pop() if len(known) == 1 else None


def _any(answers: Iterator[bool | None]) -> bool | None:
    known = list(answers)
    return True if True in known else (None if None in known else False)


def same_type(left: Value, right: Value) -> bool | None:
    """Tell whether two types are the same one; None if one of them is none that is known."""
    return left == right if is_type(left) and is_type(right) else None


def is_type(value: Value) -> bool:
    """Tell whether a value is a class of the project, or a type of Python."""
    return isinstance(value, Class) or (
        isinstance(value, Library) and type_named(value.name) is not None
    )


def has_attribute(machine: Base, owner: Value, name: str) -> bool | None:
    """Tell whether a value has an attribute; None if that is not known."""
    if isinstance(owner, Module):
        return name in owner.namespace
    if isinstance(owner, Instance):
        found = name in owner.attributes or find_in_class(owner.cls, name) is not None
        return True if found else None
    if isinstance(owner, Constant) or (isinstance(owner, Collection) and owner.kind in KINDS):
        return _agreed(hasattr(each, name) for each in types_of(machine, owner))
    return None
