"""re: whether a known pattern is found in known text, by Python's own engine where it is quick.

Source: Python's documentation, re.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial

from flake8_moto_order.interpreter.base import Arguments, Base
from flake8_moto_order.interpreter.plain import NotPlainError, compute, lifted, plain
from flake8_moto_order.interpreter.values import NONE, Library, Native, Value
from flake8_moto_order.models.model import Model

LONGEST = 100
# Each repetition multiplies the time by the length of the text, each option doubles it.
REPETITION, MOST_REPETITIONS = re.compile(r"[*+]|\{\d*,"), 2
OPTION, MOST_OPTIONS = re.compile(r"(?<!\()\?|\|"), 8
# A group that is repeated, or referred to: the time that it takes may grow without bounds.
NESTED = re.compile(r"\)[*+{]|\(\?P=|\\[1-9]|\(\?\(")
SEARCHES: dict[str, Callable[..., re.Match[str] | None]] = {
    "match": re.match, "fullmatch": re.fullmatch, "search": re.search,
}
TEXTS: dict[str, Callable[..., object]] = {"sub": re.sub, "split": re.split, "findall": re.findall}
PARTS = ("group", "groups", "start", "end", "span")


class ReModel(Model):
    """The model of regular expressions."""

    libraries = ("re",)

    def call(self, machine: Base, callee: Value, arguments: Arguments) -> Value | None:
        """Call a function of the module; `re.compile` gives an object with the same methods."""
        name = callee.name.rpartition(".")[2] if isinstance(callee, Library) else ""
        if name == "compile" and len(arguments.positional) == 1:
            return compiled(arguments.positional[0])
        return use(name, arguments)


def compiled(pattern: Value) -> Value:
    """Return what `re.compile` gives."""

    def method(name: str, arguments: Arguments) -> Value | None:
        return use(name, Arguments((pattern, *arguments.positional), arguments.keywords))

    return Native("pattern", {name: partial(method, name) for name in (*SEARCHES, *TEXTS)})


def use(name: str, arguments: Arguments) -> Value | None:
    """Carry out a function of `re`; None where what comes of it is not known."""
    function = SEARCHES.get(name) or TEXTS.get(name)
    if function is None or arguments.keywords or arguments.open:
        return None
    try:
        given = [plain(value) for value in arguments.positional]
        if not given or not all(isinstance(each, str) and len(each) <= LONGEST for each in given):
            return None
        if not is_quick(given[0]):
            return None
        found = function(*given)
    except (NotPlainError, re.error, TypeError, ValueError, IndexError):
        return None
    if name in SEARCHES:
        return matched(found) if isinstance(found, re.Match) else NONE
    return lifted(found)


def is_quick(pattern: str) -> bool:
    """Tell whether the time for a text grows with a small power of its length."""
    repetitions, options = REPETITION.findall(pattern), OPTION.findall(pattern)
    few = len(repetitions) <= MOST_REPETITIONS and len(options) <= MOST_OPTIONS
    return few and not NESTED.search(pattern)


def matched(found: re.Match[str]) -> Value:
    """Return a match as a value: it is true, and tells its groups."""

    def method(name: str, arguments: Arguments) -> Value | None:
        return compute(getattr(found, name), *arguments.positional)

    return Native("match", {name: partial(method, name) for name in PARTS})
