"""Context managers of the project: written as classes and as generators."""

from __future__ import annotations

import pytest

from flake8_moto_order.interpreter.values import Unknown
from tests.memory import constant, run, sent

CLASS = """
class Own:
    def __init__(self, name): self.name = name
    def __enter__(self):
        c.enter()
        return self.name
    def __exit__(self, *error): c.leave()
"""
GENERATOR = """
import contextlib
@contextlib.contextmanager
def Own(name):
    c.enter()
    try: yield name
    finally: c.leave()
"""
ASYNC = """
class Own:
    def __init__(self, name): self.name = name
    async def __aenter__(self):
        c.enter()
        return self.name
    async def __aexit__(self, *error): c.leave()
"""
CLIENT = "import boto3\nc = boto3.client('s3')\n"
AROUND = ["enter", "body", "leave"]


@pytest.mark.parametrize("manager", [CLASS, GENERATOR, ASYNC], ids=["class", "generator", "async"])
@pytest.mark.parametrize(
    ("source", "order"),
    [
        ("with Own(1): c.body()", AROUND),
        ("with Own(1) as x, Own(2): c.body()", ["enter", *AROUND, "leave"]),
        ("with Own(1):\n with Own(2): c.body()", ["enter", *AROUND, "leave"]),
        ("def f():\n with Own(1): return c.body()\nf()", AROUND),
        ("with (Own(1) if y else None): c.body()", AROUND),
    ],
)
def test_order(manager: str, source: str, order: list[str]) -> None:
    """What a manager does on the way in and out stands around the body."""
    effects = run(CLIENT + manager + source).effects
    assert [operation for operation, _, _ in sent(effects)] == order


@pytest.mark.parametrize("manager", [CLASS, GENERATOR, ASYNC], ids=["class", "generator", "async"])
def test_value(manager: str) -> None:
    """`as` binds what the manager gives."""
    assert constant(f"{CLIENT}{manager}with Own(7) as x: pass") == 7


@pytest.mark.parametrize("manager", [CLASS, GENERATOR], ids=["class", "generator"])
def test_error_in_the_body(manager: str) -> None:
    """A class is left when its body raises; so is a generator at the latest there."""
    source = f"{CLIENT}{manager}try:\n with Own(1): raise E\nexcept E: c.handler()"
    effects = run(source).effects
    assert {operation for operation, _, _ in sent(effects)} >= {"enter", "handler"}


@pytest.mark.parametrize(
    ("source", "order"),
    [
        ("s = contextlib.ExitStack()\ns.enter_context(Own(1))\nc.after()", ["enter", "after"]),
        ("with contextlib.ExitStack() as s: s.enter_context(Own(1)); c.go()", ["enter", "go"]),
    ],
)
@pytest.mark.parametrize("manager", [CLASS, GENERATOR], ids=["class", "generator"])
def test_left_open(manager: str, source: str, order: list[str]) -> None:
    """A manager that an exit stack enters stays entered until the stack is closed."""
    effects = run(CLIENT + "import contextlib\n" + manager + source).effects
    left = ["leave"] if "with" in source else []
    assert [operation for operation, _, _ in sent(effects)] == [*order, *left]


@pytest.mark.parametrize("end", ["raise ValueError", "yield from [c.again()]"])
def test_generator_left_with_an_error(end: str) -> None:
    """What stands behind the yield runs, however it ends."""
    source = (
        "import contextlib\n@contextlib.contextmanager\n"
        f"def own():\n    yield\n    c.left()\n    {end}\n"
        "s = contextlib.ExitStack()\ns.enter_context(own())\ns.close()\n"
    )
    assert "left" in [operation for operation, _, _ in sent(run(CLIENT + source).effects)]


@pytest.mark.parametrize(
    ("generator", "order"),
    [
        ("try: yield\n    except E: c.no()\n    else: c.left()\n    finally: c.end()",
         ["go", "left", "end"]),
        ("try: c.enter()\n    except E: c.no()\n    else:\n        yield\n        c.left()\n"
         "    finally: c.end()", ["enter", "go", "left", "end"]),
    ],
)
def test_generator_left_in_a_try(generator: str, order: list[str]) -> None:
    """A generator goes on behind its yield, whichever part of a `try` that stands in."""
    source = (
        f"import contextlib\n@contextlib.contextmanager\ndef own():\n    {generator}\n"
        "s = contextlib.ExitStack()\ns.enter_context(own())\nc.go()\ns.close()\n"
    )
    effects = run(CLIENT + source).effects
    assert [operation for operation, _, _ in sent(effects)] == order


def test_closed_without_yield() -> None:
    """What a generator does that ends without a yield is not done again when its stack closes."""
    source = (
        "import contextlib\n@contextlib.contextmanager\ndef own():\n    c.made()\n    if 0: yield\n"
        "s = contextlib.ExitStack()\ns.enter_context(own())\ns.close()\n"
    )
    assert sent(run(CLIENT + source).effects) == [("made", False, True)]


def test_generator_without_yield() -> None:
    """Python raises when it enters one: what stands in the block is in doubt."""
    source = "import contextlib\n@contextlib.contextmanager\ndef own():\n    if 0: yield\n"
    effects = run(f"{CLIENT}{source}with own(): c.body()").effects
    assert sent(effects) == [("body", False, False)]
    entered = run(f"{CLIENT}{source}contextlib.ExitStack().enter_context(own())")
    assert sent(entered.effects) == []


def test_entered_by_hand() -> None:
    """A manager can be entered and left by calls of its methods."""
    source = "m = Own(1)\nm.__enter__()\nc.body()\nm.__exit__()"
    effects = run(CLIENT + CLASS + source).effects
    assert [operation for operation, _, _ in sent(effects)] == AROUND


@pytest.mark.parametrize("name", ["unittest.mock.patch", "pytest.raises", "moto.mock_aws"])
def test_no_manager(name: str) -> None:
    """What a library's function would give is not known where it is not called."""
    library = name.rpartition(".")[0]
    assert isinstance(constant(f"import {library}\nwith {name} as x: pass"), Unknown)


def test_decorator() -> None:
    """A context manager function decorates: it is entered around the call."""
    effects = run(CLIENT + GENERATOR + "@Own(1)\ndef f(): c.body()\nf()").effects
    assert [operation for operation, _, _ in sent(effects)] == AROUND


def test_decorator_is_entered_every_time() -> None:
    """Each call of the decorated function enters anew."""
    effects = run(CLIENT + GENERATOR + "@Own(1)\ndef f(): c.body()\nf()\nf()").effects
    assert [operation for operation, _, _ in sent(effects)] == AROUND * 2


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("with y as x: pass", Unknown("y")),
        ("with open('f') as x: pass", Unknown("builtins.open")),
        ("class A: pass\nwith A() as y: x = 1", 1),
        ("with 1 as x: pass", Unknown("with")),
        ("import contextlib\n@contextlib.contextmanager\ndef f(): pass\nwith f() as y: x = 1", 1),
        ("import contextlib\n@contextlib.contextmanager\ndef f(): yield 1; yield 2\n"
         "with f() as x: pass", 1),
        ("with None if y else None: x = 1", 1),
    ],
)  # fmt: skip
def test_others(source: str, value: object) -> None:
    """A manager that is not understood lets its body run."""
    assert constant(source) == value


@pytest.mark.parametrize(
    ("source", "order"),
    [
        ("with ExitStack() as s: s.callback(c.last); c.go()", "go last"),
        ("with ExitStack() as s: s.callback(tell, 'a', name='b'); c.go()", "go a b"),
        ("with ExitStack() as s: s.callback(c.two); s.callback(c.one)", "one two"),
        ("with ExitStack() as s:\n @s.callback\n def f(): c.f()\n f()", "f f"),
        ("with ExitStack() as a:\n a.callback(c.a)\n with ExitStack() as b: b.callback(c.b)\n"
         " c.go()", "b go a"),
        ("s = ExitStack()\ns.callback(c.last)\ns.close()\nc.go()\ns.close()", "last go"),
        ("s = ExitStack()\ns.__enter__().callback(c.last)\ns.__exit__(None, None, None)\nc.go()",
         "last go"),
        ("with ExitStack() as s:\n s.callback(c.two)\n s.callback(c.one)\n t = s.pop_all()\n"
         "c.go()\nt.close()", "go one two"),
        ("with ExitStack() as s: s.callback()\nc.go()", "go"),
        ("async def f():\n async with AsyncExitStack() as s:\n"
         "  await s.enter_async_context(Async())\n  c.go()\nasyncio.run(f())", "enter go leave"),
        ("async def f():\n async with AsyncExitStack() as s:\n"
         "  s.push_async_callback(last, 'a')\n  c.go()\nasyncio.run(f())", "go a"),
        ("async def f():\n s = AsyncExitStack()\n s.callback(c.last)\n await s.aclose()\n"
         " c.go()\nasyncio.run(f())", "last go"),
        ("async def f():\n s = await AsyncExitStack().__aenter__()\n s.callback(c.last)\n"
         " await s.__aexit__(None, None, None)\n c.go()\nasyncio.run(f())", "last go"),
        ("@contextlib.contextmanager\ndef m(a, b):\n tell(a, b)\n yield\n"
         "@m('in', b='to')\ndef f(): c.f()\nf(); f()", "in to f in to f"),
    ],
)  # fmt: skip
def test_exit_stack(source: str, order: str) -> None:
    """What is put on an exit stack runs when it is left, the last first."""
    head = """
import asyncio, contextlib
from contextlib import ExitStack, AsyncExitStack
def tell(first, name=None):
    getattr(c, first)()
    if name: getattr(c, name)()
async def last(name): tell(name)
class Async:
    async def __aenter__(self): c.enter()
    async def __aexit__(self, *a): c.leave()
"""
    effects = run(CLIENT + head + source).effects
    assert " ".join(operation for operation, _, _ in sent(effects)) == order


@pytest.mark.parametrize(
    ("source", "certain"),
    [
        ("with vcr.use_cassette('x'): c.a()", False),
        ("with vcr.more.of_it(): c.a()", False),
        ("with (vcr.use_cassette('x') if y else None): c.a()", False),
        ("@vcr.use_cassette('x')\ndef f(): c.a()\nf()", False),
        ("@vcr.recorded\ndef f(): c.a()\nf()", False),
        ("@vcr.stub\nclass A:\n n = 1\n def f(self): c.a()\nA().f()", False),
        ("@vcr.stub\nclass A:\n def _f(self): c.a()\nA()._f()", True),
        ("@vcr.use_cassette('x')\nclass A: pass\nA(); c.a()", True),
        ("with awslib.session(): c.a()", True),
        ("@boto_tools.traced\ndef f(): c.a()\nf()", True),
    ],
)  # fmt: skip
def test_name_speaks_of_mocking(source: str, certain: bool) -> None:
    """In test code, what nobody knows is taken for a mock if its name speaks of mocking."""
    head = f"{CLIENT}import awslib, boto_tools, vcr\n"
    assert sent(run(head + source).effects) == [("a", False, certain)]


@pytest.mark.parametrize(
    "source",
    [
        "with vcr.use_cassette('x'): c.a()",
        "@vcr.use_cassette('x')\ndef f(): c.a()\nf()",
        "@vcr.stub\nclass A:\n def f(self): c.a()\nA().f()",
    ],
)
def test_application_code_is_transparent(source: str) -> None:
    """In application code no name counts."""
    effects = run("import app", app=f"{CLIENT}import vcr\n{source}").effects
    assert sent(effects) == [("a", False, True)]


def test_client_that_application_code_hands_on() -> None:
    """A client that goes to a library that speaks of mocking is replaced in test code only."""
    source = "import placebo\nplacebo.attach(c)\nc.a()"
    assert sent(run(CLIENT + source).effects) == [("a", True, True)]
    assert sent(run("import app", app=CLIENT + source).effects) == [("a", False, True)]
