"""Definitions of functions and classes, and the decorators on them."""

from __future__ import annotations

import ast
from contextlib import suppress

from flake8_moto_order.interpreter.attributes import find_in_class, linearize
from flake8_moto_order.interpreter.base import Arguments, Frame, RaisedError
from flake8_moto_order.interpreter.comprehensions import is_suspended_context
from flake8_moto_order.interpreter.contexts import Contexts
from flake8_moto_order.interpreter.slots import Slots
from flake8_moto_order.interpreter.values import (
    NONE,
    Bound,
    Choice,
    Class,
    Collection,
    Constant,
    Covered,
    Function,
    Library,
    Suspended,
    Unknown,
    Value,
    Wrapped,
)
from flake8_moto_order.interpreter.world import choice


class Definitions(Contexts):
    """The part of the interpreter that defines functions and classes."""

    def exec_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef, frame: Frame) -> None:
        """A function definition: decorators and defaults now, the body when it is called."""
        decorators = [self.evaluate(decorator, frame) for decorator in node.decorator_list]
        value: Value = self.make_function(node.name, node, frame)
        self._bind_decorated(node, decorators, value, frame)

    exec_AsyncFunctionDef = exec_FunctionDef

    def _bind_decorated(
        self,
        node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef,
        decorators: list[Value],
        value: Value,
        frame: Frame,
    ) -> None:
        for decorator, written in reversed(list(zip(decorators, node.decorator_list))):
            with self.at(frame.module, written, ""):
                value = self.decorate(decorator, value, frame)
        self.bind(ast.Name(node.name), value, frame)

    def decorate(self, decorator: Value, value: Value, frame: Frame) -> Value:
        """Apply a decorator; one that is not understood leaves the value as it is.

        If it is taken for a mock, every call of the value is in doubt.
        """
        if isinstance(decorator, Choice):
            return choice([self.decorate(option, value, frame) for option in decorator.options])
        if is_suspended_context(decorator) and isinstance(decorator, Suspended):
            again = decorator.started["again"]
            return Covered(again, value) if isinstance(again, Value) else value
        result = decorator
        if not isinstance(decorator, Unknown):
            result = self.call(decorator, Arguments((value,)))
        if isinstance(result, Unknown):
            return self._covered(result, value) if self.is_presumed(result, frame) else value
        return value if isinstance(decorator, Library) and result == NONE else result

    def _covered(self, manager: Value, value: Value) -> Value:
        """Put a context manager around every call of a function, or of the methods of a class."""
        if isinstance(value, Class):
            for name, member in list(value.namespace.items()):
                if isinstance(member, (Function, Covered, Bound)) and not str(name).startswith("_"):
                    self.set_attribute(value, str(name), Covered(manager, member))
        is_callable = isinstance(value, (Function, Covered, Wrapped, Bound))
        return Covered(manager, value) if is_callable else value

    def exec_ClassDef(self, node: ast.ClassDef, frame: Frame) -> None:
        """A class definition: its body runs now."""
        decorators = [self.evaluate(decorator, frame) for decorator in node.decorator_list]
        bases = tuple(value for base in node.bases for value in self._bases_of(base, frame))
        keywords = {str(word.arg): self.evaluate(word.value, frame) for word in node.keywords}
        name = f"{frame.cls.name}.{node.name}" if frame.is_class and frame.cls else node.name
        cls = Class(name, frame.module, bases, Slots(), node=node)
        inner = Frame(frame.module, cls.namespace, frame.visible, cls=cls, is_class=True)
        self.execute(node.body, inner)
        self.making.append(cls)
        with self.at(frame.module, node, ""), suppress(RaisedError):
            self._announce(cls, keywords)
        self.making.pop()
        self._bind_decorated(node, decorators, cls, frame)

    def _announce(self, cls: Class, keywords: dict[str, Value]) -> None:
        """Call what has a say in a new class: its metaclass, and `__init_subclass__` of a base."""
        given = [keywords.pop("metaclass", None), *(base.metaclass for base in linearize(cls))]
        metaclass = next((value for value in given if isinstance(value, Class)), None)
        if metaclass is not None:
            cls.metaclass = metaclass
            bases = Collection("tuple", dict(enumerate(cls.bases)))
            parts = (Constant(cls.name), bases, Collection("dict", cls.namespace))
            for name, first in (("__new__", metaclass), ("__init__", cls)):
                found = find_in_class(metaclass, name)
                if found is not None:
                    self.call(found, Arguments((first, *parts), keywords))
        hook = find_in_class(cls, "__init_subclass__", after=cls)
        if hook is not None:
            hook = hook.callee if isinstance(hook, Wrapped) else hook
            self.call(hook, Arguments((cls,), keywords))

    def _bases_of(self, base: ast.expr, frame: Frame) -> tuple[Value, ...]:
        value = self.evaluate(base, frame)
        starred = isinstance(base, ast.Starred)
        return value.items if starred and isinstance(value, Collection) else (value,)
