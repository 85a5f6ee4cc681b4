"""Whole projects: the code under test, conftests and files of tests."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial

from hypothesis import strategies as st

from tests.fuzz.shapes.bodies import STATEMENTS
from tests.fuzz.shapes.choices import Choices, fill
from tests.fuzz.shapes.clients import BUILDERS, HOLDERS, SENDERS, SERVICES
from tests.fuzz.shapes.fixtures import FREQUENT, KINDS, Fixture, fixture
from tests.fuzz.shapes.layouts import LAYOUTS, WAYS, Code, code
from tests.fuzz.shapes.mocks import BLOCKS, CONTEXTS, DECORATORS, HELPERS, IMPORTED
from tests.fuzz.shapes.tests import (
    AROUND,
    BASES,
    CLASS_DECORATORS,
    CLEANUPS,
    MARKS,
    MODULE_NAMES,
    PARENTS,
    around,
    class_of_tests,
    function,
)

LIBRARIES = """\
import asyncio, contextlib, importlib, os, random, threading, unittest
from contextlib import ExitStack
from unittest.mock import patch

import boto3
import pytest
from botocore.stub import Stubber

"""
MOTO = (
    "from moto import mock_aws\nfrom moto.core import patch_client\n"
    f"from helpers import {IMPORTED}\n"
)
TOP = """

MOCK = mock_aws()


class STATE:
    number = 1


def mocking():
    with mock_aws():
        yield


"""
HELPERS_OF_TESTS = """\
def helper():
    USE()


@mock_aws
def mocked_helper():
    USE()


"""
ORDERS = {
    "moto first": "MOTO\nUNDERTEST",
    "moto last": "UNDERTEST\nMOTO",
    "moto in the libraries": "import moto\nUNDERTEST\nMOTO",
    "helpers first": "from helpers import Opened\nUNDERTEST\nMOTO",
}
CONFTESTS = {
    "none": None,
    "moto": "import moto\n",
    "code under test": "import MODULE\n",
    "environment": 'import os\n\nos.environ.setdefault("AWS_DEFAULT_REGION", "eu-west-1")\n',
    "mock, left on": "from moto import mock_aws\n\nmock_aws().start()\n",
    "configured": (
        "from moto import mock_aws\n\n\ndef pytest_configure(config):\n    mock_aws().start()\n"
    ),
    "fixtures": "",
    "fixtures, too": "",
    "and fixtures": "",
}
FOLDERS = {
    "root": ("", {}),
    "folder": ("tests/", {}),
    "package": ("tests/", {"tests/__init__.py": ""}),
    "package with moto": ("tests/", {"tests/__init__.py": "import moto\n"}),
    "package with code": ("tests/", {"tests/__init__.py": "import MODULE\n"}),
}
OTHERS = {
    "no moto": "import MODULE as app\n\n\ndef test_other():\n    assert app\n",
    "no moto, sends": "import MODULE as app\n\n\ndef test_other():\n    app.use()\n",
    "moto": (
        "import moto\nimport MODULE as app\n\n\n@moto.mock_aws\ndef test_other():\n    app.use()\n"
    ),
    "code, then moto": (
        "import MODULE as app\nimport moto\n\n\n@moto.mock_aws\ndef test_other():\n    app.use()\n"
    ),
    "only boto3": 'import boto3\n\n\ndef test_other():\n    boto3.client("s3").list_buckets()\n',
}
IMPORT_TIME = {
    "nothing": "",
    "request": "USE()\n",
    "request under a mock": "with mock_aws():\n    USE()\n",
    "client": 'CLIENT = boto3.client("s3")\n',
    "mark": "pytestmark = pytest.mark.usefixtures(FIXTURE)\n",
    "mock, left on": "MOCK.start()\n",
    "mock, stopped": "MOCK.start()\nMOCK.stop()\n",
    "parametrize": (
        '@pytest.mark.parametrize("number", [1, 2])\ndef test_number(number):\n    USE()\n'
    ),
    "parametrized condition": (
        '@pytest.mark.parametrize("number", [1, 2])\ndef test_number(number):\n'
        "    if number == 2:  # doubt: condition\n        USE()\n"
    ),
    "parametrized request": (
        '@pytest.mark.parametrize("answer", [USE()])\ndef test_answer(answer):\n'
        "    assert not answer\n"
    ),
}
TOPICS: dict[str, Iterable[str]] = {
    "layout": LAYOUTS, "service": SERVICES, "builder": BUILDERS, "holder": HOLDERS,
    "sender": SENDERS, "way": WAYS, "order": ORDERS, "conftest": CONFTESTS, "folder": FOLDERS,
    "other file": OTHERS, "import time": IMPORT_TIME, "module setup": MODULE_NAMES,
    "fixture": KINDS, "scope": FREQUENT, "context": CONTEXTS, "block": BLOCKS,
    "inner decorator": DECORATORS, "decorator": DECORATORS, "statement": STATEMENTS,
    "mark": MARKS, "class decorator": CLASS_DECORATORS, "class": PARENTS, "base": BASES,
    "parents of plain": PARENTS["plain"], "parents of case": PARENTS["case"],
    "around": {**AROUND, **CLEANUPS},
}


@dataclass(frozen=True)
class Project:
    """A project: its files by path, and the names of the shapes it is made of."""

    files: dict[str, str]
    shapes: frozenset[str]


@st.composite
def projects(draw: Callable[[st.SearchStrategy[int]], int]) -> Project:
    """Compose a project."""
    choose = Choices(draw)
    under = code(choose)
    folder, more = choose.shape("folder", FOLDERS)
    files = {**under.files, "helpers.py": HELPERS, **more}
    conftest = choose.shape("conftest", CONFTESTS)
    known: list[Fixture] = []
    if conftest is not None:
        text = conftest or _fixtures(choose, under, known)
        files[(folder if choose.chance(50) else "") + "conftest.py"] = text
    known = [one._replace(above=True) for one in known]
    files[f"{folder}test_b.py"] = _tests(choose, under, known)
    if choose.chance(15):
        files[f"{folder}test_{'ac'[choose.number(0, 1)]}.py"] = choose.shape("other file", OTHERS)
    finish = partial(fill, MODULE=under.module)
    return Project({path: finish(text) for path, text in files.items()}, frozenset(choose.taken))


def _head(choose: Choices, under: Code) -> tuple[str, str]:
    """Return the imports of a file with tests or fixtures, and how it names `use`."""
    way = choose.shape("way", WAYS)
    order = choose.shape("order", ORDERS)
    imports = fill(order, MOTO=MOTO, UNDERTEST=way.text)
    return f"{LIBRARIES}{imports}{TOP}", way.use.replace("MODULE", under.module)


def _fixtures(choose: Choices, under: Code, known: list[Fixture]) -> str:
    """Return a conftest with fixtures, which the tests know then."""
    head, use = _head(choose, under)
    parts = [_fixture(choose, known) for _ in range(choose.number(1, 2))]
    return finished(head + "\n\n".join(parts), under, use)


def _fixture(choose: Choices, known: list[Fixture]) -> str:
    one, text = fixture(choose, known)
    known[:] = [*(other for other in known if other.name != one.name), one]
    return text


def _tests(choose: Choices, under: Code, known: list[Fixture]) -> str:
    """Return a file of tests."""
    head, use = _head(choose, under)
    parts = [HELPERS_OF_TESTS]
    parts += [_fixture(choose, known) for _ in range(choose.number(0, 2))]
    if choose.chance(20):
        text = choose.shape("import time", IMPORT_TIME)
        names = [one.name for one in known if not one.params]
        if "FIXTURE" not in text or names:
            parts.append(fill(text, FIXTURE=f'"{names[-1]}"' if names else ""))
    if choose.chance(15):
        parts.append(around(choose, choose.shape("module setup", MODULE_NAMES), "STATE"))
    for _ in range(choose.number(1, 3)):
        make = class_of_tests if choose.chance(40) else function
        parts.append(make(choose, known))
    return finished(head + "\n\n".join(parts), under, use)


def finished(text: str, under: Code, use: str) -> str:
    """Return a file that calls the code under test; a loop within a running loop is no loop."""
    nested = any("asyncio.run" in one for one in under.files.values())
    awaited = f"await asyncio.to_thread({use})" if nested else f"{use}()"
    return fill(text, USE=use, AWAITED=awaited)
