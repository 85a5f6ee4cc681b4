"""Attributes: instances, classes, descriptors, modules, and what is set on them."""

from __future__ import annotations

import pytest

from flake8_moto_order.interpreter.attributes import find_in_class, linearize
from flake8_moto_order.interpreter.slots import Slots
from flake8_moto_order.interpreter.values import Choice, Class, Library, Method, Module, Unknown
from tests.memory import constant, run, value_of

MODULE = Module("m", None, ())


def classes(bases: dict[str, str]) -> dict[str, Class]:
    """Make classes by name, each with the bases named."""
    made: dict[str, Class] = {}
    for name, names in bases.items():
        made[name] = Class(name, MODULE, tuple(made[base] for base in names), Slots())
    return made


@pytest.mark.parametrize(
    ("bases", "order"),
    [
        ({"A": ""}, "A"),
        ({"A": "", "B": "A"}, "BA"),
        ({"A": "", "B": "", "C": "AB"}, "CAB"),
        ({"A": "", "B": "A", "C": "A", "D": "BC"}, "DBCA"),
        ({"A": "", "B": "A", "C": "", "D": "BC"}, "DBAC"),
        ({"A": "", "B": "A", "C": "A", "D": "B", "E": "DC"}, "EDBCA"),
    ],
)
def test_order_of_classes(bases: dict[str, str], order: str) -> None:
    """Classes are looked at from left to right, a shared base after all that derive from it."""
    made = classes(bases)
    assert "".join(cls.name for cls in linearize(made[order[0]])) == order


def test_lookup_after_a_class() -> None:
    """With `after`, only the classes that follow count."""
    made = classes({"A": "", "B": "A"})
    made["A"].namespace["x"] = made["B"].namespace["x"] = Library("a")
    made["B"].namespace["y"] = Library("b")
    assert find_in_class(made["B"], "x", after=made["B"]) == Library("a")
    assert find_in_class(made["B"], "y", after=made["B"]) is None
    assert find_in_class(made["B"], "y", after=classes({"C": ""})["C"]) == Library("b")


VALUES = [
    ("class A: x = 1\nx = A.x", 1),
    ("class A: x = 1\nx = A().x", 1),
    ("class A: x = 1\nclass B(A): pass\nx = B().x", 1),
    ("class A:\n def __init__(self, v): self.x = v\nx = A(1).x", 1),
    ("class A:\n def f(self): return 1\nx = A().f()", 1),
    ("class A:\n def f(self): return self\nx = A.f(1)", 1),
    ("class A:\n @property\n def p(self): return 1\nx = A().p", 1),
    ("class A:\n @staticmethod\n def f(a): return a\nx = A.f(1)", 1),
    ("class A:\n @staticmethod\n def f(a): return a\nx = A().f(1)", 1),
    ("class A:\n @classmethod\n def f(cls): return cls.b\n b = 1\nx = A.f()", 1),
    ("class A:\n @classmethod\n def f(cls): return cls.b\n b = 1\nx = A().f()", 1),
    ("class A:\n @classmethod\n def f(cls): return cls.b\nclass B(A): b = 2\nx = B.f()", 2),
    ("class A:\n f = lambda self: 1\nx = A().f()", 1),
    ("class A:\n def f(self): return 1\nclass B(A):\n def f(self): return super().f()\n"
     "x = B().f()", 1),
    ("class A:\n def f(self): return 1\nclass B(A):\n def f(self): return super(B, self).f()\n"
     "x = B().f()", 1),
    ("class A:\n @classmethod\n def f(cls): return 1\nclass B(A):\n @classmethod\n"
     " def f(cls): return super().f()\nx = B.f()", 1),
    ("class A:\n def __init__(self): self.x = 1\nclass B(A):\n def __init__(self):\n"
     "  super().__init__()\nx = B().x", 1),
    ("class A: pass\nclass B(A):\n def __init__(self):\n  super().__init__()\n  self.x = 2\n"
     "x = B().x", 2),
    ("class A:\n def __getattr__(self, n): return n\nx = A().abc", "abc"),
    ("class A: pass\nx = A.__name__", "A"),
    ("class A: b = 1\nx = A().__class__.b", 1),
    ("class A: pass\na = A()\na.x = 1\nx = a.x", 1),
    ("class A: x = 1\na = A()\na.x = 2\ndel a.x\nx = a.x", 1),
    ("class A: pass\nsetattr(A, 'x', 1)\nx = A().x", 1),
    ("class A: pass\na = A()\nsetattr(a, 'x', 1)\nx = getattr(a, 'x')", 1),
    ("import os\nos.x = 1\nx = os.x", 1),
    ("import os\nos.x = 1\ndel os.x\nx = os.x", Library("os.x")),
    ("import os\nx = os.y.z", Library("os.y.z")),
    ("import functools\nn = []\nclass A:\n @functools.cached_property\n def p(self):\n"
     "  n.append(1)\n  return 1\na = A()\na.p + a.p\nx = len(n)", 1),
    ("import functools\ndef g(a, b): return b\nclass A:\n f = functools.partial(g)\n"
     "x = A().f(1)", 1),
    ("import contextlib\nfrom moto import mock_aws\nclass A:\n @mock_aws\n def f(self): return 1\n"
     "x = A().f()", 1),
    ("x = nothing.a.b", Unknown("nothing")),
    ("class A: pass\nx = A().b", Unknown("A.b")),
    ("class A: pass\nx = A.b", Unknown("A.b")),
    ("'a'.x = 1\nx = 2", 2),
    ("from unittest.mock import Mock\ny = Mock()\nx = 1 if y.a.b() is y else 2", None),
    ("class A:\n def f(self): return super().g()\nx = 1 if A().f() else 1", 1),
]  # fmt: skip


@pytest.mark.parametrize(("source", "value"), VALUES)
def test_value(source: str, value: object) -> None:
    """An attribute is found where Python would find it."""
    found = constant(source)
    assert isinstance(found, Choice) if value is None else found == value


@pytest.mark.parametrize(
    ("source", "other", "value"),
    [
        ("x = other.y", "y = 1", 1),
        ("x = other.__dict__['y']", "y = 1", 1),
        ("x = other.z", "y = 1", Unknown("other.z")),
        ("x = other.abc", "def __getattr__(name): return name", "abc"),
        ("other.y = 2\nfrom other import y\nx = y", "y = 1", 2),
        ("del other.y\nx = other.y", "y = 1", Unknown("other.y")),
        ("x = other.__name__", "", "other"),
        ("x = other.__file__", "", "/p/other.py"),
        ("(other if y else None).x = 1\nx = other.x", "", 1),
    ],
)
def test_module(source: str, other: str, value: object) -> None:
    """A module has its names, and what its `__getattr__` makes."""
    machine = run(f"import other\n{source}", other=other)
    found = value_of(machine, "x")
    assert getattr(found, "value", found) == value


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("class A(unittest.TestCase): pass\nx = A().f", "unittest.TestCase.f"),
        ("class A(unittest.TestCase):\n def f(self): return super().g\nx = A().f()", "super.g"),
    ],
)
def test_library_base(source: str, value: str) -> None:
    """What a class has from a library goes by the library's name."""
    found = constant("import unittest\n" + source)
    assert isinstance(found, Method)
    assert found.name == value


def test_choice() -> None:
    """An attribute of a choice is a choice of attributes, None left out."""
    source = "class A: b = 1\nclass B: b = 2\nx = (A if y else B if z else None).b"
    found = constant(source)
    assert isinstance(found, Choice)
    assert len(found.options) == 2
