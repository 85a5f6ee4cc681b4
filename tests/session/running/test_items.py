"""Test discovery: which tests of a file run, and in which order."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.runs import calls_of, names_of, run

NAMES = [
    ("def test_a(): pass\ndef testb(): pass\ndef tes(): pass\ndef _test(): pass", "test_a testb"),
    ("def test_b(): pass\ndef test_a(): pass", "test_b test_a"),
    ("if True:\n def test_a(): pass\nelse:\n def test_b(): pass", "test_a"),
    ("def test_a(): pass\ndel test_a", ""),
    ("def test_a():\n def test_b(): pass", "test_a"),
    ("def test_a(): pass\ntest_b = test_a", "test_a test_b"),
    ("test_a = 3", ""),
    ("@pytest.fixture\ndef test_a(): pass", ""),
    ("def test_a(): pass\ntest_a.__test__ = False", ""),
    ("def check(): pass\ncheck.__test__ = True", "check"),
    ("import functools\ndef f(a): pass\ntest_a = functools.partial(f, 1)", "test_a"),
    ("import functools\ntest_a = functools.partial(print, 1)", ""),
    ("__test__ = False\ndef test_a(): pass", ""),
    ("__test__ = True\ndef test_a(): pass", "test_a"),
]
CLASSES = [
    ("class TestA:\n def test_b(self): pass\n def other(self): pass", "TestA.test_b"),
    ("class Checks:\n def test_b(self): pass", ""),
    ("class TestA:\n def __init__(self): pass\n def test_b(self): pass", ""),
    ("class TestA:\n def __new__(cls): pass\n def test_b(self): pass", ""),
    ("class TestA:\n __test__ = False\n def test_b(self): pass", ""),
    ("class Checks:\n __test__ = True\n def test_b(self): pass", "Checks.test_b"),
    ("class TestA:\n class TestB:\n  def test_c(self): pass", "TestA.TestB.test_c"),
    ("class TestA:\n class B:\n  def test_c(self): pass", ""),
    ("class TestA:\n @staticmethod\n def test_b(): pass", "TestA.test_b"),
    ("class TestA:\n @classmethod\n def test_b(cls): pass", "TestA.test_b"),
    ("class TestA:\n @property\n def test_b(self): pass", ""),
    ("class TestA:\n @pytest.fixture\n def test_b(self): pass", ""),
    ("class TestA:\n test_b = 3", ""),
    ("class TestA:\n test_b = staticmethod(print)", ""),
]
INHERITED = [
    ("class Base:\n def test_a(self): pass\nclass TestB(Base): pass", "TestB.test_a"),
    ("class Base:\n def test_a(self): pass\nclass TestB(Base):\n def test_b(self): pass",
     "TestB.test_a TestB.test_b"),
    ("class Base:\n def test_a(self): pass\nclass TestB(Base):\n test_a = None", ""),
    ("class Base:\n def test_a(self): pass\n def test_b(self): pass\n"
     "class TestC(Base):\n def test_a(self): pass\n def test_c(self): pass",
     "TestC.test_b TestC.test_a TestC.test_c"),
    ("class Base:\n __test__ = False\n def test_a(self): pass\n"
     "class TestB(Base): __test__ = True", "TestB.test_a"),
    ("class Base:\n __test__ = False\n def test_a(self): pass\nclass TestB(Base): pass", ""),
    ("class Base:\n def __init__(self): pass\nclass TestB(Base):\n def test_a(self): pass", ""),
]  # fmt: skip
CASES = [
    ("class A(unittest.TestCase):\n def test_a(self): pass", "A.test_a"),
    ("class A(unittest.TestCase):\n def testa(self): pass\n def other(self): pass", "A.testa"),
    ("class A(unittest.TestCase):\n def test_b(self): pass\n def test_a(self): pass",
     "A.test_a A.test_b"),
    ("class A(unittest.TestCase):\n def runTest(self): pass", "A.runTest"),
    ("class A(unittest.TestCase):\n def runTest(self): pass\n def test_a(self): pass", "A.test_a"),
    ("class A(unittest.TestCase):\n class TestB:\n  def test_c(self): pass", ""),
    ("class A(unittest.TestCase):\n __test__ = False\n def test_a(self): pass", ""),
    ("class A(unittest.TestCase):\n def test_a(self): pass\nclass B(A): pass",
     "A.test_a B.test_a"),
    ("class A(unittest.IsolatedAsyncioTestCase):\n async def test_a(self): pass", "A.test_a"),
    ("class TestA:\n class TestB(unittest.TestCase):\n  def test_c(self): pass",
     "TestA.TestB.test_c"),
]  # fmt: skip


@pytest.mark.parametrize(("source", "names"), [*NAMES, *CLASSES, *INHERITED, *CASES])
def test_found(tmp_path: Path, source: str, names: str) -> None:
    """pytest finds tests by their names, classes by theirs unless they are TestCases."""
    assert names_of(run(tmp_path, source)) == names


def test_nested_too_deep(tmp_path: Path) -> None:
    """Classes within classes are followed for five levels."""
    lines = [f"{' ' * depth}class Test{depth}:" for depth in range(5)]
    lines.append("     def test_a(self): pass")
    assert names_of(run(tmp_path, "\n".join(lines))) == "Test0.Test1.Test2.Test3.Test4.test_a"


@pytest.mark.parametrize(
    ("setting", "names"),
    [
        ("python_functions = check", "check_a"),
        ("python_functions = *_a", "check_a test_a"),
        ("python_functions = check* test", "check_a test_a"),
        ("python_classes = Checks", "test_a Checks.test_b"),
        ("python_classes = *s", "test_a Checks.test_b"),
        ("python_classes = Some", "test_a"),
    ],
)
def test_patterns(tmp_path: Path, setting: str, names: str) -> None:
    """The names of tests and classes are prefixes or patterns of the configuration."""
    source = (
        "def check_a(): pass\ndef test_a(): pass\n"
        "class Checks:\n def test_b(self): pass"
    )
    trace = run(tmp_path, source, {"pytest.ini": f"[pytest]\n{setting}"})
    assert names_of(trace) == names


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("from other import test_a", ""),
        ("from other import TestA", ""),
        ("from other import TestA\nclass TestB(TestA): pass", "TestB.test_a"),
        ("from other import keep\n@keep\ndef test_b(): pass", "test_b"),
    ],
)
def test_imported(tmp_path: Path, source: str, names: str) -> None:
    """A test has a place in the linted file: its own or that of the class that inherits it."""
    other = (
        "import functools\ndef test_a(): pass\nclass TestA:\n def test_a(self): pass\n"
        "def keep(f):\n @functools.wraps(f)\n def inner(): f()\n return inner"
    )
    assert names_of(run(tmp_path, source, {"other.py": other})) == names


def test_place_of_inherited(tmp_path: Path) -> None:
    """A test that a class inherits from another file stands where the class does."""
    other = "class Base:\n def test_a(self): pass"
    source = "from other import Base\n\nclass TestB(Base): pass"
    (test,) = run(tmp_path, source, {"other.py": other}).tests
    assert (test.step.site.line, test.step.site.column) == (4, 0)


SKIPPED = [
    "@pytest.mark.skip",
    "@pytest.mark.skip()",
    "@pytest.mark.skip(reason='slow')",
    "@pytest.mark.skipif(True, reason='')",
    "@pytest.mark.skipif(condition=True, reason='')",
    "@pytest.mark.skipif('True', reason='')",
    "@pytest.mark.xfail(run=False)",
    "@pytest.mark.parametrize('x', [])",
    "@pytest.mark.parametrize(argnames='x', argvalues=[])",
    "@pytest.mark.parametrize('x', [pytest.param(1, marks=pytest.mark.skip)])",
    "@pytest.mark.parametrize('x', [pytest.param(1, marks=[pytest.mark.skipif(True, reason='')])])",
    "@unittest.skip('slow')",
    "@unittest.skipIf(True, 'slow')",
    "@unittest.skipUnless(False, 'slow')",
    "@pytest.mark.skip\n@mock_aws",
    "@mock_aws\n@pytest.mark.skip",
]
TAKEN = [
    "@pytest.mark.skipif(False, reason='')",
    "@pytest.mark.skipif(condition=False, reason='')",
    "@pytest.mark.xfail",
    "@pytest.mark.xfail(reason='')",
    "@pytest.mark.slow",
    "@pytest.mark.slow(1)",
    "@pytest.mark.parametrize('x', [1])",
    "@pytest.mark.parametrize('x', [pytest.param(1, marks=pytest.mark.skip), 2])",
    "@pytest.mark.parametrize('x', [pytest.param(1), pytest.param(2, marks=pytest.mark.slow)])",
    "@unittest.skipIf(False, 'slow')",
    "@unittest.skipUnless(True, 'slow')",
]


@pytest.mark.parametrize("mark", SKIPPED)
def test_skipped(tmp_path: Path, mark: str) -> None:
    """A test that is or may be skipped does not run."""
    argument = "x" if "parametrize" in mark else ""
    assert names_of(run(tmp_path, f"{mark}\ndef test_a({argument}): aws.a()")) == ""


@pytest.mark.parametrize("mark", TAKEN)
def test_not_skipped(tmp_path: Path, mark: str) -> None:
    """Other marks leave a test as it is."""
    argument = "x" if "parametrize" in mark else ""
    assert names_of(run(tmp_path, f"{mark}\ndef test_a({argument}): aws.a()")) == "test_a"


@pytest.mark.parametrize(
    "source",
    [
        "pytestmark = pytest.mark.skip\ndef test_a(): pass",
        "pytestmark = [pytest.mark.slow, pytest.mark.skip(reason='')]\ndef test_a(): pass",
        "@pytest.mark.skip\nclass TestA:\n def test_a(self): pass",
        "class TestA:\n pytestmark = pytest.mark.skip\n def test_a(self): pass",
        "class TestA:\n pytestmark = [pytest.mark.skip]\n def test_a(self): pass",
        "@pytest.mark.skip\nclass Base: pass\nclass TestA(Base):\n def test_a(self): pass",
        "@pytest.mark.skip\nclass TestA:\n class TestB:\n  def test_a(self): pass",
        "@unittest.skip('')\nclass A(unittest.TestCase):\n def test_a(self): pass",
        "@unittest.skip\nclass A(unittest.TestCase):\n def test_a(self): pass",
        "class A(unittest.TestCase):\n @unittest.skip('')\n def test_a(self): pass",
        "class A(unittest.TestCase):\n @unittest.skipIf(True, '')\n def test_a(self): pass",
        "@unittest.skipIf(1 + 1, '')\nclass A(unittest.TestCase):\n def test_a(self): pass",
    ],
)
def test_skipped_from_outside(tmp_path: Path, source: str) -> None:
    """A mark of the module, of a class or of its base skips all tests in it."""
    assert names_of(run(tmp_path, source)) == ""


ENDLESS = "\n".join(
    ["def f0(): pass", *(f"def f{i + 1}(): f{i}(); f{i}()" for i in range(20))]
)


def test_endless(tmp_path: Path) -> None:
    """Nothing of a test that takes too many steps counts; the others run."""
    source = f"{ENDLESS}\ndef test_a(): aws.a(); f20()\ndef test_b(): aws.b()"
    trace = run(tmp_path, source)
    assert (names_of(trace), calls_of(trace)) == ("test_b", "b")


def test_endless_fixture(tmp_path: Path) -> None:
    """A wide fixture that takes too many steps leaves the tests out that ask for it."""
    source = (
        f"{ENDLESS}\n@pytest.fixture(scope='module')\ndef m(): f20()\n"
        "def test_a(m): aws.a()\ndef test_b(): aws.b()"
    )
    assert calls_of(run(tmp_path, source)) == "b"


@pytest.mark.parametrize(
    ("source", "calls"),
    [
        ("def test_a():\n aws.a()\n pytest.skip('')\n aws.b()", "a"),
        ("def test_a():\n aws.a()\n pytest.fail('')\n aws.b()", "a"),
        ("def test_a():\n aws.a()\n pytest.xfail('')\n aws.b()", "a"),
        ("def test_a():\n aws.a()\n raise ValueError\n aws.b()\ndef test_c(): aws.c()", "a c"),
        ("def test_a():\n aws.a()\n raise unittest.SkipTest\n aws.b()", "a"),
        ("def test_a():\n aws.a()\n assert False\n aws.b()", "a"),
        ("def test_a(b=3):\n if b == 3: aws.a()", "a"),
        ("def test_a():\n aws.a()\n yield\n aws.b()", ""),
        ("class TestA:\n def test_a(self): self.x = 1; aws.a()\n"
         " x = 0\n def test_b(self):\n  if not self.x: aws.b()", "a b"),
        ("class TestA:\n x = []\n def test_a(self): self.x.append(1)\n"
         " def test_b(self):\n  if self.x: aws.b()", "b"),
        ("class TestA:\n @staticmethod\n def test_a(): aws.a()\n"
         " @classmethod\n def test_b(cls): aws.b()", "a b"),
    ],
)  # fmt: skip
def test_calls(tmp_path: Path, source: str, calls: str) -> None:
    """Tests run one by one until they end; methods each have an instance of their own."""
    assert calls_of(run(tmp_path, source)) == calls
