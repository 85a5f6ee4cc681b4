"""Statements that go one way or another: `if`, `try`, `match`; undecided ways are joined."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from functools import partial

from flake8_moto_order.interpreter.base import Flow, Frame, RaisedError
from flake8_moto_order.interpreter.definitions import Definitions
from flake8_moto_order.interpreter.operations import truth
from flake8_moto_order.interpreter.patterns import Pattern
from flake8_moto_order.interpreter.plain import assumed
from flake8_moto_order.interpreter.values import Value
from flake8_moto_order.interpreter.world import Outcome

Block = list[ast.stmt]
LEAVING = (Flow.RETURN, Flow.BREAK, Flow.CONTINUE)
IMPORT_ERRORS = {"ImportError", "ModuleNotFoundError"}


class Alternatives(Definitions):
    """The part of the interpreter that decides which way a run goes, or follows all of them."""

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
        raise RaisedError

    def exec_Try(self, node: ast.Try, frame: Frame) -> Flow:
        """A `try`: the body happens; handlers only if it certainly raises, else in doubt."""
        frame.tries += 1
        start, raised = len(frame.returned), self.raised
        hazards, left = self.hazards + self.raised, list[Flow]()
        try:
            flow = self._try_body(node, frame)
        except RaisedError:
            flow = self._handle(node, frame)
        else:
            flow, left = self._after_body(node, flow, frame, hazards)
        finally:
            frame.tries -= 1
        self.raised = raised if node.handlers else self.raised
        self._doubt_rest(frame, left)
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
            raise RaisedError
        for handler in node.handlers[1:]:
            self._in_doubt(handler.body, frame)
        return self.execute(node.handlers[0].body, frame)

    def _in_doubt(self, block: Block, frame: Frame) -> Flow:
        with self.doubtful():
            flow, outcome = self.environment.attempt(partial(self._guarded, block, frame))
        self.environment.merge([Outcome(), outcome])
        return flow

    def _after_body(
        self, node: ast.Try, flow: Flow, frame: Frame, hazards: int
    ) -> tuple[Flow, list[Flow]]:
        """Run `else`, and in doubt the handlers; return how handlers left that may have run."""
        ways: list[Flow] = []
        may_raise = self.weighs_raises and self.hazards + self.raised > hazards
        if flow is Flow.NEXT:
            flow = self.execute(node.orelse, frame)
        for handler in node.handlers:
            if may_raise or not is_import_handler(handler):
                returned = len(frame.returned)
                ways.append(self._in_doubt(handler.body, frame))
                del frame.returned[returned:]
        return flow, ways if may_raise else []

    def _doubt_rest(self, frame: Frame, left: list[Flow]) -> None:
        """Doubt what follows handlers that may have left the function, or raised on."""
        self.raised += Flow.RAISE in left
        if any(flow in LEAVING for flow in left):
            frame.doubts += 1
            self.doubt += 1

    def exec_Match(self, node: ast.Match, frame: Frame) -> Flow:
        """A `match`: the first case that is known to match, else every one that may."""
        subject = self.evaluate(node.subject, frame)
        blocks: list[Block] = []
        for case in node.cases:
            matches = self._matches_case(case, subject, frame)
            if matches and not blocks:
                return self.execute(case.body, frame)
            if matches is not False:
                blocks.append(case.body)
            if matches:
                return self.branch(blocks, frame)
        return self.branch([*blocks, []], frame)

    def _matches_case(self, case: ast.match_case, subject: Value, frame: Frame) -> bool | None:
        """Tell whether a case matches, its guard included, and bind its names if it may."""
        pattern = Pattern(self, frame)
        matches = pattern.matches(case.pattern, subject)
        if matches is False:
            return False
        for name, value in pattern.names.items():
            self.bind(ast.Name(name), value, frame)
        if case.guard is None:
            return matches
        guard = truth(self.evaluate(case.guard, frame))
        return False if guard is False else (matches and guard)


def is_import_handler(handler: ast.ExceptHandler) -> bool:
    """Tell whether a handler catches failing imports only."""
    caught = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return all(isinstance(kind, ast.Name) and kind.id in IMPORT_ERRORS for kind in caught)
