"""Modules that are not run again: what is done again is what a run would do, in any order."""

from __future__ import annotations

from pathlib import Path

import pytest

from flake8_moto_order.effects import Serial, Trace
from flake8_moto_order.interpreter.loading import MOST_RECORDS, is_same
from flake8_moto_order.interpreter.values import (
    Choice,
    Constant,
    Instance,
    Library,
    Method,
    Module,
    Unknown,
)
from flake8_moto_order.project import Sources
from flake8_moto_order.rules import check
from flake8_moto_order.session.tracing import trace_file
from flake8_moto_order.settings import Settings
from tests.interpreter.test_memory import CLASS
from tests.memory import machine_for, value_of
from tests.runs import numbered

CLIENT = "import boto3\nclient = boto3.client('s3')\n"
TEST = "import boto3\nfrom unittest.mock import patch\nfrom shop import a\n"
USE = "def test_it():\n    a.use()\n"
PROJECTS = {
    "a chain": {"shop/a.py": "from shop.b import use", "shop/b.py": "from shop.c import use"},
    "a module": {"shop/a.py": "from shop import c\ndef use(): c.use()"},
    "a submodule": {"shop/a.py": "import shop.c\ndef use(): shop.c.use()"},
    "one submodule more": {
        "shop/a.py": "import shop.c\nfrom shop import c, d\ndef use(): c.use()"
    },
    "a relative import": {"shop/a.py": "from .c import use as used\ndef use(): used()"},
    "a base class": {
        "shop/a.py": "from shop.b import B\nclass A(B): pass\ndef use(): A().go()",
        "shop/b.py": "from shop.c import use\nclass B:\n def go(self): use()",
    },
    "a client in a plain chain": {
        "shop/a.py": "from shop.b import client\ndef use(): client.list_buckets()",
        "shop/b.py": "from shop.d import client",
    },
    "a circle": {
        "shop/a.py": "import shop.b\nfrom shop.c import use",
        "shop/b.py": "import shop.a\nX = 1",
    },
    "a name that is missing": {"shop/a.py": "from shop.c import use, missing"},
    "a package that defines": {
        "shop/__init__.py": "from shop.c import use",
        "shop/a.py": "from shop import use",
    },
    "a hook for attributes": {
        "shop/b/__init__.py": "from shop.c import use\ndef __getattr__(name): return use",
        "shop/a.py": "from shop.b import anything as use",
    },
    "a star": {"shop/a.py": "from shop.b import *", "shop/b.py": "from shop.c import use"},
    "what registers": {
        "shop/a.py": "from shop.b import uses, register\nfrom shop.c import use as used\n"
        "register(used)\nuses.append(used)\ndef use(): uses[0]()",
        "shop/b.py": "import shop.e\nuses = []\ndef register(one): uses.insert(0, one)",
        "shop/e.py": "from shop import b\nb.early = True",
    },
    "what asks and writes": {
        "shop/a.py": "import os\nos.environ['X'] = '1'\nfrom shop.b import use",
        "shop/b.py": "import os\nfrom shop.c import use\nif os.environ.get('X') != '1': del use\n"
        "os.environ.pop('X')",
    },
    "what opens": {
        "shop/a.py": "from shop.b import uses\nfrom shop.c import use\nuses.extend(input())",
        "shop/b.py": "uses = []",
    },
    "what is wide": {
        "shop/a.py": "from shop.b import uses\nn = len(uses)\nfrom shop.c import use",
        "shop/b.py": "uses = [" + "1, " * 300 + "]",
    },
    "what marks": {
        "shop/a.py": "import pytest, unittest\nfrom moto import mock_aws\nfrom shop.c import use\n"
        "@mock_aws\n@pytest.mark.slow\nclass A(unittest.TestCase):\n def test_x(self): use()",
    },
    "what imports in a branch": {
        "shop/a.py": "import os\nif os.getpid():\n import shop.d\nfrom shop.c import use",
    },
    "what goes through a package": {
        "shop/a.py": "import sys\nfor name in list(sys.modules): pass\nfrom shop.c import use",
    },
    "a package as a whole": {
        "shop/a.py": "from shop import b\nnames = list(vars(b))\nfrom shop.c import use",
        "shop/b.py": "x = 1",
    },
    "a missing module": {
        "shop/a.py": "try:\n import shop.missing\nexcept ImportError:\n pass\n"
        "from shop.c import use",
    },
    "the default session": {
        "shop/a.py": "import boto3\nboto3.client('sns')\nfrom shop.c import use\nimport moto\n"
        "late = boto3.client('sqs')",
    },
    "names that are theirs": {
        "shop/__init__.py": "from shop.c import use\nfrom shop.a import shop as c",
        "shop/a.py": "from shop.c import use\nimport shop.d\nshop.late = use\nuse = shop.late",
    },
    "a submodule under its own name": {
        "shop/b/__init__.py": "x = 1\nfrom shop.b.b import b\ny = x\nx = 2",
        "shop/b/b.py": "from shop.c import use as b",
        "shop/a.py": "from shop.b import b as use",
    },
    "what opens itself": {
        "shop/a.py": "from shop.c import use\nuses = [1]\nuses.extend(input())\nused = uses",
    },
    "what raises": {"shop/a.py": "import shop.b\nfrom shop.c import use", "shop/b.py": "raise X"},
}


OTHERS = {
    "test_first.py": "import shop.c, shop.d\nimport shop.a\ndef test_it(): shop.c.use()\n",
    "test_moto.py": "import moto\nfrom shop import d, a, c\n"
    "@moto.mock_aws\ndef test_it(): a.use()\n",
    "test_patched.py": "from unittest.mock import patch\ndef test_it():\n"
    " import shop.c\n with patch('shop.c.use'):\n  import shop.a\n",
    "test_twice.py": "import sys, shop.n\nshop.n.call = None\nfirst = sys.modules.pop('shop.n')\n"
    "import shop.n\ndef test_it():\n shop.n.call()\n first.call()\n shop.n.client.list_topics()\n",
}
BASE = {
    "shop/__init__.py": "",
    "shop/c.py": "import boto3\ndef use():\n    boto3.client('s3').list_buckets()\n",
    "shop/d.py": CLIENT,
    "shop/n.py": "def call():\n import boto3\n return boto3.client('sqs').list_queues()\n"
    "client = __import__('boto3').client('sns')\n",
    "test_it.py": TEST + USE,
    **OTHERS,
}


def in_orders(folder: Path, files: dict[str, str]) -> dict[str, Trace]:
    """Trace each test file alone, and all in several orders in one run: it must be the same."""
    for name, text in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    names = sorted(name for name in files if name.startswith("test_"))
    settings = Settings(scope="all")

    def trace(name: str, sources: Sources) -> Trace:
        path = str(folder / name)
        return numbered(trace_file(path, sources, settings, str(folder), thorough=True))

    alone = {name: trace(name, Sources()) for name in names}
    for order in (names, names[::-1], names[1:] + names[:1]):
        sources = Sources()
        for name in (*order, *order):
            assert trace(name, sources) == alone[name], name
    return alone


@pytest.mark.parametrize("name", PROJECTS)
def test_orders(tmp_path: Path, name: str) -> None:
    """Whatever was loaded before, by whom, and what was done to it, a file has its own trace."""
    found = in_orders(tmp_path, BASE | PROJECTS[name])
    assert found["test_it.py"].run or name == "what raises"


@pytest.mark.parametrize(
    ("test", "code"),
    [
        ("@patch('shop.c.use')\ndef test_it(use): a.use()", "MOT201"),
        ("@patch('shop.a.use')\ndef test_it(use): a.use()", ""),
        ("def test_it(monkeypatch):\n import shop.c\n monkeypatch.setattr(shop.c, 'use', print)\n"
         " a.use()", "MOT201"),
        ("def test_it():\n import shop.c\n shop.c.use = print\n a.use()", "MOT201"),
        ("def test_it():\n import shop.c\n shop.c.stop()\n a.use()", "MOT201"),
        ("import importlib, shop.c\ndef test_it(): importlib.reload(shop.c); a.use()", "MOT201"),
        ("import sys\ndef test_it():\n sys.modules['shop.c'] = None\n a.use()", "MOT201"),
        ("@patch('boto3.client')\ndef test_it(client): a.use()", ""),
    ],
)  # fmt: skip
def test_replaced(tmp_path: Path, test: str, code: str) -> None:
    """What is replaced after an import stays as it was where it had been imported by name."""
    files = {
        "shop/__init__.py": "",
        "shop/a.py": "from shop.b import use",
        "shop/b.py": "from shop.c import use",
        "shop/c.py": "import boto3\ndef use():\n    boto3.client('s3').list_buckets()\n"
        "def stop():\n    global use\n    use = print\n",
        "test_it.py": f"{TEST}{test}\n",
        **OTHERS,
    }
    found = in_orders(tmp_path, files)
    codes = [one.code for one in check(found["test_it.py"])]
    assert codes == ([code] if code else [])


def test_records_are_few() -> None:
    """Of a module that is loaded in ever other ways, the last ways are kept."""
    machine = machine_for({"a.py": "import os\nX = os.environ.get('X')\n", "main.py": "import a"})
    world = machine.environment
    for count in range(MOST_RECORDS + 2):

        def load(number: int) -> None:
            world.write(world.environ.slots, "X", Constant(number))
            module = machine.load("a")
            assert isinstance(module, Module)
            assert module.namespace["X"] == Constant(number)

        world.trial(lambda: load(count))
    world.trial(lambda: load(count))


def test_value_of_a_module() -> None:
    """A module that was loaded before is the same object when it is loaded again."""
    machine = machine_for({"a.py": "class A: pass\n", "main.py": "from a import A"})

    def load() -> object:
        machine.load("main")
        return value_of(machine, "A")

    world = machine.environment
    assert world.trial(load) is world.trial(load)


@pytest.mark.parametrize(
    ("old", "new", "same"),
    [
        (Constant(1), Constant(1), True),
        (Constant(1), Constant(True), False),
        (Constant(1), Library("a"), False),
        (Library("a"), Library("a"), True),
        (Method(Library("a"), "x"), Method(Library("a"), "x"), True),
        (Choice((Constant(1), Constant(2))), Choice((Constant(1), Constant(3))), False),
        (Unknown("a"), Unknown("a"), True),
        (Unknown("a", (Library("b"),)), Unknown("a", (Library("b"),)), False),
        (Instance(CLASS), Instance(CLASS), False),
        ((1, "a"), (1, "a"), True),
        ((1,), (1, 2), False),
        (Serial(1), Serial(2), False),
    ],
)
def test_is_same(old: object, new: object, same: bool) -> None:
    """Objects are the same if they are identical, plain values if they are equal."""
    assert is_same(old, new) is same


def test_anew() -> None:
    """A module that was taken out of sys.modules is run anew: the old one may be in use."""
    machine = machine_for(
        {
            "main.py": "import sys, n\nn.x = 2\nfirst = sys.modules.pop('n')\nimport n\n"
            "new, old = n.x, first.x",
            "n.py": "x = 1",
        }
    )
    machine.load("main")
    assert value_of(machine, "new") == Constant(1)
    assert value_of(machine, "old") == Constant(2)
