"""Metaclasses, `__init_subclass__` and decorators of classes that wrap what a class has."""

from __future__ import annotations

from pathlib import Path

import pytest

from flake8_moto_order.interpreter.values import Unknown
from tests.memory import constant
from tests.runs import requests_of, run

BASES = """
class Auto:
    def __init_subclass__(cls, **named):
        super().__init_subclass__(**named)
        for name, value in list(vars(cls).items()):
            if name.startswith("test"): setattr(cls, name, mock_aws(value))
class Written:
    @classmethod
    def __init_subclass__(cls, active=True):
        if active:
            for name in dir(cls):
                if name.startswith("test"): setattr(cls, name, mock_aws(getattr(cls, name)))
class Raising:
    def __init_subclass__(cls): raise ValueError
class Early(type):
    def __new__(mcls, name, bases, namespace, **named):
        for key, value in list(namespace.items()):
            if key.startswith("test"): namespace[key] = mock_aws(value)
        return super().__new__(mcls, name, bases, namespace)
class Late(type):
    def __new__(mcls, name, bases, namespace):
        made = super().__new__(mcls, name, bases, namespace)
        for key in dir(made):
            if key.startswith("test"): setattr(made, key, mock_aws(getattr(made, key)))
        return made
class Init(type):
    def __init__(cls, name, bases, namespace):
        super().__init__(name, bases, namespace)
        for key in list(cls.__dict__):
            if key.startswith("test"): setattr(cls, key, mock_aws(namespace[key]))
class Plain(type): pass
class OfEarly(metaclass=Early): pass
class Single(metaclass=Plain):
    def __new__(cls): return super().__new__(cls)
def everything(cls):
    for name, value in list(cls.__dict__.items()):
        if name.startswith("test"): setattr(cls, name, mock_aws(value))
    return cls
"""
HEADS = [
    ("class TestA(Auto):", ""), ("class TestA(Written):", ""),
    ("class TestA(Written, active=False):", "a"), ("class TestA(Raising):", "a"),
    ("class TestA(metaclass=Early):", ""), ("class TestA(OfEarly):", ""),
    ("class TestA(metaclass=Early, more=1):", ""), ("class TestA(metaclass=Late):", ""),
    ("class TestA(metaclass=Init):", ""), ("class TestA(metaclass=Plain):", "a"),
    ("@everything\nclass TestA:", ""), ("class TestA(metaclass=y):", "a"),
]  # fmt: skip


@pytest.mark.parametrize(("head", "leaks"), HEADS)
def test_tests(tmp_path: Path, head: str, leaks: str) -> None:
    """A test is under the mock that the making of its class puts around it."""
    trace = run(tmp_path, f"{BASES}{head}\n    def test_it(self): aws.a()\n")
    assert " ".join(each.operation for each in requests_of(trace) if not each.covered) == leaks


def test_instances() -> None:
    """Instances of a class with a metaclass are made as those of any other."""
    assert constant("class M(type): pass\nclass A(metaclass=M): b = 1\nx = A().b") == 1
    source = "class A:\n    b = 1\n    def __new__(cls): return super().__new__(cls)\n"
    assert constant(source + "class B(A): x = A().b\nx = B.x") == 1


def test_dir() -> None:
    """What an unknown object has is not known."""
    assert isinstance(constant("x = dir(y)"), Unknown)
