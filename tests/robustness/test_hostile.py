"""Hostile sources: each stands before a request that is found in spite of it."""

from __future__ import annotations

import inspect
import sys
import time
from pathlib import Path

import pytest

from flake8_moto_order.interpreter.base import DEEPEST
from tests.robustness.checking import REQUEST, codes, write
from tests.robustness.hostile import deep, endless, growing, numbered, odd

SOURCES = [*deep(), *endless(), *growing(), *odd()]
SMALL_BUDGET = 20_000
MOST_SECONDS = 20.0
CALLS = "def f60(): pass\n" + numbered("def f#():\n f+(); f+()\n", 60)
SPENDING = {
    "mutual": numbered("def f#(): " + numbered("f#(); ", 20) + "\n", 20) + "f0()\n",
    "loops": "for a in range(60):\n for b in range(60):\n  for c in range(60):\n   d = [a, b, c]\n",
    "comprehension": "x = [1 " + numbered("for x# in [1, 2, 3] ", 60) + "]\n",
    "items": "x = {" + numbered("#: 1, ", 20_000) + "}\n" + "x.items()\n" * 99,
}


@pytest.mark.parametrize(("name", "source"), SOURCES, ids=[name for name, _ in SOURCES])
def test_rest_is_checked(name: str, source: str, tmp_path: Path) -> None:
    """Whatever stands before it, the request is found."""
    assert codes(tmp_path, source + REQUEST) == ["MOT103"]


@pytest.mark.parametrize("source", SPENDING.values(), ids=SPENDING)
def test_budget(source: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What costs more than the budget ends the look at the file, not what was found before."""
    monkeypatch.setattr("flake8_moto_order.interpreter.base.STEP_BUDGET", SMALL_BUDGET)
    assert codes(tmp_path, REQUEST + source + REQUEST) == ["MOT103"]


def test_whole_budget(tmp_path: Path) -> None:
    """The whole budget is used up in seconds."""
    start = time.process_time()
    assert codes(tmp_path, REQUEST + SPENDING["loops"] + REQUEST) == ["MOT103"]
    assert time.process_time() - start < MOST_SECONDS


def test_calls_that_double(tmp_path: Path) -> None:
    """Calls that double with each level of functions are run once per function in a test."""
    test = "def test_it():\n f0()\n boto3.client('s3').list_buckets()\n"
    source = "import boto3, moto\n" + CALLS + test
    assert codes(tmp_path, source) == ["MOT201"]


def test_long_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A generated file of more lines than there are steps is checked as far as they reach."""
    monkeypatch.setattr("flake8_moto_order.interpreter.base.STEP_BUDGET", SMALL_BUDGET)
    assert codes(tmp_path, REQUEST + "x = 1\n" * SMALL_BUDGET + REQUEST) == ["MOT103"]


@pytest.mark.parametrize(
    "form", ["import {}", "from {} import *", "if c:\n try: import {}\n finally: 1"]
)
def test_import_chain(form: str, tmp_path: Path) -> None:
    """A chain of 300 imports is followed, and what its end sends is found."""
    write(tmp_path, {f"m{i}.py": form.format(f"m{i + 1}") + "\n" for i in range(300)})
    write(tmp_path, {"m300.py": REQUEST})
    found = codes(tmp_path, form.format("m0") + "\n" + REQUEST)
    assert found == (["MOT103"] if "if" in form else ["MOT103", "MOT103"])


@pytest.mark.parametrize("form", ["import {}", "from {} import *", "from {} import name"])
def test_circle(form: str, tmp_path: Path) -> None:
    """Modules that import each other in a circle load once."""
    write(tmp_path, {f"m{i}.py": form.format(f"m{(i + 1) % 50}") for i in range(50)})
    assert codes(tmp_path, form.format("m0") + "\n" + REQUEST) == ["MOT103"]


def test_reloaded_module(tmp_path: Path) -> None:
    """A module that reloads itself while it loads does not run for ever."""
    write(tmp_path, {"m.py": "import importlib, sys\nimportlib.reload(sys.modules['m'])\n" * 9})
    assert codes(tmp_path, "import m\n" + REQUEST) == ["MOT103"]


def test_star_imports(tmp_path: Path) -> None:
    """A package that takes all names of all its modules, which take all of its own, is followed."""
    names = [f"m{i}" for i in range(40)]
    write(tmp_path, {f"p/{name}.py": f"from p import *\n{name}_x = 1\n" for name in names})
    write(tmp_path, {"p/__init__.py": "".join(f"from p.{name} import *\n" for name in names)})
    assert codes(tmp_path, "from p import *\n" + REQUEST) == ["MOT103"]


def test_recursion_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Python's own limit is what it was once a file is checked, and does not shape the outcome."""
    monkeypatch.setattr("flake8_moto_order.session.tracing.ROOM_FOR_CALLS", 10 * DEEPEST)
    before = sys.getrecursionlimit()
    assert codes(tmp_path, "x = a" + ".b" * 900 + REQUEST) == ["MOT103"]
    assert sys.getrecursionlimit() == before


@pytest.mark.parametrize(
    "source",
    ["x = a or " + "not " * 200 + "b", "x = a" + ".b" * 500, "with " + "c, " * 90 + "d: a or b"],
    ids=["not", "attributes", "with"],
)
def test_python_too_deep(source: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where Python's own limit comes first, only the statement that meets it has no effect."""
    monkeypatch.setattr("flake8_moto_order.session.tracing.ROOM_FOR_CALLS", 0)
    function = f"def f():\n if c: return 1\n {source}\n return 2\nf()\n"
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(len(inspect.stack(0)) + 250)
    try:
        found = codes(tmp_path, f"{source}\n" + function + REQUEST)
    finally:
        sys.setrecursionlimit(before)
    assert found == ["MOT103"]
