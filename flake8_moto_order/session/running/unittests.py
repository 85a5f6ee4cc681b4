"""A test of unittest: what TestCase.run does around it.

Source: unittest/case.py (`TestCase.run`, `doCleanups`), unittest/async_case.py.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

from flake8_moto_order.effects import Role
from flake8_moto_order.interpreter.attributes import find_in_class, linearize
from flake8_moto_order.interpreter.base import Arguments, RaisedError
from flake8_moto_order.interpreter.machine import Machine
from flake8_moto_order.interpreter.values import (
    NONE,
    Bound,
    Class,
    Constant,
    Function,
    Instance,
    Library,
    Native,
    Unknown,
    Value,
)
from flake8_moto_order.models.testing.unittest import RUNNING, overridden, take_cleanups
from flake8_moto_order.session.running.items import Item
from flake8_moto_order.session.running.marks import functions_of, gives_coroutine, runs_itself


def run_case(machine: Machine, case: Instance, item: Item) -> None:
    """Run a test of a TestCase, by way of what its class puts in the place of `run`."""
    way = partial(_run_plainly, machine, case, item)
    for name in RUNNING:
        found = find_in_class(case.cls, name)
        if found is not None:
            way = partial(_run_by, machine, case, name, Bound(found, (case,)), way)
    way()


def _run_by(
    machine: Machine, case: Instance, name: str, override: Bound, way: Callable[[], None]
) -> None:
    """Call what overrides a method of TestCase; what that calls by `super` is the way on."""
    height = machine.height

    def go_on(arguments: Arguments) -> Value:
        with machine.beneath(height):
            way()
        return NONE

    machine.set_attribute(case, overridden(name), Native(name, {name: go_on}))
    machine.call(override, Arguments((), {"result": Unknown("result")}))


def _run_plainly(machine: Machine, case: Instance, item: Item) -> None:
    """Run a test with its setup, teardown and cleanups."""
    name = item.name.rpartition(".")[2]
    machine.set_attribute(case, "_testMethodName", Constant(name))
    try:
        if all(_call(machine, case, setup) for setup in ("setUp", "asyncSetUp")):
            _guarded(machine, machine.attribute(case, name), is_asynchronous(case.cls))
            for teardown in ("asyncTearDown", "tearDown"):
                _call(machine, case, teardown)
    finally:
        while cleanups := take_cleanups(machine, case.attributes):
            for cleanup in cleanups:
                function = next(functions_of(cleanup), None)
                with _step(machine, cleanup, function.name if function else "cleanup"):
                    _guarded(machine, cleanup)


def run_class_cleanups(machine: Machine, cls: Class | None) -> None:
    """Run what `addClassCleanup` was given."""
    for cleanup in take_cleanups(machine, cls.namespace) if cls else ():
        _guarded(machine, cleanup)


def _call(machine: Machine, case: Instance, name: str) -> bool:
    """Call a setup or teardown method if there is one; tell whether it did not raise."""
    found = find_in_class(case.cls, name)
    if found is None:
        return True
    with _step(machine, found, name):
        return _guarded(machine, machine.attribute(case, name))


@contextmanager
def _step(machine: Machine, found: Value, name: str) -> Iterator[None]:
    function: Function | None = next(functions_of(found), None)
    if function is None or isinstance(function.node, ast.Lambda):
        yield
        return
    with machine.at(function.module, function.node, name, Role.SETUP):
        yield


def is_asynchronous(cls: Class) -> bool:
    """Tell whether a test case runs coroutines: that of unittest's plain one never do."""
    bases = [base for owner in linearize(cls) for base in owner.bases]
    names = [base.name for base in bases if isinstance(base, Library)]
    return any(not name.endswith(("unittest.TestCase", "case.TestCase")) for name in names)


def _guarded(machine: Machine, function: Value, runs_coroutines: bool = True) -> bool:
    try:
        value = machine.call(function, Arguments())
        if runs_coroutines and runs_itself(function) and gives_coroutine(function, value):
            machine.finish(value)
    except RaisedError:
        return False
    return True
