"""Sets one fixture or setup function up, with what needs it inside, and tears it down.

A fixture that yields is a generator, and what follows its yield is its teardown: so whatever needs
the fixture runs inside of it, as the continuation at the yield.

Source: _pytest/fixtures.py (`call_fixture_func`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from functools import partial
from typing import NamedTuple

from flake8_moto_order.effects import Role
from flake8_moto_order.interpreter.base import Arguments, Base, RaisedError
from flake8_moto_order.interpreter.values import (
    NONE,
    Bound,
    Constant,
    Instance,
    Native,
    Suspended,
    Unknown,
    Value,
)
from flake8_moto_order.models.testing.pytest import mocker
from flake8_moto_order.models.testing.replacing import Undo, monkeypatch, undo_all
from flake8_moto_order.session.collection import Session
from flake8_moto_order.session.running.fixtures import Definition, Registry, is_wide
from flake8_moto_order.session.running.items import Item
from flake8_moto_order.session.running.marks import (
    PARAMETER,
    functions_of,
    given_value,
    gives_coroutine,
    one_of,
    runs_itself,
)
from flake8_moto_order.session.running.unittests import run_class_cleanups
from flake8_moto_order.session.running.xunit import provide_xunit, safely


class Late(NamedTuple):
    """A fixture got by `getfixturevalue` that has an end; `doubtful` when that may come earlier."""

    definition: Definition
    item: Item
    generator: Suspended | None
    finalizers: list[Value]
    doubtful: bool


class Provider:
    """Knows the values of the fixtures that are set up, and how to set up another."""

    def __init__(self, session: Session, registry: Registry) -> None:
        self.session = session
        self.machine = session.machine
        self.registry = registry
        self.values: dict[Definition, Value] = {}
        self._late_values: dict[Definition, Value] = {}
        self._late: list[list[Late]] = []
        self._lasting: list[Late] = []
        self._late_undo: Undo = []
        self._instances: dict[Item, Instance] = {}
        self._finalizers: list[list[Value]] = []

    def provide(self, definition: Definition, item: Item, proceed: Callable[[], None]) -> None:
        """Set a fixture up, run what needs it, tear it down."""
        height = self.machine.height
        self._finalizers.append([])
        self._late.append([])

        def inside(value: Value) -> None:
            self.values[definition] = value
            with self.machine.beneath(height):
                proceed()
            doubt.enter_context(self._out_of_order(definition))

        with ExitStack() as doubt:
            try:
                if definition.call is None and definition.node is None:
                    self._provide_built_in(definition, inside)
                    return
                with self._place_of(definition):
                    self._provide_own(definition, item, inside)
            finally:
                self.values.pop(definition, None)
                with self._place_of(definition):
                    self._finish()

    def _out_of_order(self, definition: Definition) -> AbstractContextManager[None]:
        """Put a teardown in doubt that may come before or after others of its scope.

        A fixture for a package lasts to the end of the session, if no package has it; else not.
        Source: _pytest/fixtures.py, `get_scope_package`.
        """
        return self.machine.doubtful() if definition.scope == "package" else nullcontext()

    @contextmanager
    def step_of(self, item: Item) -> Iterator[None]:
        """Have effects carry the place of a test."""
        with self.machine.at(item.module, item.node, item.name, Role.TEST):
            yield

    @contextmanager
    def _place_of(self, definition: Definition) -> Iterator[None]:
        """Have effects carry the place of a fixture or setup function, if it has one."""
        if definition.module is None or definition.node is None:
            yield
            return
        role = Role.FIXTURE if definition.call is not None else Role.SETUP
        name = definition.name.removeprefix("xunit ")
        with self.machine.at(definition.module, definition.node, name, role):
            yield

    def _provide_built_in(self, definition: Definition, inside: Callable[[Value], None]) -> None:
        undo: Undo = []
        if definition.name in ("xunit setUpClass", "xunit setup_class"):
            inside(NONE)
            run_class_cleanups(self.machine, definition.cls)
            return
        inside(_make_built_in(definition)(self.machine, undo))
        undo_all(undo)

    def _provide_own(
        self, definition: Definition, item: Item, inside: Callable[[Value], None]
    ) -> None:
        if definition.call is None:
            receiver: Value = item.module
            if definition.cls is not None:
                of_class = definition.scope == "class"
                receiver = definition.cls if of_class else self._receiver(definition, item)
            provide_xunit(self.machine, definition, receiver, inside)
            return
        given = self.arguments(definition.arguments, item, definition)
        call = definition.call
        if definition.cls is not None:
            call = Bound(call, (self._receiver(definition, item),))
        value = self.machine.call(call, given)
        own = next(functions_of(definition.call), None)
        is_own = isinstance(value, Suspended) and value.function is own
        if isinstance(value, Suspended) and is_own and runs_itself(definition.call):
            self._run_generator(value, inside)
        else:
            inside(value)

    def _run_generator(self, generator: Suspended, inside: Callable[[Value], None]) -> None:
        """Run a generator fixture with what needs it inside; a coroutine gives its result."""
        yielded: list[bool] = []

        def on_yield(value: Value) -> Value:
            if yielded:  # pytest allows a fixture one yield
                raise RaisedError
            yielded.append(True)
            inside(value)
            return NONE

        returned = self.machine.run_suspended(generator, on_yield)
        if not yielded and not self.machine.is_generator(generator.function):
            inside(returned)

    def _receiver(self, definition: Definition, item: Item) -> Value:
        if definition.scope == "function" and definition.cls is item.cls:
            return self.instance(item)
        return Instance(definition.cls) if definition.cls else NONE

    def instance(self, item: Item) -> Instance:
        """Return the instance that a test runs on."""
        if item not in self._instances and item.cls is not None:
            made = self.machine.instantiate(item.cls, Arguments())
            self._instances[item] = made if isinstance(made, Instance) else Instance(item.cls)
        return self._instances[item]

    def arguments(
        self, names: Iterable[str], item: Item, definition: Definition | None
    ) -> Arguments:
        """Return the values of fixtures and parameters by name."""
        keywords: dict[str, Value] = {}
        for name in names:
            found = self.registry.lookup(item, name, definition)
            if name == "request":
                keywords[name] = self._request(item, definition)
            elif definition is None and item.given.get(name) is False:
                keywords[name] = given_value(item.marks, name)
            elif found is not None and self.is_set_up(found):
                keywords[name] = self.values.get(found) or self._late_values[found]
            else:
                keywords[name] = Unknown(name)
        return Arguments((), keywords)

    def _request(self, item: Item, definition: Definition | None) -> Value:
        """Make the `request` of a fixture or test."""

        def add_finalizer(arguments: Arguments) -> Value | None:
            self._finalizers[-1].extend(arguments.values[:1])
            return NONE

        def get_value(arguments: Arguments) -> Value | None:
            name = arguments.get(0, "argname")
            if isinstance(name, Constant):
                return self._get_late(item, str(name.value))
            # Any fixture may be set up now, one with a mock as well.
            self.machine.raised += 1
            return None

        def get_mark(arguments: Arguments) -> Value | None:
            name = arguments.get(0, "name")
            return next((mark for mark in item.marks if Constant(mark.name) == name), NONE)

        is_own = definition is None or definition.scope == "function"
        slots: dict[object, object] = {
            "config": self.session.config,
            "module": item.module,
            "function": item.value,
            "param": _parameter(definition, item),
        }
        if item.cls is not None:
            slots["cls"] = item.cls
            if is_own:
                slots["instance"] = self.instance(item)
        if is_own:
            slots["node"] = Native("node", {"get_closest_marker": get_mark})
        methods: dict[str, Callable[..., Value | None]] = {
            "addfinalizer": add_finalizer,
            "getfixturevalue": get_value,
        }
        return Native("request", methods, slots)

    def is_set_up(self, definition: Definition) -> bool:
        """Tell whether a fixture has a value, by whatever way."""
        return definition in self.values or definition in self._late_values

    def _get_late(self, item: Item, name: str) -> Value:
        """Return what `getfixturevalue` gives."""
        found = self.registry.lookup(item, name)
        return Unknown(name) if found is None else self.set_up_late(item, found)

    def set_up_late(self, item: Item, found: Definition) -> Value:
        """Set a fixture up in the middle of something; one of a wide scope stays to the end."""
        for known in (self.values, self._late_values):
            if found in known:
                return known[found]
        value: Value = NONE
        for argument in found.arguments:
            if argument != "request":
                self._get_late(item, argument)
        if found.call is not None:
            call = found.call
            if found.cls is not None:
                call = Bound(call, (self._receiver(found, item),))
            finalizers: list[Value] = []
            self._finalizers.append(finalizers)
            with self._place_of(found):
                made = self.machine.call(call, self.arguments(found.arguments, item, found))
                generator = made if isinstance(made, Suspended) else None
                value = self.machine.enter(generator) if generator else made
            self._finalizers.pop()
            if generator or finalizers:
                wide = is_wide(found, item)
                inside = wide and any(known.width <= found.width for known in self.values)
                late = Late(found, item, generator, finalizers, inside)
                (self._lasting if wide else self._late[-1]).append(late)
        else:
            value = _make_built_in(found)(self.machine, self._late_undo)
        self._late_values[found] = value
        return value

    def _finish(self) -> None:
        """Call finalizers, then tear down what was got by `getfixturevalue`, the last first."""
        for finalizer in reversed(self._finalizers.pop()):
            safely(partial(self.call, finalizer))
        for late in reversed(self._late.pop()):
            self._end(late)

    def _end(self, late: Late) -> None:
        with self._place_of(late.definition):
            if late.generator:
                self.machine.leave(late.generator)
            for finalizer in reversed(late.finalizers):
                safely(partial(self.call, finalizer))

    def finish_lasting(self) -> None:
        """Tear down what tests got by `getfixturevalue` and what has a wider scope, at the end.

        What was set up inside another fixture that lasts as long may well go before that.
        """
        while self._lasting:
            late = self._lasting.pop()
            with self.machine.doubtful() if late.doubtful else nullcontext():
                with self.step_of(late.item):
                    self._end(late)
        self._late_values.clear()

    def with_finalizers(self, item: Item, action: Callable[[], None]) -> None:
        """Do something, then what it gave to `request.addfinalizer`, the last first."""
        self._finalizers.append([])
        self._late.append([])
        try:
            action()
        finally:
            self._finish()
            undo_all(self._late_undo)
            for definition in [d for d in self._late_values if not is_wide(d, item)]:
                del self._late_values[definition]

    def call(self, call: Value, arguments: Arguments | None = None) -> None:
        """Call a test or finalizer as pytest does: coroutines are run."""
        value = self.machine.call(call, arguments or Arguments())
        if runs_itself(call) and gives_coroutine(call, value):
            self.machine.finish(value)


def _make_built_in(definition: Definition) -> Callable[[Base, Undo], Value]:
    return monkeypatch if definition.name == "monkeypatch" else mocker


def _parameter(definition: Definition | None, item: Item) -> Value:
    """Return what `request.param` is: one of the values, if these are known."""
    if definition is None:
        return Unknown("param")
    if item.given.get(definition.name):
        is_own = definition.scope == "function"
        return given_value(item.marks, definition.name) if is_own else PARAMETER
    return one_of(definition.params)
