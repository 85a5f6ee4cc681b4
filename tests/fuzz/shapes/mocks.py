"""Ways of activating a mock: around a block, around a function, or by helpers of the project."""

from __future__ import annotations

HELPERS = """\
import contextlib, functools
import unittest

import boto3
from moto import mock_aws


def under(function):
    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        with mock_aws():
            return function(*args, **kwargs)
    return wrapper


def started(function):
    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        mock = mock_aws()
        mock.start()
        try:
            return function(*args, **kwargs)
        finally:
            mock.stop()
    return wrapper


def named(name):
    def decorate(function):
        return mock_aws(function)
    return decorate


def early(function):
    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        with mock_aws():
            number = 1
        return function(*args, **kwargs)
    return wrapper


def both(function):
    return mock_aws(under(function))


@contextlib.contextmanager
def opened():
    with mock_aws():
        yield


@contextlib.contextmanager
def opened_safely():
    mock = mock_aws()
    mock.start()
    try:
        yield mock
    finally:
        mock.stop()


@contextlib.contextmanager
def closed():
    with mock_aws():
        number = 1
    yield


class Opened:
    def __enter__(self):
        self.mock = mock_aws()
        self.mock.start()
        return self

    def __exit__(self, *args):
        self.mock.stop()


class Stacked(contextlib.ExitStack):
    def __enter__(self):
        super().__enter__()
        self.enter_context(mock_aws())
        return self


class Decorating(contextlib.ContextDecorator):
    def __enter__(self):
        self.mock = mock_aws()
        self.mock.start()
        return self

    def __exit__(self, *args):
        self.mock.stop()
        return False


class Starting:
    def begin(self):
        self.mock = mock_aws()
        self.mock.start()

    def end(self):
        self.mock.stop()


class StartingCase(unittest.TestCase):
    def begin(self):
        mock = mock_aws()
        mock.start()
        self.addCleanup(mock.stop)
"""
IMPORTED = (
    "under, started, named, early, both, opened, opened_safely, closed, Opened, Stacked, "
    "Decorating, Starting, StartingCase"
)
# Contexts that can be entered anywhere; the names of those that start no mock say so.
CONTEXTS = {
    "mock": "mock_aws()",
    "context manager": "opened()",
    "safe context manager": "opened_safely()",
    "class": "Opened()",
    "ExitStack subclass": "Stacked()",
    "ContextDecorator": "Decorating()",
    "nullcontext, not a mock": "contextlib.nullcontext()",
    "closed, not a mock": "closed()",
}
BLOCKS = {
    "with": "with CONTEXT:\n    HERE",
    "with two": "with contextlib.nullcontext(), CONTEXT:\n    HERE",
    "with as": "with CONTEXT as mockNEW:\n    HERE",
    "with, again": "with CONTEXT:\n    with CONTEXT:\n        number = 1\n    HERE",
    "start": "mockNEW = mock_aws()\nmockNEW.start()\nHERE\nmockNEW.stop()",
    "start, try": (
        "mockNEW = mock_aws()\nmockNEW.start()\ntry:\n    HERE\nfinally:\n    mockNEW.stop()"
    ),
    "ExitStack": "with ExitStack() as stackNEW:\n    stackNEW.enter_context(CONTEXT)\n    HERE",
    "ExitStack, callback": (
        "with ExitStack() as stackNEW:\n    mockNEW = mock_aws()\n    mockNEW.start()\n"
        "    stackNEW.callback(mockNEW.stop)\n    HERE"
    ),
    "ExitStack, closed": (
        "stackNEW = ExitStack()\nstackNEW.enter_context(CONTEXT)\nHERE\nstackNEW.close()"
    ),
    "ExitStack, left": (
        "with ExitStack() as stackNEW:\n    stackNEW.enter_context(CONTEXT)\nHERE"
    ),
    "inner function": "@DECORATOR\ndef innerNEW():\n    HERE\n\ninnerNEW()",
    "called": "def innerNEW():\n    HERE\n\nmock_aws(innerNEW)()",
    "in vain": "@DECORATOR\ndef innerNEW():\n    number = 1\n\ninnerNEW()\nHERE",
    "generator": (
        "def innerNEW():\n    with CONTEXT:\n        yield 1\n\n"
        "for stepNEW in innerNEW():\n    HERE"
    ),
    "by hand": (
        "mockNEW = mock_aws()\nmockNEW.__enter__()\nHERE\nmockNEW.__exit__(None, None, None)"
    ),
    "nothing: if": 'if len("ab") == 2:\n    HERE',
    "nothing: else": 'if len("ab") == 3:\n    number = 1\nelse:\n    HERE',
    "nothing: for": "for stepNEW in [1]:\n    HERE",
    "nothing: try": "try:\n    HERE\nfinally:\n    number = 1",
    "nothing: handler": (
        "try:\n    raise ValueError\nexcept ValueError:\n    HERE"
    ),
    "nothing: inner function": "def innerNEW():\n    HERE\n\ninnerNEW()",
    "nothing: subtests": "for stepNEW in range(2):\n    if stepNEW:\n        HERE",
}
DECORATORS = {
    "mock": "mock_aws",
    "mock, called": "mock_aws()",
    "under": "under",
    "started": "started",
    "named": 'named("tea")',
    "both": "both",
    "early": "early",
    "context manager": "opened()",
    "ContextDecorator": "Decorating()",
    "of module": "MOCK",
}
