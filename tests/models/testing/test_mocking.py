"""Models of unittest.mock and pytest: fakes, patches, monkeypatch."""

from __future__ import annotations

import pytest

from flake8_moto_order.interpreter.values import Fake, Library, Unknown
from tests.memory import constant, machine_for, run, sent, value_of

HEAD = """
import os, pytest
from unittest import mock
from unittest.mock import patch, Mock, MagicMock
class A:
    b = 1
def f(*a): return A.b
"""
PACKAGE = {"p/__init__.py": "", "p/q.py": "v = 1", "p/ends.py": "raise E"}
VALUES = [
    ("p = patch.object(A, 'b', 2)\np.start()\nx = A.b", 2),
    ("p = patch.object(A, 'b', 2)\np.start()\np.stop()\nx = A.b", 1),
    ("with patch.object(A, 'b', 2): x = A.b", 2),
    ("with patch.object(A, 'b', new=2) as x: pass", 2),
    ("with patch.object(A, 'b', 2): pass\nx = A.b", 1),
    ("@patch.object(A, 'b', 2)\ndef g(): return A.b\nx = g()", 2),
    ("@patch.object(A, 'b', 2)\n@patch.object(A, 'c', 3)\ndef g(): return A.c\nx = g()", 3),
    ("@patch.object(A, 'b', 2)\nclass C: d = 4\nx = C.d", 4),
    ("with patch.dict(os.environ, {'K': 'v'}): x = os.environ['K']", "v"),
    ("with patch.dict('os.environ', {'K': 'v'}): x = os.environ['K']", "v"),
    ("with patch.dict(os.environ): x = 1", 1),
    ("d = {}\nwith mock.patch.dict(d, {'a': 1}): x = d['a']", 1),
    ("patch('os.getcwd', lambda: 3).start()\nx = os.getcwd()", 3),
    ("p = patch('os.x', 5)\np.start()\np.stop()\nx = os.x", Library("os.x")),
    ("with patch('nothing'): x = 1", 1),
    ("with patch.dict(y, **z): x = 1", 1),
    ("with patch.dict(): x = 1", 1),
    ("patch.object(A, 'b', 2)(1)\nx = A.b", 1),
    ("p = patch.dict(os.environ, {'K': 'v'})\np.start()\np.stop()\nx = 1", 1),
    ("with patch('p.q.v', 8):\n import p.q\n x = p.q.v", 8),
    ("patch('p.ends.z').start()\nx = 1", 1),
    ("with patch(y): x = 1", 1),
    ("with patch.object(A, y): x = 1", 1),
    ("patch('main.A').start()\nx = 1", 1),
    ("m = pytest.MonkeyPatch()\nm.setattr(A, 'b', 2)\nx = A.b", 2),
    ("m = pytest.MonkeyPatch()\nm.setattr('os.x', 2)\nx = os.x", 2),
    ("m = pytest.MonkeyPatch()\nm.setattr('x', 2)\nx = 1", 1),
    ("m = pytest.MonkeyPatch()\nm.setattr('p.q.v', 8)\nimport p.q\nx = p.q.v", 8),
    ("m = pytest.MonkeyPatch()\nm.setattr(A, y, 2)\nx = A.b", 1),
    ("m = pytest.MonkeyPatch()\nm.setenv('K', 'v')\nx = os.environ['K']", "v"),
    ("m = pytest.MonkeyPatch()\nm.setenv('K', 'v')\nm.delenv('K')\nx = os.environ.get('K')", None),
    ("m = pytest.MonkeyPatch()\nd = {}\nm.setitem(d, 'a', 1)\nx = d['a']", 1),
    ("m = pytest.MonkeyPatch()\nd = {'a': 1}\nm.delitem(d, 'a')\nx = len(d)", 0),
    ("m = pytest.MonkeyPatch()\nd = {'a': 1}\nm.delitem(d, y)\nm.setitem(d, y, 1)\nx = len(d)", 1),
    ("x = pytest.importorskip('main').f()", 1),
    ("x = pytest.importorskip(y)", None),
    ("x = pytest.fixture(f)()", None),
    ("@pytest.fixture\ndef g(): return 1\nx = g()", None),
    ("x = 1 if pytest.approx(1) else 1", 1),
]  # fmt: skip


@pytest.mark.parametrize(("source", "value"), VALUES)
def test_value(source: str, value: object) -> None:
    """Patches change what they name while they are in force."""
    machine = machine_for({"main.py": HEAD + source, **PACKAGE})
    machine.load("main")
    bound = value_of(machine, "x")
    found = getattr(bound, "value", bound)
    assert found == value or value is None and found is not None


@pytest.mark.parametrize(
    "source",
    ["Mock()", "MagicMock().a.b()", "mock.AsyncMock(1)", "mock.create_autospec(A)", "Mock()()"],
)
def test_fake(source: str) -> None:
    """A mock and all that comes from it are fakes."""
    assert isinstance(constant(f"{HEAD}x = {source}"), Fake)


@pytest.mark.parametrize(
    "source", ["with Mock() as x: pass", "patch('os.y').start()\nimport os\nx = os.y()"]
)
def test_fake_in_use(source: str) -> None:
    """A fake is a context manager, and what a patch puts in by default."""
    assert isinstance(constant(HEAD + source), Fake)


def test_fake_sends_nothing() -> None:
    """A fake client sends no request."""
    source = "import boto3\nboto3.client = Mock()\nboto3.client('s3').list_buckets()"
    assert not sent(run(HEAD + source).effects)


@pytest.mark.parametrize(
    ("source", "loaded"),
    [
        ("p = patch('other.y')", False),
        ("p = patch('other.y')\np.start()", True),
        ("with patch('other.y'): pass", True),
        ("@patch('other.y')\ndef g(): pass", False),
        ("@patch('other.y')\ndef g(): pass\ng()", True),
        ("pytest.MonkeyPatch().setattr('other.y', 1)", True),
        ("patch('other.y.z.w').start()", True),
        ("patch('p.nothing.z').start()", False),
    ],
)
def test_import_by_patch(source: str, loaded: bool) -> None:
    """A patch imports the module it names when it starts."""
    machine = machine_for({"main.py": HEAD + source, "other.py": "class y:\n z = 1", **PACKAGE})
    machine.load("main")
    assert ("other" in machine.environment.modules) is loaded


def test_unknown_of_mock() -> None:
    """Other names of unittest have no model."""
    machine = run(HEAD + "import unittest\nx = unittest.main('a')\ny = mock.call(1)")
    assert isinstance(value_of(machine, "x"), Unknown)
    assert isinstance(value_of(machine, "y"), Unknown)
