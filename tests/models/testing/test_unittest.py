"""Models of unittest: what a TestCase offers its tests, and the decorators that skip."""

from __future__ import annotations

from pathlib import Path

import pytest

from flake8_moto_order.interpreter.values import Mark, Unknown
from flake8_moto_order.rules import check
from tests.memory import constant, run, value_of
from tests.runs import calls_of, names_of
from tests.runs import run as run_file

CASE = "class A(unittest.TestCase):\n def test_a(self):\n  "
RUNS = {
    "assertRaises as a context": (
        CASE + "with self.assertRaises(ValueError): aws.a(); raise ValueError\n  aws.b()", "a? b"),
    "assertRaises of a function": (
        "def f(x): x.a(); raise ValueError\n" + CASE
        + "self.assertRaises(ValueError, f, aws)\n  aws.b()", "a? b"),
    "assertRaisesRegex of a function": (
        "def f(x): x.a(); raise ValueError('x')\n" + CASE
        + "self.assertRaisesRegex(ValueError, 'x', f, x=aws)\n  aws.b()", "a? b"),
    "assertRaisesRegex as a context": (
        CASE + "with self.assertRaisesRegex(ValueError, 'x'): aws.a(); raise ValueError('x')\n"
        "  aws.b()", "a? b"),
    "subTest": (CASE + "for i in (1, 2):\n   with self.subTest(i=i): aws.a()", "a a"),
    "assertions": (CASE + "self.assertEqual(1, 1)\n  self.assertTrue(aws.a() or 1)", "a"),
    "assertLogs": (
        CASE + "with self.assertLogs():\n   aws.a()\n   __import__('logging').error('x')", "a"),
    "fail": (CASE + "aws.a(); self.fail('x'); aws.b()", "a"),
    "skipTest": (CASE + "aws.a(); self.skipTest('x'); aws.b()", "a"),
    "a cleanup with arguments": (
        "def clean(client, name=''):\n if name == 'x': client.clean()\n" + CASE
        + "self.addCleanup(clean, aws, name='x')", "clean"),
    "a cleanup that raises": (
        "def clean(): aws.clean(); raise ValueError\n" + CASE
        + "self.addCleanup(aws.last); self.addCleanup(clean)", "clean last"),
    "cleanups of the class": (
        "class A(unittest.TestCase):\n @classmethod\n def setUpClass(cls):\n"
        "  cls.addClassCleanup(aws.last); cls.addClassCleanup(aws.first)\n"
        " def test_a(self): self.addCleanup(aws.own); aws.a()\n def test_b(self): aws.b()",
        "a own b first last"),
    "a helper of a class that is skipped": (
        "@unittest.skip\nclass A(unittest.TestCase):\n @staticmethod\n def help(): aws.help()\n"
        "def test_a(): A.help()", "help"),
    "doCleanups": (CASE + "self.addCleanup(aws.clean); self.doCleanups(); aws.a()", "clean a"),
    "the cleanups of one test are not those of another": (
        CASE + "self.addCleanup(aws.clean)\n def test_b(self): aws.b()", "clean b"),
    "enterContext": (
        "class C:\n def __enter__(self): aws.enter(); return aws\n"
        " def __exit__(self, *a): aws.leave()\n" + CASE
        + "self.enterContext(C()).a()\n def tearDown(self): aws.down()", "enter a down leave"),
    "enterClassContext": (
        "class C:\n def __enter__(self): aws.enter(); return aws\n"
        " def __exit__(self, *a): aws.leave()\nclass A(unittest.TestCase):\n @classmethod\n"
        " def setUpClass(cls): cls.client = cls.enterClassContext(C())\n"
        " def test_a(self): self.client.a()", "enter a leave"),
    "cleanups of the module, which pytest does not run": (
        "def setUpModule(): unittest.addModuleCleanup(aws.clean)\n" + CASE + "aws.a()", "a"),
    "contexts of the module": (
        "class C:\n def __enter__(self): aws.enter()\n def __exit__(self, *a): aws.leave()\n"
        "def setUpModule(): unittest.enterModuleContext(C())\n" + CASE + "aws.a()",
        "enter a"),
    "an asynchronous context": (
        "class C:\n async def __aenter__(self): aws.enter(); return aws\n"
        " async def __aexit__(self, *a): aws.leave()\n"
        "class A(unittest.IsolatedAsyncioTestCase):\n async def asyncSetUp(self):\n"
        "  self.client = await self.enterAsyncContext(C())\n"
        " async def test_a(self): self.client.a()", "enter a leave"),
    "the name of the method": (
        CASE + "if self._testMethodName == 'test_a': aws.a()", "a"),
    "setUp keeps what tests use": (
        CASE + "self.client.a()\n def setUp(self): self.client = aws", "a"),
    "a base of the project": (
        "class Base(unittest.TestCase):\n def helper(self): aws.helper()\n"
        "class A(Base):\n def test_a(self): self.helper()", "helper"),
    "setUp by hand": (
        CASE + "aws.a()\n def setUp(self): super().setUp(); aws.setup()", "setup a"),
}  # fmt: skip


@pytest.mark.parametrize(("source", "calls"), RUNS.values(), ids=RUNS)
def test_run(tmp_path: Path, source: str, calls: str) -> None:
    """A test of a TestCase runs as unittest has it."""
    assert calls_of(run_file(tmp_path, source)) == calls


@pytest.mark.parametrize(
    "base",
    ["unittest.TestCase", "unittest.case.TestCase", "unittest.IsolatedAsyncioTestCase",
     "django.test.TestCase", "aiounittest.AsyncTestCase"],
)  # fmt: skip
def test_case(tmp_path: Path, base: str) -> None:
    """Classes below a TestCase of any library are test cases."""
    source = f"import django.test, aiounittest\nclass A({base}):\n def test_a(self): pass"
    assert names_of(run_file(tmp_path, source)) == "A.test_a"


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("@unittest.skip\nclass A(unittest.TestCase):\n def test_a(self): pass", ""),
        ("@unittest.skip('')\nclass A(unittest.TestCase):\n def test_a(self): pass", ""),
        ("@unittest.skipIf(unknown(), '')\nclass A(unittest.TestCase):\n def test_a(self): pass",
         ""),
        ("@unittest.skipUnless(1, '')\nclass A(unittest.TestCase):\n def test_a(self): pass",
         "A.test_a"),
        ("@unittest.skipIf(0, '')\nclass A(unittest.TestCase):\n def test_a(self): pass",
         "A.test_a"),
        ("@unittest.expectedFailure\nclass A(unittest.TestCase):\n def test_a(self): pass",
         "A.test_a"),
    ],
)
def test_skips(tmp_path: Path, source: str, names: str) -> None:
    """The decorators of unittest skip what they decorate, or may."""
    head = "import nowhere\nunknown = nowhere.unknown\n"
    assert names_of(run_file(tmp_path, head + source)) == names


@pytest.mark.parametrize(
    ("source", "name"), [("skip('')", "skip"), ("skipIf(1, '')", "skipif"), ("skip()", "skip")]
)
def test_mark(source: str, name: str) -> None:
    """A decorator that skips is a mark."""
    made = value_of(run(f"import unittest\nx = unittest.{source}"), "x")
    assert isinstance(made, Mark)
    assert made.name == name


@pytest.mark.parametrize(
    "source", ["unittest.main('a')", "unittest.A().addCleanup()", "unittest.SkipTest('')"]
)
def test_unknown(source: str) -> None:
    """Other names have no model."""
    assert isinstance(value_of(run(f"import unittest\nx = {source}"), "x"), Unknown)


@pytest.mark.parametrize(
    "call", ["addCleanup()", "enterContext()", "assertRaises(ValueError)", "nothing(1)"]
)
def test_incomplete(call: str) -> None:
    """A call without what it needs does nothing."""
    head = "import unittest\nclass A(unittest.TestCase): pass\na = A()\n"
    assert constant(f"{head}try: a.{call}\nexcept Exception: pass\nx = 1") == 1


@pytest.mark.parametrize(
    ("stop", "codes"),
    [
        ("", "MOT207"),
        ("mock.stop()", ""),
        ("mock.stop(); mock.start()", "MOT207"),
        ("__import__('atexit').register(mock.stop)", ""),
        ("mock.stop(); mock.start(); __import__('atexit').register(mock.stop)", ""),
    ],
)
def test_mock_that_is_stopped(tmp_path: Path, stop: str, codes: str) -> None:
    """A mock is not left active if somebody got hold of its `stop` and may call it."""
    source = f"def test_a():\n mock = mock_aws()\n mock.start()\n {stop}\n"
    assert " ".join(diagnostic.code for diagnostic in check(run_file(tmp_path, source))) == codes
