"""Models of patches: what they put in place, pass on and put back, all of them alike."""

from __future__ import annotations

from pathlib import Path

import pytest

from flake8_moto_order.interpreter.values import Fake, Unknown
from tests import runs
from tests.memory import constant, run, sent, value_of

HEAD = """
import os, sys
from unittest import mock
from unittest.mock import patch, Mock, MagicMock, DEFAULT, AsyncMock, PropertyMock
class A:
    b = 1
    c = 5
class B(A): pass
def two(*a): return 2
D = {'a': 1}
"""
VALUES = [
    ("with patch.multiple(A, b=2, c=6): x = f'{A.b}{A.c}'", "26"),
    ("with patch.multiple(A, b=2): pass\nx = A.b", 1),
    ("@patch.multiple(A, b=2, c=3)\ndef g(): return A.b\nx = g()", 2),
    ("@patch.multiple(A, b=DEFAULT)\ndef g(b):\n b.return_value = 3\n return A.b()\nx = g()", 3),
    ("with patch.multiple('main.A', b=2): x = A.b", 2),
    ("with patch.multiple(A, b=2):\n with patch.multiple(A, c=6): pass\nx = f'{A.b}{A.c}'", "15"),
    ("with patch.dict(D, b=2):\n with patch.dict(D, c=3): pass\nx = len(D)", 1),
    ("with patch('main.A.b', 2):\n with patch('main.A.c', 6): pass\nx = f'{A.b}{A.c}'", "15"),
    ("with patch.object(A, 'b', new_callable=PropertyMock) as m: x = 1", 1),
    ("with patch.object(A, 'b', new_callable=two) as m: x = m", 2),
    ("with patch.object(A, 'b', return_value=4): x = A.b()", 4),
    ("with patch.object(A, 'b', side_effect=two): x = A.b()", 2),
    ("with patch.object(A, 'b', **{'c.return_value': 4}): x = A.b.c()", 4),
    ("with patch.object(A, 'b', DEFAULT, return_value=4): x = A.b()", 4),
    ("with patch.object(target=A, attribute='b', new=4): x = A.b", 4),
    ("with patch('main.A.b', 4): x = A.b", 4),
    ("with patch('main.A.b', new_callable=two): x = A.b", 2),
    ("@patch('main.A.b', new_callable=two)\ndef g(m): return m\nx = g()", 2),
    ("@patch.object(A, 'b', new_callable=two)\ndef g(m): return m\nx = g()", 2),
    ("with patch.object(A, 'b', {'k': 4}): x = A.b['k']", 4),
    ("with patch.multiple(target=A, b=2, create=True, d=1): x = f'{A.b}{A.d}'", "21"),
    ("@patch.multiple(A, b=2, c=DEFAULT)\ndef g(c): return A.b\nx = g()", 2),
    ("with patch.dict(in_dict=D, values={'b': 2}, clear=False): x = len(D) * 10 + D['b']", 22),
    ("with patch.dict(D, {'b': 2}, True): x = len(D)", 1),
    ("with patch.dict(D, {'b': 2}, False): x = len(D)", 2),
    ("p = patch.object(A, 'b', 2)\np.__enter__()\nx = A.b", 2),
    ("p = patch.object(A, 'b', 2)\np.start()\np.stop()\nA.b = 3\np.stop()\nx = A.b", 3),
    ("class P:\n def test_a(self): return 0\n@patch.object(A, 'b', 2)\nclass T(P):\n"
     " def test_a(self): return A.b\nx = T().test_a()", 2),
    ("class P:\n def test_a(self): return A.b\n@patch.object(A, 'b', 2)\nclass T(P): pass\n"
     "x = f'{T().test_a()}{P().test_a()}'", "21"),
    ("with patch(target='main.A.b', new=4): x = A.b", 4),
    ("with patch.object(B, 'b', 2): x = A.b", 1),
    ("with patch.object(B, 'b', 2): pass\nA.b = 3\nx = B.b", 3),
    ("with patch.dict(D, {'b': 2}): x = len(D)", 2),
    ("with patch.dict(D, {'b': 2}, clear=True): x = len(D)", 1),
    ("with patch.dict(D, clear=True): pass\nx = D['a']", 1),
    ("with patch.dict(D, b=2): x = D['b']", 2),
    ("with patch.dict(D, b=2): pass\nx = len(D)", 1),
    ("with patch.dict(D, a=2): pass\nx = D['a']", 1),
    ("with patch.dict(D):\n D['b'] = 1\nx = len(D)", 1),
    ("with patch.dict(D):\n del D['a']\nx = len(D)", 1),
    ("with patch.dict('main.D', b=2): x = D['b']", 2),
    ("@patch.dict(D, b=2)\ndef g(): return len(D)\nx = f'{g()}{len(D)}'", "21"),
    ("with patch.dict(os.environ, {'K': 'v'}, clear=True): x = len(os.environ)", 1),
    ("p = patch.object(A, 'b', 2)\np.start()\npatch.stopall()\nx = A.b", 1),
    ("p = patch.object(A, 'b', 2)\np.start()\nq = patch.object(A, 'c', 2)\nq.start()\n"
     "mock.patch.stopall()\nx = f'{A.b}{A.c}'", "15"),
    ("p = patch.object(A, 'b', 2)\np.__enter__()\np.__exit__(None, None, None)\nx = A.b", 1),
    ("p = patch.object(A, 'b', 2)\nwith p: pass\nwith p: x = A.b", 2),
    ("with patch.object(A, 'b', 2), patch.object(A, 'b', 3): x = A.b", 3),
    ("with patch.object(A, 'b', 2):\n with patch.object(A, 'b', 3): pass\n x = A.b", 2),
    ("try:\n with patch.object(A, 'b', 2): raise ValueError\nexcept ValueError: x = A.b", 1),
    ("@patch.object(A, 'c')\n@patch.object(A, 'b')\ndef g(b, c):\n b.return_value = 3\n"
     " return A.b()\nx = g()", 3),
    ("@patch.object(A, 'b', 2)\nclass T:\n def test_a(self): return A.b\n"
     " def other(self): return A.b\nx = f'{T().test_a()}{T().other()}'", "21"),
    ("@patch.object(A, 'b', 2)\nclass T: test_a = 3\nx = T.test_a", 3),
    ("@patch.object(A, 'b', 2)\ndef g():\n return A.b\nx = f'{g()}{A.b}'", "21"),
    ("@patch.object(A, 'b', 2)\ndef g():\n raise ValueError\ntry: g()\n"
     "except ValueError: x = A.b", 1),
]  # fmt: skip
FAKES = [
    ("m = Mock(return_value=3)\nx = m()", 3),
    ("m = Mock()\nm.return_value = 3\nx = m()", 3),
    ("m = Mock()\nm.a.b.return_value = 3\nx = m.a.b()", 3),
    ("m = Mock(a=3)\nx = m.a", 3),
    ("m = Mock(**{'a.b.return_value': 3})\nx = m.a.b()", 3),
    ("m = Mock(side_effect=two)\nx = m(1)", 2),
    ("m = Mock(side_effect=lambda a: a)\nx = m(4)", 4),
    ("m = Mock(wraps=two)\nx = m()", 2),
    ("m = Mock(side_effect=ValueError)\ntry:\n m()\n x = 1\nexcept ValueError: x = 2", 2),
    ("class Slow(Exception): pass\nm = Mock(side_effect=Slow)\ntry:\n m()\n x = 1\n"
     "except Slow: x = 2", 2),
    ("m = MagicMock()\nm.__enter__.return_value = 3\nwith m as x: pass", 3),
    ("m = MagicMock()\nm.__enter__.return_value.a.return_value = 3\nwith m as n: x = n.a()", 3),
    ("x = mock.Mock(spec=A, return_value=3)()", 3),
]


@pytest.mark.parametrize(("source", "value"), [*VALUES, *FAKES])
def test_value(source: str, value: object) -> None:
    """A patch is in force between its start and its stop, a fake does as it is told."""
    assert constant(HEAD + source) == value


@pytest.mark.parametrize(
    "source",
    [
        "with patch.object(A, 'b') as x: pass",
        "with patch('main.A.b') as x: pass",
        "with patch.object(A, 'b'): x = A.b",
        "with patch.multiple(A, b=DEFAULT): x = A.b",
        "with patch.object(A, 'b', autospec=True) as x: pass",
        "with patch.object(A, 'b', new_callable=AsyncMock) as x: pass",
        "@patch.object(A, 'b')\ndef g(m): return m\nx = g()",
        "@patch.object(A, 'b')\n@patch.object(A, 'c', 3)\ndef g(m): return m\nx = g()",
        "@patch.object(A, 'b')\ndef g(a, m): return m\nx = g(1)",
        "@patch.object(A, 'b')\nclass T:\n def test_a(self, m): return m\nx = T().test_a()",
        "@patch.multiple(A, b=DEFAULT)\ndef g(b): return b\nx = g()",
        "x = Mock().a.b.c",
        "x = Mock(name='n', spec=A).name",
        "with patch(target='main.A.b') as m: x = m.target",
        "with patch.object(target=A, attribute='b', new=DEFAULT) as m: x = m.attribute",
        "with patch.object(target=A, attribute='b', new=DEFAULT) as m: x = m.new",
        "@patch('main.A.b')\ndef g(m): return m\nx = g()",
        "@patch.multiple(A, b=DEFAULT, autospec=True)\ndef g(**k): return k['b']\nx = g()",
        "x = Mock()().a()",
        "x = Mock(return_value=Mock())()",
        "x = MagicMock()['a']",
    ],
)
def test_fake(source: str) -> None:
    """A patch puts a fake in place by default, and passes it to what it decorates."""
    assert isinstance(value_of(run(HEAD + source), "x"), Fake)


@pytest.mark.parametrize(
    "source",
    [
        "patch()",
        "patch(y)",
        "patch.object(A)",
        "patch.object(A, y)",
        "patch.dict()",
        "patch.multiple()",
        "patch.nothing(A)",
    ],
)
def test_unknown(source: str) -> None:
    """A patch of what is not known is not known."""
    assert isinstance(constant(f"{HEAD}x = {source}"), Unknown)


@pytest.mark.parametrize(
    "source",
    [
        "with patch.dict(y, a=1): x = 1",
        "with patch.dict('main.nothing', a=1): x = 1",
        "with patch('nowhere.a.b'): x = 1",
        "with patch('a'): x = 1",
        "patch.object(A, 'b', 1)(3)\nx = 1",
        "patch.object(A, 'b', 1).nothing()\nx = 1",
        "with patch.object(y, 'b', 1): x = 1",
        "with patch.object(3, 'b', 1): x = 1",
        "Mock(**{'a': 1, 'a.b': 2})\nx = 1",
        "Mock(side_effect=[])\nx = 1",
        "Mock(side_effect=[])()\nx = 1",
    ],
)
def test_no_effect(source: str) -> None:
    """What can't be patched stays as it is."""
    assert constant(HEAD + source) == 1


CLIENT = "import moto, boto3, botocore\naws = boto3.client('s3')\n"


@pytest.mark.parametrize(
    ("source", "operations"),
    [
        ("with patch('boto3.client'): boto3.client('s3').a()", ""),
        ("with patch.object(boto3, 'client'): boto3.client('s3').a()", ""),
        ("with patch('boto3.client', return_value=aws): boto3.client('s3').a()", "a"),
        ("with patch.object(aws, 'a'): aws.a()\naws.b()", "b"),
        ("with patch.object(boto3, 'client', wraps=boto3.client): boto3.client('s3').a()", "a"),
        ("Mock(wraps=aws.a)()", "a"),
        ("Mock(side_effect=aws.a)()", "a"),
        ("with patch('main.aws'): aws.a()\naws.b()", "b"),
        ("patch('boto3.client').start()\nboto3.client('s3').a()", ""),
    ],
)
def test_requests(source: str, operations: str) -> None:
    """A patched client sends nothing, one that a fake wraps does."""
    effects = run(HEAD + CLIENT + source).effects
    assert " ".join(name for name, covered, _ in sent(effects) if not covered) == operations


@pytest.mark.parametrize(
    ("source", "calls"),
    [
        ("from unittest.mock import patch\n@patch('other.send')\ndef test_a(m):\n"
         " import other; other.send(); aws.a()\ndef test_b():\n import other; other.send()",
         "a other"),
        ("from unittest.mock import patch\nimport other\n@patch.object(other, 'send')\n"
         "class TestA:\n def test_a(self, m): other.send()\n def other(self): pass", ""),
        ("from unittest.mock import patch\nimport other\nclass A(unittest.TestCase):\n"
         " def setUp(self):\n  p = patch('other.send')\n  p.start()\n  self.addCleanup(p.stop)\n"
         " def test_a(self): other.send()\nclass TestB:\n def test_b(self): other.send()", "other"),
        ("from unittest.mock import patch\nimport other\nclass A(unittest.TestCase):\n"
         " def setUp(self): patch('other.send').start()\n def tearDown(self): patch.stopall()\n"
         " def test_a(self): other.send()\nclass TestB:\n def test_b(self): other.send()", "other"),
        ("import other\ndef test_a(monkeypatch):\n monkeypatch.setattr(other, 'send', print)\n"
         " other.send()\ndef test_b(): other.send()", "other"),
        ("import other\ndef test_a(monkeypatch):\n monkeypatch.setattr('other.send', print)\n"
         " other.send()\ndef test_b(): other.send()", "other"),
        ("import other\n@pytest.fixture(autouse=True)\ndef f(monkeypatch):"
         " monkeypatch.setattr(other, 'send', print)\ndef test_a(): other.send()", ""),
        ("import other\ndef test_a(monkeypatch):\n with monkeypatch.context() as m:\n"
         "  m.setattr(other, 'send', print)\n other.send()", "other"),
        ("import other\ndef test_a(monkeypatch):\n monkeypatch.setattr(other, 'send', print)\n"
         " monkeypatch.undo()\n other.send()", "other"),
        ("import other\ndef test_a(monkeypatch):\n"
         " monkeypatch.setattr(other, 'send', aws.a)\n"
         " with monkeypatch.context() as m:\n  m.setattr(other, 'send', aws.b)\n  other.send()\n"
         " other.send()", "b a"),
        ("import other\ndef test_a(monkeypatch):\n monkeypatch.delattr(other, 'send')\n"
         " try: other.send()\n except AttributeError: pass\n aws.a()\n"
         "def test_b(): other.send()", "a other"),
        ("import os\ndef test_a(monkeypatch): monkeypatch.setenv('K', 'v')\n"
         "def test_b():\n if os.environ.get('K') != 'v': aws.b()", "b"),
        ("D = {'a': 1}\ndef test_a(monkeypatch):\n monkeypatch.setitem(D, 'b', 2)\n"
         " monkeypatch.delitem(D, 'a')\ndef test_b():\n if len(D) == 1 and 'a' in D: aws.b()",
         "b"),
        ("class K:\n x = 1\ndef test_a(monkeypatch): monkeypatch.delattr(K, 'x')\n"
         "def test_b():\n if K.x == 1: aws.b()", "b"),
        ("import other\ndef test_a(request):\n"
         " request.getfixturevalue('monkeypatch').setattr(other, 'send', print)\n other.send()\n"
         "def test_b(): other.send()", "other"),
        ("def test_a():\n with pytest.MonkeyPatch.context() as m:\n"
         "  m.setattr(aws, 'a', print)\n  aws.a()\n aws.b()", "b"),
    ],
)  # fmt: skip
def test_undone(tmp_path: Path, source: str, calls: str) -> None:
    """Patches and changes by monkeypatch end with their test."""
    trace = runs.run(tmp_path, source, {"other.py": "def send(*a): aws.other()"})
    assert runs.calls_of(trace) == calls


MOCKER = [
    ("import other\ndef test_a(mocker):\n mocker.patch('other.send')\n other.send()\n"
     "def test_b(): other.send()", "other"),
    ("import other\ndef test_a(mocker):\n mocker.patch.object(other, 'send')\n other.send()\n"
     "def test_b(): other.send()", "other"),
    ("import other\ndef test_a(mocker):\n mocker.patch.multiple(other, send=print)\n"
     " other.send()", ""),
    ("import other\ndef test_a(mocker):\n mocker.patch('other.send')\n mocker.stopall()\n"
     " other.send()", "other"),
    ("import other\ndef test_a(mocker):\n mocker.spy(other, 'send')\n other.send()", "other"),
    ("import other\ndef test_a(mocker):\n m = mocker.patch('other.send', side_effect=aws.a)\n"
     " other.send()", "a"),
    ("def test_a(mocker):\n m = mocker.MagicMock(return_value=aws)\n m().a()", "a"),
    ("def test_a(mocker): mocker.stub().a(); mocker.Mock().b()", ""),
    ("import os\ndef test_a(mocker):\n mocker.patch.dict(os.environ, {'K': 'v'})\n"
     " if os.environ['K'] == 'v': aws.a()", "a"),
    ("import other\n@pytest.fixture(autouse=True)\ndef f(mocker): mocker.patch('other.send')\n"
     "def test_a(): other.send()", ""),
    ("import other\n@pytest.fixture(scope='module', autouse=True)\n"
     "def f(module_mocker): module_mocker.patch('other.send')\ndef test_a(): other.send()", ""),
    ("def test_a(mocker): mocker.patch(aws.name())", "name"),
    ("import other\ndef test_a(request):\n"
     " request.getfixturevalue('mocker').patch('other.send')\n other.send()", ""),
    ("def test_a(mocker): mocker.spy(); aws.a()", "a"),
    ("import nowhere\ndef test_a(mocker): mocker.spy(aws, nowhere.name); aws.a()", "a"),
    ("import other\ndef test_a(mocker):\n s = mocker.spy(obj=other, name='send')\n s()", "other"),
    ("import other\ndef test_a(mocker):\n s = mocker.spy(other, 'send')\n s()", "other"),
    ("def test_a(mocker):\n if mocker.stub() and mocker.stub('x').a: aws.a()", "a"),
]  # fmt: skip


@pytest.mark.parametrize(("source", "calls"), MOCKER)
def test_mocker(tmp_path: Path, source: str, calls: str) -> None:
    """pytest-mock's patches start at once and end with their test."""
    trace = runs.run(tmp_path, source, {"other.py": "def send(*a): aws.other()"})
    assert runs.calls_of(trace) == calls
