"""Runs setup and teardown functions of modules, classes and methods around what needs them.

Source: _pytest/python.py (xunit fixtures).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from flake8_moto_order.effects import Role
from flake8_moto_order.interpreter.base import Arguments, RaisedError
from flake8_moto_order.interpreter.machine import Machine
from flake8_moto_order.interpreter.values import NONE, Class, Function, Instance, Value
from flake8_moto_order.session.running.fixtures import Definition
from flake8_moto_order.session.running.unittests import run_class_cleanups


def provide_xunit(
    machine: Machine, definition: Definition, receiver: Value, inside: Callable[[Value], None]
) -> None:
    """Call a setup function of `receiver`, run what is inside, and call its teardown."""
    name = definition.name.removeprefix("xunit ")
    _call(machine, definition.setup, receiver, name)
    try:
        inside(NONE)
    finally:
        with _place_of_teardown(machine, definition):
            safely(lambda: _call(machine, definition.teardown, receiver, name))
        if definition.cls is not None and definition.scope == "class":
            run_class_cleanups(machine, definition.cls)


def safely(action: Callable[[], object]) -> None:
    """Do something that may raise."""
    try:
        action()
    except RaisedError:
        return


@contextmanager
def _place_of_teardown(machine: Machine, definition: Definition) -> Iterator[None]:
    """Have effects of a teardown function carry its own place, if the setup has one."""
    function = _function_in(definition.teardown)
    if function is None or definition.setup is None:
        yield
        return
    with machine.beneath(machine.height - 1):
        with machine.at(function.module, function.node, function.name, Role.SETUP):
            yield


def _call(machine: Machine, callee: Value | None, receiver: Value, name: str) -> None:
    if callee is None:
        return
    if isinstance(receiver, (Class, Instance)):
        function = _function_in(callee)
        callee = machine.attribute(receiver, function.name if function else name)
    machine.finish(machine.call(callee, Arguments((), {}, open=True)))


def _function_in(value: Value | None) -> Function | None:
    """Return the function within decorators, None when there is none."""
    while value is not None and not isinstance(value, Function):
        value = getattr(value, "callee", None)
    return value
