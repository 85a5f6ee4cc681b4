"""Plain data: known values as Python's own objects, on which Python itself computes, and back.

What is computed is bounded: no text, collection or number is made that is larger than those that
the interpreter follows.
"""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable
from typing import Any

from flake8_moto_order.interpreter.values import Choice, Collection, Constant, Value

LONGEST_TEXT = 4_000
LARGEST_NUMBER = 2**53
LARGEST_FACTOR = 2**24
LARGEST_POWER = 64
MOST_ITEMS = 256
PLAIN = (str, int, float, bytes, bool, type(None))
MAKERS: dict[str, Callable[[list[Any]], Any]] = {
    "list": list, "tuple": tuple, "set": set, "frozenset": frozenset,
}
ORDERED = {"list", "tuple"}
OPERATIONS: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: operator.pow,
    ast.BitAnd: operator.and_,
    ast.BitOr: operator.or_,
    ast.BitXor: operator.xor,
}
SIGNS: dict[type[ast.unaryop], Callable[[Any], Any]] = {
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
    ast.Invert: operator.invert,
}
# A width or precision in the form of a text: it may ask for any length.
WIDE = re.compile(r"\d{4}|\*")
# Text methods whose number is a length of the result.
PADDING = {"center", "ljust", "rjust", "zfill", "expandtabs"}
UNUSUAL = {"format", "format_map", "translate", "maketrans", "join", "__getattribute__"}
FAILURES = (TypeError, ValueError, ArithmeticError, LookupError, AttributeError)


class NotPlainError(Exception):
    """A value is not known as plain data."""


def plain(value: Value | None, sets: bool = False, depth: int = 4) -> Any:
    """Return a known value as Python's own data; raise `NotPlainError` for any other.

    `sets` may be among it if their order has no say.
    """
    match value:
        case Constant(value=known) if isinstance(known, PLAIN):
            return known
        case Collection(kind="dict", open=False, slots=slots) if depth and len(slots) < MOST_ITEMS:
            return {_key(k): plain(_present(item), sets, depth - 1) for k, item in slots.items()}
        case Collection(open=False, kind=kind) if depth and len(value.slots) < MOST_ITEMS:
            if kind in ORDERED or (kind in MAKERS and sets):
                return _made(MAKERS[kind], [plain(item, sets, depth - 1) for item in value.items])
    raise NotPlainError


def _key(key: object) -> object:
    if not isinstance(key, PLAIN):
        raise NotPlainError
    return key


def _present(item: object) -> Value:
    if not isinstance(item, Value) or isinstance(item, Choice):
        raise NotPlainError
    return item


def _made(maker: Callable[[list[Any]], Any], items: list[Any]) -> Any:
    try:
        return maker(items)
    except TypeError:
        raise NotPlainError from None


def assumed(value: Value | None) -> bool:
    """Tell whether known data rests on an assumption about the process environment."""
    if isinstance(value, Collection):
        return any(map(assumed, value.items))
    return isinstance(value, Constant) and value.assumed


def lifted(data: object, is_assumed: bool = False) -> Value | None:
    """Return the abstract value of a scalar, or of scalars in a tuple, list or set.

    None for anything else: objects inside of a result would be others than those computed from.
    """
    if isinstance(data, PLAIN):
        return Constant(data, is_assumed) if _is_small(data) else None
    for kind, maker in MAKERS.items():
        if type(data) is maker and isinstance(data, (list, tuple, set, frozenset)):
            if len(data) < MOST_ITEMS and all(map(_is_small, data)):
                items = data if kind in ORDERED else sorted(data, key=repr)
                return Collection(kind, {i: Constant(e, is_assumed) for i, e in enumerate(items)})
    return None


def _is_small(data: object) -> bool:
    if isinstance(data, (str, bytes)):
        return len(data) <= LONGEST_TEXT
    if isinstance(data, int):
        return abs(data) <= LARGEST_NUMBER
    return isinstance(data, PLAIN)


def compute(
    function: Callable[..., Any], *values: Value | None, sets: bool = False
) -> Value | None:
    """Call a pure function of Python with known values; None where something is not known.

    An error that the function raises is not told: None as well.
    """
    try:
        made = function(*(plain(value, sets) for value in values))
        return lifted(made, any(map(assumed, values)))
    except (NotPlainError, *FAILURES):
        return None


def operate(left: Value, op: ast.operator, right: Value) -> Value | None:
    """Return what an operator gives for two known values."""
    operation = OPERATIONS.get(type(op))
    return compute(_bounded(op, operation), left, right, sets=True) if operation else None


def _bounded(op: ast.operator, operation: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    """Return an operation that refuses what would become too large."""

    def act(left: Any, right: Any) -> Any:
        numbers = [abs(each) for each in (left, right) if isinstance(each, (int, float))]
        if isinstance(op, ast.Pow):
            _require(len(numbers) == 2 and max(numbers) <= LARGEST_POWER)
        elif isinstance(op, ast.Mult) and len(numbers) == 2:
            _require(max(numbers) < LARGEST_FACTOR)
        elif isinstance(op, ast.Mult):
            sizes = [len(each) for each in (left, right) if hasattr(each, "__len__")]
            _require(len(sizes) == 1 and sizes[0] * max(numbers, default=0) <= LONGEST_TEXT)
        elif isinstance(op, ast.Mod) and isinstance(left, (str, bytes)):
            _require(not WIDE.search(left if isinstance(left, str) else left.decode("latin-1")))
        return operation(left, right)

    return act


def _require(condition: bool) -> None:
    if not condition:
        raise NotPlainError


def signed(op: ast.unaryop, value: Value) -> Value | None:
    """Return what a sign gives for a known number."""
    sign = SIGNS.get(type(op))
    return compute(sign, value) if sign else None


def formatted(value: Value, conversion: int, form: Value) -> Value | None:
    """Return the text of braces in an f-string: `conversion` is -1 or as `ast` tells it."""
    convert = {-1: None, ord("r"): repr, ord("s"): str, ord("a"): ascii}[conversion]

    def act(data: Any, spec: Any) -> str:
        _require(not WIDE.search(spec))
        return format(convert(data) if convert else data, spec)

    return compute(act, value, form)


def method(owner: Value, name: str, *arguments: Value) -> Value | None:
    """Call a method of text, bytes or a number; None where the result is not known."""

    def act(data: Any, *given: Any) -> Any:
        _require(name not in UNUSUAL and name[0] != "_")
        size = sum(len(each) for each in (data, *given) if isinstance(each, (str, bytes)))
        _require(size <= LONGEST_TEXT)
        if name in PADDING:
            _require(all(each <= LONGEST_TEXT for each in given if isinstance(each, int)))
        return getattr(data, name)(*given)

    return compute(act, owner, *arguments)


def slice_of(value: Value, start: Value, stop: Value, step: Value) -> Value | None:
    """Return a part of known text, bytes, or of a list or tuple of scalars."""
    return compute(lambda data, *bounds: data[slice(*bounds)], value, start, stop, step)
