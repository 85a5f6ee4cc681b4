"""What operators, comparisons and tests of truth give for abstract values."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Sequence
from typing import Any

from flake8_moto_order.interpreter.attributes import linearize
from flake8_moto_order.interpreter.values import (
    NONE,
    Choice,
    Class,
    Client,
    Collection,
    Constant,
    Fake,
    Function,
    Instance,
    Library,
    Method,
    Module,
    PathText,
    Unknown,
    Value,
)
from flake8_moto_order.interpreter.world import ABSENT

LONGEST_TEXT = 4_000
LONGEST_COLLECTION = 5_000
LARGEST_NUMBER = 2**53
COMPARISONS: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Is: operator.eq,
    ast.IsNot: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
ARITHMETIC: dict[type[ast.operator], Callable[[int, int], int]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
}
LARGEST_FACTOR = 2**24
PLAIN = (str, int, float, bytes, bool, type(None))


def truth(value: Value) -> bool | None:
    """Tell whether a value is true, None when that is not known."""
    match value:
        case Constant():
            return bool(value.value)
        case Collection(open=False):
            return bool(value.slots) if not value.slots or any_sure(value) else None
        case Client() | Module() | Function() | Class() | PathText() | Fake():
            return True
        case Instance():
            return truth_of_instance(value)
        case Library(name=name) if "." not in name:
            return True
        case Choice():
            known = {truth(option) for option in value.options}
            return known.pop() if len(known) == 1 else None
    return None


def any_sure(collection: Collection) -> bool:
    """Tell whether one of the items is there for sure."""
    return not all(map(may_be_absent, collection.items))


def may_be_absent(item: Value) -> bool:
    """Tell whether an item of a list may not be there."""
    return isinstance(item, Choice) and ABSENT in item.options


def truth_of_instance(instance: Instance) -> bool | None:
    """Tell whether an instance is true: it is, unless its class has a say in it."""
    owners = linearize(instance.cls)
    says = any(name in owner.namespace for owner in owners for name in ("__bool__", "__len__"))
    plain = all(isinstance(base, (Class, Library)) for owner in owners for base in owner.bases)
    return True if plain and not says else None


def assumed(value: Value) -> bool:
    """Tell whether a value rests on an assumption about the process environment."""
    return isinstance(value, Constant) and value.assumed


def collect(kind: str, items: Sequence[Value], is_open: bool = False) -> Collection:
    """Build a list, tuple or set, cut at `LONGEST_COLLECTION`."""
    is_cut = len(items) > LONGEST_COLLECTION
    return Collection(kind, dict(enumerate(items[:LONGEST_COLLECTION])), is_open or is_cut)


def text_constant(text: str) -> Value:
    """Build a text; one longer than `LONGEST_TEXT` is not followed."""
    return Constant(text) if len(text) <= LONGEST_TEXT else Unknown("text")


def calculate(left: int, op: ast.operator, right: int) -> Value:
    """Return a sum, difference or product of small numbers."""
    operation = ARITHMETIC.get(type(op))
    is_small = max(abs(left), abs(right)) < LARGEST_FACTOR
    return Constant(operation(left, right)) if operation and is_small else Unknown("operator")


def compare(op: ast.cmpop, left: Value, right: Value) -> bool | None:
    """Compare two values; None when the outcome is not known."""
    if isinstance(op, (ast.In, ast.NotIn)):
        inside = contains(right, left)
        return inside if inside is None or isinstance(op, ast.In) else not inside
    if NONE in (left, right) and isinstance(op, (ast.Is, ast.IsNot, ast.Eq, ast.NotEq)):
        other = right if left == NONE else left
        if isinstance(other, (Unknown, Choice, Method, Library)) or other == NONE:
            known = True if other == NONE else None
        else:
            known = isinstance(other, Constant) and other.value is None
        return known if known is None or isinstance(op, (ast.Is, ast.Eq)) else not known
    if not (isinstance(left, Constant) and isinstance(right, Constant)):
        return None
    if not (isinstance(left.value, PLAIN) and isinstance(right.value, PLAIN)):
        return None
    try:
        return bool(COMPARISONS[type(op)](left.value, right.value))
    except TypeError:
        return None


def contains(container: Value, item: Value) -> bool | None:
    """Tell whether a container has an item; None when that is not known."""
    match container, item:
        case Collection(open=False, kind="dict"), Constant():
            return item.value in container.slots
        case Collection(open=False), Constant():
            constants = [known.value for known in container.items if isinstance(known, Constant)]
            return True if item.value in constants else None
        case Constant(value=str() as text), Constant(value=str() as part):
            return part in text
    return None
