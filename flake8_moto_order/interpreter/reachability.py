"""Reachability: which objects are still held when collection is over."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from flake8_moto_order.interpreter.slots import Slots
from flake8_moto_order.interpreter.values import (
    BotoSession,
    Bound,
    Choice,
    Class,
    Client,
    Collection,
    Covered,
    Deferred,
    Fake,
    Fixture,
    Function,
    Guard,
    Instance,
    Library,
    Method,
    Module,
    Native,
    Super,
    Suspended,
    Unknown,
    Value,
    Wrapped,
)


def reachable(slots: Slots) -> set[int]:
    """Return the serials of the sessions, clients and resources that `slots` lead to.

    A module counts by the slots it is loaded in, not by other names that it still has.
    """
    serials: set[int] = set()
    seen: set[int] = set()
    stack: list[Value] = []
    for value in _values(slots):
        stack.extend(_values(value.namespace) if isinstance(value, Module) else (value,))
    while stack:
        value = stack.pop()
        if id(value) in seen:
            continue
        seen.add(id(value))
        if isinstance(value, (BotoSession, Client)):
            serials.add(value.serial)
        stack.extend(held(value))
    return serials


def held(value: Value) -> Iterator[Value]:
    """Yield the values that `value` holds on to directly."""
    match value:
        case Class():
            yield from _values(value.namespace)
            yield from value.bases
        case Instance():
            yield from _values(value.attributes)
            yield value.cls
        case Collection():
            yield from value.items
        case Function():
            yield from value.defaults
            yield from (default for _, default in value.keyword_defaults)
            yield from _closed_over(value)
        case Bound():
            yield value.callee
            yield from value.positional
            yield from (given for _, given in value.keywords)
        case _:
            yield from _held_by_wrapper(value)


def _held_by_wrapper(value: Value) -> Iterator[Value]:
    match value:
        case Choice():
            yield from value.options
        case Unknown():
            yield from value.holds
        case Fake():
            yield from value.holds
            yield from _values(value.slots)
        case Native():
            yield from _values(value.slots)
        case Fixture():
            yield value.callee
        case Wrapped():
            yield value.callee
            yield from _values(value.memory)
        case Covered():
            yield value.manager
            yield value.callee
        case Guard():
            yield value.target
            yield value.replacement
        case Method():
            yield value.owner
        case Deferred():
            yield value.client
        case Super():
            yield value.receiver
        case Suspended():
            yield value.function
        case Library():
            return


def _values(slots: Slots) -> Iterator[Value]:
    return (value for value in slots.values() if isinstance(value, Value))


def _closed_over(function: Function) -> Iterator[Value]:
    if not function.scopes:
        return
    names = {node.id for node in ast.walk(function.node) if isinstance(node, ast.Name)}
    for scope in function.scopes:
        for name in names & {key for key in scope if isinstance(key, str)}:
            value = scope[name]
            if isinstance(value, Value):
                yield value
