"""Expressions: one method per node type of Python's grammar."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from functools import partial
from typing import Any

from flake8_moto_order.interpreter.attributes import find_in_class
from flake8_moto_order.interpreter.base import (
    DEEPEST,
    Arguments,
    ExhaustedError,
    Finder,
    Frame,
    Models,
    RaisedError,
    unknown,
)
from flake8_moto_order.interpreter.calls import Calls
from flake8_moto_order.interpreter.kinds import is_type
from flake8_moto_order.interpreter.operations import (
    collect,
    compare,
    text_constant,
    truth,
)
from flake8_moto_order.interpreter.plain import (
    LARGEST_NUMBER,
    PLAIN,
    assumed,
    compute,
    formatted,
    operate,
    signed,
    slice_of,
)
from flake8_moto_order.interpreter.slots import RECORDER
from flake8_moto_order.interpreter.values import (
    NONE,
    Choice,
    Class,
    Collection,
    Constant,
    Fake,
    Function,
    FunctionNode,
    Instance,
    Library,
    Method,
    PathText,
    Super,
    Suspended,
    Unknown,
    Value,
)
from flake8_moto_order.interpreter.world import Environment, choice

# Variables that pytest sets, and that any machine has.
ANYWHERE = {"HOME", "LANG", "PATH", "PWD", "PYTEST_CURRENT_TEST", "PYTEST_VERSION", "SHELL", "USER"}


class Expressions(Calls):
    """The part of the interpreter that evaluates expressions."""

    def __init__(self, finder: Finder, models: Models, environment: Environment) -> None:
        super().__init__(finder, models, environment)
        self._evaluators: dict[type[ast.expr], Callable[[Any, Frame], Value]] = {}

    def evaluate(self, node: ast.expr, frame: Frame) -> Value:
        """Evaluate an expression; unknown where its value can't be told."""
        self.steps += 1
        if self.steps > self.limit:
            raise ExhaustedError
        if self.depth > DEEPEST:
            RECORDER.spoil()
            return Unknown("too deep")
        kind = type(node)
        if kind not in self._evaluators:
            self._evaluators[kind] = getattr(self, f"eval_{kind.__name__}", _not_understood)
        self.depth += 1
        try:
            return self._evaluators[kind](node, frame)
        finally:
            self.depth -= 1

    def eval_Constant(self, node: ast.Constant, frame: Frame) -> Value:
        """A literal."""
        if isinstance(node.value, int) and node.value > LARGEST_NUMBER:
            return Unknown("number")
        return Constant(node.value)

    def eval_Name(self, node: ast.Name, frame: Frame) -> Value:
        """A name, looked up as Python's scopes say."""
        name = node.id
        if name not in frame.declared_global:
            found = frame.scope.get(name)
            if isinstance(found, Value):
                return found
            for scope in frame.enclosing:
                found = scope.get(name)
                if isinstance(found, Value):
                    return found
        found = frame.module.namespace.get(name)
        if isinstance(found, Value):
            return found
        builtin = self.models.builtin(name)
        return builtin if builtin is not None else Unknown(name)

    def eval_NamedExpr(self, node: ast.NamedExpr, frame: Frame) -> Value:
        """A walrus."""
        value = self.evaluate(node.value, frame)
        while frame.around is not None:
            frame = frame.around
        self.bind(node.target, value, frame)
        return value

    def bind(self, target: ast.expr, value: Value, frame: Frame) -> None:
        """Bind an assignment target."""
        raise NotImplementedError

    def eval_Attribute(self, node: ast.Attribute, frame: Frame) -> Value:
        """An attribute; a property runs here."""
        value = self.evaluate(node.value, frame)
        with self.at(frame.module, node, ""):
            return self.attribute(value, node.attr)

    def eval_Call(self, node: ast.Call, frame: Frame) -> Value:
        """A call."""
        if isinstance(node.func, ast.Name) and node.func.id == "super" and not node.args:
            if frame.cls and frame.receiver is not None:
                return Super(frame.cls, frame.receiver)
        callee = self.evaluate(node.func, frame)
        arguments = self.arguments(node, frame)
        with self.at(frame.module, node, ""):
            if callee in (Library("builtins.globals"), Library("builtins.locals")):
                return Collection("dict", frame.module.namespace, open=True)
            return self.call(callee, arguments)

    def arguments(self, node: ast.Call, frame: Frame) -> Arguments:
        """Evaluate the arguments of a call."""
        positional: list[Value] = []
        keywords: dict[str, Value] = {}
        is_open = False
        for argument in node.args:
            if isinstance(argument, ast.Starred):
                items, complete = self.iterate(self.evaluate(argument.value, frame))
                positional.extend(items)
                is_open |= not complete
            else:
                positional.append(self.evaluate(argument, frame))
        for keyword in node.keywords:
            value = self.evaluate(keyword.value, frame)
            if keyword.arg:
                keywords[keyword.arg] = value
            elif isinstance(value, Collection):
                keywords.update({str(k): v for k, v in value.slots.items() if isinstance(v, Value)})
                is_open |= value.open
            else:
                is_open = True
        return Arguments(tuple(positional), keywords, is_open)

    def eval_Lambda(self, node: ast.Lambda, frame: Frame) -> Value:
        """A lambda."""
        return self.make_function("<lambda>", node, frame)

    def make_function(self, name: str, node: FunctionNode, frame: Frame) -> Function:
        """Make a function: its defaults are evaluated now, its body when it is called."""
        defaults = tuple(self.evaluate(default, frame) for default in node.args.defaults)
        keywords = tuple(
            (argument.arg, self.evaluate(default, frame))
            for argument, default in zip(node.args.kwonlyargs, node.args.kw_defaults)
            if default is not None
        )
        owner = frame.cls if frame.is_class else None
        return Function(name, node, frame.module, frame.visible, defaults, keywords, owner)

    def eval_IfExp(self, node: ast.IfExp, frame: Frame) -> Value:
        """A conditional expression."""
        test = truth(self.evaluate(node.test, frame))
        if test is not None:
            return self.evaluate(node.body if test else node.orelse, frame)
        return self._either([node.body, node.orelse], frame)

    def _either(self, nodes: Sequence[ast.expr], frame: Frame) -> Value:
        return choice(self.either([partial(self.evaluate, node, frame) for node in nodes]))

    def eval_BoolOp(self, node: ast.BoolOp, frame: Frame) -> Value:
        """`and` and `or`: what can't be reached is not evaluated."""
        stop = isinstance(node.op, ast.Or)
        options: list[Value] = []
        with ExitStack() as doubts:
            for operand in node.values:  # pragma: no branch
                value = self.evaluate(operand, frame)
                known = truth(value)
                if known is stop or operand is node.values[-1]:
                    options.append(value)
                    break
                if known is None:
                    options.append(value)
                    if len(options) == 1:
                        doubts.enter_context(self.doubtful())
        return choice(options)

    def eval_UnaryOp(self, node: ast.UnaryOp, frame: Frame) -> Value:
        """`not` and signs."""
        value = self.evaluate(node.operand, frame)
        known = truth(value)
        if isinstance(node.op, ast.Not) and known is not None:
            return Constant(not known, assumed(value))
        return signed(node.op, value) or Unknown("operator")

    def eval_Compare(self, node: ast.Compare, frame: Frame) -> Value:
        """A comparison, or several in a chain: one that is known to fail decides."""
        values = [self.evaluate(each, frame) for each in (node.left, *node.comparators)]
        results = []
        for left, op, right in zip(values, node.ops, values[1:]):
            if isinstance(op, (ast.In, ast.NotIn)) and isinstance(right, Instance):
                with self.at(frame.module, node, ""):
                    self._look_inside(right, left)
            results.append(compare(op, left, right))
        if False not in results and None in results:
            return Unknown("comparison")
        return Constant(False not in results, any(map(assumed, values)))

    def _look_inside(self, container: Instance, item: Value) -> None:
        """Run what `in` runs of an instance: its `__contains__`, else its iterator."""
        if find_in_class(container.cls, "__contains__"):
            self.call(self.attribute(container, "__contains__"), Arguments((item,)))
        else:
            self.iterate(container)

    def eval_BinOp(self, node: ast.BinOp, frame: Frame) -> Value:
        """Sums of text and lists, and pathlib's slash."""
        operations = [node]
        while isinstance(operations[-1].left, ast.BinOp):
            operations.append(operations[-1].left)
        value = self.evaluate(operations[-1].left, frame)
        for operation in reversed(operations):
            value = self._operate(value, operation.op, self.evaluate(operation.right, frame))
        return value

    def _operate(self, left: Value, op: ast.operator, right: Value) -> Value:
        match left, op, right:
            case PathText(), ast.Div(), PathText() | Constant(value=str()):
                return self.call(Method(left, "joinpath"), Arguments((right,)))
            case Constant(value=str() as a), ast.Add(), Constant(value=str() as b):
                return text_constant(a + b)
            case Collection(), ast.Add(), Collection() if left.kind == right.kind:
                self.spend(len(left.slots) + len(right.slots))
                return collect(left.kind, (*left.items, *right.items), left.open or right.open)
            case Fake(), _, _:
                return left
            case Constant(value=str()), ast.Add(), Fake():
                raise RaisedError
            case Collection(kind="dict"), ast.BitOr(), Collection(kind="dict"):
                return Collection("dict", {**left.slots, **right.slots}, left.open or right.open)
        types = [each == NONE or is_type(each) for each in (left, right)]
        if isinstance(op, ast.BitOr) and all(types):
            return collect("tuple", (left, right))
        held = (value for value in (left, right) if isinstance(value, Collection))
        return operate(left, op, right) or unknown("operator", *held)

    def eval_JoinedStr(self, node: ast.JoinedStr, frame: Frame) -> Value:
        """An f-string: text when all its parts are."""
        parts = [self.evaluate(part, frame) for part in node.values]
        texts = [str(part.value) for part in parts if isinstance(part, Constant)]
        return text_constant("".join(texts)) if len(texts) == len(parts) else Unknown("text")

    def eval_FormattedValue(self, node: ast.FormattedValue, frame: Frame) -> Value:
        """The braces of an f-string."""
        value = self.evaluate(node.value, frame)
        form = self.evaluate(node.format_spec, frame) if node.format_spec else Constant("")
        if isinstance(value, PathText) and node.conversion == -1 and form == Constant(""):
            return Constant(value.text)
        return formatted(value, node.conversion, form) or Unknown("text")

    def eval_Await(self, node: ast.Await, frame: Frame) -> Value:
        """An await runs its coroutine."""
        value = self.evaluate(node.value, frame)
        with self.at(frame.module, node.value, ""):
            return self.finish(value)

    def finish(self, value: Value) -> Value:
        """Run a coroutine to its end; any other value is its own result."""
        if isinstance(value, Suspended):
            return self.run_suspended(value, lambda _: NONE)
        return value

    def eval_Yield(self, node: ast.Yield, frame: Frame) -> Value:
        """A yield hands its value to whoever runs the generator."""
        value = self.evaluate(node.value, frame) if node.value else NONE
        return frame.on_yield(value) if frame.on_yield else Unknown("sent")

    def eval_YieldFrom(self, node: ast.YieldFrom, frame: Frame) -> Value:
        """A `yield from` hands on what the inner generator yields."""
        value = self.evaluate(node.value, frame)
        if isinstance(value, Suspended) and frame.on_yield:
            with self.at(frame.module, node.value, ""):
                return self.run_suspended(value, frame.on_yield)
        for item in self.iterate(value)[0]:
            if frame.on_yield:
                frame.on_yield(item)
        return Unknown("yield from")

    def eval_Subscript(self, node: ast.Subscript, frame: Frame) -> Value:
        """An item of a collection."""
        value = self.evaluate(node.value, frame)
        if isinstance(node.slice, ast.Slice):
            return self._part(value, node.slice, frame)
        key = self.evaluate(node.slice, frame)
        with self.at(frame.module, node, ""):
            return self.item(value, key)

    def _part(self, value: Value, node: ast.Slice, frame: Frame) -> Value:
        """Return a slice."""
        bounds = (node.lower, node.upper, node.step)
        given = [self.evaluate(bound, frame) if bound else NONE for bound in bounds]
        known = slice_of(value, *given)
        if known is not None:
            return known
        return unknown("slice", value) if isinstance(value, Collection) else Unknown("slice")

    def item(self, value: Value, key: Value) -> Value:
        """Return the item of `value` under `key`."""
        match value, key:
            case Collection(), Constant(value=index):
                if isinstance(index, int) and index < 0 and value.kind != "dict":
                    index += len(value.slots)
                found = value.slots.get(index) if isinstance(index, PLAIN) else None
                if isinstance(found, Value):
                    return found
                is_there = value is self.environment.environ and index in ANYWHERE
                self.raised += self.weighs_raises and not value.open and not is_there
                return unknown("item", *value.items)
            case Collection(), _:
                return choice(value.items) if value.items and not value.open else Unknown("item")
            case Constant(), Constant() if known := compute(operator.getitem, value, key):
                return known
            case Choice(), _:
                return choice([self.item(option, key) for option in value.options])
            case Class(), _:
                return value  # a generic class with its parameters
            case (Instance() | Method() | Library() | Fake()), _:
                return self.call(self.attribute(value, "__getitem__"), Arguments((key,)))
        self.hazards += 1
        self.raised += self.weighs_raises and value == NONE
        return Unknown("item")

    def eval_Starred(self, node: ast.Starred, frame: Frame) -> Value:
        """A star outside a call or display."""
        return self.evaluate(node.value, frame)

    def _display(self, kind: str, nodes: Sequence[ast.expr], frame: Frame) -> Value:
        items: list[Value] = []
        is_open = False
        for element in nodes:
            if isinstance(element, ast.Starred):
                inner, complete = self.iterate(self.evaluate(element.value, frame))
                items.extend(inner)
                is_open |= not complete
            else:
                items.append(self.evaluate(element, frame))
        return collect(kind, items, is_open)

    def eval_List(self, node: ast.List, frame: Frame) -> Value:
        """A list display."""
        return self._display("list", node.elts, frame)

    def eval_Tuple(self, node: ast.Tuple, frame: Frame) -> Value:
        """A tuple display."""
        return self._display("tuple", node.elts, frame)

    def eval_Set(self, node: ast.Set, frame: Frame) -> Value:
        """A set display."""
        return self._display("set", node.elts, frame)

    def eval_Dict(self, node: ast.Dict, frame: Frame) -> Value:
        """A dict display."""
        result = Collection("dict")
        for key, item in zip(node.keys, node.values):
            known = self.evaluate(key, frame) if key else None
            value = self.evaluate(item, frame)
            if isinstance(known, Constant):
                result.slots[known.value] = value
            elif key is None and isinstance(value, Collection):
                result.slots.update(value.slots)
                result.slots.open |= value.open
            else:
                result.slots[("unknown", len(result.slots))] = value
                result.slots.open = True
        return result


def _not_understood(node: ast.expr, frame: Frame) -> Value:
    """Evaluate a node that this Python has and the interpreter does not know."""
    return Unknown(type(node).__name__)
