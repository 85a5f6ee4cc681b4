"""Context managers: entering, leaving, and callables that are decorated with one."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from typing import TypeVar

from flake8_moto_order.interpreter.attributes import find_in_class
from flake8_moto_order.interpreter.base import AbandonedError, Arguments, Frame, RaisedError
from flake8_moto_order.interpreter.calls import own_nodes
from flake8_moto_order.interpreter.comprehensions import Comprehensions
from flake8_moto_order.interpreter.values import (
    NONE,
    Bound,
    Choice,
    Instance,
    Suspended,
    Unknown,
    Value,
)

T = TypeVar("T")
WITH = (ast.With, ast.AsyncWith)
# Names of what replaces AWS, or the way to it.
MOCKING = re.compile(
    r"moto|mock|localstack|stub|fake|vcr|cassette|placebo|responses|httpretty", re.IGNORECASE
)


class Contexts(Comprehensions):
    """The part of the interpreter that runs code inside context managers."""

    def within(self, manager: Value, body: Callable[[Value], T]) -> T:
        """Run `body` inside a context manager, with what entering it gives."""
        manager = self._open_manager(manager)
        if isinstance(manager, Suspended):
            return self._within_generator(manager, body)
        return self._within_plain(manager, body)

    def is_presumed(self, manager: Value, frame: Frame) -> bool:
        """Tell whether a manager or decorator that nobody knows is taken for a mock, by its name.

        That holds in test code only: what application code does to its functions is transparent.
        """
        options = manager.options if isinstance(manager, Choice) else (manager,)
        path = frame.module.path
        speaks = any(map(speaks_of_mocking, options))
        return speaks and path is not None and self.finder.is_test_code(path)

    def _within_plain(self, manager: Value, body: Callable[[Value], T]) -> T:
        entered = self.enter(manager)
        try:
            result = body(entered)
        except RaisedError:
            self.leave(manager)
            raise
        except AbandonedError as abandoned:
            abandoned.open.append(manager)
            raise
        self.leave(manager)
        return result

    def _open_manager(self, manager: Value) -> Value:
        if isinstance(manager, Bound):
            return self.call(manager, Arguments())
        if isinstance(manager, Choice):
            options = [option for option in manager.options if option != NONE]
            return options[0] if options else Unknown("with")
        return manager

    def _within_generator(self, manager: Suspended, body: Callable[[Value], T]) -> T:
        results: list[T] = []

        def on_yield(value: Value) -> Value:
            if not results:
                results.append(body(value))
            return NONE

        self.run_suspended(manager, on_yield)
        if not results:
            # A generator that does not yield raises.
            with self.doubtful():
                results.append(self._within_plain(Unknown("with"), body))
        return results[0]

    def enter(self, manager: Value) -> Value:
        """Enter a context manager and leave it open; return what `as` would bind."""
        if isinstance(manager, Suspended):
            return self._enter_generator(manager)
        modelled = self.models.enter(self, manager)
        if modelled is not None:
            return modelled
        if isinstance(manager, Instance):
            method = find_in_class(manager.cls, "__enter__") or find_in_class(
                manager.cls, "__aenter__"
            )
            if method is not None:
                return self.finish(self.call(Bound(method, (manager,)), Arguments()))
            return manager
        return manager if isinstance(manager, Unknown) else Unknown("with")

    def _leave_generator(self, generator: Suspended) -> None:
        """Go on behind the yield at which a generator was left."""
        entered = generator.started.get("open")
        frame = generator.started.get("frame")
        self.environment.erase(generator.started, "open")
        if not isinstance(entered, tuple) or not isinstance(frame, Frame):
            return
        left = list(entered)
        frame.on_yield = None
        node = generator.function.node
        try:
            self._go_on([] if isinstance(node, ast.Lambda) else node.body, frame, left)
        except RaisedError:
            pass
        for manager in left:
            self.leave(manager)

    def _go_on(self, block: list[ast.stmt], frame: Frame, left: list[Value]) -> None:
        """Execute what follows a yield, and leave what was entered around it, on the way out."""
        for index, statement in enumerate(block):  # pragma: no branch
            if yields(statement):
                self._go_on_in(statement, frame, left)
                self.execute(block[index + 1 :], frame)
                return

    def _go_on_in(self, statement: ast.stmt, frame: Frame, left: list[Value]) -> None:
        blocks = blocks_of(statement)
        for inner in blocks:
            self._go_on(inner, frame, left)
        if isinstance(statement, ast.Try):
            if blocks == [statement.body]:
                self.execute(statement.orelse, frame)
            self.execute(statement.finalbody, frame)
        count = len(statement.items) if isinstance(statement, WITH) else 0
        if not blocks and left and isinstance(left[0], Suspended):
            count = any(isinstance(node, ast.YieldFrom) for node in ast.walk(statement))
        for manager in left[:count]:
            del left[0]
            self.leave(manager)

    def _enter_generator(self, manager: Suspended) -> Value:
        def on_yield(value: Value) -> Value:
            raise AbandonedError(value)

        try:
            self.run_suspended(manager, on_yield)
        except AbandonedError as abandoned:
            return abandoned.value
        # A generator that does not yield raises.
        self.raised += self.weighs_raises
        return NONE

    def leave(self, manager: Value) -> None:
        """Leave a context manager.

        A generator that was left at its yield goes on behind it.
        """
        self.models.leave(self, manager)
        if isinstance(manager, Suspended):
            self._leave_generator(manager)
        if isinstance(manager, Instance):
            method = find_in_class(manager.cls, "__exit__") or find_in_class(
                manager.cls, "__aexit__"
            )
            if method is not None:
                nothing = (NONE, NONE, NONE)
                self.finish(self.call(Bound(method, (manager, *nothing)), Arguments()))


def yields(statement: ast.stmt) -> bool:
    """Tell whether a statement has a yield of the function that it stands in."""
    nodes = (statement, *own_nodes(statement))
    return any(isinstance(node, (ast.Yield, ast.YieldFrom)) for node in nodes)


def blocks_of(statement: ast.stmt) -> list[list[ast.stmt]]:
    """Return the first block of a compound statement that has a yield, if there is one."""
    blocks = [getattr(statement, name, []) for name in ("body", "orelse")]
    return [block for block in blocks if any(map(yields, block))][:1]


def speaks_of_mocking(value: Value) -> bool:
    """Tell whether something that no model knows has a name that speaks of mocking."""
    return isinstance(value, Unknown) and bool(MOCKING.search(value.origin))
