"""A verdict rests on what was asked of a module, not on its text."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from tests.cache import editing
from tests.cache.linting import OFF, lint

AWS = """import boto3


def used():
    name = "s3"
    return boto3.client(name)


def unused():
    name = "s3"
    return {name: used}


class Store:
    def get(self):
        name = "s3"
        return used()
"""
CALLS = """from moto import mock_aws
import aws


@mock_aws
def test_it():
    assert aws.used()
"""
LEAKS = CALLS.replace("@mock_aws\n", "").replace("used()", "used().list_buckets()")


def traced(root: Path, text: str) -> int:
    """Return how many verdicts had to be worked out with another text of the module."""
    (root / "aws.py").write_text(text)
    run = lint([root / "test_it.py"], settled=True)
    assert run.found == lint([root / "test_it.py"], OFF).found
    return len(run.traced)


@pytest.fixture()
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a project whose verdict is known."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "test_it.py").write_text(CALLS)
    assert traced(tmp_path, AWS) == 1
    return tmp_path


@pytest.mark.parametrize(
    "text",
    [
        AWS + "\n# the end\n",
        "# the beginning\n\n" + AWS,
        AWS.replace("def used():", "# a comment 'of words'\ndef used():  # more"),
        AWS.replace("    return boto3", "\n    # why\n    return boto3"),
        AWS.replace("return {name: used}", "print()\n    return [used().list_buckets()]"),
        AWS.replace("return used()", "return None"),
    ],
)
def test_what_was_not_asked(text: str, root: Path) -> None:
    """Comments, and bodies that did not run, may change, and lines may move."""
    assert traced(root, text) == 0
    assert traced(root, AWS) == 0


@pytest.mark.parametrize(
    "text",
    [
        AWS.replace("return boto3.client(name)", "return boto3.client('sqs')"),
        AWS.replace('name = "s3"', 'name = "#s3"', 1),
        AWS.replace("def used():", "def used(x=1):"),
        AWS.replace("def used():", "def used(x='#'):"),
        AWS + "\n\nused()\n",
        AWS + "\n\nimport moto\n",
        AWS.replace("\n", "\r\n"),
        AWS + "\tx = (\n",
        "",
    ],
)
def test_what_was_asked(text: str, root: Path) -> None:
    """A body that ran, and what runs at import, may not."""
    assert traced(root, text) == 1


def test_lines_of_a_finding(root: Path) -> None:
    """A message that names a line of another file is worked out anew when lines move."""
    (root / "test_it.py").write_text(LEAKS)
    assert traced(root, AWS) == 1
    assert traced(root, "\n" + AWS) == 1


@pytest.mark.parametrize("number", range(20))
def test_bodies(number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever functions do, a run with the cache finds what one without it finds."""
    random = Random(number)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "shop").mkdir()
    tests = [text for text in editing.TESTS if "moto" in text]
    paths = [tmp_path / name for name in ("test_a.py", "test_b.py")]
    for path in paths:
        path.write_text(random.choice(tests))
    for _ in range(5):
        (tmp_path / "shop" / "aws.py").write_text(random.choice(editing.GROWN))
        assert lint(paths, settled=True).found == lint(paths, OFF).found
