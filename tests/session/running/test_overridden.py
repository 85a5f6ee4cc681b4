"""Test cases whose class overrides what runs them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.runs import requests_of, run

TEST = "class T(B):\n    def setUp(self): aws.a()\n    def test_it(self): aws.b()\n"
BASES = {
    "run": ("    def run(self, result=None):\n        with mock_aws(): super().run(result)\n", ""),
    "call": (
        "    def __call__(self, *args, **named):\n        with mock_aws():\n"
        "            return super().__call__(*args, **named)\n", ""),
    "both": (
        "    def run(self, result=None):\n        aws.c()\n        super().run(result)\n"
        "    def __call__(self, result=None):\n        with mock_aws(): super().__call__(result)\n",
        ""),
    "started": (
        "    def run(self, result=None):\n        mock = mock_aws()\n        mock.start()\n"
        "        try:\n            return super().run(result)\n        finally: mock.stop()\n", ""),
    "without a mock": ("    def run(self, result=None): return super().run(result)\n", "a b"),
    "twice": ("    def run(self, result=None):\n        for _ in 'ab': super().run()\n", "a b a b"),
    "not at all": ("    def run(self, result=None): pass\n", ""),
    "perhaps": ("    def run(self, result=None):\n        if y: super().run(result)\n", "a? b?"),
}  # fmt: skip


@pytest.mark.parametrize(("body", "leaks"), BASES.values(), ids=BASES)
def test_override(tmp_path: Path, body: str, leaks: str) -> None:
    """What stands around `super().run(result)` is around setup, test and teardown."""
    trace = run(tmp_path, f"class B(unittest.TestCase):\n{body}{TEST}")
    found = [each for each in requests_of(trace) if not each.covered]
    assert " ".join(each.operation + "?" * (not each.certain) for each in found) == leaks


def test_outside_of_a_run(tmp_path: Path) -> None:
    """What runs tests is not followed where a test calls it."""
    source = "class T(unittest.TestCase):\n    def test_it(self):\n        "
    trace = run(tmp_path, source + "T('test_it').run()\n        T.run(self)\n        aws.a()\n")
    assert [each.operation for each in requests_of(trace)] == ["a"]
