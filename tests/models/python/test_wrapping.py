"""Decorators that a library makes of a function get what they decorate, and its arguments."""

from __future__ import annotations

import pytest

from flake8_moto_order.interpreter.base import Arguments
from flake8_moto_order.interpreter.values import Library, Unknown, Wrapped
from flake8_moto_order.models.python.wrapping import call_around
from tests.memory import constant, machine_for

HEAD = """
import wrapt
from decorator import decorator
from aws_lambda_powertools.middleware_factory import lambda_handler_decorator as middleware
def add(a, b=2): return a + b
class A:
    def __init__(self): self.n = "n"
    def own(self, text): return self.n + text
"""


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("@decorator\ndef d(f, *args): return f('z', *args)\n"
         "@d\ndef g(*args): return args[0] + args[2]\nx = g('a', 'b')", "zb"),
        ("@decorator\ndef d(f, n='1', m='2', *args): return f(n + m + args[0])\n"
         "@d\ndef g(a): return a\nx = g('a')", "12a"),
        ("@decorator\ndef d(f, n='1', m='2', *args): return f(n + m + args[0])\n"
         "@d('3', m='4')\ndef g(a): return a\nx = g('a')", "34a"),
        ("def d(f, *args): return f(*args)\nx = decorator(d, add)(1)", 3),
        ("@middleware\ndef d(f, event, context, key='k'): return f(event + key, context)\n"
         "@d\ndef g(event, context): return event + context\nx = g('e', 'c')", "ekc"),
        ("@middleware\ndef d(f, event, context, key='k'): return f(event + key, context)\n"
         "@d(key='l')\ndef g(event, context): return event + context\n"
         "x = g('e', context='c')", "elc"),
        ("@wrapt.decorator\ndef d(f, i, args, kw): return f(*args, **kw)\n"
         "x = d(add)(1, b=5)", 6),
        ("@wrapt.decorator\ndef d(f, i, args, kw): return i is None\nx = d(add)(1)", True),
        ("@wrapt.decorator\ndef d(f, i, args, kw): return i.n + f(*args)\n"
         "A.own = d(A.own)\nx = A().own('t')", "nnt"),
    ],
)  # fmt: skip
def test_made_decorator(source: str, value: object) -> None:
    """What is decorated is called as the function says that the decorator is made of."""
    assert constant(HEAD + source) == value


@pytest.mark.parametrize("name", ["decorator", "middleware", "wrapt.decorator"])
def test_no_function(name: str) -> None:
    """Of what is not known nothing is made."""
    assert isinstance(constant(f"{HEAD}x = {name}(unknown)"), Unknown)


def test_method_without_an_instance() -> None:
    """A method that is called with nothing gets no instance."""
    source = "@wrapt.decorator\ndef d(f, i, args, kw): return i is None\nx = d(A.own)()"
    assert constant(HEAD + source) is True


def test_made_of_no_function() -> None:
    """A decorator that is made of something that is not understood is not run."""
    assert call_around(machine_for({}), Wrapped("around", Library("f")), Arguments()) is None
