"""Of which type a value is: what is told is what Python says."""

from __future__ import annotations

import pytest

from flake8_moto_order.interpreter.values import Constant
from tests.memory import run, value_of

HEAD = """
import abc, collections, collections.abc, numbers, os, pathlib, sys

class A: pass
class B(A): pass
class Text(str): pass
class Base(abc.ABC): pass
class Meta(type): pass
class Made(metaclass=Meta): pass
a, b, t = A(), B(), Text()
a.own = 1
p = pathlib.Path('/x')
def f(): pass
either = A() if os.environ.get('X') else B()
mixed = A() if unknown else 1
"""
TOLD = [
    "isinstance(1, int)", "isinstance(True, int)", "isinstance('a', (int, str))",
    "isinstance('a', (int, (bytes, float)))",
    "isinstance(None, type(None))", "isinstance({}, dict)",
    "isinstance([], collections.abc.Sequence)",
    "isinstance(1, numbers.Number)",
    "isinstance(p, os.PathLike)", "isinstance(p, str)", "isinstance(f, int)", "isinstance(A, type)",
    "isinstance(os.environ, dict)", "isinstance((), tuple)",
    "isinstance(os.environ, collections.abc.Mapping)", "isinstance(a, A)", "isinstance(b, A)",
    "isinstance(a, B)", "isinstance(a, (B, A))", "isinstance(a, str)", "isinstance(t, str)",
    "isinstance(t, A)", "isinstance(1, A)", "isinstance(a, object)", "isinstance(either, A)",
    "issubclass(B, A)", "issubclass(A, B)", "issubclass(bool, int)", "issubclass(A, (B, object))",
    "type(1) is int", "type('a') == dict", "type(a) is A", "type(a) is B", "type([]) is not list",
    "A is B", "A is str",
    "type({}) in (dict, list)", "hasattr('a', 'upper')", "hasattr(1, 'upper')",
    "hasattr([], 'append')", "hasattr(a, 'own')",
    "callable(f)", "callable(A)", "callable(1)", "callable([])", "callable(len)", "callable(p)",
    "getattr(1, 'nope', None) is None", "isinstance(a, collections.OrderedDict)",
    "isinstance(1, str | None)", "isinstance(None, A | None)", "isinstance(b, A | str)",
]  # fmt: skip
NOT_TOLD = [
    "isinstance(unknown, str)", "isinstance(1, unknown)", "isinstance(1, (int.__class__, unknown))",
    "isinstance(1, Base)", "isinstance(a, Base)", "isinstance(a, unknown)", "isinstance(a, 1)",
    "isinstance(a, collections.abc.Sized)", "isinstance(mixed, A)", "isinstance(map(f, [1]), list)",
    "isinstance(1)", "isinstance()", "issubclass(unknown, A)", "issubclass(A, unknown)",
    "issubclass(A)", "type(unknown) is str", "type(map(f, [])) is list", "unknown is str",
    "hasattr(a, 'other')", "hasattr(unknown, 'x')", "hasattr(a)", "hasattr(a, unknown)",
    "callable(unknown)", "callable(unknown.x)", "isinstance(1, os.nothing)", "str is unknown",
    "issubclass(int, unknown)", "issubclass(1, int)", "isinstance(1, Made)", "callable()",
]  # fmt: skip


@pytest.mark.parametrize("expression", TOLD)
def test_told(expression: str) -> None:
    """The answer is Python's."""
    names: dict[str, object] = {"unknown": 0}
    exec(f"{HEAD}x = {expression}", names)
    found = value_of(run(f"{HEAD}x = {expression}"), "x")
    assert isinstance(found, Constant)
    assert found.value is names["x"]


@pytest.mark.parametrize("expression", NOT_TOLD)
def test_not_told(expression: str) -> None:
    """Where something unknown, an abstract base class or a metaclass has a say, nothing is told."""
    found = value_of(run(f"{HEAD}x = {expression}"), "x")
    assert not isinstance(found, Constant)
