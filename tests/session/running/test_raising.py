"""Where a run certainly raises, what follows is in doubt, up to the end of a `try` around it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.runs import calls_of, run

HEAD = """
import os
from somewhere import decorate
def need(a, b): pass
def named(*, a): pass
def least(a, *rest, b=1, **more): pass
@decorate
def decorated(a): pass
class Two:
    def __init__(self, a, b): self.a = a
    def method(self, a): pass
class Child(Two):
    def __init__(self): super().__init__(1)
class Meta(type): pass
class Made(metaclass=Meta):
    def __init__(self, a): pass
def nothing(): pass
none, other = None, need
d = {"a": 1}
"""
RAISES = [
    "need(1)", "need()", "need(1, 2, 3)", "need(1, 2, c=3)", "named()", "named(1)", "least()",
    "Two(1)", "Two(1, 2).method()", "Child()", "none.name", "none.get('a')", "none['a']", "none()",
    "nothing().name", "int(None)", "int('x')", "int([].append(1))", "{}['a']", "[][0]",
    "os.environ['NEVER_SET']", "d.pop('b')", "a, b = [1]", "a, b = 1, 2, 3", "del d['b']",
]  # fmt: skip
GOES_ON = [
    "need(1, 2)", "need(a=1, b=2)", "need(*unknown)", "need(**unknown)", "named(a=1)", "least(1)",
    "least(1, 2, 3, b=4, c=5)", "decorated()", "Two(1, b=2).method(3)", "Made()", "other(1)",
    "none.__class__", "int('5')", "int(5.5)", "int('1', 2)", "int(unknown)", "int()", "d['a']",
    "int(os.getenv('NEVER_SET'))", "os.environ['PATH']", "os.environ['PYTEST_CURRENT_TEST']",
    "d.pop('a')", "d.pop('b', None)", "unknown['a']", "{**unknown}['a']", "{**unknown}.pop('a')",
    "a, b = unknown", "a, *b = [1]", "a, b = 1, 2", "del d['a']", "del unknown['a']",
    "int(9 ** 9 * 9 ** 9)", "int('99999999999999999999')",
]  # fmt: skip


@pytest.mark.parametrize("statement", RAISES)
def test_raises(tmp_path: Path, statement: str) -> None:
    """What follows what certainly raises is in doubt."""
    source = f"{HEAD}def test_it():\n    {statement}\n    aws.a()\n"
    assert calls_of(run(tmp_path, source)) == "a?"


@pytest.mark.parametrize("statement", GOES_ON)
def test_goes_on(tmp_path: Path, statement: str) -> None:
    """What may well go on does."""
    source = f"{HEAD}def test_it():\n    {statement}\n    aws.a()\n"
    assert calls_of(run(tmp_path, source)) == "a"


def test_handled(tmp_path: Path) -> None:
    """Behind the `try` the test goes on."""
    source = "def test_it():\n    try:\n        int(None)\n        aws.a()\n    except TypeError:\n"
    assert calls_of(run(tmp_path, source + "        pass\n    aws.b()\n")) == "a? b"
