"""Arguments of calls: put together, compared, and what some of them mean."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from flake8_moto_order.interpreter.attributes import linearize
from flake8_moto_order.interpreter.base import Arguments
from flake8_moto_order.interpreter.values import (
    Bound,
    Class,
    Client,
    Collection,
    Constant,
    Instance,
    Library,
    PathText,
    Unknown,
    Value,
)

PLAIN_VALUES = (Constant, PathText, Library, Client)


class Argument:
    """An argument as the key of a cache: plain values by what they are, others by identity."""

    __slots__ = ("value",)

    def __init__(self, value: Value) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Argument):
            return False
        mine = self.value
        return mine is other.value or isinstance(mine, PLAIN_VALUES) and mine == other.value

    def renamed(self, image: Callable[[object], object]) -> Argument:
        """Return the argument with what stands for its value."""
        value = image(self.value)
        return Argument(value) if isinstance(value, Value) else self

    def __hash__(self) -> int:
        plain = isinstance(self.value, PLAIN_VALUES)
        return hash(self.value) if plain else id(self.value)


def prepend(bound: Bound, arguments: Arguments) -> Arguments:
    """Put the arguments that `bound` carries before those of the call."""
    return replace(
        arguments,
        positional=(*bound.positional, *arguments.positional),
        keywords={**dict(bound.keywords), **arguments.keywords},
    )


def with_patched(arguments: Arguments) -> Arguments:
    """Put the fakes that patches pass behind the other positional arguments."""
    plain = [value for value in arguments.patched if not is_named(value)]
    named: dict[str, Value] = {}
    for value in arguments.patched:
        if is_named(value) and isinstance(value, Collection):
            named.update({str(k): v for k, v in value.slots.items() if isinstance(v, Value)})
    return Arguments(
        (*arguments.positional, *plain), {**arguments.keywords, **named}, arguments.open
    )


def is_named(value: Value) -> bool:
    """Tell whether a patch passes its fakes by name (patch.multiple)."""
    return isinstance(value, Collection) and value.kind == "dict"


def is_exception(value: object) -> bool:
    """Tell whether a value is an exception class, or an instance of one."""
    match value:
        case Library(name=name) | Unknown(origin=name):
            return name.endswith(("Error", "Exception", "Exit", "Interrupt", "Timeout"))
        case Instance(cls=cls) | (Class() as cls):
            return any(is_exception(base) for each in linearize(cls) for base in each.bases)
    return False
