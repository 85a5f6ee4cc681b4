"""Fixtures: which definition a test gets, with which value, and what it makes of the test."""

from __future__ import annotations

from pathlib import Path

import pytest

from flake8_moto_order.effects import Role, Trace
from tests.runs import calls_of, covers_of, names_of, requests_of, run

F = "@pytest.fixture\n"
FOUND = {
    "by its own name": (F + "def f(): aws.f()\ndef test_a(f): pass", "f"),
    "by the name it is given": (
        "@pytest.fixture(name='f')\ndef g(): aws.g()\ndef test_a(f): pass", "g"),
    "not by the name of its function then": (
        "@pytest.fixture(name='f')\ndef g(): aws.g()\ndef test_a(): pass", ""),
    "of the class before that of the module": (
        F + "def f(): aws.outer()\nclass TestA:\n @pytest.fixture\n def f(self): aws.inner()\n"
        " def test_a(self, f): pass", "inner"),
    "that overrides one and asks for it": (
        F + "def f(): aws.outer()\nclass TestA:\n @pytest.fixture\n def f(self, f): aws.inner()\n"
        " def test_a(self, f): pass", "outer inner"),
    "of the inner class": (
        "class TestA:\n @pytest.fixture\n def f(self): aws.outer()\n class TestB:\n"
        "  @pytest.fixture\n  def f(self): aws.inner()\n  def test_a(self, f): pass", "inner"),
    "of the outer class": (
        "class TestA:\n @pytest.fixture\n def f(self): aws.outer()\n class TestB:\n"
        "  def test_a(self, f): pass", "outer"),
    "of a base class": (
        "class Base:\n @pytest.fixture\n def f(self): aws.base()\n"
        "class TestA(Base):\n def test_a(self, f): pass", "base"),
    "that overrides that of a base": (
        "class Base:\n @pytest.fixture\n def f(self): aws.base()\n"
        "class TestA(Base):\n @pytest.fixture\n def f(self): aws.own()\n"
        " def test_a(self, f): pass", "own"),
    "in place of what a fixture asks for": (
        F + "def g(): aws.outer()\n" + F + "def f(g): aws.f()\nclass TestA:\n @pytest.fixture\n"
        " def g(self): aws.inner()\n def test_a(self, f): pass", "inner f"),
    "of class scope as a method": (
        "class TestA:\n @pytest.fixture(scope='class')\n def f(self): aws.f()\n"
        " def test_a(self, f): pass\n def test_b(self, f): pass", "f"),
    "as a class method": (
        "class TestA:\n @pytest.fixture(scope='class')\n @classmethod\n def f(cls): aws.f()\n"
        " def test_a(self, f): pass\n def test_b(self, f): pass", "f"),
    "of usefixtures on a class": (
        F + "def f(): aws.f()\n@pytest.mark.usefixtures('f')\nclass TestA:\n"
        " def test_a(self): pass", "f"),
    "of usefixtures on a case": (
        F + "def f(): aws.f()\n@pytest.mark.usefixtures('f')\nclass A(unittest.TestCase):\n"
        " def test_a(self): pass", "f"),
    "of usefixtures of the module": (
        F + "def f(): aws.f()\npytestmark = pytest.mark.usefixtures('f')\ndef test_a(): pass", "f"),
    "not for an argument with a default": (
        F + "def f(): aws.f()\ndef test_a(f=None): pass", ""),
    "not for a parameter": (
        F + "def f(): aws.f()\n@pytest.mark.parametrize('f', [1])\ndef test_a(f): pass", ""),
    "not for parameters by name": (
        F + "def f(): aws.f()\n@pytest.mark.parametrize(argnames=['f', 'g'], argvalues=[(1, 2)])\n"
        "def test_a(f, g): pass", ""),
    "for an indirect parameter": (
        F + "def f(request): aws.f()\n@pytest.mark.parametrize('f', [1], indirect=True)\n"
        "def test_a(f): pass", "f"),
    "for a listed indirect parameter": (
        F + "def f(request): aws.f()\n" + F + "def g(request): aws.g()\n"
        "@pytest.mark.parametrize('f, g', [(1, 2)], indirect=['g'])\ndef test_a(f, g): pass", "g"),
    "for a keyword-only argument": (F + "def f(): aws.f()\ndef test_a(*, f): pass", "f"),
    "not for the arguments that patches fill": (
        "from unittest import mock\n" + F + "def f(): aws.f()\n@mock.patch('os.getcwd')\n"
        "def test_a(m, f): aws.a()", "f a"),
    "below a wrapper": (
        "import functools\ndef keep(g):\n @functools.wraps(g)\n def inner(*a, **k):"
        " return g(*a, **k)\n return inner\n" + F + "def f(): aws.f()\n@keep\n"
        "def test_a(f): aws.a()", "f a"),
    "that another module defines": (
        "from other import f\ndef test_a(f): pass", "other"),
    "autouse only in its class": (
        "class TestA:\n @pytest.fixture(autouse=True)\n def f(self): aws.f()\n"
        " def test_a(self): aws.a()\ndef test_b(): aws.b()", "f a b"),
}  # fmt: skip


@pytest.mark.parametrize(("source", "calls"), FOUND.values(), ids=FOUND)
def test_found(tmp_path: Path, source: str, calls: str) -> None:
    """A test gets the nearest definition of what it asks for."""
    other = "@pytest.fixture\ndef f(): aws.other()"
    assert calls_of(run(tmp_path, source, {"other.py": other})) == calls


VALUES = {
    "returned": (F + "def f(): return aws\ndef test_a(f): f.a()", "a"),
    "yielded": (F + "def f(): yield aws\ndef test_a(f): f.a()", "a"),
    "of another fixture": (
        F + "def g(): return aws\n" + F + "def f(g): return g\ndef test_a(f): f.a()", "a"),
    "of a wide fixture": (
        "@pytest.fixture(scope='module')\ndef f(): yield aws\n"
        "def test_a(f): f.a()\ndef test_b(f): f.b()", "a b"),
    "by getfixturevalue": (
        F + "def f(): return aws\ndef test_a(request): request.getfixturevalue('f').a()", "a"),
    "that a fixture keeps on its class": (
        "@pytest.fixture(scope='class')\ndef f(request): request.cls.client = aws\n"
        "@pytest.mark.usefixtures('f')\nclass TestA:\n def test_a(self): self.client.a()", "a"),
    "that a fixture keeps on its instance": (
        F + "def f(request): request.instance.client = aws\n"
        "class TestA:\n def test_a(self, f): self.client.a()", "a"),
    "that a fixture keeps on the module": (
        "client = None\n@pytest.fixture(autouse=True)\ndef f(request):"
        " request.module.client = aws\ndef test_a(): client.a()", "a"),
    "the only parameter": (
        "@pytest.fixture(params=[aws])\ndef f(request): return request.param\n"
        "def test_a(f): f.a()", "a"),
    "of a coroutine": (
        "import pytest_asyncio\n@pytest_asyncio.fixture\nasync def f(): aws.f(); return aws\n"
        "def test_a(f): f.a()", "f a"),
    "of an asynchronous generator": (
        "import pytest_asyncio\n@pytest_asyncio.fixture\nasync def f(): yield aws; aws.f_end()\n"
        "async def test_a(f): f.a()", "a f_end"),
    "a factory": (
        F + "def f():\n def make(): aws.make(); return aws\n yield make\n aws.end()\n"
        "def test_a(f): f().a()", "make a end"),
}  # fmt: skip


@pytest.mark.parametrize(("source", "calls"), VALUES.values(), ids=VALUES)
def test_value(tmp_path: Path, source: str, calls: str) -> None:
    """What a fixture returns or yields is what a test gets."""
    assert calls_of(run(tmp_path, source)) == calls


CONFTEST = {"conftest.py": F + "def f(): aws.conftest(); return aws"}
PLUGIN = {"plug.py": F + "def f(): aws.plugin()"}
OUTSIDE = {
    "of a conftest": ("def test_a(f): f.a()", CONFTEST, "conftest a"),
    "of the module before the conftest": (
        F + "def f(): aws.own()\ndef test_a(f): pass", CONFTEST, "own"),
    "that overrides that of the conftest": (
        F + "def f(f): f.own()\ndef test_a(f): pass", CONFTEST, "conftest own"),
    "of a plugin": (
        "pytest_plugins = ['plug']\ndef test_a(f): pass", PLUGIN, "plugin"),
    "of a plugin behind a conftest": (
        "def test_a(f): pass",
        {**PLUGIN, "conftest.py": "pytest_plugins = ['plug']\n" + CONFTEST["conftest.py"]},
        "conftest"),
    "of a plugin of the command line": (
        "def test_a(f): pass",
        {**PLUGIN, "pytest.ini": "[pytest]\npythonpath = .\naddopts = -p plug"}, "plugin"),
    "that the configuration uses": (
        "def test_a(): aws.a()",
        {**CONFTEST, "pytest.ini": "[pytest]\nusefixtures = f"}, "conftest a"),
}  # fmt: skip


@pytest.mark.parametrize(("source", "files", "calls"), OUTSIDE.values(), ids=OUTSIDE)
def test_found_outside(tmp_path: Path, source: str, files: dict[str, str], calls: str) -> None:
    """Fixtures come from plugins, conftests and the configuration too."""
    assert calls_of(run(tmp_path, source, files)) == calls


def test_folders(tmp_path: Path) -> None:
    """Conftests of inner folders override those of outer ones, and ask for them."""
    files = {
        "conftest.py": F + "def f(): aws.outer()\n" + F + "def g(): aws.g()",
        "tests/conftest.py": F + "def f(f, g): aws.inner()",
    }
    trace = run(tmp_path, "def test_a(f): aws.a()", files, "tests/test_it.py")
    assert calls_of(trace) == "outer g inner a"


@pytest.mark.parametrize(
    ("source", "covered"),
    [
        (F + "def m():\n with mock_aws(): yield\ndef test_a(m): aws.a()", True),
        (F + "def m():\n mock = mock_aws()\n mock.start()\n yield\n mock.stop()\n"
         "def test_a(m): aws.a()", True),
        (F + "@mock_aws\ndef m(): yield\ndef test_a(m): aws.a()", False),
        (F + "@mock_aws\ndef m(): return 1\ndef test_a(m): aws.a()", False),
        (F + "def m():\n with mock_aws(): pass\n yield\ndef test_a(m): aws.a()", False),
        ("@pytest.fixture(scope='module', autouse=True)\ndef m():\n with mock_aws(): yield\n"
         "def test_b(): pass\ndef test_a(): aws.a()", True),
        (F + "def m():\n with mock_aws(): yield\ndef test_b(m): pass\ndef test_a(): aws.a()",
         False),
        ("@pytest.fixture(scope='class')\ndef m():\n with mock_aws(): yield\nclass TestB:\n"
         " def test_b(self, m): pass\ndef test_a(): aws.a()", False),
        (F + "def m():\n with mock_aws(): yield\n"
         "def test_a(request):\n request.getfixturevalue('m')\n aws.a()", True),
        (F + "def m():\n with mock_aws(): yield\n"
         "def test_b(request): request.getfixturevalue('m')\ndef test_a(): aws.a()", False),
        ("class A(unittest.TestCase):\n def setUp(self):\n  m = mock_aws()\n  m.start()\n"
         "  self.addCleanup(m.stop)\n def test_a(self): aws.a()", True),
        ("class A(unittest.TestCase):\n def setUp(self): self.enterContext(mock_aws())\n"
         " def test_a(self): aws.a()", True),
        ("class B(unittest.TestCase):\n def setUp(self): self.enterContext(mock_aws())\n"
         " def test_b(self): pass\ndef test_a(): aws.a()", False),
        ("class B(unittest.TestCase):\n @classmethod\n def setUpClass(cls):\n"
         "  cls.enterClassContext(mock_aws())\n def test_b(self): pass\n"
         "def test_a(): aws.a()", False),
        ("class B(unittest.TestCase):\n @classmethod\n def setUpClass(cls):\n"
         "  cls.enterClassContext(mock_aws())\n def test_a(self): aws.a()", True),
        ("@mock_aws\nclass TestA:\n def test_a(self): aws.a()", True),
        ("@mock_aws\nclass TestA:\n def setup_method(self, m): aws.a()\n"
         " def test_b(self): pass",
         True),
        ("@mock_aws\nclass TestA:\n @classmethod\n def setup_class(cls): aws.a()\n"
         " def test_b(self): pass", False),
        ("class Base:\n def test_a(self): aws.a()\n@mock_aws\nclass TestA(Base): pass", False),
    ],
)  # fmt: skip
def test_covered(tmp_path: Path, source: str, covered: bool) -> None:
    """A mock in a fixture or setup covers what runs between its start and its stop."""
    assert covers_of(run(tmp_path, source)) == {"a": covered}


@pytest.mark.parametrize(
    ("source", "doubt"),
    [
        ("def test_a(nothing): aws.a()", False),
        ("def test_a(aws_mock): aws.a()", True),
        ("def test_a(s3_client): aws.a()", True),
        ("def test_a(dynamodb): aws.a()", True),
        ("def test_a(class3): aws.a()", False),
        ("@pytest.mark.localstack\ndef test_a(): aws.a()", True),
        ("@pytest.mark.slow\ndef test_a(): aws.a()", False),
        ("import nowhere\nclass TestA(nowhere.make()):\n def test_a(self): aws.a()", True),
        ("import nowhere\nBase = nowhere.make()\nclass B(Base): pass\nclass TestA(B):\n"
         " def test_a(self): aws.a()", True),
        ("from nowhere import MotoCase\nclass TestA(MotoCase):\n def test_a(self): aws.a()",
         True),
        ("from nowhere import MotoTestCase\nclass TestA(MotoTestCase):\n"
         " def test_a(self): aws.a()", True),
        (F + "def aws_mock(): pass\ndef test_a(aws_mock): aws.a()", False),
    ],
)  # fmt: skip
def test_doubt(tmp_path: Path, source: str, doubt: bool) -> None:
    """A fixture, mark or base class that is not known may protect a test."""
    (request,) = requests_of(run(tmp_path, source))
    assert request.certain is not doubt


def steps(trace: Trace) -> dict[str, list[tuple[str, Role, int]]]:
    """Return the parts of a run that each request stands in, with their lines."""
    return {
        request.operation: [
            (step.what, step.role, step.site.line)
            for step in request.call_path
            if step.role is not Role.CALL
        ]
        for request in requests_of(trace)
    }


PLACES = """
@pytest.fixture
def g():
    aws.g()
    yield
    aws.g_end()
@pytest.fixture
def f(g, request):
    aws.f()
    request.addfinalizer(lambda: aws.final())
class TestA:
    def setup_method(self): aws.setup()
    def teardown_method(self): aws.teardown()
    def test_a(self, f): aws.a()
"""
TEST, G, FIX = ("TestA.test_a", Role.TEST, 15), ("g", Role.FIXTURE, 4), ("f", Role.FIXTURE, 9)


@pytest.mark.parametrize(
    ("operation", "path"),
    [
        ("g", [TEST, G]),
        ("g_end", [TEST, G]),
        ("f", [TEST, FIX]),
        ("final", [TEST, FIX]),
        ("setup", [TEST, ("setup_method", Role.SETUP, 13)]),
        ("teardown", [TEST, ("teardown_method", Role.SETUP, 14)]),
        ("a", [TEST]),
    ],
)
def test_path(
    tmp_path: Path, operation: str, path: list[tuple[str, Role, int]]
) -> None:
    """A request names the test, then the fixture or setup function that it stands in."""
    assert steps(run(tmp_path, PLACES))[operation] == path


def test_path_of_case(tmp_path: Path) -> None:
    """setUp, tearDown and cleanups of a TestCase are setup functions."""
    source = (
        "class A(unittest.TestCase):\n def setUp(self): aws.setup(); self.addCleanup(self.clean)\n"
        " def test_a(self): pass\n def tearDown(self): aws.teardown()\n"
        " def clean(self): aws.clean()"
    )
    test = ("A.test_a", Role.TEST, 4)
    assert steps(run(tmp_path, source)) == {
        "setup": [test, ("setUp", Role.SETUP, 3)],
        "teardown": [test, ("tearDown", Role.SETUP, 5)],
        "clean": [test, ("clean", Role.SETUP, 6)],
    }


def test_requesters(tmp_path: Path) -> None:
    """The tests that get a fixture are counted by the place of its definition."""
    source = (
        F + "def f(): pass\n" + F + "def g(f): pass\n"
        "def test_a(f): pass\ndef test_b(g): pass\ndef test_c(): pass"
    )
    trace = run(tmp_path, source)
    assert {site.line: count for site, count in trace.requesters.items()} == {3: 2, 5: 1}


def facts(trace: Trace) -> dict[str, tuple[bool, int, bool]]:
    """Return how each test stands to mocks, with the line where one decorates its class."""
    return {
        test.step.what: (
            test.mocked, test.decorated.line if test.decorated else 0, test.left_out
        )
        for test in trace.tests
    }


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("def test_a(): pass", (False, 0, False)),
        ("@mock_aws\ndef test_a(): pass", (True, 0, False)),
        ("def test_a():\n with mock_aws(): pass", (True, 0, False)),
        (F + "def f():\n with mock_aws(): yield\ndef test_a(f): pass", (True, 0, False)),
        ("@pytest.fixture(scope='module', autouse=True)\ndef f():\n with mock_aws(): yield\n"
         "def test_a(): pass", (True, 0, False)),
    ],
)  # fmt: skip
def test_mocked(tmp_path: Path, source: str, expected: tuple[bool, int, bool]) -> None:
    """A test is mocked when a mock is active at some point of it."""
    assert facts(run(tmp_path, source)) == {"test_a": expected}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("@mock_aws\nclass TestA:\n def test_a(self): pass", (True, 2, True)),
        ("@mock_aws\nclass TestA:\n @staticmethod\n def test_a(): pass", (False, 2, True)),
        ("class B:\n def test_a(self): pass\n@mock_aws\nclass TestA(B): pass", (False, 4, False)),
        ("@mock_aws\nclass B: pass\nclass TestA(B):\n def test_a(self): pass", (False, 2, False)),
    ],
)  # fmt: skip
def test_decorated(tmp_path: Path, source: str, expected: tuple[bool, int, bool]) -> None:
    """A mock on a class wraps the plain methods of its own, not those that it inherits."""
    assert facts(run(tmp_path, source)) == {"TestA.test_a": expected}


def test_missing_module(tmp_path: Path) -> None:
    """A file that can't be imported has no tests."""
    trace = run(tmp_path, "raise ValueError\ndef test_a(): aws.a()")
    assert (names_of(trace), calls_of(trace)) == ("", "")
