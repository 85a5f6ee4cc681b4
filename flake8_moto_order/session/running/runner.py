"""Runs the tests of one file: fixtures, setup, body and teardown in the order of pytest.

Fixtures of a wider scope have all tests of that scope inside.

Source: _pytest/runner.py (`SetupState`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial

from flake8_moto_order.effects import Effect, MockStarted, Site, TestRun
from flake8_moto_order.interpreter.attributes import linearize
from flake8_moto_order.interpreter.base import ExhaustedError, RaisedError
from flake8_moto_order.interpreter.contexts import MOCKING
from flake8_moto_order.models.aws.building import active_mocks
from flake8_moto_order.session.collection import Session
from flake8_moto_order.session.running.fixtures import Definition, Plan, Registry, is_wide
from flake8_moto_order.session.running.items import Item, has_unknown_base
from flake8_moto_order.session.running.providing import Provider
from flake8_moto_order.session.running.selection import OF_AWS
from flake8_moto_order.session.running.unittests import run_case
from flake8_moto_order.session.running.xunit import safely

STEPS_PER_TEST = 30_000
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
    cut_short: bool = False


class Runner(Provider):
    """Runs the tests of one file in a session that has collected it."""

    def __init__(self, session: Session, registry: Registry, items: list[Item]) -> None:
        super().__init__(session, registry)
        self.items = items
        self.tests: list[TestRun] = []
        self._plans: dict[Item, Plan] = {item: registry.plan(item) for item in items}
        plans = self._plans.values()
        lost = {found for plan in plans for found in plan.definitions if found.lost}
        self._failed: set[Definition] = lost
        self._begun: dict[Item, int] = {}
        self._spans: list[int] = []
        self.cut_short = False

    def run(self) -> None:
        """Run all tests."""
        self._span(0, len(self.items))
        self.finish_lasting()

    def _span(self, start: int, end: int) -> None:
        """Run the tests from `start` to before `end`; what is active around them stays."""
        index = start
        while index < end:
            item = self.items[index]
            self._begun.setdefault(item, len(self.machine.effects))
            wide = self._next_wide(item)
            if wide is None:
                self._run_item(item)
                index += 1
                continue
            if any(width > wide.width for width in self._spans):
                self._outlast(wide, item)
                continue
            stop = self._end_of(wide, index, end)
            if self._try_wide(wide, item, index, stop):
                index = stop

    def _outlast(self, wide: Definition, item: Item) -> None:
        """Set a fixture up that is first asked for within a narrower one and outlasts it."""
        try:
            with self._steps(), self.machine.beneath(0), self.step_of(item):
                self.set_up_late(item, wide)
        except (RaisedError, ExhaustedError) as error:
            self._failed.add(wide)
            self.cut_short |= isinstance(error, ExhaustedError)

    def _next_wide(self, item: Item) -> Definition | None:
        """Return the next fixture of a wider scope that a test needs and that is not set up."""
        for definition in self._plans[item].definitions:
            if definition in self._failed:
                return None
            if not self.is_set_up(definition) and is_wide(definition, item):
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

        self._spans.append(wide.width)
        try:
            with self._steps(), self.machine.beneath(0), self.step_of(item):
                self.provide(wide, item, proceed)
        except (RaisedError, ExhaustedError) as error:
            self.cut_short |= isinstance(error, ExhaustedError)
        self._spans.pop()
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

    def _run_item(self, item: Item) -> None:
        """Run one test; when it can't be followed to its end, nothing of it counts."""
        plan = self._plans[item]
        if any(definition in self._failed for definition in plan.definitions):
            return
        environment = self.machine.environment
        doubt, raised = self.machine.doubt, self.machine.raised
        start = len(self.machine.effects)
        with self._steps(), self.step_of(item):
            step = self.machine.call_path()[0]
            try:
                mocked, outcome = environment.attempt(lambda: self._perform(item, plan))
            except (ExhaustedError, RecursionError):
                self.cut_short = True
                del self.machine.effects[start:]
                self.machine.doubt = doubt
                return
            finally:
                self.machine.raised = raised
        environment.merge([outcome])
        mocked |= any(
            isinstance(effect, MockStarted) and effect.call_path[:1] == (step,)
            for effect in self.machine.effects[self._begun[item] :]
        )
        names = tuple(d.name for d in plan.definitions if d.call is not None)
        self.tests.append(TestRun(step, mocked, *decorated_at(item), names))

    def _perform(self, item: Item, plan: Plan) -> bool:
        """Set a test up, run it and tear it down; tell whether a mock was active before."""
        mocked = bool(active_mocks(self.machine))
        body = partial(self.with_finalizers, item, partial(self._body, item))
        narrow = [found for found in plan.definitions if not self.is_set_up(found)]
        doubts = is_doubtful(item, plan)
        self.machine.doubt += doubts
        try:
            safely(lambda: self._with_all(narrow, item, body))
        finally:
            self.machine.doubt -= doubts
        return mocked

    def _with_all(
        self, definitions: list[Definition], item: Item, proceed: Callable[[], None]
    ) -> None:
        """Set fixtures up one inside the other; what raises inside one is no matter of it."""
        if not definitions:
            proceed()
            return
        first, *rest = definitions
        inner = partial(self._with_all, rest, item, proceed)
        self.provide(first, item, partial(safely, inner))

    def _body(self, item: Item) -> None:
        """Run what a test itself does."""
        if item.is_case:
            run_case(self.machine, self.instance(item), item)
            return
        call = item.value
        if item.cls is not None:
            call = self.machine.attribute(self.instance(item), item.name.rpartition(".")[2])
        self.call(call, self.arguments(item.arguments, item, None))


def is_doubtful(item: Item, plan: Plan) -> bool:
    """Tell whether something unknown may protect a test: a base class, a mark, a fixture."""
    if any(has_unknown_base(cls) for cls in item.classes):
        return True
    if any(MOCKING.search(mark.name) for mark in item.marks):
        return True
    return any(OF_AWS.search(name) or SERVICE.search(name) for name in plan.missing)


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
