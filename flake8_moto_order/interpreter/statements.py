"""Statements: one method per node type; branches that can't be decided are forked and joined."""

from __future__ import annotations

import ast
from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

from flake8_moto_order.interpreter.alternatives import Alternatives, Block
from flake8_moto_order.interpreter.base import (
    DEEPEST,
    Arguments,
    Finder,
    Flow,
    Frame,
    Models,
    RaisedError,
)
from flake8_moto_order.interpreter.comprehensions import MOST_ITEMS
from flake8_moto_order.interpreter.operations import (
    collect,
    may_be_absent,
    text_constant,
    truth,
)
from flake8_moto_order.interpreter.slots import RECORDER
from flake8_moto_order.interpreter.values import (
    NONE,
    Collection,
    Constant,
    Method,
    Suspended,
    Unknown,
    Value,
)
from flake8_moto_order.interpreter.world import Environment

CATCHING = ("pytest.raises", "assertRaises", "assertRaisesRegex", "contextlib.suppress")


class Statements(Alternatives):
    """The part of the interpreter that executes statements."""

    def __init__(self, finder: Finder, models: Models, environment: Environment) -> None:
        super().__init__(finder, models, environment)
        self._executors: dict[type[ast.stmt], Callable[[Any, Frame], Flow | None]] = {}

    def execute(self, block: Block, frame: Frame) -> Flow:
        """Execute statements until one leaves the block; blocks too deep have no effect."""
        if self.depth > DEEPEST:
            RECORDER.spoil()
            return Flow.NEXT
        self.depth += 1
        try:
            for statement in block:
                flow = self._execute_one(statement, frame)
                if flow is not Flow.NEXT:
                    return flow
        finally:
            self.depth -= 1
        return Flow.NEXT

    def _execute_one(self, statement: ast.stmt, frame: Frame) -> Flow:
        self.spend()
        kind = type(statement)
        if kind not in self._executors:
            self._executors[kind] = getattr(self, f"exec_{kind.__name__}", _without_effect)
        certainty, around = self.doubt - frame.doubts, self.statement
        self.statement = (frame.module.path, statement)
        try:
            flow = self._executors[kind](statement, frame)
        except RecursionError:
            flow = None
            self.doubt = certainty + frame.doubts
        finally:
            self.statement = around
        return flow or Flow.NEXT

    def exec_Expr(self, node: ast.Expr, frame: Frame) -> None:
        """An expression statement."""
        self.evaluate(node.value, frame)

    def exec_Assert(self, node: ast.Assert, frame: Frame) -> None:
        """An `assert`: what it tests is evaluated, and taken to hold unless it is `False`."""
        value = self.evaluate(node.test, frame)
        if isinstance(node.test, ast.Constant) and truth(value) is False:
            raise RaisedError

    def exec_Assign(self, node: ast.Assign, frame: Frame) -> None:
        """An assignment."""
        value = self.evaluate(node.value, frame)
        for target in node.targets:
            self.bind(target, value, frame)

    def exec_AnnAssign(self, node: ast.AnnAssign, frame: Frame) -> None:
        """An annotated assignment."""
        if node.value:
            self.bind(node.target, self.evaluate(node.value, frame), frame)

    def exec_AugAssign(self, node: ast.AugAssign, frame: Frame) -> None:
        """An augmented assignment: a list, set or dict grows in place."""
        value = self.evaluate(node.value, frame)
        present = self.evaluate(node.target, frame)
        kind = present.kind if isinstance(present, Collection) else ""
        if kind == "list" or (kind in ("set", "dict") and isinstance(node.op, ast.BitOr)):
            grow = Method(present, "extend" if kind == "list" else "update")
            self.call(grow, Arguments((value,)))
            return
        self.bind(node.target, self._added(present, value), frame)

    def _added(self, present: Value, value: Value) -> Value:
        if isinstance(present, Constant) and isinstance(value, Constant):
            if isinstance(present.value, str) and isinstance(value.value, str):
                return text_constant(present.value + value.value)
        if isinstance(present, Collection) and isinstance(value, Collection):
            return collect(present.kind, (*present.items, *value.items), True)
        return Unknown("sum")

    def exec_Delete(self, node: ast.Delete, frame: Frame) -> None:
        """A `del`."""
        for target in node.targets:
            self._delete(target, frame)

    def _delete(self, target: ast.expr, frame: Frame) -> None:
        match target:
            case ast.Name():
                self.environment.erase(self._scope_of(target.id, frame), target.id)
            case ast.Attribute():
                self.set_attribute(self.evaluate(target.value, frame), target.attr, None)
            case ast.Subscript():
                owner = self.evaluate(target.value, frame)
                key = self.evaluate(target.slice, frame)
                if isinstance(owner, Collection) and isinstance(key, Constant):
                    self._delete_item(owner, key.value)
            case ast.Tuple() | ast.List():  # pragma: no branch
                for element in target.elts:
                    self._delete(element, frame)

    def _delete_item(self, owner: Collection, key: object) -> None:
        if owner.kind == "dict":
            self.raised += self.weighs_raises and not owner.open and key not in owner.slots
            self.environment.erase(owner.slots, key)
        elif isinstance(key, int) and -len(owner.slots) <= key < len(owner.slots):
            items = list(owner.items)
            del items[key]
            self.environment.replace(owner.slots, items)

    def exec_Global(self, node: ast.Global, frame: Frame) -> None:
        """A `global` declaration."""
        frame.declared_global.update(node.names)

    def exec_Nonlocal(self, node: ast.Nonlocal, frame: Frame) -> None:
        """A `nonlocal` declaration."""
        frame.declared_nonlocal.update(node.names)

    def exec_Return(self, node: ast.Return, frame: Frame) -> Flow:
        """A `return`."""
        frame.returned.append(self.evaluate(node.value, frame) if node.value else NONE)
        return Flow.RETURN

    def exec_Raise(self, node: ast.Raise, frame: Frame) -> Flow:
        """A `raise`."""
        if node.exc:
            self.evaluate(node.exc, frame)
        raise RaisedError

    def exec_Break(self, node: ast.Break, frame: Frame) -> Flow:
        """A `break`."""
        return Flow.BREAK

    def exec_Continue(self, node: ast.Continue, frame: Frame) -> Flow:
        """A `continue`."""
        return Flow.CONTINUE

    def exec_For(self, node: ast.For, frame: Frame) -> Flow:
        """A `for`: its body for every known item, once in doubt for unknown ones."""
        source = self.evaluate(node.iter, frame)
        if isinstance(source, Suspended):
            return self._for_generator(node, source, frame)
        with self.at(frame.module, node.iter, ""):
            items, complete = self.iterate(source)
        for item in items[:MOST_ITEMS]:
            self.bind(node.target, item, frame)
            if may_be_absent(item):
                self.branch([node.body, []], frame)
                continue
            flow = self.execute(node.body, frame)
            if flow in (Flow.BREAK, Flow.RETURN):
                return Flow.NEXT if flow is Flow.BREAK else flow
        if not items and not complete:
            self.bind(node.target, Unknown("item"), frame)
            self.branch([node.body, []], frame)
        return self.execute(node.orelse, frame)

    def exec_AsyncFor(self, node: ast.AsyncFor, frame: Frame) -> Flow:
        """An `async for`."""
        return self.exec_For(ast.For(**dict(ast.iter_fields(node))), frame)

    def _for_generator(self, node: ast.For, source: Suspended, frame: Frame) -> Flow:
        height = self.height

        def on_yield(value: Value) -> Value:
            with self.beneath(height):
                self.bind(node.target, value, frame)
                self.execute(node.body, frame)
            return NONE

        with self.at(frame.module, node.iter, ""):
            self.run_suspended(source, on_yield)
        return self.execute(node.orelse, frame)

    def exec_While(self, node: ast.While, frame: Frame) -> Flow:
        """A `while`: its body once."""
        test = truth(self.evaluate(node.test, frame))
        if test is None:
            self.branch([node.body, []], frame)
            return Flow.NEXT
        flow = self.execute(node.body if test else node.orelse, frame)
        return flow if flow is Flow.RETURN else Flow.NEXT

    def exec_With(self, node: ast.With | ast.AsyncWith, frame: Frame) -> Flow:
        """A `with`, its items from left to right."""
        return self._with_items(node.items, node.body, frame)

    exec_AsyncWith = exec_With

    def _with_items(self, items: list[ast.withitem], body: Block, frame: Frame) -> Flow:
        if not items:
            return self.execute(body, frame)
        first = items[0]
        manager = self.evaluate(first.context_expr, frame)
        height = self.height

        def proceed(entered: Value) -> Flow:
            with self.beneath(height):
                if first.optional_vars:
                    self.bind(first.optional_vars, entered, frame)
                return self._with_items(items[1:], body, frame)

        with self.at(frame.module, first.context_expr, ""):
            if catches(manager):
                return self._catching(manager, proceed)
            with self.doubtful() if self.is_presumed(manager, frame) else nullcontext():
                return self.within(manager, proceed)

    def _catching(self, manager: Value, proceed: Callable[[Value], Flow]) -> Flow:
        """Run a body that may be expected to raise: it is in doubt, what follows it is not."""
        raised = self.raised
        with self.doubtful():
            try:
                return self.within(manager, proceed)
            except RaisedError:
                return Flow.NEXT
            finally:
                self.raised = raised


def catches(manager: Value) -> bool:
    """Tell whether a context manager catches what its body raises: the body is in doubt then."""
    return isinstance(manager, Unknown) and manager.origin.endswith(CATCHING)


def _without_effect(statement: ast.stmt, frame: Frame) -> None:
    """Execute a statement that does nothing here, or that the interpreter does not know."""
