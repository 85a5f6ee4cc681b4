"""The form of a model: what it answers for, and defaults that know nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from flake8_moto_order.interpreter.base import Arguments, Base
from flake8_moto_order.interpreter.values import Value

Handler = Callable[[Base, Arguments], "Value | None"]


class Model:
    """A model of one or more libraries.

    `libraries` are top-level module names, `types` the abstract values and `guards` the kinds of
    context managers it answers for.
    """

    libraries: ClassVar[tuple[str, ...]] = ()
    types: ClassVar[tuple[type[Value], ...]] = ()
    guards: ClassVar[tuple[str, ...]] = ()

    def imported(self, machine: Base, name: str) -> None:
        """Note that a module of the library was imported."""

    def attribute(self, machine: Base, value: Value, name: str) -> Value | None:
        """Return an attribute, None to let the default stand."""
        return None

    def call(self, machine: Base, callee: Value, arguments: Arguments) -> Value | None:
        """Call a value, None when that is not known."""
        raise NotImplementedError

    def enter(self, machine: Base, manager: Value) -> Value | None:
        """Enter a context manager, None when that is not known."""
        return None

    def leave(self, machine: Base, manager: Value) -> None:
        """Leave a context manager."""

    def iterate(self, machine: Base, value: Value) -> tuple[Value, ...] | None:
        """Return what iteration gives, None when that is not known."""
        return None
