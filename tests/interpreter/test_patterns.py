"""The patterns of `match`: what is told is what Python does."""

from __future__ import annotations

import pytest

from flake8_moto_order.interpreter.values import Choice, Constant
from tests.memory import run, value_of

HEAD = "class A: pass\na = A()\na.own = 1\nn = y = 0\n"
TOLD = [
    ("{'a': 1}", "[*_]"), ("'ab'", "[x, *_]"), ("[1, 2]", "[1, *_]"), ("[1]", "[_, _, *_]"),
    ("[1, 2, 3]", "[1, *y, 3]"), ("{}", "{'a': _}"), ("{'a': 1, 'b': 2}", "{'a': 1, **y}"),
    ("1", "{'a': _}"), ("a", "A()"), ("a", "A(own=1)"), ("a", "A(own=2)"), ("1", "A()"),
    ("'a'", "str('b')"), ("3", "int(y)"), ("3", "int() | str()"), ("3", "str() | None"),
    ("None", "None"), ("True", "1"), ("1", "True"), ("(1, 2)", "(1, 2) as y"), ("{1}", "[1]"),
    ("{'a': {'b': 1}}", "{'a': {'b': y}}"), ("[[1]], 2", "[[[1]], _]"), ("3", "y if y > 2"),
    ("3", "y if y > 3"),
]  # fmt: skip
NOT_TOLD = [
    ("unknown", "[1]"), ("[unknown]", "[1]"), ("[*unknown]", "[1]"), ("unknown", "{'a': 1}"),
    ("{'a': 1, **unknown}", "{'b': 1}"), ("a", "A(other=1)"), ("a", "A(1)"), ("unknown", "1 | 2"),
    ("1", "unknown.x | 1"), ("map(str, [])", "[]"), ("3", "3 if unknown"), ("1", "unknown()"),
    ("{}", "{unknown.x: 1}"),
]  # fmt: skip


def program(subject: str, pattern: str) -> str:
    """Return a program whose `x` tells whether the pattern matched, and what it bound."""
    return f"{HEAD}x = [0, y]\nmatch {subject}:\n case {pattern}: x = [1, y]\n"


@pytest.mark.parametrize(("subject", "pattern"), TOLD)
def test_told(subject: str, pattern: str) -> None:
    """The case is taken that Python takes, with the names that it binds."""
    names: dict[str, list[object]] = {}
    exec(program(subject, pattern), names)
    machine = run(program(subject, pattern) + "x = str(x)")
    assert value_of(machine, "x") == Constant(str(names["x"]))


@pytest.mark.parametrize(("subject", "pattern"), NOT_TOLD)
def test_not_told(subject: str, pattern: str) -> None:
    """Where it is not known whether a case matches, both may be."""
    found = value_of(run(program(subject, pattern) + "x = x[0]"), "x")
    assert isinstance(found, Choice)
