"""Comprehensions: their element once for every known item, once in doubt for unknown ones."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence

from flake8_moto_order.interpreter.base import Arguments, Frame
from flake8_moto_order.interpreter.expressions import Expressions
from flake8_moto_order.interpreter.operations import may_be_absent, truth
from flake8_moto_order.interpreter.slots import Slots
from flake8_moto_order.interpreter.values import (
    Collection,
    Constant,
    Instance,
    Suspended,
    Unknown,
    Value,
)
from flake8_moto_order.interpreter.world import ABSENT, choice

MOST_ITEMS = 64


class Comprehensions(Expressions):
    """The part of the interpreter that evaluates comprehensions and binds targets."""

    def eval_ListComp(self, node: ast.ListComp, frame: Frame) -> Value:
        """A list comprehension."""
        return self._comprehend("list", node.elt, node.generators, frame)

    def eval_SetComp(self, node: ast.SetComp, frame: Frame) -> Value:
        """A set comprehension."""
        return self._comprehend("set", node.elt, node.generators, frame)

    def eval_GeneratorExp(self, node: ast.GeneratorExp, frame: Frame) -> Value:
        """A generator expression, taken as iterated where it stands."""
        return self._comprehend("iterator", node.elt, node.generators, frame)

    def eval_DictComp(self, node: ast.DictComp, frame: Frame) -> Value:
        """A dict comprehension."""
        result = Collection("dict")
        inner = comprehension_frame(frame)

        def add() -> None:
            key = self.evaluate(node.key, inner)
            value = self.evaluate(node.value, inner)
            known = key.value if isinstance(key, Constant) else ("unknown", len(result.slots))
            result.slots[known] = value

        result.slots.open = not self._generate(node.generators, inner, add)
        return result

    def _comprehend(
        self, kind: str, element: ast.expr, generators: Sequence[ast.comprehension], frame: Frame
    ) -> Value:
        result = Collection(kind)
        inner = comprehension_frame(frame)
        doubt = self.doubt

        def add() -> None:
            value = self.evaluate(element, inner)
            is_sure = self.doubt == doubt
            result.slots[len(result.slots)] = value if is_sure else choice((value, ABSENT))

        result.slots.open = not self._generate(generators, inner, add)
        return result

    def _generate(
        self, generators: Sequence[ast.comprehension], frame: Frame, add: Callable[[], None]
    ) -> bool:
        if not generators:
            add()
            return True
        first, rest = generators[0], generators[1:]
        source = self.evaluate(first.iter, frame)
        with self.at(frame.module, first.iter, ""):
            items, complete = self.iterate(source)
        complete &= len(items) <= MOST_ITEMS
        for item in items[:MOST_ITEMS]:
            complete &= self._one_item(first, item, lambda: self._generate(rest, frame, add), frame)
        if not items and not complete:
            with self.doubtful():
                self.bind(first.target, Unknown("item"), frame)
                self._generate(rest, frame, add)
        return complete

    def _one_item(
        self, node: ast.comprehension, item: Value, proceed: Callable[[], bool], frame: Frame
    ) -> bool:
        self.bind(node.target, item, frame)
        if may_be_absent(item):
            with self.doubtful():
                proceed()
            return False
        tests = [truth(self.evaluate(test, frame)) for test in node.ifs]
        if False in tests:
            return True
        if None in tests:
            with self.doubtful():
                proceed()
            return False
        return proceed()

    def bind(self, target: ast.expr, value: Value, frame: Frame) -> None:
        """Bind an assignment target."""
        match target:
            case ast.Name():
                self.environment.write(self._scope_of(target.id, frame), target.id, value)
            case ast.Attribute():
                self.set_attribute(self.evaluate(target.value, frame), target.attr, value)
            case ast.Subscript():
                owner = self.evaluate(target.value, frame)
                key = self.evaluate(target.slice, frame)
                with self.at(frame.module, target, ""):
                    self.set_item(owner, key, value)
            case ast.Starred():
                self.bind(target.value, Collection("list", {0: value}, open=True), frame)
            case ast.Tuple() | ast.List():  # pragma: no branch
                self._unpack(target.elts, value, frame)

    def _scope_of(self, name: str, frame: Frame) -> Slots:
        if name in frame.declared_global:
            return frame.module.namespace
        if name in frame.declared_nonlocal:
            return next((scope for scope in frame.enclosing if name in scope), frame.scope)
        return frame.scope

    def _unpack(self, targets: Sequence[ast.expr], value: Value, frame: Frame) -> None:
        items, complete = self.iterate(value)
        starred = any(isinstance(target, ast.Starred) for target in targets)
        matches = complete and len(items) == len(targets) and not starred
        is_wrong = complete and len(items) != len(targets) and not starred
        self.raised += self.weighs_raises and is_wrong
        for index, target in enumerate(targets):
            self.bind(target, items[index] if matches else Unknown("unpacked"), frame)

    def set_item(self, owner: Value, key: Value, value: Value) -> None:
        """Set an item of a collection."""
        if isinstance(owner, Instance):
            self.call(self.attribute(owner, "__setitem__"), Arguments((key, value)))
        if isinstance(owner, Collection):
            known = key.value if isinstance(key, Constant) else ("unknown", len(owner.slots))
            self.environment.write(owner.slots, known, value)


def comprehension_frame(frame: Frame) -> Frame:
    """Open the scope of a comprehension."""
    visible = frame.visible
    if frame.is_class:
        visible = (frame.scope, *visible)
    return Frame(
        frame.module, Slots(), visible, frame.function, frame.receiver, frame.cls,
        on_yield=frame.on_yield, around=frame,
    )


def is_suspended_context(value: Value) -> bool:
    """Tell whether a value is a generator that a context manager function made."""
    return isinstance(value, Suspended) and "again" in value.started
