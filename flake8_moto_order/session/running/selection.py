"""Which tests of a file a run takes: what the configuration and conftests leave out or change.

Sources: pytest's documentation, "Configuration options" (`collect_ignore`, `--ignore`, `-m`) and
"Writing hook functions"; _pytest/mark/expression.py.
"""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterator
from fnmatch import fnmatch

from flake8_moto_order.interpreter.contexts import MOCKING
from flake8_moto_order.interpreter.values import Collection, Constant, Module
from flake8_moto_order.project import PytestConfiguration
from flake8_moto_order.session.collection import Session
from flake8_moto_order.session.running.items import Item
from flake8_moto_order.session.running.marks import functions_of

SELECTING = {"pytest_collection_modifyitems", "pytest_itemcollected", "pytest_collection_finish"}
RUNNING = {
    "pytest_runtest_setup", "pytest_runtest_call", "pytest_runtest_teardown",
    "pytest_runtest_protocol", "pytest_pyfunc_call", "pytest_fixture_setup",
}
GIVING = {"fixturenames", "usefixtures"}
# Names of fixtures, and of what hooks use, that speak of AWS or of mocking.
OF_AWS = re.compile(rf"aws|boto|{MOCKING.pattern}", re.IGNORECASE)
SHORTEST_NAME = 3


def is_left_out(session: Session, path: str) -> bool:
    """Tell whether pytest never collects a file."""
    configuration = session.project.configuration
    if _is_in(path, configuration.ignored):
        return True
    if any(fnmatch(path, pattern) for pattern in configuration.ignored_globs):
        return True
    for conftest in session.project.conftests(path):
        module = session.module_at(conftest)
        folder = os.path.dirname(conftest)
        if module and _is_in(path, _paths(module, "collect_ignore", folder)):
            return True
        patterns = _paths(module, "collect_ignore_glob", folder) if module else ()
        if any(fnmatch(path, pattern) for pattern in patterns):
            return True
    return False


def _is_in(path: str, places: tuple[str, ...]) -> bool:
    return any(path == place or path.startswith(place + os.sep) for place in places)


def _paths(module: Module, name: str, folder: str) -> tuple[str, ...]:
    listed = module.namespace.get(name)
    items = listed.items if isinstance(listed, Collection) else ()
    names = [str(item.value) for item in items if isinstance(item, Constant)]
    return tuple(os.path.normpath(os.path.join(folder, each)) for each in names)


def is_selected(item: Item, configuration: PytestConfiguration) -> bool:
    """Tell whether `-m` and `--deselect` in addopts leave a test in."""
    path = os.path.relpath(item.module.path or "", configuration.rootdir).replace(os.sep, "/")
    node = "::".join([path, *item.name.split(".")])
    if any(f"{node}::".startswith(prefix.rstrip(":")) for prefix in configuration.deselected):
        return False
    if not configuration.mark_expression:
        return True
    try:
        tree = ast.parse(configuration.mark_expression.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError):
        return True
    return _holds(tree.body, {mark.name for mark in item.marks})


def _holds(node: ast.expr, names: set[str]) -> bool:
    match node:
        case ast.BoolOp(op=ast.And()):
            return all(_holds(value, names) for value in node.values)
        case ast.BoolOp():
            return any(_holds(value, names) for value in node.values)
        case ast.UnaryOp(op=ast.Not()):
            return not _holds(node.operand, names)
        case ast.Name():
            return node.id in names
    return True


class Hooks:
    """What the hooks of conftests and plugins may do to tests."""

    def __init__(self, session: Session, path: str) -> None:
        self._words: set[str] = set()
        self.mocks = False
        conftests = (session.module_at(conftest) for conftest in session.project.conftests(path))
        for module in (*session.plugins, *filter(None, conftests)):
            for name, function in _hooks_of(module):
                words = set(_words_of(function))
                speaks = any(OF_AWS.search(word) for word in words)
                gives = name in RUNNING or not words.isdisjoint(GIVING)
                self.mocks |= speaks and gives
                if name in SELECTING | RUNNING:
                    self._words |= words

    def may_change(self, item: Item) -> bool:
        """Tell whether a hook may skip a test, or run it under a mock."""
        if self.mocks:
            return True
        path = item.module.path or ""
        marks = {mark.name for mark in item.marks}
        return any(word in marks or word in path or word in item.name for word in self._words)


def _hooks_of(module: Module) -> Iterator[tuple[str, ast.AST]]:
    for key, value in module.namespace.items():
        name = str(key)
        if name.startswith("pytest_"):
            for function in functions_of(value):
                yield name, function.node


def _words_of(function: ast.AST) -> Iterator[str]:
    """Yield the texts in a hook, and the names of mocks that it uses."""
    for node in ast.walk(function):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            if len(node.value) >= SHORTEST_NAME:
                yield node.value
        elif isinstance(node, ast.Name) and OF_AWS.search(node.id):
            yield node.id
        elif isinstance(node, ast.Attribute):
            if OF_AWS.search(node.attr) or node.attr in GIVING:
                yield node.attr
