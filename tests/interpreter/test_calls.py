"""Calls: arguments, instances, caches, recursion, and calls of what is not known."""

from __future__ import annotations

import ast

import pytest

from flake8_moto_order.interpreter.arguments import Argument
from flake8_moto_order.interpreter.provenance import describe
from flake8_moto_order.interpreter.reachability import reachable
from flake8_moto_order.interpreter.slots import Slots
from flake8_moto_order.interpreter.values import (
    Choice,
    Collection,
    Constant,
    Instance,
    Library,
    Unknown,
)
from tests.memory import built, constant, run, sent, value_of

VALUES = [
    ("def f(a, b): return b\nx = f(1, 2)", 2),
    ("def f(a, b=3): return b\nx = f(1)", 3),
    ("def f(a, /, b, *, c): return c\nx = f(1, 2, c=4)", 4),
    ("def f(*, c=4): return c\nx = f()", 4),
    ("def f(*, c): return c\nx = f()", Unknown("c")),
    ("def f(a): return a\nx = f()", Unknown("a")),
    ("def f(*a): return len(a)\nx = f(1, 2)", 2),
    ("def f(a, *b): return b[0]\nx = f(1, 2)", 2),
    ("def f(**k): return k['a']\nx = f(a=1)", 1),
    ("def f(a, **k): return len(k)\nx = f(a=1, b=2)", 1),
    ("def f(a): return a\nx = f(*y)", Unknown("a")),
    ("def f(a=1): return a\nx = f(**y)", Unknown("a")),
    ("def f(n): return f(n)\nx = f(1)", Unknown("recursion in f")),
    ("y = 1\ndef f(): return y\ny = 2\nx = f()", 2),
    ("def f():\n y = 1\n return lambda: y\nx = f()()", 1),
    ("def f(a=[]):\n a.append(1)\n return len(a)\nf()\nx = f()", 2),
    ("class A:\n def __call__(self, v): return v\nx = A()(1)", 1),
    ("class A:\n def __new__(cls): return super().__new__(cls)\n x = 1\nx = A().x", 1),
    ("class A:\n def __new__(cls):\n  i = object.__new__(cls)\n  i.x = 1\n  return i\n"
     "x = A().x", 1),
    ("class A:\n i = None\n def __new__(cls):\n  if cls.i is None: cls.i = object.__new__(cls)\n"
     "  return cls.i\nA().x = 1\nx = A().x", 1),
    ("from dataclasses import dataclass\n@dataclass\nclass A:\n a: int\n b: int = 2\n"
     "x = A(1).b", 2),
    ("from dataclasses import dataclass\n@dataclass\nclass A:\n a: int\nx = A(a=1).a", 1),
    ("from dataclasses import *\n@dataclass(frozen=True)\nclass A:\n a: int\nx = A(3)", None),
    ("from dataclasses import dataclass, field\n@dataclass(frozen=True)\nclass A:\n"
     " a: dict = field(default_factory=dict)\nx = len(A().a)", 0),
    ("from dataclasses import dataclass, field\n@dataclass\nclass A:\n a: int = field(default=5)\n"
     "x = A().a", 5),
    ("from dataclasses import dataclass\n@dataclass\nclass A:\n a: int\n"
     " def __post_init__(self): self.b = self.a\nx = A(6).b", 6),
    ("from dataclasses import dataclass\n@dataclass\nclass A:\n a: int\n@dataclass\n"
     "class B(A):\n b: int\nx = B(1, 2).b", 2),
    ("from dataclasses import dataclass, field\nclass B: pass\n@dataclass\nclass A(B):\n"
     " a: int = field(init=False)\n b: int = 7\nx = A().b", 7),
    ("class A:\n def __init__(self): self.n = 0\n def __iter__(self):\n  self.n = 1\n  yield 1\n"
     "a = A()\n1 in a\nx = a.n", 1),
    ("n = []\nimport functools\n@functools.lru_cache\ndef f(a):\n n.append(a)\n return a\n"
     "f(1)\nf(1)\nx = len(n)", 1),
    ("n = []\nimport functools\n@functools.lru_cache(maxsize=None)\ndef f(a):\n n.append(a)\n"
     "f(1)\nf(2)\nf(a=1)\nf(a=1)\nx = len(n)", 3),
    ("n = []\nimport functools\n@functools.cache\ndef f(a):\n n.append(a)\nf(n)\nf(n)\nf([])\n"
     "x = len(n)", 2),
    ("n = []\nimport functools\n@functools.cache\ndef f():\n n.append(1)\nf()\nf.cache_clear()\n"
     "f()\nx = len(n)", 2),
    ("class A:\n def __iter__(self): return iter_\nx = [*A()]\nx = 1", 1),
    ("class A:\n def __iter__(self):\n  yield 1\n  yield 2\nx = list(A())[1]", 2),
    ("class A: pass\nx = len(list(A()) or [1])", None),
    ("def f(): return 1\ndef g(): return 2\nx = (f if y else None)()", 1),
]  # fmt: skip


@pytest.mark.parametrize(("source", "value"), VALUES)
def test_value(source: str, value: object) -> None:
    """A call gives what running it would give."""
    found = constant(source)
    if value is None:
        assert not isinstance(found, int)
    else:
        assert found == value


def test_choice_of_functions() -> None:
    """A call of one of several functions runs each in doubt."""
    machine = run(
        "import boto3\ndef f(): return boto3.client('s3')\ndef g(): return 1\nx = (f if y else g)()"
    )
    assert isinstance(value_of(machine, "x"), Choice)
    assert [certain for _, _, certain in built(machine.effects)] == [False]


def test_choice_of_nothing() -> None:
    """A call of what is None either way gives nothing."""
    assert constant("x = 1\nx = (None if y else None)()") is not None


@pytest.mark.parametrize(
    "call",
    [
        "f(c)",
        "f(1, key=c)",
        "f([c])",
        "A()(c)",
        "os.f(c)",
        "g(c).h",
        "Mock(c)",
        "[m := Mock(), m(c)]",
        "functools.partial(f, c)",
        "B(c)",
        "lambda: c",
        "executor.submit(lambda: c)",
        "{'a': c}.get('b', c)",
        "{**{1: c}}",
        "D(c)",
    ],
)
def test_holding(call: str) -> None:
    """What a call is given may be held by what it returns."""
    head = (
        "import boto3, functools, os\nfrom unittest.mock import Mock\n"
        "class A: pass\nclass B: pass\n"
        "from concurrent.futures import ThreadPoolExecutor\nexecutor = ThreadPoolExecutor()\n"
        "class D:\n def __init__(self, c): self.c = c\n"
        "def k():\n c = boto3.client('s3')\n return "
    )
    machine = run(head + call + "\nx = k()")
    value = value_of(machine, "x")
    held = reachable(Slots({"x": value}))
    assert bool(held) is not call.endswith(".h")


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("f()", "f"),
        ("a.b.c()", "a.b.c"),
        ("a().b()", "a.b"),
        ("a.b", "a.b"),
        ("[]()", "list"),
        ("x[0].y()", "subscript.y"),
        ("a" + ".b" * 2000, "a" + ".b" * 2000),
    ],
)
def test_description(source: str, name: str) -> None:
    """A call is named as the user wrote it."""
    assert describe(ast.parse(source, mode="eval").body) == name


def test_argument_of_a_cache() -> None:
    """Arguments are the same by value when they are plain, else by identity."""
    first, second = Collection("list"), Collection("list")
    assert Argument(Constant(1)) == Argument(Constant(1))
    assert len({Argument(Constant(1)), Argument(Constant(1)), Argument(first)}) == 2
    assert Argument(first) != Argument(second)
    assert Argument(first) != first


def test_provenance() -> None:
    """An effect carries every call and import that leads to it."""
    machine = run("import other\nother.f()", other="import boto3\ndef f(): boto3.client('s3')")
    (effect,) = [e for e in machine.effects if e.call_path]
    assert [(s.site.path, s.site.line, s.what) for s in effect.call_path] == [
        ("/p/main.py", 2, "other.f"),
        ("/p/other.py", 2, "boto3.client"),
    ]


def test_collection_argument_is_shared() -> None:
    """A list that a function is given is the caller's own."""
    found = constant("def f(a): a.append(1)\nx = []\nf(x)")
    assert isinstance(found, Collection)
    assert len(found.slots) == 1


@pytest.mark.parametrize("call", ["A(1)", "A(key=1)", "A()"])
def test_plain_class(call: str) -> None:
    """A class without an initializer keeps what it is given."""
    found = constant(f"class A: pass\nx = {call}")
    assert isinstance(found, Instance)
    assert bool(found.attributes) is (call != "A()")


def test_unknown_call() -> None:
    """A call of a library's name gives something unknown that names its origin."""
    assert constant("import zzz\nx = zzz.f()") == Unknown("zzz.f")
    assert constant("import zzz\nx = zzz.f") == Library("zzz.f")


def test_async_function_sends_when_awaited() -> None:
    """A coroutine sends its requests when it is awaited, not when it is called."""
    source = "import boto3, asyncio\nc = boto3.client('s3')\nasync def f(): c.a()\ny = f()\n"
    assert not sent(run(source).effects)
    assert sent(run(source + "asyncio.run(y)").effects) == [("a", False, True)]
