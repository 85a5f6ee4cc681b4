"""Frozen dataclasses that take less time to make and to fill: the engine has many of them.

That nothing is assigned to is left to the type checker, for which this is the standard decorator.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, TypeVar

__all__ = ["record"]

if TYPE_CHECKING:
    from dataclasses import dataclass as record
else:
    T = TypeVar("T")

    def record(*, frozen: bool, slots: bool) -> Callable[[type[T]], type[T]]:
        """Make dataclasses that are compared, hashed and shown by their fields."""
        make = dataclass(repr=False, slots=slots, unsafe_hash=frozen)
        return lambda cls: _with_text(make(cls))


def _with_text(cls: type[Any]) -> type[Any]:
    setattr(cls, "__repr__", _text)
    return cls


def _text(self: Any) -> str:
    shown = (f"{each.name}={getattr(self, each.name)!r}" for each in fields(self))
    return f"{type(self).__qualname__}({', '.join(shown)})"
