"""Imports: what each form binds, in which order modules run, and how often."""

from __future__ import annotations

import pytest

from flake8_moto_order.interpreter.base import MissingModuleError
from flake8_moto_order.interpreter.machine import Machine
from flake8_moto_order.interpreter.values import Library, Module, Unknown
from tests.memory import constant, machine_for, run, value_of

FILES = {
    "top.py": "y = 1\n__all__ = ['y', 'z']\nz = 2\nw = 3\n_v = 4",
    "open.py": "y = 5\n_z = 6\n",
    "p/__init__.py": "from . import a\nfrom .a import v as w\n",
    "p/a.py": "from .b import v\nname = __name__",
    "p/b.py": "v = 7",
    "p/q/__init__.py": "from .. import b\nfrom ..b import v\nfrom . import c",
    "p/q/c.py": "from ...top import y\nfrom . import nothing",
}


def outcome(source: str) -> object:
    """Run `source` beside the files above and return what `x` is bound to."""
    machine = machine_for({"main.py": source, **FILES})
    machine.load("main")
    found = value_of(machine, "x")
    return getattr(found, "value", getattr(found, "name", found))


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("import top\nx = top.y", 1),
        ("import top as t\nx = t.y", 1),
        ("from top import y as x", 1),
        ("from top import *\nx = z", 2),
        ("w = 0\nfrom top import *\nx = w", 0),
        ("from open import *\nx = y", 5),
        ("_z = 0\nfrom open import *\nx = _z", 0),
        ("import p.a\nx = p.a.v", 7),
        ("import p.a as x", "p.a"),
        ("import p.q.c\nx = p.q.c", "p.q.c"),
        ("from p import a as x", "p.a"),
        ("from p import w as x", 7),
        ("from p import b as x", "p.b"),
        ("from p.q import v as x", 7),
        ("from p.a import name as x", "p.a"),
        ("import p\nx = p.b", "p.b"),
        ("import p.nothing\nx = 1", 1),
        ("import p.a\ndel p.a\nx = p.a", "p.a"),
        ("import boto3.session, boto3.session as x", "boto3.session"),
        ("import sys\nsys.path.append(y)\nimport top as x", "top"),
        ("from p.nothing import x", "p.nothing"),
        ("try: import p.nothing\nexcept ImportError: x = 3", 3),
        ("try: from p.nothing import x\nexcept ImportError: x = 3", 3),
        ("from top import nothing as x", Unknown("top.nothing")),
        ("import nowhere.at.all\nx = nowhere.at.all", "nowhere.at.all"),
        ("from nowhere import x", "nowhere.x"),
        ("from nowhere import *\nx = 1", 1),
        ("import os.path as x", "os.path"),
        ("from os.path import join as x", "os.path.join"),
        ("x = __import__('top').y", 1),
        ("x = __import__('p.a').w", 7),
        ("import importlib\nx = importlib.import_module('p.a').v", 7),
        ("import importlib\nx = importlib.import_module('.a', 'p').v", 7),
        ("import importlib\ntry: importlib.import_module('..top', 'p.q')\nexcept E: x = 3", 3),
        ("import importlib\nx = importlib.import_module('.')", Unknown("import")),
        ("import top, sys\nsys.modules['top'].y = 9\nfrom top import y as x", 9),
        ("import top, sys\nsys.modules.pop('top')\nx = 1", 1),
        ("import sys\nsys.modules['fake'] = 5\nimport fake as x", 5),
        ("import sys\nsys.modules['fake'] = 5\ntry: import fake.a\nexcept ImportError: x = 3", 3),
        ("import sys\nsys.modules['fake'] = y()\nimport fake.a as x", Unknown("call")),
        ("import sys\nsys.path = ['/nowhere']\nimport top as x", "top"),
        ("from . import top as x", ".top"),
        ("import top\nimport importlib\ntop.y = 2\nimportlib.reload(top)\nx = top.y", 1),
        ("import os, importlib\nx = importlib.reload(os)", "os"),
    ],
)
def test_binding(source: str, value: object) -> None:
    """Every form of import binds what Python would bind."""
    found = outcome(source)
    assert found == value or isinstance(found, Unknown) and found.origin == value


def test_each_module_runs_once() -> None:
    """A module runs at its first import only."""
    source = "import other\nimport other\nfrom other import n\nx = len(n)"
    machine = run(source, other="n = []\nn.append(1)")
    assert getattr(value_of(machine, "x"), "value", None) == 1


def test_circle() -> None:
    """In a circle the module that is still loading has the names bound so far."""
    machine = run("import a\nx = a.v", a="u = 1\nimport b\nv = b.w", b="from a import u\nw = u")
    assert getattr(value_of(machine, "x"), "value", None) == 1


def test_missing_module_of_a_package() -> None:
    """A module that a package of the project should have raises."""
    machine = machine_for(FILES)
    with pytest.raises(MissingModuleError):
        machine.load("p.nothing")


def test_owned_name() -> None:
    """A file that is called like a library with a model does not take it over."""
    machine = run("import boto3, os.path", boto3="x = 1", os="x = 1")
    assert machine.environment.modules["boto3"] == Library("boto3")
    assert machine.environment.modules["os.path"] == Library("os.path")


def test_imports_are_recorded() -> None:
    """A module knows which modules it names in its imports."""
    machine = run("import top.a\nfrom other import y", other="import os")
    modules = machine.environment.modules.values()
    named = {each.name: set(each.imports) for each in modules if isinstance(each, Module)}
    assert named == {"main": {"top.a", "other", "other.y"}, "other": {"os"}}


@pytest.mark.parametrize("text", ["def (:", "import sys\nsys.exit()"])
def test_broken_module(text: str) -> None:
    """A module that cannot be parsed is opaque; one that ends early raises at its import."""
    machine = run("try: import other\nexcept E: pass", other=text)
    assert ("other" in machine.environment.modules) is text.startswith("def")


def test_reload_in_itself() -> None:
    """A module that reloads itself while it runs does so once."""
    other = "import sys, importlib\nimportlib.reload(sys.modules['other'])"
    machine = run("import other", other=other)
    assert isinstance(machine.environment.modules["other"], Module)


def test_namespace_package() -> None:
    """A folder without `__init__.py` is a module without a body."""
    machine = machine_for({})
    module = Module("n", None, ("/p/n",))
    Machine.run_module(machine, module)
    assert set(module.namespace) == {"__name__"}


def test_unknown_name() -> None:
    """An import by a name that is not known has no effect."""
    assert isinstance(constant("import importlib\nx = importlib.import_module(y)"), Unknown)
    assert isinstance(constant("x = __import__(y)"), Unknown)
