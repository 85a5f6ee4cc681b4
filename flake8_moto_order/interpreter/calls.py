"""Calls: argument binding, function bodies, instances, generators, wrapped callables."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import replace
from functools import partial

from flake8_moto_order.interpreter.arguments import (
    Argument,
    is_exception,
    prepend,
    with_patched,
)
from flake8_moto_order.interpreter.attributes import (
    Attributes,
    find_in_class,
    is_harmless,
    linearize,
)
from flake8_moto_order.interpreter.base import (
    DEEPEST,
    AbandonedError,
    Arguments,
    Finder,
    Frame,
    Models,
    RaisedError,
    unknown,
)
from flake8_moto_order.interpreter.memory import Memory
from flake8_moto_order.interpreter.slots import RECORDER, Slots
from flake8_moto_order.interpreter.values import (
    NONE,
    Bound,
    Choice,
    Class,
    Collection,
    Constant,
    Covered,
    Fake,
    Function,
    FunctionNode,
    Guard,
    Instance,
    Library,
    Method,
    Suspended,
    Unknown,
    Value,
    Wrapped,
)
from flake8_moto_order.interpreter.world import Environment, Outcome, choice
from flake8_moto_order.project import Deferred

RECURSION = 2
SET_ATTRIBUTE = Library("builtins.setattr")
NESTED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)


def own_nodes(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes of a function body that are not inside a nested function or class."""
    stack = list(ast.iter_child_nodes(node))
    while stack:
        child = stack.pop()
        yield child
        if not isinstance(child, NESTED):
            stack.extend(ast.iter_child_nodes(child))


def is_generator(node: FunctionNode) -> bool:
    """Tell whether a function is a generator function."""
    if isinstance(node.body, Deferred) and b"yield" not in node.body.text:
        return False
    return any(isinstance(child, (ast.Yield, ast.YieldFrom)) for child in own_nodes(node))


class Calls(Attributes):
    """The part of the interpreter that calls values."""

    def __init__(self, finder: Finder, models: Models, environment: Environment) -> None:
        super().__init__(finder, models, environment)
        self.memory = Memory(self)

    def call(self, callee: Value, arguments: Arguments) -> Value:
        """Call a value; what is not understood gives an unknown that holds its arguments."""
        self.spend()
        if self.depth > DEEPEST:
            RECORDER.spoil()
            return unknown("too deep", *arguments.values)
        self.depth += 1
        try:
            return self._call(callee, arguments)
        finally:
            self.depth -= 1

    def _call(self, callee: Value, arguments: Arguments) -> Value:
        if isinstance(callee, Covered):
            return self._call_covered(callee, arguments)
        if arguments.patched and not isinstance(callee, Bound):
            arguments = with_patched(arguments)
        modelled = self.models.call(self, callee, arguments)
        if modelled is not None:
            return modelled
        match callee:
            case Function():
                return self._call_function(callee, arguments)
            case Bound():
                return self.call(callee.callee, prepend(callee, arguments))
            case Class():
                return self.instantiate(callee, arguments)
            case Wrapped():
                return self._call_wrapped(callee, arguments)
            case Instance():
                return self._call_instance(callee, arguments)
            case Choice():
                return self._call_choice(callee, arguments)
            case Method(owner=Class() as cls, name="super.__new__"):
                if self.making and self.making[-1].metaclass in linearize(cls):
                    RECORDER.spoil()
                    return self.making[-1]
                return Instance(cls)
            case Method(owner=Instance() as owner, name="super.__init__"):
                self.hazards += 1
                if arguments.values or arguments.open or is_foreign(owner.cls):
                    self.models.construct(self, owner, arguments)
                return NONE
            case Method(owner=Instance() as owner, name="super.__setattr__"):
                return self.call(SET_ATTRIBUTE, prepend(Bound(NONE, (owner,)), arguments))
            case Fake():
                return self._call_fake(callee, arguments)
        origin = callee.name if isinstance(callee, Library) else "call"
        self.raised += self.weighs_raises and callee == NONE
        self.hazards += not is_harmless(callee)
        return unknown(origin, *arguments.values)

    def _call_covered(self, covered: Covered, arguments: Arguments) -> Value:
        manager = covered.manager

        def body(entered: Value) -> Value:
            given = arguments
            if isinstance(manager, Guard) and manager.passes:
                given = replace(arguments, patched=(entered, *arguments.patched))
            return self.call(covered.callee, given)

        function = awaited_under_patch(covered)
        if function is not None:
            awaited = partial(self.within, manager, lambda entered: self.finish(body(entered)))
            return Suspended(awaited, function)
        with self.doubtful() if isinstance(manager, Unknown) else nullcontext():
            return self.within(manager, body)

    def _call_fake(self, fake: Fake, arguments: Arguments) -> Value:
        """Call a fake as unittest.mock does: its side effect first, else what it returns."""
        effect = fake.slots.get("side_effect", NONE)
        if is_exception(effect):
            raise RaisedError
        if isinstance(effect, Collection):
            return choice(effect.items) if effect.items else Unknown("side_effect")
        if isinstance(effect, (Function, Bound, Wrapped, Class, Covered, Method, Library)):
            return self.call(effect, arguments)
        held = unknown("", *arguments.values).holds
        if held:
            self.environment.write(fake.slots, "call_args", Unknown("call_args", held))
        return self.attribute(fake, "return_value")

    def _call_choice(self, callee: Choice, arguments: Arguments) -> Value:
        options = [option for option in callee.options if option != NONE]
        if len(options) == 1:
            return self.call(options[0], arguments)
        calls = [partial(self.call, option, arguments) for option in options]
        return choice(self.either(calls)) if calls else NONE

    def _call_instance(self, instance: Instance, arguments: Arguments) -> Value:
        method = find_in_class(instance.cls, "__call__")
        if method is None:
            return unknown(instance.cls.name, instance, *arguments.values)
        return self.call(Bound(method, (instance,)), arguments)

    def _call_wrapped(self, wrapped: Wrapped, arguments: Arguments) -> Value:
        if wrapped.kind != "cached":
            return self.call(wrapped.callee, arguments)
        named = [(name, Argument(arguments.keywords[name])) for name in sorted(arguments.keywords)]
        key = (*map(Argument, arguments.positional), *named)
        known = wrapped.memory.get(key)
        if isinstance(known, Value):
            return known
        result = self.call(wrapped.callee, arguments)
        self.environment.write(wrapped.memory, key, result)
        return result

    def instantiate(self, cls: Class, arguments: Arguments) -> Value:
        """Make an instance of a project class."""
        instance = Instance(cls)
        self.hazards += any(isinstance(b, Library) for o in linearize(cls) for b in o.bases)
        maker = find_in_class(cls, "__new__")
        if isinstance(maker, (Function, Wrapped)):
            made = self.call(maker, prepend(Bound(maker, (cls,)), arguments))
            instance = made if isinstance(made, Instance) else instance
        for owner in linearize(cls):
            initializer = owner.namespace.get("__init__")
            if isinstance(initializer, Value):
                self.call(Bound(initializer, (instance,)), arguments)
                return instance
            if owner.dataclass:
                return self.models.construct(self, instance, arguments)
        if arguments.values or arguments.open or is_foreign(cls):
            return self.models.construct(self, instance, arguments)
        return instance

    def _call_function(self, function: Function, arguments: Arguments) -> Value:
        if self.active.count(function.node) >= RECURSION:
            RECORDER.visit(function.node)
            return Unknown(f"recursion in {function.name}")
        is_generator = self.is_generator(function)
        is_coroutine = isinstance(function.node, ast.AsyncFunctionDef) and not is_generator
        if isinstance(function.node, ast.Lambda):
            frame = self._frame(function, arguments)
            return self._activate(function, lambda: self.evaluate(lambda_body(function), frame))
        if is_generator or is_coroutine:
            frame = self._frame(function, arguments)
            return Suspended(partial(self.run_body, frame), function, {"frame": frame})
        return self.memory.call(function, arguments, partial(self._run, function, arguments))

    def _run(self, function: Function, arguments: Arguments) -> Value:
        return self.run_body(self._frame(function, arguments))

    def _frame(self, function: Function, arguments: Arguments) -> Frame:
        scope = self._bind_arguments(function, arguments)
        receiver = next(iter(arguments.positional), None)
        return Frame(function.module, scope, function.scopes, function, receiver, function.owner)

    def is_generator(self, function: Function) -> bool:
        """Tell whether a function is a generator function."""
        node = function.node
        if isinstance(node.body, Deferred):
            node.body.use()
        if node not in self.generators:
            self.generators[node] = is_generator(node)
        return self.generators[node]

    def run_body(self, frame: Frame) -> Value:
        """Run the body of the function that `frame` activates; return what it returns."""
        function = frame.function
        assert function and not isinstance(function.node, ast.Lambda)
        body = function.node.body
        self._activate(function, lambda: self.execute(body, frame))
        self.doubt -= frame.doubts
        parted = [outcome for outcome in frame.parted if isinstance(outcome, Outcome)]
        if parted:
            self.environment.merge([Outcome(), *parted])
        return choice(frame.returned) if frame.returned else NONE

    def _activate(self, function: Function, body: Callable[[], object]) -> Value:
        doubt = self.doubt
        self.active.append(function.node)
        try:
            result = body()
        except BaseException:
            self.doubt = doubt
            raise
        finally:
            self.active.pop()
        return result if isinstance(result, Value) else NONE

    def _bind_arguments(self, function: Function, arguments: Arguments) -> Slots:
        spec = function.node.args
        names = [argument.arg for argument in (*spec.posonlyargs, *spec.args)]
        bound = dict(zip(names[len(names) - len(function.defaults) :], function.defaults))
        if arguments.open:
            bound.update({name: Unknown(name) for name in names})
        bound.update(function.keyword_defaults)
        bound.update(zip(names, arguments.positional))
        parameters = [*names, *(argument.arg for argument in spec.kwonlyargs)]
        surplus: dict[str, Value] = {}
        for name, value in arguments.keywords.items():
            (bound if name in parameters else surplus)[name] = value
        missing = [name for name in parameters if name not in bound]
        bound.update({name: Unknown(name) for name in missing})
        is_wrong = len(arguments.positional) > len(names) and not spec.vararg
        if missing or is_wrong or (surplus and not spec.kwarg):
            self._mismatch(function, arguments)
        scope = Slots(bound)
        if spec.vararg:
            rest = dict(enumerate(arguments.positional[len(names) :]))
            scope[spec.vararg.arg] = Collection("tuple", rest, arguments.open)
        if spec.kwarg:
            scope[spec.kwarg.arg] = Collection("dict", surplus, arguments.open)
        return scope

    def _mismatch(self, function: Function, arguments: Arguments) -> None:
        """Note that arguments don't fit: a call raises here, unless a library fills them in."""
        place = self.places(self.height - 1)[-1:]
        node = place[0].node if place else None
        is_plain = isinstance(function.node, ast.FunctionDef) and not function.node.decorator_list
        if is_plain and isinstance(node, ast.Call) and names_function(node.func, function):
            self.raised += self.weighs_raises and not arguments.open

    def run_suspended(self, suspended: Suspended, on_yield: Callable[[Value], Value]) -> Value:
        """Run a generator or coroutine once, giving what it yields to `on_yield`."""
        if "done" in suspended.started:
            return Unknown(suspended.function.name)
        self.environment.write(suspended.started, "done", True)
        inner: list[int] = []

        def at_yield(value: Value) -> Value:
            try:
                return on_yield(value)
            except AbandonedError as abandoned:
                inner.append(len(abandoned.open))
                raise

        frame = suspended.started.get("frame")
        if isinstance(frame, Frame):  # pragma: no branch
            frame.on_yield = at_yield
        try:
            return suspended.run()
        except AbandonedError as abandoned:
            own = slice(inner[-1], None)
            self.environment.write(suspended.started, "open", tuple(abandoned.open[own]))
            abandoned.open[own] = [suspended]
            raise

    def iterate(self, value: Value) -> tuple[tuple[Value, ...], bool]:
        """Return the items that iterating `value` gives, and whether all of them are known."""
        modelled = self.models.iterate(self, value)
        if modelled is not None:
            return modelled, False
        if isinstance(value, Collection):
            self.spend(len(value.slots))
        match value:
            case Collection(kind="dict"):
                return tuple(map(key_of, value.slots)), not value.open
            case Collection():
                return value.items, not value.open
            case Constant(value=str() | bytes() as text):
                self.spend(len(text))
                return tuple(Constant(letter) for letter in text), True
            case Suspended():
                return self._drain(value), True
            case Instance():
                return self._iterate_instance(value)
        return (), False

    def _iterate_instance(self, instance: Instance) -> tuple[tuple[Value, ...], bool]:
        method = find_in_class(instance.cls, "__iter__")
        if method is None or self.depth > DEEPEST:
            inherited = self._inherited(instance.cls, instance, "__iter__")
            items = self.models.call(self, inherited, Arguments())
            return self.iterate(items) if items is not None else ((), False)
        self.depth += 1
        try:
            source = self.call(Bound(method, (instance,)), Arguments())
            return self.iterate(source) if source is not instance else ((), False)
        finally:
            self.depth -= 1

    def _drain(self, suspended: Suspended) -> tuple[Value, ...]:
        items: list[Value] = []

        def on_yield(item: Value) -> Value:
            items.append(item)
            return NONE

        self.run_suspended(suspended, on_yield)
        return tuple(items)


def awaited_under_patch(covered: Covered) -> Function | None:
    """Return the `async def` that only patches decorate: they last until it has been awaited."""
    value: Value = covered
    while isinstance(value, Covered) and isinstance(value.manager, Guard):
        if not value.manager.kind.startswith("patch"):
            return None
        value = value.callee
    is_async = isinstance(value, Function) and isinstance(value.node, ast.AsyncFunctionDef)
    return value if is_async and isinstance(value, Function) else None


def names_function(callee: ast.expr, function: Function) -> bool:
    """Tell whether an expression that is called names a function, or the class it constructs."""
    name = callee.id if isinstance(callee, ast.Name) else getattr(callee, "attr", "")
    owner = function.owner.node if function.owner else None
    if function.name == "__init__" and owner and not owner.decorator_list and not owner.keywords:
        return name in (owner.name, function.name)
    return bool(name == function.name)


def is_foreign(cls: Class) -> bool:
    """Tell whether some base of a class is not a class of the project."""
    return any(not isinstance(base, Class) for owner in linearize(cls) for base in owner.bases)


def key_of(key: object) -> Value:
    """Return the value of a key in the slots of a dict."""
    return Unknown("key") if isinstance(key, tuple) else Constant(key)


def lambda_body(function: Function) -> ast.expr:
    """Return the expression of a lambda."""
    node = function.node
    return node.body if isinstance(node, ast.Lambda) else ast.Constant(None)
