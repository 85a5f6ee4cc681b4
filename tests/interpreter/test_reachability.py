"""Reachability: through which values an object is held."""

from __future__ import annotations

import ast

import pytest

from flake8_moto_order.interpreter.operations import truth
from flake8_moto_order.interpreter.reachability import reachable
from flake8_moto_order.interpreter.slots import Slots
from flake8_moto_order.interpreter.values import (
    BotoSession,
    Bound,
    Choice,
    Class,
    Client,
    Collection,
    Constant,
    Covered,
    Deferred,
    Fake,
    Function,
    Guard,
    Instance,
    Library,
    Method,
    Module,
    Native,
    PathText,
    Super,
    Suspended,
    Unknown,
    Value,
    Wrapped,
)

CLIENT = Client(7, "s3", hooked=False, aws=True)
MODULE = Module("m", None, (), Slots({"c": CLIENT}))
PLAIN = Class("A", MODULE, (), Slots())
LAMBDA = ast.parse("lambda: c + d", mode="eval").body
assert isinstance(LAMBDA, ast.Lambda)


def function(*scopes: Slots, defaults: tuple[Value, ...] = ()) -> Function:
    """Make a function that uses the names `c` and `d`."""
    assert isinstance(LAMBDA, ast.Lambda)
    return Function("f", LAMBDA, MODULE, scopes, defaults, (("k", CLIENT),) if defaults else ())


HOLDING = {
    "itself": CLIENT,
    "class": Class("A", MODULE, (), Slots({"x": CLIENT})),
    "base": Class("B", MODULE, (Class("A", MODULE, (), Slots({"x": CLIENT})),), Slots()),
    "instance": Instance(PLAIN, {"x": CLIENT}),
    "instance of a class": Instance(Class("A", MODULE, (), Slots({"x": CLIENT}))),
    "list": Collection("list", {0: CLIENT}),
    "dict in a list": Collection("list", {0: Collection("dict", {"a": CLIENT})}),
    "default": function(defaults=(CLIENT,)),
    "keyword default": function(defaults=(Constant(1),)),
    "closure": function(Slots({"c": CLIENT})),
    "bound": Bound(Library("f"), (CLIENT,)),
    "bound keyword": Bound(Library("f"), (), (("a", CLIENT),)),
    "bound callee": Bound(Method(CLIENT, "get")),
    "choice": Choice((Constant(1), CLIENT)),
    "unknown": Unknown("x", (CLIENT,)),
    "fake": Fake((CLIENT,)),
    "part of a fake": Fake((), {"part": CLIENT}),
    "object of a library": Native("request", {}, {"instance": CLIENT}),
    "cached": Wrapped("cached", Library("f"), Slots({"key": CLIENT})),
    "wrapped": Wrapped("static", function(Slots({"c": CLIENT}))),
    "covered": Covered(Library("m"), function(Slots({"c": CLIENT}))),
    "manager": Covered(Guard("patch", 1, target=CLIENT), Library("f")),
    "replacement": Guard("patch", 1, replacement=CLIENT),
    "deferred": Deferred(CLIENT, "list"),
    "super": Super(PLAIN, Instance(PLAIN, {"x": CLIENT})),
    "generator": Suspended(lambda: CLIENT, function(Slots({"c": CLIENT}))),
    "session": BotoSession(7, hooked=False),
}
NOT_HOLDING = {
    "constant": Constant(7),
    "path": PathText("/7"),
    "library": Library("boto3"),
    "unknown": Unknown("x"),
    "other name": function(Slots({"e": CLIENT})),
    "no value": function(Slots({"c": 7})),
    "module in a list": Collection("list", {0: MODULE}),
    "no scope": function(),
}


@pytest.mark.parametrize("value", HOLDING.values(), ids=HOLDING)
def test_held(value: Value) -> None:
    """An object is held through whatever keeps a reference to it."""
    assert reachable(Slots({"x": value})) == {7}


@pytest.mark.parametrize("value", NOT_HOLDING.values(), ids=NOT_HOLDING)
def test_not_held(value: Value) -> None:
    """What has no reference to an object does not hold it."""
    assert not reachable(Slots({"x": value}))


def test_loaded_module() -> None:
    """A loaded module holds what its names are bound to."""
    assert reachable(Slots({"m": MODULE, "n": "no value"})) == {7}


def test_circle() -> None:
    """Values that hold each other are looked at once."""
    inner = Collection("list")
    inner.slots.update({0: inner, 1: CLIENT})
    assert reachable(Slots({"x": inner})) == {7}


@pytest.mark.parametrize(
    ("value", "known"),
    [
        (CLIENT, True),
        (MODULE, True),
        (PLAIN, True),
        (function(), True),
        (PathText(""), True),
        (Library("os"), True),
        (Library("os.x"), None),
        (Constant(0), False),
        (Collection("list"), False),
        (Collection("list", open=True), None),
        (Choice((Constant(1), CLIENT)), True),
        (Choice((Constant(0), CLIENT)), None),
        (Unknown("x"), None),
    ],
)
def test_truth(value: Value, known: bool | None) -> None:
    """The truth of a value is known where no program could tell otherwise."""
    assert truth(value) is known
