"""Statements: one method per node type; branches that can't be decided are forked and joined."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from functools import partial

from flake8_moto_order.domain import (
    NONE,
    Collection,
    Constant,
    Method,
    Suspended,
    Unknown,
    Value,
)
from flake8_moto_order.environment import Outcome
from flake8_moto_order.interpreter.base import DEEPEST, Arguments, Flow, Frame, RaisedError
from flake8_moto_order.interpreter.comprehensions import MOST_ITEMS
from flake8_moto_order.interpreter.definitions import Definitions
from flake8_moto_order.interpreter.operations import (
    assumed,
    collect,
    compare,
    text_constant,
    truth,
)

Block = list[ast.stmt]
CATCHING = ("pytest.raises", "assertRaises", "assertRaisesRegex", "contextlib.suppress")
LEAVING = (Flow.RETURN, Flow.BREAK, Flow.CONTINUE)
IMPORT_ERRORS = {"ImportError", "ModuleNotFoundError"}


class Statements(Definitions):
    """The part of the interpreter that executes statements."""

    def execute(self, block: Block, frame: Frame) -> Flow:
        """Execute statements until one leaves the block; blocks too deep have no effect."""
        if self.depth > DEEPEST:
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
        method = getattr(self, f"exec_{type(statement).__name__}", None)
        if method is None:
            return Flow.NEXT
        certainty, around = self.doubt - frame.doubts, self.statement
        self.statement = (frame.module.path, statement)
        try:
            flow = method(statement, frame)
        except RecursionError:
            flow = None
            self.doubt = certainty + frame.doubts
        finally:
            self.statement = around
        return flow if isinstance(flow, Flow) else Flow.NEXT

    def exec_Expr(self, node: ast.Expr, frame: Frame) -> None:
        """An expression statement."""
        self.evaluate(node.value, frame)

    def exec_Assert(self, node: ast.Assert, frame: Frame) -> None:
        """An `assert`: what it tests is evaluated, and taken to hold."""
        self.evaluate(node.test, frame)

    def exec_Assign(self, node: ast.Assign, frame: Frame) -> None:
        """An assignment."""
        value = self.evaluate(node.value, frame)
        for target in node.targets:
            self.bind(target, value, frame)

    def exec_AnnAssign(self, node: ast.AnnAssign, frame: Frame) -> None:
        """An annotated assignment; in a class body also a field of a dataclass."""
        if frame.is_class and isinstance(node.target, ast.Name):
            fields = frame.scope.setdefault("__fields__", Collection("dict"))
            if isinstance(fields, Collection):
                fields.slots[node.target.id] = NONE
        if node.value:
            self.bind(node.target, self.evaluate(node.value, frame), frame)

    def exec_AugAssign(self, node: ast.AugAssign, frame: Frame) -> None:
        """An augmented assignment: a list is extended in place."""
        value = self.evaluate(node.value, frame)
        present = self.evaluate(node.target, frame)
        if isinstance(present, Collection) and present.kind == "list":
            self.call(Method(present, "extend"), Arguments((value,)))
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

    def _delete_item(self, owner: Collection, key: object) -> None:
        if owner.kind == "dict":
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
        raise RaisedError(self.evaluate(node.exc, frame) if node.exc else Unknown("raise"))

    def exec_Break(self, node: ast.Break, frame: Frame) -> Flow:
        """A `break`."""
        return Flow.BREAK

    def exec_Continue(self, node: ast.Continue, frame: Frame) -> Flow:
        """A `continue`."""
        return Flow.CONTINUE

    def exec_If(self, node: ast.If, frame: Frame) -> Flow:
        """An `if`: one branch when the test is known, else both, joined."""
        value = self.evaluate(node.test, frame)
        test = truth(value)
        if test is None:
            return self.branch([node.body, node.orelse], frame)
        taken, other = (node.body, node.orelse) if test else (node.orelse, node.body)
        if not assumed(value):
            return self.execute(taken, frame)
        flow, outcome = self.environment.attempt(partial(self._guarded, taken, frame))
        if flow is Flow.RAISE:
            return self.execute(other, frame)
        self.environment.merge([outcome])
        return flow

    def _guarded(self, block: Block, frame: Frame) -> Flow:
        try:
            return self.execute(block, frame)
        except RaisedError:
            return Flow.RAISE

    def branch(self, blocks: Sequence[Block], frame: Frame) -> Flow:
        """Run blocks as alternatives; go on with the join of those that reach the end."""
        flows: list[tuple[Flow, Outcome]] = []
        spans: list[tuple[int, int]] = []
        for block in blocks:
            start = len(self.effects)
            with self.doubtful():
                flows.append(self.environment.attempt(partial(self._guarded, block, frame)))
            spans.append((start, len(self.effects)))
        self.promote(spans)
        return self._join_flows(flows, frame)

    def _join_flows(self, flows: list[tuple[Flow, Outcome]], frame: Frame) -> Flow:
        staying = [outcome for flow, outcome in flows if flow is Flow.NEXT]
        leaving = [(flow, outcome) for flow, outcome in flows if flow in LEAVING]
        if staying:
            self.environment.merge(staying)
            if self.weighs_raises and any(flow is Flow.RAISE for flow, _ in flows):
                self.raised += 1
            returned = [outcome for flow, outcome in leaving if flow is Flow.RETURN]
            if returned:
                frame.parted.extend(returned)
                frame.doubts += 1
                self.doubt += 1
            return Flow.NEXT
        if leaving:
            self.environment.merge([outcome for _, outcome in leaving])
            return leaving[0][0]
        self.environment.merge([outcome for _, outcome in flows])
        raise RaisedError(Unknown("raise"))

    def exec_For(self, node: ast.For, frame: Frame) -> Flow:
        """A `for`: its body for every known item, once in doubt for unknown ones."""
        source = self.evaluate(node.iter, frame)
        if isinstance(source, Suspended):
            return self._for_generator(node, source, frame)
        with self.at(frame.module, node.iter, ""):
            items, complete = self.iterate(source)
        for item in items[:MOST_ITEMS]:
            self.bind(node.target, item, frame)
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
            if not catches(manager):
                return self.within(manager, proceed)
            return self._catching(manager, proceed)

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

    def exec_Try(self, node: ast.Try, frame: Frame) -> Flow:
        """A `try`: the body happens; handlers only if it certainly raises, else in doubt."""
        frame.tries += 1
        start, raised = len(frame.returned), self.raised
        hazards = self.hazards + self.raised
        try:
            flow = self._try_body(node, frame)
        except RaisedError:
            flow = self._handle(node, frame)
        else:
            flow = self._after_body(node, flow, frame, hazards)
        finally:
            frame.tries -= 1
        self.raised = raised if node.handlers else self.raised
        end = len(frame.returned)
        final = self.execute(node.finalbody, frame)
        if final is Flow.RETURN:
            del frame.returned[start:end]
        return flow if final is Flow.NEXT else final

    exec_TryStar = exec_Try

    def _try_body(self, node: ast.Try, frame: Frame) -> Flow:
        self.tries += 1
        try:
            return self.execute(node.body, frame)
        finally:
            self.tries -= 1

    def _handle(self, node: ast.Try, frame: Frame) -> Flow:
        if not node.handlers:
            self.execute(node.finalbody, frame)
            raise RaisedError(Unknown("raise"))
        for handler in node.handlers[1:]:
            self._in_doubt(handler.body, frame)
        return self.execute(node.handlers[0].body, frame)

    def _in_doubt(self, block: Block, frame: Frame) -> Flow:
        with self.doubtful():
            flow, outcome = self.environment.attempt(partial(self._guarded, block, frame))
        self.environment.merge([Outcome(), outcome])
        return flow

    def _after_body(self, node: ast.Try, flow: Flow, frame: Frame, hazards: int) -> Flow:
        may_raise = self.weighs_raises and self.hazards + self.raised > hazards
        if flow is Flow.NEXT:
            flow = self.execute(node.orelse, frame)
        for handler in node.handlers:
            if may_raise or not is_import_handler(handler):
                returned = len(frame.returned)
                left = self._in_doubt(handler.body, frame)
                del frame.returned[returned:]
                if may_raise and left is not Flow.NEXT:
                    self._doubt_rest(frame, left)
        return flow

    def _doubt_rest(self, frame: Frame, left: Flow) -> None:
        """Doubt what follows a handler that may have left the function, or raised on."""
        if left is Flow.RAISE:
            self.raised += 1
        else:
            frame.doubts += 1
            self.doubt += 1

    def exec_Match(self, node: ast.Match, frame: Frame) -> Flow:
        """A `match`: the first case that is known to match, else every one that may."""
        subject = self.evaluate(node.subject, frame)
        blocks: list[Block] = []
        for case in node.cases:
            matches = self._matches(case, subject, frame)
            if matches and not blocks:
                return self.execute(case.body, frame)
            if matches is not False:
                blocks.append(case.body)
            if matches:
                return self.branch(blocks, frame)
        return self.branch([*blocks, []], frame)

    def _matches(self, case: ast.match_case, subject: Value, frame: Frame) -> bool | None:
        """Tell whether a case without names to bind matches; None when that is not known."""
        if case.guard is not None:
            return None
        match case.pattern:
            case ast.MatchAs(pattern=None, name=None):
                return True
            case ast.MatchValue(value=value):
                return compare(ast.Eq(), subject, self.evaluate(value, frame))
            case ast.MatchSingleton(value=value):
                return compare(ast.Is(), subject, Constant(value))
            case ast.MatchMapping(rest=None) as mapping if isinstance(subject, Collection):
                return self._matches_mapping(mapping, subject, frame)
        return None

    def _matches_mapping(
        self, pattern: ast.MatchMapping, subject: Collection, frame: Frame
    ) -> bool | None:
        """Tell whether a dict matches a pattern of constant keys and plain values."""
        known: list[bool | None] = []
        for key, inner in zip(pattern.keys, pattern.patterns):
            name = self.evaluate(key, frame)
            item = subject.slots.get(name.value) if isinstance(name, Constant) else None
            if isinstance(inner, ast.MatchAs) and inner.pattern is None and isinstance(item, Value):
                self.bind(ast.Name(inner.name or "_"), item, frame)
                continue
            if not isinstance(inner, ast.MatchValue) or not isinstance(item, Value):
                return None
            known.append(compare(ast.Eq(), item, self.evaluate(inner.value, frame)))
        return False if False in known else (None if None in known else True)


def catches(manager: Value) -> bool:
    """Tell whether a context manager catches what its body raises: the body is in doubt then."""
    return isinstance(manager, Unknown) and manager.origin.endswith(CATCHING)


def is_import_handler(handler: ast.ExceptHandler) -> bool:
    """Tell whether a handler catches failing imports only."""
    caught = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return all(isinstance(kind, ast.Name) and kind.id in IMPORT_ERRORS for kind in caught)
