"""unittest: what a TestCase offers its tests, and the decorators that skip.

Source: Python's documentation, unittest, "Test cases" and "Skipping tests".
"""

from __future__ import annotations

from flake8_moto_order.interpreter.attributes import linearize
from flake8_moto_order.interpreter.base import Arguments, Base, RaisedError
from flake8_moto_order.interpreter.operations import truth
from flake8_moto_order.interpreter.slots import RECORDER, Slots
from flake8_moto_order.interpreter.values import (
    NONE,
    Bound,
    Class,
    Collection,
    Constant,
    Instance,
    Library,
    Mark,
    Method,
    Native,
    Unknown,
    Value,
)
from flake8_moto_order.models.python.functional import LEAVE
from flake8_moto_order.models.testing.mocking import MockingModel
from flake8_moto_order.models.testing.pytest import call_raising, mark

SKIPS = {"skip", "skipIf", "skipUnless"}
CLEANUPS = "(cleanups)"
ENDS = {"skipTest", "fail"}
# What runs a test, the innermost first.
RUNNING = ("run", "__call__")
# The position of the function that is expected to raise.
RAISES = {"assertRaises": 1, "assertRaisesRegex": 2}
CLEANING = {
    "addCleanup": False, "addAsyncCleanup": False, "addClassCleanup": True,
    "addModuleCleanup": True,
}
ENTERING = {
    "enterContext": "addCleanup", "enterAsyncContext": "addCleanup",
    "enterClassContext": "addClassCleanup",
}


class UnittestModel(MockingModel):
    """The model of unittest, with unittest.mock inside it."""

    libraries = ("unittest",)
    types = ()
    guards = ()

    def call(self, machine: Base, callee: Value, arguments: Arguments) -> Value | None:
        """Call a name of unittest, or a method of a test case."""
        match callee:
            case Library(name=name) if not name.startswith("unittest.mock"):
                return _call_library(machine, name.rpartition(".")[2], arguments)
            case Method(owner=Instance() | Class() as owner, name=name):
                return call_inherited(machine, owner, name.rpartition(".")[2], arguments)
        return super().call(machine, callee, arguments)


def _call_library(machine: Base, name: str, arguments: Arguments) -> Value | None:
    first = arguments.get(0)
    if name in SKIPS:
        if first is not None and not isinstance(first, Constant) and name == "skip":
            return mark(machine, Mark("skip"), first)
        return _skip(name, first or NONE)
    if name == "enterModuleContext" and first is not None:
        return machine.enter(first)
    return None


def _skip(name: str, condition: Value) -> Value:
    if name == "skip":
        return Mark("skip")
    known = truth(condition)
    if known is not None and name == "skipUnless":
        known = not known
    return Mark("skipif", (Unknown("condition") if known is None else Constant(known),))


def is_test_case(cls: Class) -> bool:
    """Tell whether a class is a TestCase of unittest, or of a library that extends it."""
    return any(
        isinstance(base, Library) and base.name.endswith("TestCase")
        for owner in linearize(cls)
        for base in owner.bases
    )


def call_inherited(
    machine: Base, owner: Instance | Class, name: str, arguments: Arguments
) -> Value | None:
    """Call a method that a test case has from unittest."""
    if name in CLEANING and arguments.positional:
        return _add_cleanup(machine, owner, name, arguments)
    if name in ENTERING and arguments.positional:
        manager = arguments.positional[0]
        entered = machine.enter(manager)
        leave = Bound(Library(LEAVE), (manager,))
        _add_cleanup(machine, owner, ENTERING[name], Arguments((leave,)))
        return entered
    if name in ENDS:
        raise RaisedError
    if name in RUNNING:
        return _go_on(owner, name, arguments)
    if name in RAISES:
        index = RAISES[name]
        if len(arguments.positional) <= index:
            return Unknown(name)
        return call_raising(machine, arguments.positional[index], arguments.after(index + 1))
    if name == "doCleanups" and isinstance(owner, Instance):
        for cleanup in take_cleanups(machine, owner.attributes):
            machine.call(cleanup, Arguments())
        return NONE
    return None


def overridden(name: str) -> str:
    """Return the attribute of a test case that has what an overridden method would do."""
    return f"({name})"


def _go_on(owner: Instance | Class, name: str, arguments: Arguments) -> Value | None:
    """Do what TestCase does where its method is overridden."""
    original = owner.attributes.get(overridden(name)) if isinstance(owner, Instance) else None
    RECORDER.spoil()
    return original.methods[name](arguments) if isinstance(original, Native) else None


def _add_cleanup(
    machine: Base, owner: Instance | Class, name: str, arguments: Arguments
) -> Value:
    cls = owner.cls if isinstance(owner, Instance) else owner
    slots = cls.namespace
    if isinstance(owner, Instance) and not CLEANING[name]:
        slots = owner.attributes
    kept = slots.get(CLEANUPS)
    cleanups = kept if isinstance(kept, Collection) else Collection("list")
    machine.environment.write(slots, CLEANUPS, cleanups)
    machine.environment.write(cleanups.slots, len(cleanups.slots), arguments.bound())
    return NONE


def take_cleanups(machine: Base, slots: Slots) -> list[Value]:
    """Return the cleanups that were added, the last first, and forget them."""
    kept = slots.get(CLEANUPS)
    machine.environment.erase(slots, CLEANUPS)
    return list(kept.items)[::-1] if isinstance(kept, Collection) else []
