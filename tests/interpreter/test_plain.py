"""Plain modules: which are, and that nobody can tell when they run."""

from __future__ import annotations

import ast
from dataclasses import replace
from pathlib import Path

import pytest

from flake8_moto_order.effects import ModuleLoaded, RequestSent, Trace
from flake8_moto_order.interpreter.base import ExhaustedError
from flake8_moto_order.interpreter.machine import Machine
from flake8_moto_order.interpreter.plain import plain
from flake8_moto_order.interpreter.values import Module
from flake8_moto_order.project import Sources
from flake8_moto_order.rules import check
from flake8_moto_order.session.tracing import trace_file
from flake8_moto_order.settings import Settings

CLIENT = "import boto3\nclient = boto3.client('s3')\n"


@pytest.mark.parametrize(
    "source",
    [
        "'''Only text.'''",
        "import os, json\nfrom . import a\nfrom .b import c as d\nimport boto3",
        "LIMIT = 1\na, [b, c] = 1, (2, 3)\nnames: list[str] = ['a']\nlater: int\npass",
        "import logging\nLOG = logging.getLogger(__name__)",
        "import re as regex\nWORD = regex.compile('a')\nUPPER = {str(1): len('a')}",
        "from dataclasses import dataclass, field\n@dataclass\nclass A(Base, key=1):\n"
        " x: list = field(default_factory=list)\n def f(self, a=1, *, b=None): return open(a)",
        "class A:\n @property\n def x(self): pass\n @x.setter\n def x(self, v): pass",
        "import functools\n@functools.lru_cache(maxsize=None)\ndef f(): return boto3.client('s3')",
        "f = lambda x, y=1: g(x)",
        "async def f(a=(1, 2)): await g()",
        "squares = [x * x for x in (1, 2)]",
    ],
)
def test_plain(source: str) -> None:
    """What only imports and defines is plain; bodies of functions don't count."""
    assert plain(ast.parse(source)) is not None


@pytest.mark.parametrize(
    "source",
    [
        "import boto3\ns3 = boto3.client('s3')",
        "from moto import mock_aws",
        "import moto.core",
        "from a import *",
        "from a import register\n@register\ndef f(): pass",
        "from a import register\n@register('x')\nclass A: pass",
        "from a import compile\nX = compile('a')",
        "from .re import compile\nX = compile('a')",
        "import os\nREGION = os.environ['REGION']",
        "from os import environ\nREGION = environ",
        "import sys\nX = sys.path",
        "if True:\n import a",
        "try:\n import a\nexcept ImportError: pass",
        "def f(a=make()): pass",
        "class A(make()): pass",
        "class A:\n x = make()",
        "class A:\n if x: pass",
        "f = lambda x=make(): x",
        "a.b = 1",
        "a[1] = 1",
        "X: int = make()",
        "X = (Y := 1)",
        "X = make()()",
        "print('a')",
        "del a",
        "@(lambda f: f)\ndef f(): pass",
    ],
)
def test_not_plain(source: str) -> None:
    """What may ask the world or change it, or does more than define, is run at once."""
    assert plain(ast.parse(source)) is None


def test_names() -> None:
    """The names that a plain module binds are known before it runs."""
    found = plain(ast.parse("import a.b, c as d\nfrom e import f, g as h\nx, y = 1, 2\n"
                            "z: int = 1\ndef i(): j = 1\nclass K: m = 1"))  # fmt: skip
    assert found and found.names == set("a d f h x y z i K".split())
    assert len(found.imports) == 2


def traces(folder: Path, files: dict[str, str], path: str = "test_it.py") -> tuple[Trace, Trace]:
    """Write a project and trace a file of it, thoroughly and not.

    What only a thorough run tells is left out.
    """
    for name, text in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    settings = Settings(scope="all")
    thorough, lazy = (
        trace_file(str(folder / path), Sources(), settings, str(folder), each)
        for each in (True, False)
    )
    told = (effect for effect in thorough.effects if not isinstance(effect, ModuleLoaded))
    return replace(thorough, effects=tuple(told)), lazy


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
    "what raises": {"shop/a.py": "import shop.b\nfrom shop.c import use", "shop/b.py": "raise X"},
}


@pytest.mark.parametrize("name", PROJECTS)
def test_same_effects(tmp_path: Path, name: str) -> None:
    """A run that lets plain modules wait has the same effects as one that does not."""
    base = {
        "shop/__init__.py": "",
        "shop/c.py": "import boto3\ndef use():\n    boto3.client('s3').list_buckets()\n",
        "shop/d.py": CLIENT,
        "test_it.py": TEST + USE,
    }
    thorough, lazy = traces(tmp_path, base | PROJECTS[name])
    assert lazy.effects == thorough.effects and lazy.run == thorough.run
    assert lazy.run or name == "what raises"


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
    }
    thorough, lazy = traces(tmp_path, files)
    found = [diagnostic.code for diagnostic in check(lazy)]
    assert found == [diagnostic.code for diagnostic in check(thorough)] == ([code] if code else [])


def test_plugin(tmp_path: Path) -> None:
    """Names that a plugin only imports are hooks and fixtures too."""
    files = {
        "plug.py": "from fixtures import data, pytest_configure\n",
        "fixtures.py": "import pytest, boto3\n@pytest.fixture(autouse=True)\ndef data():\n"
        "    boto3.client('s3').list_buckets()\ndef pytest_configure(config):\n"
        "    boto3.client('sns').list_topics()\n",
        "conftest.py": "pytest_plugins = ['plug']\n",
        "test_it.py": "def test_it(): pass\n",
    }
    thorough, lazy = traces(tmp_path, files)
    assert list(check(lazy)) == list(check(thorough)) != []
    assert lazy.effects == thorough.effects and lazy.run == thorough.run


def test_first_look_within_a_branch(tmp_path: Path) -> None:
    """A plain module that a branch is the first to look at is as it was beside that branch."""
    lazy = "import boto3\nclient = None\ndef get():\n global client\n client = client or "
    files = {
        "shop/a.py": f"{lazy}boto3.client('s3')\n return client\n",
        "test_it.py": "import moto\nfrom unittest.mock import patch\nfrom shop import a\n"
        "def test_a(number):\n if number == 2: a.get()\n"
        "@patch('boto3.client')\ndef test_b(fake): a.get().list_buckets()\n",
    }
    thorough, lazy_run = traces(tmp_path, files)
    assert thorough.run == lazy_run.run
    assert [effect.certain for effect in lazy_run.run if isinstance(effect, RequestSent)] == [False]


def test_out_of_steps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A plain module that was not run to its end is as if nobody had looked at it."""
    files = {
        "shop/__init__.py": "",
        "shop/a.py": "import boto3\nX = 1\ndef use(): boto3.client('s3').list_buckets()\n",
        "conftest.py": "from shop import a\n",
        "test_a.py": "from shop import a\ndef test_a(): a.use()\n",
        "test_b.py": "from shop import a\ndef test_b(): a.use()\n",
    }
    traces(tmp_path, files, "test_a.py")
    sources, settings, failures = Sources(), Settings(scope="all"), [ExhaustedError()]
    run_module = Machine.run_module

    def run_once_in_part(self: Machine, module: Module) -> None:
        run_module(self, module)
        if module.name == "shop.a" and failures:
            raise failures.pop()

    monkeypatch.setattr(Machine, "run_module", run_once_in_part)
    first, second = (
        trace_file(str(tmp_path / name), sources, settings, str(tmp_path))
        for name in ("test_a.py", "test_b.py")
    )
    assert (first.cut_short, list(check(first)), failures) == (True, [], [])
    assert [found.code for found in check(second)] == ["MOT201"]
