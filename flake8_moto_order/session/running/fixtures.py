"""Fixtures: which definitions a test gets, and the order in which pytest sets them up.

Sources: pytest's documentation, "Fixtures reference" (order by scope, dependencies, autouse);
_pytest/fixtures.py (`traverse_fixture_closure`, `_fillfixtures`), _pytest/python.py (xunit).
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from flake8_moto_order.interpreter.attributes import find_in_class, linearize
from flake8_moto_order.interpreter.slots import Slots
from flake8_moto_order.interpreter.values import (
    Class,
    Fixture,
    Module,
    Value,
)
from flake8_moto_order.models.testing.pytest import SCOPES
from flake8_moto_order.session.running.items import Item, argument_names
from flake8_moto_order.session.running.marks import functions_of

BUILT_IN = {
    "monkeypatch": "function", "mocker": "function", "class_mocker": "class",
    "module_mocker": "module", "package_mocker": "package", "session_mocker": "session",
}


@dataclass(eq=False)
class Definition:
    """Something that is set up before a test and torn down after it.

    A fixture has a `call`; the functions of xunit and unittest have `setup` and `teardown`; what
    pytest's plugins define has neither. `module` and `node` say where it is defined.
    """

    name: str
    scope: str
    call: Value | None = None
    setup: Value | None = None
    teardown: Value | None = None
    arguments: tuple[str, ...] = ()
    autouse: bool = False
    cls: Class | None = None
    module: Module | None = None
    node: ast.stmt | None = None
    params: Value | None = None
    lost: bool = False

    @property
    def width(self) -> int:
        """How wide the scope is: 0 for a session."""
        return SCOPES.index(self.scope)


@dataclass
class Plan:
    """What a test gets: definitions in the order of their setup, and names that nobody defines."""

    definitions: list[Definition] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)


def is_wide(definition: Definition, item: Item) -> bool:
    """Tell whether a fixture may outlast a test; one of class scope only in a class."""
    if definition.scope == "class":
        return item.cls is not None
    return definition.scope != "function"


class Registry:
    """The fixtures that the tests of one file can get, the nearest definition last."""

    def __init__(
        self, outer: Iterable[Module], module: Module, always: tuple[str, ...] = ()
    ) -> None:
        """Read the fixtures of plugins and conftests, then those of the module.

        `always` are the names that the configuration has every test use.
        """
        self._always = always
        self._common: list[Definition] = [
            Definition(name, scope) for name, scope in BUILT_IN.items()
        ]
        for holder in outer:
            self._common.extend(_fixtures_of(holder.namespace, None))
        self._common.extend(_xunit_of_module(module))
        self._setup_function = _xunit(module.namespace, "setup_function", "teardown_function")
        self._common.extend([self._setup_function] if self._setup_function else [])
        self._common.extend(_fixtures_of(module.namespace, None))
        self._of_class: dict[Class, list[Definition]] = {}
        self._plans: dict[Item, Plan] = {}

    def of_module(self, module: Module) -> Iterator[Definition]:
        """Yield the fixtures that a module of the session defines."""
        return (found for found in self._common if found.call and found.module is module)

    def visible(self, item: Item) -> list[Definition]:
        """Return the definitions that a test can get, the nearest last."""
        found = list(self._common)
        if item.classes and self._setup_function:
            found.remove(self._setup_function)
        for cls in item.classes:
            if cls not in self._of_class:
                self._of_class[cls] = list(_of_class(cls, item.is_case))
            found.extend(self._of_class[cls])
        return found

    def lookup(self, item: Item, name: str, user: Definition | None = None) -> Definition | None:
        """Find the definition of a name for a test, or for a fixture that overrides it."""
        named = [found for found in self.visible(item) if found.name == name]
        if user in named:
            named = named[: named.index(user)]
        return named[-1] if named else None

    def plan(self, item: Item) -> Plan:
        """Return what a test gets, in the order of its setup."""
        if item not in self._plans:
            self._plans[item] = self._plan(item)
        return self._plans[item]

    def _plan(self, item: Item) -> Plan:
        direct = {name for name, by_fixture in item.given.items() if not by_fixture}
        visible = self.visible(item)
        names = [*self._always, *(found.name for found in visible if found.autouse)]
        names += [*item.uses, *item.arguments]
        names = [name for name in dict.fromkeys(names) if name not in direct]
        closure = self._closure(item, names)
        closure.sort(key=lambda name: self._width(item, name))
        plan = Plan()
        for name in closure:
            self._add(item, name, None, plan)
        return plan

    def _closure(self, item: Item, names: Iterable[str]) -> list[str]:
        """Return names with those they ask for, each behind the one that asks first."""
        closure: dict[str, None] = {}
        stack = list(names)[::-1]
        while stack:
            name = stack.pop()
            if name not in closure:
                closure[name] = None
                found = self.lookup(item, name)
                stack.extend(reversed(found.arguments if found else ()))
        return list(closure)

    def _width(self, item: Item, name: str) -> int:
        found = self.lookup(item, name)
        return found.width if found else len(SCOPES)

    def _add(self, item: Item, name: str, user: Definition | None, plan: Plan) -> None:
        if name == "request":
            return
        found = self.lookup(item, name, user)
        if found is None:
            plan.missing.append(name)
        elif found not in plan.definitions:
            plan.definitions.append(found)
            for argument in found.arguments:
                self._add(item, argument, found, plan)
            plan.definitions.remove(found)
            plan.definitions.append(found)


def _fixtures_of(namespace: Slots, cls: Class | None) -> Iterator[Definition]:
    """Yield the fixtures in a namespace in alphabetical order, which is that of pytest."""
    for key in sorted(str(key) for key in namespace):
        value = namespace[key] if key in namespace else None
        if isinstance(value, Fixture):
            yield _fixture(key, value, cls)


def _fixture(key: str, fixture: Fixture, cls: Class | None) -> Definition:
    function = next(functions_of(fixture), None)
    node = function.node if function and not isinstance(function.node, ast.Lambda) else None
    return Definition(
        name=fixture.name or key,
        scope=fixture.scope,
        call=fixture.callee,
        arguments=argument_names(fixture.callee, cls is not None),
        autouse=fixture.autouse,
        cls=cls,
        module=function.module if function else None,
        node=node,
        params=fixture.params,
        lost=fixture.lost,
    )


def _xunit_of_module(module: Module) -> Iterator[Definition]:
    names = [("setUpModule", "setup_module"), ("tearDownModule", "teardown_module")]
    setup, teardown = (
        next((name for name in pair if isinstance(module.namespace.get(name), Value)), pair[0])
        for pair in names
    )
    found = _xunit(module.namespace, setup, teardown, "module")
    if found:
        yield found


def _xunit(
    namespace: Slots, setup: str, teardown: str, scope: str = "function"
) -> Definition | None:
    before, after = (_no_fixture(namespace.get(name)) for name in (setup, teardown))
    return _pair(setup, scope, before, after) if before or after else None


def _pair(
    name: str, scope: str, setup: object, teardown: object, cls: Class | None = None
) -> Definition:
    function = next(functions_of(setup), None) or next(functions_of(teardown), None)
    node = function.node if function and not isinstance(function.node, ast.Lambda) else None
    return Definition(
        name=f"xunit {name}",
        scope=scope,
        setup=setup if isinstance(setup, Value) else None,
        teardown=teardown if isinstance(teardown, Value) else None,
        autouse=True,
        cls=cls,
        module=function.module if function else None,
        node=node,
    )


def _of_class(cls: Class, is_case: bool) -> Iterator[Definition]:
    pairs = [
        ("setup_class", "teardown_class", "class"),
        ("setup_method", "teardown_method", "function"),
        # Those of nose, which pytest below 8 calls as well.
        ("setup", "teardown", "function"),
    ]
    if is_case:
        pairs = [("setUpClass", "tearDownClass", "class"), pairs[1]]
    for setup, teardown, scope in pairs:
        before, after = (_no_fixture(find_in_class(cls, name)) for name in (setup, teardown))
        if before or after or (is_case and scope == "class"):
            yield _pair(setup, scope, before, after, cls)
    namespace = Slots()
    for owner in reversed(linearize(cls)):
        namespace.update(owner.namespace)
    yield from _fixtures_of(namespace, cls)


def _no_fixture(value: object) -> object:
    """Return a setup function; a fixture of its name is none."""
    return None if isinstance(value, Fixture) else value
