"""The patterns of `match`: whether a value has the form, and what its names are bound to.

Source: Python's reference, "The match statement".
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence

from flake8_moto_order.interpreter.base import Base, Frame
from flake8_moto_order.interpreter.kinds import is_instance
from flake8_moto_order.interpreter.operations import compare, may_be_absent
from flake8_moto_order.interpreter.plain import PLAIN
from flake8_moto_order.interpreter.values import (
    Collection,
    Constant,
    Library,
    Unknown,
    Value,
)

Known = bool | None
# Types whose pattern takes the whole value as its one positional argument.
WHOLE_VALUE = {
    f"builtins.{name}"
    for name in (
        "bool", "bytearray", "bytes", "dict", "float", "frozenset", "int", "list", "set", "str",
        "tuple",
    )
}


def all_of(answers: Iterable[Known]) -> Known:
    """Join answers of which each is needed."""
    known = list(answers)
    return False if False in known else (None if None in known else True)


class Pattern:
    """One attempt to match; `names` are bound to what they capture."""

    def __init__(self, machine: Base, frame: Frame) -> None:
        self._machine = machine
        self._frame = frame
        self.names: dict[str, Value] = {}

    def matches(self, pattern: ast.pattern, subject: Value) -> Known:
        """Tell whether a value matches; None when that is not known."""
        match pattern:
            case ast.MatchValue(value=value):
                return compare(ast.Eq(), subject, self._machine.evaluate(value, self._frame))
            case ast.MatchSingleton(value=value):
                return compare(ast.Is(), subject, Constant(value))
            case ast.MatchAs(pattern=inner, name=name):
                known = self.matches(inner, subject) if inner else True
                if name is not None and known is not False:
                    self.names[name] = subject
                return known
            case ast.MatchOr(patterns=patterns):
                return self._any(patterns, subject)
            case ast.MatchSequence(patterns=patterns):
                return self._sequence(patterns, subject)
            case ast.MatchMapping():
                return self._mapping(pattern, subject)
        assert isinstance(pattern, ast.MatchClass)
        return self._class(pattern, subject)

    def _any(self, patterns: Sequence[ast.pattern], subject: Value) -> Known:
        may = False
        for pattern in patterns:
            known = self.matches(pattern, subject)
            if known:
                return None if may else True
            may |= known is None
        return None if may else False

    def _sequence(self, patterns: Sequence[ast.pattern], subject: Value) -> Known:
        """Match a list or tuple, with at most one star in the pattern."""
        if isinstance(subject, Constant):
            return False
        if not isinstance(subject, Collection) or subject.kind in ("iterator", "view"):
            return None
        if subject.kind not in ("list", "tuple"):
            return False
        items = subject.items
        if subject.open or any(map(may_be_absent, items)):
            return None
        stars = [at for at, each in enumerate(patterns) if isinstance(each, ast.MatchStar)]
        surplus = len(items) - len(patterns)
        if surplus < -len(stars) or (surplus and not stars):
            return False
        answers: list[Known] = []
        at = 0
        for pattern in patterns:
            if isinstance(pattern, ast.MatchStar):
                rest = items[at : at + surplus + 1]
                at += len(rest)
                if pattern.name is not None:
                    self.names[pattern.name] = Collection("list", dict(enumerate(rest)))
            else:
                answers.append(self.matches(pattern, items[at]))
                at += 1
        return all_of(answers)

    def _mapping(self, pattern: ast.MatchMapping, subject: Value) -> Known:
        if isinstance(subject, Constant):
            return False
        if not isinstance(subject, Collection) or subject.kind != "dict":
            return None
        answers: list[Known] = []
        keys = [self._machine.evaluate(key, self._frame) for key in pattern.keys]
        for key, inner in zip(keys, pattern.patterns):
            is_plain = isinstance(key, Constant) and isinstance(key.value, PLAIN)
            found = subject.slots.get(key.value) if isinstance(key, Constant) else None
            if isinstance(found, Value):
                answers.append(self.matches(inner, found))
            else:
                answers.append(None if subject.open or not is_plain else False)
                self.matches(inner, Unknown("item"))
        if pattern.rest is not None:
            taken = {key.value for key in keys if isinstance(key, Constant)}
            rest = {key: item for key, item in subject.slots.items() if key not in taken}
            self.names[pattern.rest] = Collection("dict", rest, subject.open)
        return all_of(answers)

    def _class(self, pattern: ast.MatchClass, subject: Value) -> Known:
        kind = self._machine.evaluate(pattern.cls, self._frame)
        known = is_instance(self._machine, subject, kind)
        if known is False:
            return False
        inner = [*pattern.patterns, *pattern.kwd_patterns]
        if isinstance(kind, Library) and kind.name in WHOLE_VALUE and len(inner) == 1:
            return all_of([known, self.matches(inner[0], subject)])
        parts = [self._machine.attribute(subject, name) for name in pattern.kwd_attrs]
        unnamed = [Unknown("attribute")] * len(pattern.patterns)
        matched = [self.matches(each, part) for each, part in zip(inner, [*unnamed, *parts])]
        return all_of([known, *matched])
