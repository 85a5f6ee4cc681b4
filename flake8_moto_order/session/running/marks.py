"""Marks of tests: which are skipped, which are meant to reach AWS, which fixtures they use."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from typing import TypeGuard

from flake8_moto_order.interpreter.attributes import linearize
from flake8_moto_order.interpreter.calls import awaited_under_patch
from flake8_moto_order.interpreter.operations import truth
from flake8_moto_order.interpreter.slots import Slots
from flake8_moto_order.interpreter.values import (
    Bound,
    Class,
    Collection,
    Constant,
    Covered,
    Fixture,
    Function,
    Library,
    Mark,
    Suspended,
    Unknown,
    Value,
    Wrapped,
)
from flake8_moto_order.interpreter.world import choice

MARK = "pytest.mark."
PARAMETRIZE = ("argnames", "argvalues")
# It may be a mock: what is run inside of it is in doubt.
PARAMETER = Unknown("parameter, perhaps a mock")


def functions_of(value: object) -> Iterator[Function]:
    """Yield the functions below decorators and wrappers, the outermost first."""
    while value is not None:
        while isinstance(value, (Covered, Wrapped, Bound, Fixture)):
            value = value.callee
        if not isinstance(value, Function):
            return
        yield value
        value = value.wraps


def runs_itself(call: Value | None) -> bool:
    """Tell whether pytest sees that a function is a generator or coroutine function.

    It does not behind a decorator, except for one that no model knows, and for a patch of an
    `async def`.
    """
    while isinstance(call, (Bound, Covered)):
        if isinstance(call, Covered) and not isinstance(call.manager, Unknown):
            return awaited_under_patch(call) is not None
        call = call.callee
    return isinstance(call, Function)


def gives_coroutine(call: Value, value: Value) -> bool:
    """Tell whether a call gave a coroutine that is run: that of the `async def` that was called.

    That of another function, which a wrapper calls, is what the test returns, and is not awaited.
    """
    while isinstance(call, (Bound, Covered)):
        call = call.callee
    own = isinstance(value, Suspended) and value.function is call
    return own and is_coroutine(value)


def is_coroutine(value: Value) -> bool:
    """Tell whether a call gave a coroutine, which is run; a generator test is not."""
    node = value.function.node if isinstance(value, Suspended) else None
    if not isinstance(node, ast.AsyncFunctionDef):
        return False
    return not any(isinstance(part, ast.Yield) for part in ast.walk(node))


def marks_of(value: Value, classes: Iterable[Class], module: Slots) -> tuple[Mark, ...]:
    """Return the marks of a test: its own, those of its classes and of its module."""
    found = [mark for function in functions_of(value) for mark in function.marks]
    for cls in classes:
        for owner in linearize(cls):
            found.extend(owner.marks)
            found.extend(_named(owner.namespace.get("pytestmark")))
    found.extend(_named(module.get("pytestmark")))
    return tuple(found)


def _named(value: object) -> Iterator[Mark]:
    if isinstance(value, Mark):
        yield value
    elif isinstance(value, Library) and value.name.startswith(MARK):
        yield Mark(value.name.removeprefix(MARK))
    elif isinstance(value, Collection):
        for item in value.items:
            yield from _named(item)


def is_skipped(marks: Iterable[Mark]) -> bool:
    """Tell whether a test does not run, or may not run."""
    return any(_skips(mark) for mark in marks)


def _skips(mark: Mark) -> bool:
    keywords = dict(mark.keywords)
    if mark.name == "skip":
        return True
    if mark.name == "parametrize":
        values = mark.positional[1] if len(mark.positional) > 1 else keywords.get("argvalues")
        return isinstance(values, Collection) and not values.open and _none_runs(values)
    if mark.name == "xfail":
        return keywords.get("run") == Constant(False)
    if mark.name != "skipif":
        return False
    condition = mark.positional[0] if mark.positional else keywords.get("condition")
    is_text = isinstance(condition, Constant) and isinstance(condition.value, str)
    return condition is None or is_text or truth(condition) is not False


def _none_runs(values: Collection) -> bool:
    """Tell whether each set of parameters is marked to be skipped; so are none at all."""
    return all(map(_is_left_out, values.items))


def _is_left_out(value: Value) -> bool:
    """Tell whether a set of parameters is marked to be skipped."""
    marks = dict(value.keywords).get("marks") if _is_param(value) else None
    return is_skipped(_named(marks))


def _is_param(value: Value) -> TypeGuard[Mark]:
    return isinstance(value, Mark) and value.name == "param"


def given_value(marks: Iterable[Mark], name: str) -> Value:
    """Return what `parametrize` gives for a name: one of its values, if these are known."""
    marks = [mark for mark in marks if mark.name == "parametrize"]
    given = [{**dict(mark.keywords), **dict(zip(PARAMETRIZE, mark.positional))} for mark in marks]
    found = next(each for each in given if name in _texts(each.get("argnames")))
    names = _texts(found["argnames"])
    are_rows = len(names) > 1 or isinstance(found["argnames"], Collection)
    return one_of(found.get("argvalues"), names.index(name), are_rows)


def one_of(values: Value | None, index: int = 0, are_rows: bool = False) -> Value:
    """Return one of the values that sets of parameters have at an index, if all are known."""
    if not isinstance(values, Collection) or values.open:
        return PARAMETER
    found: list[Value] = []
    for item in values.items:
        if _is_left_out(item):
            continue
        parts = item.positional if _is_param(item) else (item,)
        if are_rows and not _is_param(item):
            parts = item.items if isinstance(item, Collection) else ()
        found.append(parts[index] if index < len(parts) else PARAMETER)
    is_known = not any(isinstance(value, Unknown) for value in found)
    return choice(found) if found and is_known else PARAMETER


def used_fixtures(marks: Iterable[Mark]) -> tuple[str, ...]:
    """Return the names in `usefixtures` marks."""
    return tuple(
        name.value
        for mark in marks
        if mark.name == "usefixtures"
        for name in mark.positional
        if isinstance(name, Constant) and isinstance(name.value, str)
    )


def parametrized(marks: Iterable[Mark]) -> dict[str, bool]:
    """Return the argument names that `parametrize` marks give, and whether by way of a fixture."""
    found: dict[str, bool] = {}
    for mark in marks:
        if mark.name == "parametrize":
            keywords = dict(mark.keywords)
            names = mark.positional[0] if mark.positional else keywords.get("argnames")
            indirect = keywords.get("indirect", Constant(False))
            listed = set(_texts(indirect))
            for name in _texts(names):
                found[name] = indirect == Constant(True) or name in listed
    return found


def _texts(value: Value | None) -> list[str]:
    if isinstance(value, Constant) and isinstance(value.value, str):
        return [part.strip() for part in value.value.split(",") if part.strip()]
    items = value.items if isinstance(value, Collection) else ()
    return [str(item.value) for item in items if isinstance(item, Constant)]
