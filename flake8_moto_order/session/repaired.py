"""Repairs: which blind objects a fixture, setup method or test replaces or gives the handler."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_moto_order.effects import ObjectRepaired
from flake8_moto_order.interpreter.attributes import linearize
from flake8_moto_order.interpreter.base import ExhaustedError, RaisedError
from flake8_moto_order.interpreter.reachability import reachable
from flake8_moto_order.interpreter.slots import Slots
from flake8_moto_order.interpreter.values import (
    Class,
    Covered,
    Fixture,
    Function,
    Wrapped,
)
from flake8_moto_order.models.aws.chain import DEFAULT_SESSION
from flake8_moto_order.project import Sources
from flake8_moto_order.session.collection import Session
from flake8_moto_order.session.written import file_at

DEEPEST = 3


def kept_objects(session: Session) -> set[int]:
    """Return the serials of the objects that loaded modules still hold."""
    environment = session.environment
    overrides = environment.overrides.copied()
    overrides.pop(DEFAULT_SESSION, None)
    return reachable(environment.modules) | reachable(session.held) | reachable(overrides)


def repaired_objects(session: Session, paths: tuple[str, ...], kept: set[int]) -> set[int]:
    """Return those of the `kept` objects that a function of these test files repairs.

    Plugins of the session count as well, and the base classes of test classes.
    """
    collected = [module for path in paths if (module := session.module_at(path))]
    functions = {
        id(function.node): function
        for module in (*collected, *session.plugins)
        for value in list(module.namespace.values())
        for function in _functions_of(value)
    }
    repaired: set[int] = set()
    for function in functions.values():
        if _may_repair(session.project.sources, function):
            repaired |= _repairs(session, function, kept)
    return repaired


def _functions_of(value: object) -> Iterator[Function]:
    while isinstance(value, (Covered, Wrapped, Fixture)):
        value = value.callee
    if isinstance(value, Function):
        yield value
    elif isinstance(value, Class):
        for owner in linearize(value):
            for member in list(owner.namespace.values()):
                yield from _functions_of(member)


def _may_repair(sources: Sources, function: Function) -> bool:
    """Tell whether a function, or one that it names, speaks of repairing or sets attributes."""
    near = {id(function): function}
    waiting = [function]
    for _ in range(DEEPEST + 1):
        named: dict[int, Function] = {}
        for each in waiting:
            inside = file_at(sources, each.module.path or "").inside(each.node)
            if inside.repairs:
                return True
            for value in map(each.module.namespace.get, inside.variables):
                if isinstance(value, Function) and id(value) not in near:
                    named[id(value)] = value
        near.update(named)
        waiting = list(named.values())
    return False


def _repairs(session: Session, function: Function, kept: set[int]) -> set[int]:
    machine, environment = session.machine, session.environment
    start = len(machine.effects)

    def run() -> set[int]:
        try:
            session.run_to_end(function)
        except RaisedError:
            machine.doubt = 0
        except ExhaustedError:
            machine.doubt = 0
            return kept
        gone = reachable(Slots(enumerate(environment.replaced))) & kept
        return gone - kept_objects(session) if gone else gone

    replaced, _ = environment.attempt(run)
    effects = machine.effects[start:]
    del machine.effects[start:]
    return replaced | {e.serial for e in effects if isinstance(e, ObjectRepaired)}
