"""Models of pytest: what its decorators make, what ends a test, what is expected to raise."""

from __future__ import annotations

from pathlib import Path

import pytest

from flake8_moto_order.interpreter.values import Fixture, Function, Mark, Native, Unknown
from tests import runs
from tests.memory import constant, run, value_of

HEAD = "import pytest, pytest_asyncio\nfrom pytest import fixture, mark\ndef g(): pass\n"
FIXTURES = [
    ("pytest.fixture(g)", ("function", False, "", False)),
    ("pytest.fixture()(g)", ("function", False, "", False)),
    ("fixture(scope='module')(g)", ("module", False, "", False)),
    ("fixture(scope='class', autouse=True)(g)", ("class", True, "", False)),
    ("fixture(name='f')(g)", ("function", False, "f", False)),
    ("fixture(params=[1, 2])(g)", ("function", False, "", True)),
    ("fixture(scope=lambda **k: 'session')(g)", ("function", False, "", False)),
    ("fixture(autouse=y)(g)", ("function", True, "", False)),
    ("pytest.yield_fixture(g)", ("function", False, "", False)),
    ("pytest_asyncio.fixture(scope='session')(g)", ("session", False, "", False)),
]


@pytest.mark.parametrize(("source", "expected"), FIXTURES)
def test_fixture(source: str, expected: tuple[str, bool, str, bool]) -> None:
    """A fixture has a scope, a name, parameters, and may be for all tests."""
    made = value_of(run(f"{HEAD}x = {source}"), "x")
    assert isinstance(made, Fixture)
    assert (made.scope, made.autouse, made.name, made.params is not None) == expected


MARKS = [
    ("@mark.slow", ["slow"]),
    ("@mark.slow()", ["slow"]),
    ("@mark.slow(1)", ["slow"]),
    ("@mark.slow\n@mark.fast", ["fast", "slow"]),
    ("m = mark.slow(1)\n@m", ["slow"]),
    ("m = mark.slow\n@m", ["slow"]),
    ("@pytest.mark.parametrize('a', [1])", ["parametrize"]),
]


@pytest.mark.parametrize(("source", "names"), MARKS)
@pytest.mark.parametrize("target", ["def x(a): pass", "class x: pass"])
def test_mark(source: str, names: list[str], target: str) -> None:
    """A mark goes to the function or class that it decorates."""
    marked = value_of(run(f"{HEAD}{source}\n{target}"), "x")
    assert [found.name for found in getattr(marked, "marks")] == names


@pytest.mark.parametrize(
    "source",
    [
        "import functools\n@mark.slow\n@functools.lru_cache\ndef x(): pass",
        "from moto import mock_aws\n@mark.slow\n@mock_aws\ndef x(): pass",
        "@mark.slow\n@pytest.fixture\ndef x(): pass",
    ],
)
def test_mark_through(source: str) -> None:
    """A mark goes through decorators to the function."""
    value = value_of(run(HEAD + source), "x")
    while not isinstance(value, Function):
        value = getattr(value, "callee")
    assert [found.name for found in value.marks] == ["slow"]


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("mark.slow(1, a=2)", "slow"),
        ("mark.skip(reason='a')", "skip"),
        ("pytest.param(1, marks=mark.slow)", "param"),
    ],
)
def test_mark_alone(source: str, name: str) -> None:
    """A mark with arguments waits for what it decorates."""
    made = value_of(run(f"{HEAD}x = {source}"), "x")
    assert isinstance(made, Mark)
    assert made.name == name


@pytest.mark.parametrize("source", ["mark.slow(3)(4)", "mark.slow(2)(None)"])
def test_mark_of_other(source: str) -> None:
    """What is neither function nor class gets no mark."""
    assert constant(f"{HEAD}y = {source}\nx = 1") == 1


@pytest.mark.parametrize("name", ["pytest", "_pytest.monkeypatch"])
def test_monkeypatch(name: str) -> None:
    """MonkeyPatch may be made by hand."""
    made = value_of(run(f"import {name}\nx = {name}.MonkeyPatch()"), "x")
    assert isinstance(made, Native)


UNDONE = [
    ("m.setattr(A, 'b', 2)\nm.undo()\nx = A.b", 1),
    ("m.setattr(A, 'b', 2)\nm.setattr(A, 'b', 3)\nm.undo()\nx = A.b", 1),
    ("m.delattr(A, 'b')\nm.undo()\nx = A.b", 1),
    ("m.setattr('main.A.b', 2)\nm.undo()\nx = A.b", 1),
    ("m.setitem(D, 'b', 2)\nm.undo()\nx = len(D)", 1),
    ("m.setitem(D, 'a', 2)\nm.undo()\nx = D['a']", 1),
    ("m.delitem(D, 'a')\nm.undo()\nx = D['a']", 1),
    ("m.setenv('K', 'v')\nm.undo()\nx = os.environ.get('K')", None),
    ("m.setattr(A, 'b', 2)\nm.undo()\nm.setattr(A, 'b', 3)\nx = A.b", 3),
    ("m.delattr(A, 'nothing', raising=False)\nx = A.b", 1),
    ("m.delitem(D, 'nothing', raising=False)\nx = len(D)", 1),
    ("m.delenv('NOTHING', raising=False)\nx = 1", 1),
    ("with m.context() as n: n.setattr(A, 'b', 2)\nx = A.b", 1),
    ("with pytest.MonkeyPatch.context() as n: n.setattr(A, 'b', 2); x = A.b", 2),
    ("with pytest.MonkeyPatch.context() as n: n.setattr(A, 'b', 2)\nx = A.b", 1),
    ("m.setattr(A, 'c', 2, raising=False)\nx = A.c", 2),
    ("m.setattr(target=A, name='b', value=2)\nx = A.b", 2),
    ("m.setenv(name='K', value='v')\nx = os.environ['K']", "v"),
    ("m.setitem(dic=D, name='a', value=4)\nx = D['a']", 4),
    ("m.syspath_prepend('/q')\nx = sys.path[0]", "/q"),
    ("m.syspath_prepend(path=pathlib.Path('/q'))\nx = sys.path[0]", "/q"),
    ("m.syspath_prepend('/q')\nm.undo()\nx = sys.path[0]", "/p"),
    ("m.delattr(target=A, name='b')\nx = A.b", Unknown),
    ("m.delattr('main.A.b')\nx = A.b", Unknown),
    ("m.delattr('main.A.b')\nm.undo()\nx = A.b", 1),
    ("m.delattr(A, unknown)\nx = A.b", 1),
    ("m.delitem(dic=D, name='a')\nx = len(D)", 0),
    ("m.setitem(dic=D, name='b', value=4)\nx = len(D)", 2),
    ("m.setenv('K', 'v')\nm.delenv('K')\nx = 'K' in os.environ", False),
    ("m.setenv('K', 'v')\nm.delenv(name='K')\nx = 'K' in os.environ", False),
    ("with m.context() as n: n.setattr(A, 'b', 2); x = A.b", 2),
    ("m.setattr(A, 'b', 2)\nwith m.context() as n: n.setattr(A, 'b', 3)\nx = A.b", 2),
]  # fmt: skip


@pytest.mark.parametrize(("source", "value"), UNDONE)
def test_changes(source: str, value: object) -> None:
    """monkeypatch changes attributes, items and variables, and undoes that."""
    head = "import os, pathlib, sys, pytest\nclass A: b = 1\nD = {'a': 1}\n"
    found = constant(f"{head}m = pytest.MonkeyPatch()\n{source}")
    assert isinstance(found, Unknown) if value is Unknown else found == value


@pytest.mark.parametrize(
    "source",
    [
        "setattr()",
        "setattr(A)",
        "setattr(A, 'b')",
        "delattr(A)",
        "setitem(D)",
        "setenv('K')",
        "syspath_prepend(y)",
        "nothing(1)",
    ],
)
def test_changes_nothing(source: str) -> None:
    """A call with arguments missing has no effect."""
    head = "import pytest\nclass A: b = 1\nD = {'a': 1}\nm = pytest.MonkeyPatch()\n"
    assert constant(f"{head}try: m.{source}\nexcept TypeError: pass\nx = A.b") == 1


RUNS = {
    "an error is expected": (
        "def test_a():\n with pytest.raises(ValueError): aws.a(); raise ValueError\n aws.b()",
        "a? b"),
    "of a function": (
        "def f(x):\n aws.a()\n raise ValueError\n"
        "def test_a():\n pytest.raises(ValueError, f, 1)\n aws.b()", "a? b"),
    "of a function that returns": (
        "def f(x): aws.a()\ndef test_a(): pytest.raises(ValueError, f, 1)", "a?"),
    "importorskip": ("def test_a():\n pytest.importorskip('os')\n aws.a()", "a"),
    "importorskip of a module of the project": (
        "def test_a(): pytest.importorskip('other').f(aws)", "other"),
    "warnings are expected": ("def test_a():\n with pytest.warns(UserWarning): aws.a()", "a"),
    "exit": ("def test_a(): pytest.exit('')\n", ""),
}  # fmt: skip


@pytest.mark.parametrize(("source", "calls"), RUNS.values(), ids=RUNS)
def test_run(tmp_path: Path, source: str, calls: str) -> None:
    """What is expected to raise may not happen (`?`); the test goes on."""
    trace = runs.run(tmp_path, source, {"other.py": "def f(c): c.other()"})
    assert runs.calls_of(trace) == calls


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("pytest.skip('', allow_module_level=True)\ndef test_a(): pass", ""),
        ("pytest.importorskip('os')\ndef test_a(): pass", "test_a"),
        ("if False: pytest.skip('', allow_module_level=True)\ndef test_a(): pass", "test_a"),
        ("raise unittest.SkipTest('')\ndef test_a(): pass", ""),
    ],
)
def test_module(tmp_path: Path, source: str, names: str) -> None:
    """A module that skips itself has no tests."""
    assert runs.names_of(runs.run(tmp_path, source)) == names


REQUEST = {
    "a fixture by an unknown name": (
        "import nowhere\n@pytest.fixture\ndef f(): aws.f()\n"
        "def test_a(request):\n request.getfixturevalue(nowhere.name())\n aws.a()", "a?"),
    "the module": ("x = 1\ndef test_a(request):\n if request.module.x == 1: aws.a()", "a"),
    "the class": (
        "class TestA:\n x = 1\n def test_a(self, request):\n"
        "  if request.cls.x == 1: aws.a()", "a"),
    "the function": (
        "def test_a(request):\n if request.function is not None: aws.a()", "a"),
    "a fixture that a plugin may have": (
        "def test_a(request):\n request.getfixturevalue('nothing')\n aws.a()", "a"),
    "a parameter among others": (
        "@pytest.fixture(params=[1, 2])\ndef f(request): return request.param\n"
        "def test_a(f):\n if f == 1: aws.a()", "a?"),
    "one parameter": (
        "@pytest.fixture(params=[1])\ndef f(request): return request.param\n"
        "def test_a(f):\n if f == 1: aws.a()\n else: aws.b()", "a"),
    "the configuration": (
        "def test_a(request):\n request.config.getoption('x', 1)\n aws.a()", "a"),
}  # fmt: skip


@pytest.mark.parametrize(("source", "calls"), REQUEST.values(), ids=REQUEST)
def test_request(tmp_path: Path, source: str, calls: str) -> None:
    """`request` tells of the test that asks."""
    assert runs.calls_of(runs.run(tmp_path, source)) == calls


def test_fixture_of_a_library(tmp_path: Path) -> None:
    """A function of a library can be a fixture too; it asks for no others."""
    source = "import os\nf = pytest.fixture(os.getcwd)\ndef test_a(f): aws.a()"
    assert runs.calls_of(runs.run(tmp_path, source)) == "a"


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("@mock_aws\n@pytest.fixture\ndef f(): aws.f()\ndef test_a(f): aws.a()\n"
         "def test_b(): pass", "test_b"),
        ("@pytest.fixture\n@mock_aws\ndef f(): aws.f()\ndef test_a(f): aws.a()", "test_a"),
    ],
)  # fmt: skip
def test_lost_fixture(tmp_path: Path, source: str, names: str) -> None:
    """A fixture behind a decorator of moto is lost: tests that ask for it fail."""
    assert runs.names_of(runs.run(tmp_path, source)) == names
