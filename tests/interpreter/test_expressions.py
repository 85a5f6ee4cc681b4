"""Expressions: what each gives, where that can be told."""

from __future__ import annotations

import pytest

from flake8_moto_order.interpreter.operations import LONGEST_COLLECTION
from flake8_moto_order.interpreter.plain import LONGEST_TEXT
from flake8_moto_order.interpreter.values import (
    Choice,
    Collection,
    Constant,
    PathText,
    Suspended,
    Unknown,
)
from tests.memory import built, constant, run, sent, value_of

HEAD = """
import pathlib
from unittest import mock
path = pathlib.Path('/x')
g = 4
def f_global():
    global g
    return g
"""
KNOWN = [
    ("1", 1),
    ("'a'", "a"),
    ("b'a'", b"a"),
    ("None", None),
    ("...", ...),
    ("-1", -1),
    ("-1.5", -1.5),
    ("not 1", False),
    ("not []", True),
    ("not [1]", False),
    ("'a' + 'b'", "ab"),
    ("'a' + 'b' + 'c'", "abc"),
    ("f'{1}-{\"a\"}'", "1-a"),
    ("f'{path}'", "/x"),
    ("1 if 1 else 2", 1),
    ("1 if '' else 2", 2),
    ("1 or x", 1),
    ("0 or 2", 2),
    ("0 or '' or None", None),
    ("0 and x", 0),
    ("1 and 2", 2),
    ("None and f()", None),
    ("1 == 1", True),
    ("1 != 1", False),
    ("1 < 2", True),
    ("2 <= 1", False),
    ("2 > 1", True),
    ("1 >= 2", False),
    ("'a' in 'abc'", True),
    ("'x' not in 'abc'", True),
    ("1 in [1, 2]", True),
    ("1 not in (1, 2)", False),
    ("'a' in {'a': 1}", True),
    ("'b' in {'a': 1}", False),
    ("'b' not in {'a': 1}", True),
    ("None is None", True),
    ("None is not None", False),
    ("1 is None", False),
    ("1 is not None", True),
    ("None == 1", False),
    ("[] is None", False),
    ("[1, 2][0]", 1),
    ("[1, 2][-1]", 2),
    ("(1, 2)[1]", 2),
    ("{'a': 1}['a']", 1),
    ("{'a': 1, **{'b': 2}}['b']", 2),
    ("({'a': 1} | {'b': 2})['b']", 2),
    ("([1] + [2])[1]", 2),
    ("[0, *[1, 2]][2]", 2),
    ("[*'ab'][1]", "b"),
    ("(lambda: 3)()", 3),
    ("(lambda a, b=2: b)(1)", 2),
    ("(lambda *a: a[1])(1, 2)", 2),
    ("(lambda **k: k['b'])(b=2)", 2),
    ("(lambda a, *, b=2: b)(1)", 2),
    ("(lambda *, b: b)(**{'b': 4})", 4),
    ("(lambda a, b: b)(*[1, 2])", 2),
    ("(y := 5)", 5),
    ("~1", -2),
    ("1 < 2 < 3", True),
    ("3 < 2 < x", False),
    ("3 in [1, 2]", False),
    ("[1, 2][0:1] == [1]", True),
    ("'a' * 3", "aaa"),
    ("'abc'[1]", "b"),
    ("'abc'[:-1]", "ab"),
    ("f'{1:03d}{\"a\"!r}'", "001'a'"),
    ("mock.Mock().side_effect", None),
    ("f_global()", 4),
    ("(y := 5) and y", 5),
    ("[0][[1][0] if 0 else 0]", 0),
    ("len([x for x in [1, 2] if (z := x)]) and z", 2),
]
NOT_KNOWN = [
    "nothing", "-'a'", "-x", "not x", "1 < x", "1 < 'a'", "1 < 2 < x", "1 in x",
    "3 in [1, x]",
    "[x] == [x]", "x is None", "f'{x}'", "[][x]", "{}[0]", "[x][0:1]", "x[0:1]", "{x: 1}['a']",
    "next((lambda: (yield 1))())",
    "1j < 2", "x @ y", "f(1)", "1 .__add__(2)", "await_", "1 is 1",
    "'a' * 5_000", "9 ** 99", "f'{1:99999}'", "'%99999d' % 1", "0x" + "F" * 50, "{1, 2}[0:1]",
]  # fmt: skip


@pytest.mark.parametrize(("source", "value"), KNOWN)
def test_known(source: str, value: object) -> None:
    """What can be told without running anything is a constant."""
    found = constant(f"{HEAD}x = {source}")
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize("source", NOT_KNOWN)
def test_not_known(source: str) -> None:
    """What depends on something that is not followed is unknown."""
    assert isinstance(constant(f"x = {source}"), (Unknown, Choice))


@pytest.mark.parametrize(
    ("source", "kind", "items", "is_open"),
    [
        ("[1, 2]", "list", [1, 2], False),
        ("(1, 2)", "tuple", [1, 2], False),
        ("{1, 2}", "set", [1, 2], False),
        ("{'a': 1}", "dict", [1], False),
        ("{**{'a': 1}, 'b': 2}", "dict", [1, 2], False),
        ("{y: 1}", "dict", [1], True),
        ("[1, *y]", "list", [1], True),
        ("[*{'a': 1}]", "list", ["a"], False),
        ("[1] + [2]", "list", [1, 2], False),
        ("[*y] + [2]", "list", [2], True),
        ("{'a': 1} | {'a': 2}", "dict", [2], False),
    ],
)
def test_collection(source: str, kind: str, items: list[object], is_open: bool) -> None:
    """Displays and sums of collections keep their items, and whether there may be more."""
    found = constant(f"x = {source}")
    assert isinstance(found, Collection)
    assert (found.kind, found.open) == (kind, is_open)
    assert found.items == tuple(map(Constant, items))


@pytest.mark.parametrize(
    ("source", "options"),
    [
        ("1 if y else 2", (1, 2)),
        ("1 if y else 2 if z else 3", (1, 2, 3)),
        ("[1, 2][y]", (1, 2)),
        ("(1 if y else 2) if z else 1", (1, 2)),
        ("([1] if y else [2])[0]", (1, 2)),
    ],
)
def test_choice(source: str, options: tuple[object, ...]) -> None:
    """What depends on an unknown condition is a choice."""
    assert constant(f"x = {source}") == Choice(tuple(map(Constant, options)))


@pytest.mark.parametrize("source", ["y or 1", "y or z or 1", "y and 1"])
def test_short_circuit_choice(source: str) -> None:
    """An operand that may end `and` or `or` is one of the values."""
    found = constant(f"x = {source}")
    assert isinstance(found, Choice)
    assert found.options[-1] == Constant(1)


@pytest.mark.parametrize(
    ("source", "certain"),
    [
        ("c.a()", [True]),
        ("y or c.a()", [False]),
        ("y and c.a()", [False]),
        ("c.a() or c.b()", [True, False]),
        ("0 or c.a()", [True]),
        ("1 or c.a()", []),
        ("c.a() if y else c.b()", [True, True]),
        ("c.a() if 1 else c.b()", [True]),
        ("[c.a(), *[c.b()]]", [True, True]),
        ("{c.a(): c.b()}", [True, True]),
        ("f'{c.a()}'", [True]),
        ("(y or c.a()) + c.b()", [False, True]),
        ("-c.a()", [True]),
        ("c.a() < c.b() < c.c()", [True, True, True]),
        ("lambda: c.a()", []),
        ("lambda z=c.a(): z", [True]),
        ("c.a()[c.b()]", [True, True]),
        ("f(*c.a(), **c.b())", [True, True]),
        ("f(*[1], key=c.a())", [True]),
        ("(c.a(), c.b())[c.c():c.d()]", [True, True, True, True]),
    ],
)
def test_certainty(source: str, certain: list[bool]) -> None:
    """What may not be evaluated is in doubt; what cannot be is left out."""
    effects = run(f"import boto3\nc = boto3.client('s3')\nx = {source}").effects
    assert [is_certain for _, _, is_certain in sent(effects)] == certain


def test_doubt_ends_with_the_error() -> None:
    """An operand that raises leaves no doubt behind."""
    machine = run("import sys\ntry:\n y or z or sys.exit()\nexcept E: pass")
    assert machine.doubt == 0


def test_both_build() -> None:
    """When both sides of a condition build a client, one is built for certain."""
    machine = run("import boto3\nx = boto3.client('s3') if y else boto3.client('sqs')")
    assert [certain for _, _, certain in built(machine.effects)] == [True, True]


@pytest.mark.parametrize(
    "source", ["x = 'a' * 4_000\nx = f'{\"b\" + x}'", "x = '" + "a" * LONGEST_TEXT + "' + 'b'"]
)
def test_long_text(source: str) -> None:
    """A text that grows too long, or is not known, is not followed."""
    assert isinstance(constant(source), Unknown)


def test_long_collection() -> None:
    """A collection that grows too long is open."""
    found = constant("x = [1, 2]\n" + "x = [*x, *x]\n" * 14)
    assert isinstance(found, Collection)
    assert found.open
    assert len(found.slots) == LONGEST_COLLECTION


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("async def f(): return 1\nasync def g(): return await f()\nx = asyncio.run(g())", 1),
        ("async def f(): return await 1\nx = asyncio.run(f())", 1),
        ("def f():\n y = yield 1\nx = list(f())[0]", 1),
        ("def f():\n yield\nx = list(f())[0]", None),
        ("def f(): yield from [1, 2]\nx = list(f())[1]", 2),
        ("def g(): yield 3\ndef f(): yield from g()\nx = list(f())[0]", 3),
    ],
)
def test_suspended(body: str, expected: object) -> None:
    """Coroutines and generators run when they are awaited or iterated."""
    assert constant("import asyncio\n" + body) == expected


def test_suspended_runs_later() -> None:
    """A generator or coroutine that nobody runs does nothing."""
    machine = run("import boto3\ndef f(): yield boto3.client('s3')\nx = f()")
    assert isinstance(value_of(machine, "x"), Suspended)
    assert not machine.effects


def test_suspended_runs_once() -> None:
    """A generator gives its items once."""
    assert constant("def f(): yield 1\ny = f()\nlist(y)\nx = len(list(y))") == 0


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("Path('/a') / 'b'", "/a/b"),
        ("Path('/a') / 'b' / 'c'", "/a/b/c"),
        ("Path('/a') / Path('b')", "/a/b"),
    ],
)
def test_path(source: str, text: str) -> None:
    """A slash joins paths."""
    assert constant(f"from pathlib import Path\nx = {source}") == PathText(text)


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("class A:\n def __getitem__(self, k): return k\nx = A()['a']", "a"),
        ("def f(): return 1\nglobals()['f']\nx = globals()['f']()", 1),
        ("globals()['x'] = 2", 2),
        ("y = 1\nx = 3\ndel globals()['y']", 3),
    ],
)
def test_item(source: str, found: object) -> None:
    """Items of instances come from their method, items of `globals()` are the module's names."""
    assert constant(source) == found


def test_unknown_mapping() -> None:
    """A display with an unknown mapping is open and holds that mapping."""
    found = constant("x = {**y}")
    assert isinstance(found, Collection)
    assert found.open
    assert found.items == (Unknown("y"),)


@pytest.mark.parametrize(
    ("part", "source"),
    [
        ("expressions", "x = not not not not not not not not not not not not 1"),
        ("calls", "a = lambda: 1\nb = lambda: a()\nc = lambda: b()\nx = c()"),
        ("statements", "def f():\n if 1:\n  if 1:\n   if 1:\n    if 1: return 1\nx = f()"),
    ],
)
def test_depth(part: str, source: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is nested too deep has no value and no effect."""
    assert constant(source) is not None
    monkeypatch.setattr(f"flake8_moto_order.interpreter.{part}.DEEPEST", 4)
    value = value_of(run(source), "x")
    assert isinstance(value, Unknown) or value == Constant(None)
