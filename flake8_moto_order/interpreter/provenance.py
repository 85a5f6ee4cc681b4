"""Provenance: which effects there were, where each came from, and how certain each is."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import chain
from typing import NamedTuple

from flake8_moto_order.effects import (
    CallPath,
    Effect,
    ObjectBuilt,
    RequestSent,
    Role,
    Serial,
    Site,
    Step,
)
from flake8_moto_order.interpreter.values import Module

Node = ast.expr | ast.stmt


class Provenance:
    """Records effects with their call paths.

    `doubt` counts the open branches that a run may not take, `raised` the places passed where it
    may have raised instead. `statement` is the one in progress, with its file.
    """

    def __init__(self) -> None:
        self.effects: list[Effect] = []
        self._doubts: dict[int, int] = {}
        self.doubt = 0
        self.raised = 0
        self.serial = 0
        self._path: list[Place] = []
        self.statement: tuple[str | None, ast.stmt] | None = None

    def at(self, module: Module, node: Node, what: str, role: Role | None = None) -> Passage:
        """Have effects inside the block carry this place as a step of their call path.

        What is named is an import unless `role` says otherwise.
        """
        role = role or (Role.IMPORT if what else Role.CALL)
        return Passage(self._path, Place(module.path, node, what, role, self.statement))

    @contextmanager
    def beneath(self, height: int) -> Iterator[None]:
        """Have effects inside the block carry only the first `height` steps of the path."""
        above = self._path[height:]
        del self._path[height:]
        try:
            yield
        finally:
            self._path[height:] = above

    @property
    def height(self) -> int:
        """The number of steps of the present call path."""
        return len(self._path)

    @contextmanager
    def doubtful(self) -> Iterator[None]:
        """Mark effects inside the block as ones that may not happen."""
        self.doubt += 1
        try:
            yield
        finally:
            self.doubt -= 1

    def call_path(self) -> CallPath:
        """Return the steps that lead to the present place."""
        return tuple(place.step(path) for place in self._path if (path := place.path))

    def emit(self, effect: type[Effect], **details: object) -> None:
        """Record an effect with its provenance."""
        make: Callable[..., Effect] = effect
        doubts = self.doubt + self.raised
        self.tell(make(self.call_path(), doubts == 0, **details), doubts)

    def tell(self, effect: Effect, doubts: int) -> None:
        """Record an effect that is in so many doubts."""
        self._doubts[len(self.effects)] = doubts
        self.effects.append(effect)

    def tell_below(self, effect: Effect, doubts: int) -> None:
        """Record an effect below the present call path."""
        path = (*self.call_path(), *effect.call_path)
        self.tell(replace(effect, call_path=path, certain=doubts == 0), doubts)

    def forget_effects(self, start: int) -> None:
        """Forget the effects from an index on."""
        del self.effects[start:]

    def places(self, height: int) -> list[Place]:
        """Return the steps of the present call path from a height on."""
        return self._path[height:]

    @contextmanager
    def below(self, places: Sequence[Place]) -> Iterator[None]:
        """Have effects inside the block carry these places as further steps of the path."""
        height = len(self._path)
        self._path.extend(places)
        try:
            yield
        finally:
            del self._path[height:]

    def doubts_of(self, index: int) -> int:
        """Return in how many doubts an effect is."""
        return self._doubts[index]

    def new_serial(self) -> int:
        """Return a number that no other object of this session has."""
        self.serial += 1
        return Serial(self.serial)

    def promote(self, spans: list[tuple[int, int]]) -> None:
        """Make what matters as certain as the branches are if each (a span of effects) has it.

        Effects that are in doubt for another reason too do not count.
        """
        for matters, count in ((builds_blind, None), (leaks, 1)):
            found = [self._alike(matters, start, end)[:count] for start, end in spans]
            for index in chain(*found) if all(found) else ():
                doubts = self._doubts[index] = self.doubt + self.raised
                self.effects[index] = replace(self.effects[index], certain=doubts == 0)

    def _alike(self, matters: Callable[[Effect], bool], start: int, end: int) -> list[int]:
        one_more = self.doubt + self.raised + 1
        span = range(start, end)
        return [i for i in span if self._doubts.get(i) == one_more and matters(self.effects[i])]


class Place(NamedTuple):
    """A step of the present call path, before anyone asks for it."""

    path: str | None
    node: Node
    what: str
    role: Role
    statement: tuple[str | None, ast.stmt] | None

    def step(self, path: str) -> Step:
        """Return the step of this place, which is in the file `path`."""
        site = Site(path, self.node.lineno, self.node.col_offset)
        statement = None
        is_part = self.role in (Role.CALL, Role.IMPORT)
        if is_part and self.statement and self.statement[0] == path:
            start = self.statement[1]
            statement = Site(path, start.lineno, start.col_offset)
        return Step(site, self.what or describe(self.node), self.role, statement)


class Passage:
    """A place on the present call path, for the time of a `with` block."""

    __slots__ = ("_path", "_place")

    def __init__(self, path: list[Place], place: Place) -> None:
        self._path = path
        self._place = place

    def __enter__(self) -> None:
        self._path.append(self._place)

    def __exit__(self, *raised: object) -> None:
        self._path.pop()


def builds_blind(effect: Effect) -> bool:
    """Tell whether an effect builds an object for AWS without the handler."""
    return isinstance(effect, ObjectBuilt) and effect.aws and not effect.hooked


def leaks(effect: Effect) -> bool:
    """Tell whether an effect is a request that nothing intercepts."""
    return isinstance(effect, RequestSent) and not effect.covered


def describe(node: ast.AST) -> str:
    """Name what a call or expression node reaches, as the user wrote it."""
    names: list[str] = []
    target = node.func if isinstance(node, ast.Call) else node
    while isinstance(target, ast.Attribute):
        names.append(target.attr)
        target = target.value.func if isinstance(target.value, ast.Call) else target.value
    names.append(target.id if isinstance(target, ast.Name) else type(target).__name__.lower())
    return ".".join(reversed(names))
