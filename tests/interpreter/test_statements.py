"""Statements: what they bind, which of them run, and with what certainty."""

from __future__ import annotations

import sys

import pytest

from flake8_moto_order.interpreter.values import Choice, Class, Collection, Constant, Unknown
from tests.memory import built, constant, run, sent, value_of

CLIENT = "import boto3, sys\nc = boto3.client('s3')\n"
VALUES = [
    ("x = y = 1", 1),
    ("x: int = 1", 1),
    ("x = 1\nx += 1", Unknown("sum")),
    ("x = 'a'\nx += 'b'", "ab"),
    ("y = [1]\nz = y\ny += [2]\nx = z[1]", 2),
    ("y = (1,)\nz = y\ny += (2,)\nx = len(z)", 1),
    ("y, x = 1, 2", 2),
    ("(y, [x, z]) = 1, [2, 3]", 2),
    ("y, x = 'ab'", "b"),
    ("y, x = {'a': 1, 'b': 2}", "b"),
    ("class A: pass\nA.x = 1\nx = A.x", 1),
    ("d = {}\nd['a'] = 1\nx = d['a']", 1),
    ("x = 1\nif 0: x = 2", 1),
    ("if 1: x = 1\nelse: x = 2", 1),
    ("if 0: x = 1\nelif 1: x = 2", 2),
    ("def f(): return 1\nx = f()", 1),
    ("def f(): pass\nx = f()", None),
    ("def f():\n return\nx = f()", None),
    ("def f():\n if 1: return 1\n return 2\nx = f()", 1),
    ("def f():\n for i in [1, 2]: return i\nx = f()", 1),
    ("def f():\n while 1: return 1\nx = f()", 1),
    ("def f():\n try: return 1\n finally: pass\nx = f()", 1),
    ("def f():\n try: return 1\n finally: return 2\nx = f()", 2),
    ("def f():\n with y: return 1\nx = f()", 1),
    ("x = 0\ndef f():\n global x\n x = 1\nf()", 1),
    ("x = 0\ndef f():\n x = 1\nf()", 0),
    ("def f():\n y = 0\n def g():\n  nonlocal y\n  y = 1\n g()\n return y\nx = f()", 1),
    ("def f():\n def g():\n  nonlocal y\n  y = 1\n g()\nf()\nx = 2", 2),
    ("y = 1\ndef f():\n global y\n del y\nf()\nx = y", Unknown("y")),
    ("x = 1\ndel x", None),
    ("y = {'a': 1}\ndel y['a']\nx = len(y)", 0),
    ("y = [1, 2, 3]\ndel y[0]\nx = y[0]", 2),
    ("y = [1, 2, 3]\ndel y[-1]\nx = len(y)", 2),
    ("y = [1]\ndel y[7], y[z], y[0:1]\nx = len(y)", 1),
    ("class A: x = 1\ndel A.x\nx = A.x", Unknown("A.x")),
    ("del f().x, f()[0]\nx = 1", 1),
    ("for x in [1, 2]: pass", 2),
    ("for x in []: pass\nelse: x = 3", 3),
    ("for x in [1, 2]: break\nelse: x = 3", 1),
    ("for x in [1, 2]: continue", 2),
    ("x = 0\nfor i in [1, 2]:\n if i == 2: continue\n x = i", 1),
    ("def f():\n yield 1\n yield 2\nfor x in f(): pass\nelse: y = x", 2),
    ("x = 0\nwhile 0: x = 1", 0),
    ("x = 0\nwhile 0: x = 1\nelse: x = 2", 2),
    ("while 1:\n x = 1\n break", 1),
    ("try: x = 1\nexcept: x = 1", 1),
    ("try: x = 1\nexcept ImportError: x = 2", 1),
    ("try: x = 1\nexcept (ImportError, ModuleNotFoundError): x = 2", 1),
    ("try: raise y\nexcept E: x = 2", 2),
    ("try: pass\nexcept ImportError: x = 1\nelse: x = 3", 3),
    ("try: x = 1\nfinally: x = 4", 4),
    ("try:\n try: raise y\n finally: x = 5\nexcept E: pass", 5),
    ("class B: b = 1\nBASES = (B,)\nclass A(*BASES): pass\nx = A.b", 1),
    ("class A(*y): b = 1\nx = A.b", 1),
    ("d = {1: 2, 3: 4}\ndel d[y()]\nx = 1", 1),
    ("x = 1\ntry: super()\nexcept RuntimeError: pass", 1),
    ("match {'a': 3}:\n case {'a': x}: pass", 3),
    ("from unittest import mock\nx = 1 if mock.MagicMock() + 1 else 2", 1),
    ("from unittest import mock\ntry: 'a' + mock.Mock()\nexcept TypeError: x = 2", 2),
    ("match {'a': 1}:\n case {'a': 2}: x = 1\n case {'a': 1}: x = 2", 2),
    ("match 1:\n case 1: x = 1\n case 2: x = 2", 1),
    ("match 3:\n case 1: x = 1\n case _: x = 2", 2),
    ("match None:\n case True: x = 1\n case None: x = 2", 2),
    ("x = 1\nmatch 3:\n case 1: x = 2", 1),
    ("def d(f): return 7\n@d\ndef x(): pass", 7),
    ("def d(n): return lambda f: n\n@d(7)\nclass x: pass", 7),
    ("@y\ndef f(): return 1\nx = f()", 1),
    ("@(y if z else w)\ndef f(): return 1\nx = f()", 1),
    ("import zzz\n@zzz.d\ndef f(): return 1\nx = f()", 1),
    ("x = 1\nx += y", Unknown("sum")),
    ("y = ('a',)\ny += z\nx = 1", 1),
    ("@y.z(1)\nclass A: b = 1\nx = A.b", 1),
    ("class A:\n class B: c = 1\nx = A.B.c", 1),
    ("class A:\n b = 1\n c = b\nx = A.c", 1),
    ("class A(metaclass=f()): b = 1\nx = A.b", 1),
    ("b = 1\nclass A:\n def f(self): return b\n b = 2\nx = A().f()", 1),
    ("assert 1, x\nx = 1", 1),
    ("pass; x = 1", 1),
    ("import boto3\nwith y as x, z: pass\nx = 2", 2),
    ("async def f():\n async for x in [1, 2]: pass\n return x\nimport asyncio\n"
     "x = asyncio.run(f())", 2),
    ("async def f():\n async with y: return 1\nimport asyncio\nx = asyncio.run(f())", 1),
]  # fmt: skip


@pytest.mark.parametrize(("source", "value"), VALUES)
def test_value(source: str, value: object) -> None:
    """A name is bound to what running the statements would bind it to."""
    assert constant(source) == value


@pytest.mark.skipif(sys.version_info < (3, 11), reason="except* is new in Python 3.11")
def test_exception_groups() -> None:
    """`except*` is followed as `except` is."""
    assert constant("try: raise\nexcept* E: x = 2") == 2


@pytest.mark.parametrize(
    ("source", "options"),
    [
        ("if y: x = 1\nelse: x = 2", (1, 2)),
        ("x = 1\nif y: x = 2", (2, 1)),
        ("if y: x = 1\nelif z: x = 2\nelse: x = 3", (1, 2, 3)),
        ("x = 1\nfor i in y: x = 2", (2, 1)),
        ("x = 1\nwhile y: x = 2", (2, 1)),
        ("try: x = f()\nexcept E: x = 2\nx = 1 if y else 2", (1, 2)),
        ("x = 1\ntry: f()\nexcept E: x = 2", (1, 2)),
        ("match y:\n case 1: x = 1\n case _: x = 2", (1, 2)),
        ("match [y]:\n case [1]: x = 1\n case _: x = 2", (1, 2)),
        ("match {'a': [y]}:\n case {'a': [1]}: x = 1\n case _: x = 2", (1, 2)),
        ("match y:\n case [a] if a: x = 1\n case _: x = 2", (1, 2)),
        ("def f():\n if y: return 1\n return 2\nx = f()", (1, 2)),
        ("def f():\n for i in y: return 1\n return 2\nx = f()", (1, 2)),
        ("def f():\n if y: return 1\n else: return 2\nx = f()", (1, 2)),
        ("x = 0\ndef f():\n global x\n if y:\n  x = 1\n  return\n x = 2\nf()", (2, 1)),
    ],
)
def test_choice(source: str, options: tuple[object, ...]) -> None:
    """Where branches cannot be decided, their outcomes are joined."""
    found = constant(source)
    assert isinstance(found, Choice)
    assert set(found.options) == set(map(Constant, options))


@pytest.mark.parametrize(
    ("source", "certain"),
    [
        ("if 1: c.a()", [True]),
        ("if 0: c.a()", []),
        ("if y: c.a()", [False]),
        ("if y: c.a()\nc.b()", [False, True]),
        ("if y: c.a()\nelse: c.b()", [True, True]),
        ("for i in y: c.a()", [False]),
        ("for i in [1, 2]: c.a()", [True, True]),
        ("for i in [1, 2]:\n c.a()\n break", [True]),
        ("for i in []: c.a()\nelse: c.b()", [True]),
        ("for i in [j for j in [1, 2] if y]: c.a()", [False, False]),
        ("while y: c.a()", [False]),
        ("while 1: c.a()", [True]),
        ("while 0: c.a()\nelse: c.b()", [True]),
        ("with y: c.a()", [True]),
        ("try: c.a()\nexcept E: c.b()", [True, False]),
        ("try: c.a()\nexcept E: pass\nelse: c.b()\nfinally: c.d()", [True, True, True]),
        ("try: c.a()\nexcept ImportError: c.b()", [True]),
        ("try: raise E\nexcept E: c.b()", [True]),
        ("try: raise E\nexcept E: c.a()\nexcept F: c.b()", [False, True]),
        ("match y:\n case 1: c.a()", [False]),
        ("match 1:\n case 1: c.a()\n case _: c.b()", [True]),
        ("match y:\n case 1: c.a()\n case _: c.b()", [True, True]),
        ("def f():\n if y: return\n c.a()\nf()\nc.b()", [False, True]),
        ("def f():\n if y: return\n if z: return\n c.a()\nf()\nc.b()", [False, True]),
        ("def f():\n if y: raise E\n c.a()\nf()", [True]),
        ("def f():\n raise E\n c.a()\ntry: f()\nexcept E: c.b()", [True]),
        ("def f():\n if y: raise E\n else: raise F\n c.a()\ntry: f()\nexcept E: pass", []),
        ("def f():\n sys.exit()\n c.a()\ntry: f()\nexcept E: pass", []),
        ("def f():\n if y: return\n sys.exit()\ntry: f()\nexcept E: pass\nc.a()", [True]),
        ("def f():\n return\n c.a()\nf()", []),
        ("for i in [1]:\n continue\n c.a()", []),
        ("assert c.a()", [True]),
        ("class A: c.a()", [True]),
        ("def f(): c.a()", []),
        ("def f(a=c.a()): pass", [True]),
        ("@c.a\ndef f(): pass", [True]),
        ("def g():\n yield\n c.a()\nfor i in g(): c.b()", [True, True]),
        ("del c.a().b, c.b()[c.d()]", [True, True, True]),
        ("c.a().b = c.b()[0] = c.d()", [True, True, True]),
        ("x = {}\nx[0] += c.b()", [True]),
    ],
)
def test_certainty(source: str, certain: list[bool]) -> None:
    """What every run does is certain, what some runs do is in doubt, the rest is left out."""
    assert sorted(is_certain for _, _, is_certain in sent(run(CLIENT + source).effects)) == sorted(
        certain
    )


@pytest.mark.parametrize(
    ("source", "certain"),
    [
        ("if y: x = boto3.client('a')\nelse: x = boto3.client('b')", [True, True]),
        ("if y: x = boto3.client('a')\nelse: x = 1", [False]),
        ("if y: x = 1\nelif z: x = boto3.client('a')\nelse: x = boto3.client('b')", [False, False]),
        ("if z:\n if y: x = boto3.client('a')\n else: x = boto3.client('b')", [False, False]),
    ],
)
def test_every_branch_builds(source: str, certain: list[bool]) -> None:
    """A client that every branch builds is built for certain."""
    effects = run("import boto3\n" + source).effects
    assert [is_certain for _, _, is_certain in built(effects)] == certain


@pytest.mark.parametrize(
    ("source", "requests"),
    [
        ("if os.environ.get('A'): c.a()", []),
        ("if not os.environ.get('A'): c.a()", ["a"]),
        ("if os.environ.get('A') == 'b': c.a()\nelse: c.b()", ["b"]),
        ("if os.environ.get('A', '1') == '1': c.a()", ["a"]),
        ("if not os.environ.get('A'): raise E\nc.a()", ["a"]),
        ("if not os.environ.get('A'): raise E\nelse: c.b()", ["b"]),
    ],
)
def test_variables_of_the_environment(source: str, requests: list[str]) -> None:
    """A variable is taken as unset, unless the file could not be collected without it."""
    effects = run("import os, boto3\nc = boto3.client('s3')\n" + source).effects
    assert [operation for operation, _, _ in sent(effects)] == requests


def test_class() -> None:
    """A class inside another one carries both names."""
    machine = run("class A:\n class B: pass\nx = A.B")
    found = value_of(machine, "x")
    assert isinstance(found, Class)
    assert found.name == "A.B"


def test_augmented_list_with_unknown() -> None:
    """A list that takes in something unknown may have more items."""
    found = constant("x = [1]\nx += y")
    assert isinstance(found, Collection)
    assert found.open


@pytest.mark.parametrize("statement", ["raise E", "sys.exit()", "pytest.skip()"])
def test_end(statement: str) -> None:
    """A module that ends early is not loaded."""
    machine = run("try: import other\nexcept E: x = 1", other=f"import sys, pytest\n{statement}")
    assert "other" not in machine.environment.modules
    assert value_of(machine, "x") == Constant(1)


def test_several_names_deleted() -> None:
    """A `del` may name tuples and lists of targets."""
    machine = run("a, b, c = 1, 2, 3\ndel (a, [b])")
    assert [value_of(machine, name) for name in "abc"] == [None, None, Constant(3)]
