"""What operators, comparisons and tests of truth give for abstract values."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Sequence
from typing import Any

from flake8_moto_order.interpreter.attributes import linearize
from flake8_moto_order.interpreter.kinds import same_type
from flake8_moto_order.interpreter.plain import LONGEST_TEXT, NotPlainError, plain
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
    Mark,
    Method,
    Module,
    Native,
    PathText,
    Unknown,
    Value,
)
from flake8_moto_order.interpreter.world import ABSENT

COMPARISONS: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
NEGATIONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.NotIn: ast.In, ast.IsNot: ast.Is, ast.NotEq: ast.Eq,
}
# What may be None for all we know.
OPAQUE = (Unknown, Choice, Method, Library)
LONGEST_COLLECTION = 5_000


def truth(value: Value) -> bool | None:
    """Tell whether a value is true, None when that is not known."""
    match value:
        case Constant():
            return bool(value.value)
        case Collection(kind="iterator"):
            return True
        case Collection() if any_sure(value):
            return True
        case Collection(open=False):
            return None if value.slots else False
        case Client() | Module() | Function() | Class() | PathText() | Fake() | Native() | Mark():
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


def collect(kind: str, items: Sequence[Value], is_open: bool = False) -> Collection:
    """Build a list, tuple or set, cut at `LONGEST_COLLECTION`."""
    is_cut = len(items) > LONGEST_COLLECTION
    return Collection(kind, dict(enumerate(items[:LONGEST_COLLECTION])), is_open or is_cut)


def text_constant(text: str) -> Value:
    """Build a text; one longer than `LONGEST_TEXT` is not followed."""
    return Constant(text) if len(text) <= LONGEST_TEXT else Unknown("text")


def compare(op: ast.cmpop, left: Value, right: Value) -> bool | None:
    """Compare two values; None when the outcome is not known."""
    if type(op) in NEGATIONS:
        known = compare(NEGATIONS[type(op)](), left, right)
        return None if known is None else not known
    if isinstance(op, ast.In):
        return contains(right, left)
    if isinstance(op, (ast.Is, ast.Eq)):
        if NONE in (left, right):
            other = right if left == NONE else left
            is_none = isinstance(other, Constant) and other.value is None
            return None if isinstance(other, OPAQUE) else is_none
        same = same_type(left, right)
        if same is not None:
            return same
    if isinstance(op, ast.Is) and Collection in (type(left), type(right)):
        return None
    try:
        values = plain(left, sets=True), plain(right, sets=True)
        return _is_same(*values) if isinstance(op, ast.Is) else bool(COMPARISONS[type(op)](*values))
    except (NotPlainError, TypeError):
        return None


def _is_same(one: Any, other: Any) -> bool | None:
    """Tell whether two constants are one object: equal texts and large numbers may be."""
    if one != other or type(one) is not type(other):
        return False
    return True if isinstance(one, bool) or one is None else None


def contains(container: Value, item: Value) -> bool | None:
    """Tell whether a container has an item; None when that is not known."""
    if isinstance(container, Collection) and container.kind != "dict":
        known = {compare(ast.Eq(), each, item) for each in container.items}
        is_absent = not container.open and known <= {False}
        return True if True in known else (False if is_absent else None)
    if isinstance(container, Collection) and isinstance(item, Constant):
        return True if item.value in container.slots else (None if container.open else False)
    try:
        return bool(operator.contains(plain(container, sets=True), plain(item, sets=True)))
    except (NotPlainError, TypeError):
        return None
