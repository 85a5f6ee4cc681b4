"""Runs the tests of one file: fixtures, setup, body and teardown in the order of pytest.

A fixture that yields is a generator, and what follows its yield is its teardown: so whatever needs
the fixture runs inside of it, as the continuation at the yield. Fixtures of a wider scope have all
tests of that scope inside.

Sources: _pytest/runner.py (`SetupState`), _pytest/fixtures.py, _pytest/unittest.py,
unittest/case.py (`TestCase.run`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial

from flake8_moto_order.domain import (
    NONE,
    Bound,
    Class,
    Collection,
    Constant,
    Function,
    Instance,
    Native,
    Suspended,
    Unknown,
    Value,
)
from flake8_moto_order.effects import Effect, MockStarted, Role, Site, TestRun
from flake8_moto_order.interpreter.attributes import linearize
from flake8_moto_order.interpreter.base import Arguments, ExhaustedError, RaisedError
from flake8_moto_order.interpreter.contexts import MOCKING
from flake8_moto_order.models.aws import active_mocks
from flake8_moto_order.models.replacing import Undo, monkeypatch, undo_all
from flake8_moto_order.models.testing import mocker
from flake8_moto_order.running.fixtures import Definition, Plan, Registry
from flake8_moto_order.running.items import Item, has_unknown_base
from flake8_moto_order.running.marks import runs_itself
from flake8_moto_order.running.unittests import run_case, run_class_cleanups
from flake8_moto_order.session import Session

STEPS_PER_TEST = 60_000
STEPS_PER_RUN = 1_500_000
SERVICE = re.compile(
    r"(^|_)(s3|sqs|sns|ssm|sts|iam|ec2|kms|ses|ecs|ecr|rds|emr|glue|athena|lambda|dynamodb|dynamo"
    r"|kinesis|firehose|cognito|secretsmanager|stepfunctions|route53|cloudwatch)(_|$)"
)


@dataclass
class Ran:
    """What running the tests of a file shows."""

    tests: list[TestRun] = field(default_factory=list)
    effects: list[Effect] = field(default_factory=list)
    requesters: dict[Site, int] = field(default_factory=dict)


class Runner:
    """Runs the tests of one file in a session that has collected it."""

    def __init__(self, session: Session, registry: Registry, items: list[Item]) -> None:
        self.session = session
        self.machine = session.machine
        self.items = items
        self.tests: list[TestRun] = []
        self._plans: dict[Item, Plan] = {item: registry.plan(item) for item in items}
        self._registry = registry
        self._values: dict[Definition, Value] = {}
        plans = self._plans.values()
        lost = {found for plan in plans for found in plan.definitions if found.lost}
        self._failed: set[Definition] = lost
        self._instances: dict[Item, Instance] = {}
        self._finalizers: list[list[Value]] = []
        self._is_late = False

    def run(self) -> None:
        """Run all tests."""
        self._span(0, len(self.items))

    def _span(self, start: int, end: int) -> None:
        """Run the tests from `start` to before `end`; what is active around them stays."""
        index = start
        while index < end:
            item = self.items[index]
            wide = self._next_wide(item)
            if wide is None:
                self._run_item(item)
                index += 1
                continue
            stop = self._end_of(wide, index, end)
            if self._try_wide(wide, item, index, stop):
                index = stop

    def _next_wide(self, item: Item) -> Definition | None:
        """Return the next fixture of a wider scope that a test needs and that is not set up."""
        for definition in self._plans[item].definitions:
            if definition in self._failed:
                return None
            if definition not in self._values and _is_wide(definition, item):
                return definition
        return None

    def _end_of(self, wide: Definition, index: int, end: int) -> int:
        if wide.scope != "class":
            return end
        cls = self.items[index].cls
        while index < end and self.items[index].cls is cls:
            index += 1
        return index

    def _try_wide(self, wide: Definition, item: Item, index: int, stop: int) -> bool:
        """Set a wide fixture up and run tests inside; tell whether that was possible."""
        started: list[bool] = []
        raised = self.machine.raised

        def proceed() -> None:
            started.append(True)
            with self.machine.beneath(0):
                self._span(index, stop)

        try:
            with self._steps(), self.machine.beneath(0), self._step_of(item):
                self._provide(wide, item, proceed)
        except (RaisedError, ExhaustedError):
            pass
        self.machine.raised = raised
        if not started:
            self._failed.add(wide)
        return bool(started)

    @contextmanager
    def _steps(self) -> Iterator[None]:
        """Bound the steps of one test, and of all together."""
        machine, around = self.machine, self.machine.limit
        machine.limit = min(machine.steps + STEPS_PER_TEST, STEPS_PER_RUN)
        try:
            yield
        finally:
            machine.limit = around

    @contextmanager
    def _step_of(self, item: Item) -> Iterator[None]:
        with self.machine.at(item.module, item.node, item.name, Role.TEST):
            yield

    def _run_item(self, item: Item) -> None:
        """Run one test; when it can't be followed to its end, nothing of it counts."""
        plan = self._plans[item]
        if any(definition in self._failed for definition in plan.definitions):
            return
        environment = self.machine.environment
        doubt, raised = self.machine.doubt, self.machine.raised
        start = len(self.machine.effects)
        with self._steps(), self._step_of(item):
            step = self.machine.call_path()[0]
            try:
                mocked, outcome = environment.attempt(lambda: self._perform(item, plan))
            except (ExhaustedError, RecursionError):
                del self.machine.effects[start:]
                self.machine.doubt = doubt
                return
            finally:
                self.machine.raised = raised
        environment.merge([outcome])
        mocked |= any(
            isinstance(effect, MockStarted) and effect.call_path[:1] == (step,)
            for effect in self.machine.effects
        )
        self.tests.append(TestRun(step, mocked, *decorated_at(item)))

    def _perform(self, item: Item, plan: Plan) -> bool:
        """Set a test up, run it and tear it down; tell whether a mock was active before."""
        mocked = bool(active_mocks(self.machine))
        before = dict(self.machine.environment.state)
        self._is_late = False
        narrow = [found for found in plan.definitions if found not in self._values]
        doubts = is_doubtful(item, plan)
        self.machine.doubt += doubts
        try:
            self._with_all(narrow, item, lambda: self._body(item))
        except RaisedError:
            pass
        finally:
            self.machine.doubt -= doubts
        if self._is_late:
            self._restore_counts(before)
        return mocked

    def _restore_counts(self, before: dict[object, object]) -> None:
        """Stop what fixtures started that the test got by `getfixturevalue`."""
        state = self.machine.environment.state
        for key, value in list(state.items()):
            if type(value) is int and value != before.get(key, 0):
                self.machine.environment.write(state, key, before.get(key, 0))

    def _with_all(
        self, definitions: list[Definition], item: Item, proceed: Callable[[], None]
    ) -> None:
        if not definitions:
            proceed()
            return
        first, *rest = definitions
        with self.machine.beneath(self.machine.height):
            self._provide(first, item, lambda: self._with_all(rest, item, proceed))

    def _provide(self, definition: Definition, item: Item, proceed: Callable[[], None]) -> None:
        """Set a fixture up, run what needs it, tear it down."""
        height = self.machine.height
        self._finalizers.append([])

        def inside(value: Value) -> None:
            self._values[definition] = value
            with self.machine.beneath(height):
                proceed()

        try:
            if definition.call is None and definition.node is None:
                self._provide_built_in(definition, inside)
                return
            with self._place_of(definition):
                self._provide_own(definition, item, inside)
        finally:
            self._values.pop(definition, None)
            with self._place_of(definition):
                for finalizer in reversed(self._finalizers.pop()):
                    self._safely(partial(self._call, finalizer))

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

    def _safely(self, action: Callable[[], object]) -> None:
        try:
            action()
        except RaisedError:
            return

    def _provide_built_in(self, definition: Definition, inside: Callable[[Value], None]) -> None:
        undo: Undo = []
        make = monkeypatch if definition.name == "monkeypatch" else mocker
        if definition.name in ("xunit setUpClass", "xunit setup_class"):
            inside(NONE)
            run_class_cleanups(self.machine, definition.cls)
            return
        inside(make(self.machine, undo))
        undo_all(undo)

    def _provide_own(
        self, definition: Definition, item: Item, inside: Callable[[Value], None]
    ) -> None:
        if definition.call is None:
            self._provide_xunit(definition, item, inside)
            return
        given = self._arguments(definition.arguments, item, definition)
        call = definition.call
        if definition.cls is not None:
            call = Bound(call, (self._receiver(definition, item),))
        value = self.machine.call(call, given)
        if isinstance(value, Suspended) and runs_itself(definition.call):
            self._run_generator(value, inside)
        else:
            inside(value)

    def _run_generator(self, generator: Suspended, inside: Callable[[Value], None]) -> None:
        """Run a generator fixture with what needs it inside; a coroutine gives its result."""
        yielded: list[bool] = []

        def on_yield(value: Value) -> Value:
            if not yielded:
                yielded.append(True)
                inside(value)
            return NONE

        returned = self.machine.run_suspended(generator, on_yield)
        if not yielded and not self.machine.is_generator(generator.function.node):
            inside(returned)

    def _provide_xunit(
        self, definition: Definition, item: Item, inside: Callable[[Value], None]
    ) -> None:
        receiver: Value = item.module
        if definition.cls is not None:
            is_wide = definition.scope == "class"
            receiver = definition.cls if is_wide else self._receiver(definition, item)
        name = definition.name.removeprefix("xunit ")
        self._call_xunit(definition.setup, receiver, name)
        try:
            inside(NONE)
        finally:
            with self._renamed(definition):
                teardown = definition.teardown
                self._safely(lambda: self._call_xunit(teardown, receiver, name))
            if definition.cls is not None and definition.scope == "class":
                run_class_cleanups(self.machine, definition.cls)

    @contextmanager
    def _renamed(self, definition: Definition) -> Iterator[None]:
        """Have effects of a teardown function carry its own place."""
        teardown = definition.teardown
        function = teardown
        while function is not None and not isinstance(function, Function):
            function = getattr(function, "callee", None)
        if function is None or definition.setup is None:
            yield
            return
        with self.machine.beneath(self.machine.height - 1):
            node = function.node
            with self.machine.at(function.module, node, function.name, Role.SETUP):
                yield

    def _call_xunit(self, function: Value | None, receiver: Value, name: str) -> None:
        if function is None:
            return
        if isinstance(receiver, (Class, Instance)):
            function = self.machine.attribute(receiver, _name_of(function, name))
        self.machine.finish(self.machine.call(function, Arguments((), {}, open=True)))

    def _receiver(self, definition: Definition, item: Item) -> Value:
        if definition.scope == "function" and definition.cls is item.cls:
            return self._instance(item)
        return Instance(definition.cls) if definition.cls else NONE

    def _instance(self, item: Item) -> Instance:
        if item not in self._instances and item.cls is not None:
            made = self.machine.instantiate(item.cls, Arguments())
            self._instances[item] = made if isinstance(made, Instance) else Instance(item.cls)
        return self._instances[item]

    def _arguments(
        self, names: Iterable[str], item: Item, definition: Definition | None
    ) -> Arguments:
        keywords: dict[str, Value] = {}
        for name in names:
            found = self._registry.lookup(item, name, definition)
            if name == "request":
                keywords[name] = self._request(item, definition)
            elif definition is None and item.given.get(name) is False:
                keywords[name] = Unknown("parameter")
            elif found is not None and found in self._values:
                keywords[name] = self._values[found]
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
            return self._late(item, str(name.value)) if isinstance(name, Constant) else None

        slots: dict[object, object] = {
            "config": self.session.config,
            "module": item.module,
            "function": item.value,
            "param": _parameter(definition, item),
        }
        if item.cls is not None:
            slots["cls"] = item.cls
            if definition is None or definition.scope == "function":
                slots["instance"] = self._instance(item)
        methods: dict[str, Callable[..., Value | None]] = {
            "addfinalizer": add_finalizer,
            "getfixturevalue": get_value,
        }
        return Native("request", methods, slots)

    def _late(self, item: Item, name: str) -> Value:
        """Set a fixture up in the middle of a test; it stays active until the test is over."""
        found = self._registry.lookup(item, name)
        if found is None:
            return Unknown(name)
        if found in self._values:
            return self._values[found]
        self._is_late = True
        value: Value = NONE
        for argument in found.arguments:
            if argument != "request":
                self._late(item, argument)
        if found.call is not None:
            call = found.call
            if found.cls is not None:
                call = Bound(call, (self._receiver(found, item),))
            with self._place_of(found):
                made = self.machine.call(call, self._arguments(found.arguments, item, found))
                value = self.machine.enter(made) if isinstance(made, Suspended) else made
        return value

    def _body(self, item: Item) -> None:
        """Run what a test itself does."""
        if item.is_case:
            run_case(self.machine, self._instance(item), item)
            return
        call = item.value
        if item.cls is not None:
            call = self.machine.attribute(self._instance(item), item.name.rpartition(".")[2])
        self._call(call, self._arguments(item.arguments, item, None))

    def _call(self, call: Value, arguments: Arguments | None = None) -> None:
        value = self.machine.call(call, arguments or Arguments())
        if runs_itself(call):
            self.machine.finish(value)


def _is_wide(definition: Definition, item: Item) -> bool:
    if definition.scope == "class":
        return item.cls is not None
    return definition.scope != "function"


def _name_of(function: Value, name: str) -> str:
    while not isinstance(function, Function) and hasattr(function, "callee"):
        function = function.callee
    return function.name if isinstance(function, Function) else name


def _parameter(definition: Definition | None, item: Item) -> Value:
    params = definition.params if definition else None
    known = isinstance(params, Collection) and len(params.items) == 1 and not params.open
    if known and isinstance(params, Collection):
        return params.items[0]
    return Unknown("param")


def is_doubtful(item: Item, plan: Plan) -> bool:
    """Tell whether something unknown may protect a test: a base class, a fixture by its name."""
    if any(has_unknown_base(cls) for cls in item.classes):
        return True
    return any(MOCKING.search(name) or SERVICE.search(name) for name in plan.missing)


def decorated_at(item: Item) -> tuple[Site | None, bool]:
    """Return where a mock decorates the class of a test, or one that this inherits from.

    And whether it is the class that defines the test: then the mock left the test out.
    """
    name = item.name.rpartition(".")[2]
    for cls in reversed(item.classes):
        owners = linearize(cls)
        sites = [owner.mocks[0][-1].site for owner in owners if owner.mocks]
        if sites:
            definer = next((owner for owner in owners if name in owner.namespace), None)
            return sites[0], definer is not None and bool(definer.mocks)
    return None, False
