"""moto: when its handler joins botocore, what starting a mock does, which clients it repairs.

Sources: moto/core/models.py (registration, start, stop), moto/__init__.py (lazy loading below
4.1.12), moto's documentation, "What about those pesky imports".
"""

from __future__ import annotations

import ast
from dataclasses import replace
from functools import partial

from flake8_moto_order.effects import (
    HandlerRegistered,
    MockMissing,
    MockStarted,
    MockStopped,
    MockWasted,
    MotoImported,
    ObjectRepaired,
    WastedMockUsed,
)
from flake8_moto_order.interpreter.attributes import linearize
from flake8_moto_order.interpreter.base import Arguments, Base
from flake8_moto_order.interpreter.values import (
    NONE,
    Bound,
    Class,
    Client,
    Constant,
    Covered,
    Fixture,
    Function,
    Guard,
    Library,
    Method,
    Value,
    Wrapped,
)
from flake8_moto_order.models.aws.chain import DEFAULT_SESSION
from flake8_moto_order.models.aws.clients import REPAIRED
from flake8_moto_order.models.model import Model
from flake8_moto_order.models.moto.names import exists, replacement
from flake8_moto_order.models.moto.versions import MotoFacts

HANDED = "stop handed"
WASTED = "wasted"
# How many mocks are active, and what the first took the place of.
TOTAL = "mocks"
SWAPPED = "default session"
ALL_SERVICES = frozenset({"*"})
# What moto's settings say in a run that is not made by moto's own server or proxy.
SETTINGS: dict[str, Value] = {"TEST_SERVER_MODE": Constant(False)}
NO_BACKEND = {"settings", "server"}


class MotoModel(Model):
    """The model of moto for one symbolic session and one version of moto."""

    libraries = ("moto",)
    guards = ("moto",)

    def __init__(self, facts: MotoFacts, own_mocks: frozenset[str]) -> None:
        self.facts = facts
        self.own_mocks = own_mocks

    def imported(self, machine: Base, name: str) -> None:
        """Importing moto registers the handler, or a backend of a lazy moto does."""
        if name == "moto":
            machine.emit(MotoImported)
        member = name.partition(".")[2]
        backend = member and not member.startswith("mock_") and member not in NO_BACKEND
        if self.facts.registers_on_import or backend:
            self.register(machine)

    def attribute(self, machine: Base, value: Value, name: str) -> Value | None:
        """Note who gets hold of the `stop` of a mock: it may be stopped then."""
        if isinstance(value, Library) and value.name == "moto.settings":
            return SETTINGS.get(name)
        if isinstance(value, Library) and value.name == "moto":
            self._check_name(machine, name)
        if isinstance(value, Guard) and name in ("stop", "__exit__"):
            _hand(machine, value, 1)
        return None

    def _check_name(self, machine: Base, name: str) -> None:
        """Note a mock that no release has which the project allows."""
        known = self.facts.allowed
        if known and not machine.tries and all(exists(name, each) is False for each in known):
            instead = replacement(name, known[-1])
            machine.emit(
                MockMissing, name=name, replacement=instead, version=self.facts.version
            )

    def imported_elsewhere(self, machine: Base, name: str) -> None:
        """Importing the module of a configured mock counts as importing moto."""
        if any(mock == name or mock.startswith(f"{name}.") for mock in self.own_mocks):
            machine.emit(MotoImported)
            if self.facts.registers_on_import:
                self.register(machine)

    def register(self, machine: Base) -> None:
        """Put the handler into botocore's list, once."""
        if not machine.environment.state.get("hooked"):
            machine.environment.write(machine.environment.state, "hooked", True)
            machine.emit(HandlerRegistered)

    def call_configured(
        self, machine: Base, callee: Value, arguments: Arguments
    ) -> Value | None:
        """Call what the option names as a mock; None when it is not named."""
        if not self.own_mocks:
            return None
        name = callee.name if isinstance(callee, Library) else ""
        name = callee.qualified if isinstance(callee, Function) else name
        if name not in self.own_mocks:
            return None
        return self._mock(machine, ALL_SERVICES, arguments)

    def call(self, machine: Base, callee: Value, arguments: Arguments) -> Value | None:
        """Call a name of moto, a mock, or a method of a mock."""
        match callee:
            case Library():
                return self._call_library(machine, callee.name, arguments)
            case Guard():
                return self._decorate(machine, callee, arguments)
            case Method(owner=Guard() as guard, name="start" | "__enter__"):
                self.enter(machine, guard)
                return guard
            case Method(owner=Guard() as guard, name="stop" | "__exit__"):
                _hand(machine, guard, -1)
                self.leave(machine, guard)
                return NONE
        return None

    def _call_library(self, machine: Base, name: str, arguments: Arguments) -> Value | None:
        member = name.rpartition(".")[2]
        if name in ("moto.settings.is_test_proxy_mode", "moto.settings.test_server_mode_endpoint"):
            return Constant(False)
        if member in ("patch_client", "patch_resource"):
            return self._repair(machine, arguments.get(0, member.removeprefix("patch_")))
        if member.startswith("mock_"):
            return self._mock(machine, self._services(member.removeprefix("mock_")), arguments)
        return None

    def _services(self, suffix: str) -> frozenset[str]:
        covers_all = self.facts.one_mock or suffix in ("aws", "all")
        return ALL_SERVICES if covers_all else frozenset({suffix})

    def _mock(self, machine: Base, services: frozenset[str], arguments: Arguments) -> Value:
        self.register(machine)
        guard = Guard("moto", machine.new_serial(), services)
        target = arguments.get(0, "func")
        return guard if target in (None, NONE) else self._decorate(machine, guard, arguments)

    def _decorate(self, machine: Base, guard: Guard, arguments: Arguments) -> Value:
        target = arguments.get(0, "func")
        if isinstance(target, Class):
            self._decorate_class(machine, guard, target)
            return target
        wasted = wasted_on(machine, target)
        if wasted:
            guard = replace(guard, serial=machine.new_serial(), name=WASTED)
            machine.emit(MockWasted, serial=guard.serial, what=wasted, name=name_of(target))
        if isinstance(target, Fixture):
            lose = partial(setattr, target, "lost")
            machine.environment.act(partial(lose, True), partial(lose, target.lost))
        if isinstance(target, (Function, Covered, Wrapped, Bound)):
            return Covered(guard, target)
        return target if target is not None else guard

    def _decorate_class(self, machine: Base, guard: Guard, cls: Class) -> None:
        """Wrap the methods of a class (moto/core/models.py, `decorate_class`)."""
        place = machine.call_path()
        machine.environment.act(partial(cls.mocks.append, place), cls.mocks.pop)
        owners = linearize(cls)[::-1] if self.facts.wraps_inherited else [cls]
        members = {str(name): m for owner in owners for name, m in owner.namespace.items()}
        for name, member in members.items():
            if name.startswith("_"):
                continue
            if isinstance(member, Class):
                self._decorate_class(machine, guard, member)
            elif isinstance(member, (Function, Covered, Bound)) and _is_named(cls, member):
                wasted = wasted_on(machine, member) if name.startswith("test") else ""
                if wasted:
                    machine.emit(MockWasted, serial=guard.serial, what=wasted, name=name)
                machine.set_attribute(cls, name, Covered(guard, member))

    def _repair(self, machine: Base, target: Value | None) -> Value:
        if isinstance(target, Client):
            machine.environment.write(machine.environment.state, (REPAIRED, target.serial), True)
            machine.emit(ObjectRepaired, serial=target.serial)
        return NONE

    def enter(self, machine: Base, manager: Value) -> Value | None:
        """Start a mock: its services are covered; the first gives boto3 a fresh default session."""
        if not isinstance(manager, Guard):
            return None
        environment, state = machine.environment, machine.environment.state
        self.register(machine)
        if manager.name == WASTED:
            used_under = bool(state.get(TOTAL))
            machine.emit(WastedMockUsed, serial=manager.serial, under_mock=used_under)
        machine.emit(MockStarted, serial=manager.serial, services=manager.services)
        if not state.get(TOTAL) and self.facts.swaps_default_session:
            before = environment.overrides.get(DEFAULT_SESSION)
            environment.write(state, SWAPPED, (manager.serial, before))
            environment.write(environment.overrides, DEFAULT_SESSION, NONE)
        environment.write(state, TOTAL, _number(state.get(TOTAL)) + 1)
        for service in manager.services:
            environment.write(environment.mocks, service, True)
        return manager

    def leave(self, machine: Base, manager: Value) -> None:
        """Stop a mock; only when none is left active do the services lose their cover.

        The default session comes back if the mock that took it away is the last to stop.
        Source: moto/core/models.py, `stop`.
        """
        if not isinstance(manager, Guard):
            return
        environment, state = machine.environment, machine.environment.state
        machine.emit(MockStopped, serial=manager.serial, services=manager.services)
        left = max(0, _number(state.get(TOTAL)) - 1)
        environment.write(state, TOTAL, left)
        if left:
            return
        for service in list(environment.mocks):
            environment.erase(environment.mocks, service)
        swapped = state.get(SWAPPED)
        if isinstance(swapped, tuple) and swapped[0] == manager.serial:
            environment.write(environment.overrides, DEFAULT_SESSION, swapped[1] or NONE)


def _is_named(cls: Class, member: Value) -> bool:
    """Tell whether moto finds a method by its `__name__`; else it takes it for a static one."""
    while not isinstance(member, Function) or member.wraps is not None:
        inner = member.wraps if isinstance(member, Function) else getattr(member, "callee", None)
        if inner is None:
            return False
        member = inner
    name = member.name if isinstance(member, Function) else ""
    return any(name in owner.namespace for owner in linearize(cls))


def _hand(machine: Base, guard: Guard, change: int) -> None:
    """Count who got hold of the `stop` of a mock and has not called it."""
    state, key = machine.environment.state, (HANDED, guard.serial)
    machine.environment.write(state, key, _number(state.get(key)) + change)


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0


def wasted_on(machine: Base, target: Value | None) -> str:
    """Say what a mock can't cover: the decorated call returns before the body runs.

    Empty when it covers. Source: moto/core/models.py, `_decorate_callable`.
    """
    while isinstance(target, Covered):
        target = target.callee
    match target:
        case Fixture():
            return "a fixture"
        case Wrapped(kind="context"):
            return "a context manager function"
        case Function(node=ast.AsyncFunctionDef()):
            return "an async function"
        case Function() if machine.is_generator(target):
            return "a generator function"
    return ""


def name_of(value: Value | None) -> str:
    """Return the name of a decorated function."""
    while isinstance(value, (Covered, Wrapped, Bound, Fixture)):
        value = value.callee
    return value.name if isinstance(value, Function) else ""
