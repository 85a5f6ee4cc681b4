"""Test discovery: the tests of one collected file, as pytest finds and orders them.

Sources: pytest's documentation, "Conventions for Python test discovery"; _pytest/python.py
(`PyCollector`), _pytest/unittest.py.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from typing import TypeGuard

from flake8_moto_order.interpreter.attributes import linearize
from flake8_moto_order.interpreter.values import (
    Bound,
    Class,
    Constant,
    Covered,
    Function,
    Guard,
    Library,
    Mark,
    Module,
    Unknown,
    Value,
    Wrapped,
)
from flake8_moto_order.models.testing.unittest import is_test_case
from flake8_moto_order.project import PytestConfiguration
from flake8_moto_order.session.running.marks import (
    functions_of,
    marks_of,
    parametrized,
    used_fixtures,
)

DEEPEST = 5
# Libraries whose base classes for tests and whose mixins don't touch AWS.
HARMLESS_BASES = frozenset(
    "abc absl aiohttp asynctest builtins collections dataclasses django enum flask_testing"
    " pyfakefs rest_framework testtools tornado twisted typing typing_extensions unittest"
    " unittest2".split()
)


@dataclass(frozen=True, eq=False)
class Item:
    """One test: where it stands in the linted file, what pytest calls, and what it must be given.

    `classes` are those it is collected from, the outermost first. `given` says which of its
    arguments `parametrize` gives, and whether by way of a fixture.
    """

    name: str
    value: Value
    module: Module
    node: ast.stmt
    classes: tuple[Class, ...]
    is_case: bool
    arguments: tuple[str, ...]
    uses: tuple[str, ...]
    given: dict[str, bool]
    marks: tuple[Mark, ...]

    @property
    def cls(self) -> Class | None:
        """The class that the test is collected from."""
        return self.classes[-1] if self.classes else None


def find_items(module: Module, configuration: PytestConfiguration) -> list[Item]:
    """Return the tests that pytest collects from a module and that stand in its file."""
    return list(_of_module(module, configuration))


def _of_module(module: Module, configuration: PytestConfiguration) -> Iterator[Item]:
    if module.namespace.get("__test__") == Constant(False):
        return
    for name, value in list(module.namespace.items()):
        if isinstance(value, Class):
            yield from _of_class(module, configuration, (value,), str(name))
        elif _is_callable(value) and _is_test(str(name), value, configuration.python_functions):
            item = _item(module, str(name), value, (), False)
            if item:
                yield item


def _of_class(
    module: Module, configuration: PytestConfiguration, classes: tuple[Class, ...], name: str
) -> Iterator[Item]:
    cls = classes[-1]
    is_case = is_test_case(cls)
    if not _is_collected(cls, name, configuration, is_case) or len(classes) > DEEPEST:
        return
    prefixes = ("test",) if is_case else configuration.python_functions
    members = dict(_members(cls))
    if is_case:
        # unittest/loader.py, `getTestCaseNames`; _pytest/unittest.py takes `runTest` at a pinch.
        names = sorted(name for name in members if name.startswith("test"))
        members = {name: members[name] for name in names or ["runTest"] if name in members}
        prefixes = ("test", "runTest")
    for member, value in members.items():
        if isinstance(value, Class) and not is_case:
            yield from _of_class(module, configuration, (*classes, value), member)
        elif _is_callable(value) and _is_test(member, value, prefixes):
            item = _item(module, member, value, classes, is_case)
            if item:
                yield item


def _is_collected(
    cls: Class, name: str, configuration: PytestConfiguration, is_case: bool
) -> bool:
    namespaces = [owner.namespace for owner in linearize(cls)]
    wanted = next((space["__test__"] for space in namespaces if "__test__" in space), None)
    if wanted == Constant(False):
        return False
    if is_case:
        return True
    has_constructor = any("__init__" in space or "__new__" in space for space in namespaces)
    is_named = wanted == Constant(True) or matches(name, configuration.python_classes)
    return is_named and not has_constructor


def _members(cls: Class) -> Iterator[tuple[str, Value]]:
    """Yield the members of a class: those that only bases define first (`PyCollector.collect`)."""
    seen: set[str] = set()
    layers: list[list[tuple[str, Value]]] = []
    for owner in linearize(cls):
        own = [(str(n), v) for n, v in owner.namespace.items() if isinstance(v, Value)]
        layers.append([(name, value) for name, value in own if name not in seen])
        seen.update(name for name, _ in own)
    for layer in reversed(layers):
        yield from layer


def matches(name: str, patterns: tuple[str, ...]) -> bool:
    """Match as pytest's `python_functions` does: a prefix, or a pattern."""
    return any(
        name.startswith(pattern) or (set(pattern) & set("*?[") and fnmatch(name, pattern))
        for pattern in patterns
    )


def _is_callable(value: object) -> TypeGuard[Value]:
    if isinstance(value, Wrapped):
        is_read = value.kind in ("property", "cached_property")
        return not is_read and any(functions_of(value))
    return isinstance(value, (Function, Covered, Bound))


def _is_test(name: str, value: Value, patterns: tuple[str, ...]) -> bool:
    """Tell whether a function is a test by its name or by `__test__`."""
    marks = (mark.name for function in functions_of(value) for mark in function.marks)
    return matches(name, patterns) or "wanted" in marks


def _item(
    module: Module, name: str, value: Value, classes: tuple[Class, ...], is_case: bool
) -> Item | None:
    node = _place(module, value, classes)
    if node is None:
        return None
    marks = marks_of(value, classes, module.namespace)
    drops_first = bool(classes) and not (isinstance(value, Wrapped) and value.kind == "static")
    return Item(
        name=".".join([*(cls.name.rpartition(".")[2] for cls in classes), name]),
        value=value,
        module=module,
        node=node,
        classes=classes,
        is_case=is_case,
        arguments=() if is_case else argument_names(value, drops_first),
        uses=used_fixtures(marks),
        given=parametrized(marks),
        marks=marks,
    )


def _place(module: Module, value: Value, classes: tuple[Class, ...]) -> ast.stmt | None:
    """Return the `def` of a test in this file, or the `class` that inherits it."""
    for function in functions_of(value):
        if function.module is module and not isinstance(function.node, ast.Lambda):
            return function.node
    for cls in reversed(classes):
        if cls.module is module:
            return cls.node
    return None


def argument_names(value: Value, drops_first: bool) -> tuple[str, ...]:
    """Return the names of the fixtures that a function asks for (_pytest/compat.py).

    Arguments with a default ask for none, nor do those that a patch passes.
    """
    patches = 0
    given: set[str] = set()
    while isinstance(value, (Covered, Wrapped, Bound)):
        if isinstance(value, Covered) and _passes_one(value.manager):
            patches += 1
        if isinstance(value, Bound):
            given.update(name for name, _ in value.keywords)
        value = value.callee
    if not isinstance(value, Function):
        return ()
    if value.wraps is not None:
        inner = argument_names(value.wraps, drops_first)
        return inner[patches:]
    spec = value.node.args
    names = [argument.arg for argument in (*spec.posonlyargs, *spec.args)]
    names = names[: len(names) - len(spec.defaults)]
    if drops_first:
        names = names[1:]
    defaults = zip(spec.kwonlyargs, spec.kw_defaults)
    required = [argument.arg for argument, default in defaults if default is None]
    return tuple(name for name in (*names[patches:], *required) if name not in given)


def _passes_one(manager: Value) -> bool:
    return isinstance(manager, Guard) and manager.kind == "patch" and manager.passes


def has_unknown_base(cls: Class) -> bool:
    """Tell whether a base of a class is not known, so that its setup is not either."""
    return any(_is_unknown(base) for owner in linearize(cls) for base in owner.bases)


def _is_unknown(base: Value) -> bool:
    if isinstance(base, Library):
        return base.name.partition(".")[0] not in HARMLESS_BASES
    return isinstance(base, Unknown)
