"""The brief run: what happens under a mock of all services can't leak, so it need not be followed.

Once the handler is in place and no client lacks it, a request under such a mock is covered,
whatever sends it. A function that is called there is left out, unless it speaks of mocks or of
starting and stopping things. When every test of a file turns out to be sheltered in this way, there
is nothing to report of them; else the tests are run in full.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import partial

from flake8_moto_order.effects import (
    Effect,
    MockLeft,
    MockMissing,
    MockStarted,
    MockWasted,
    RequestSent,
)
from flake8_moto_order.interpreter.provenance import builds_blind
from flake8_moto_order.interpreter.values import (
    Class,
    Function,
    FunctionNode,
    Guard,
    Library,
    Module,
    Slots,
)
from flake8_moto_order.models.aws.clients import MOCK
from flake8_moto_order.models.moto.mocks import TOTAL
from flake8_moto_order.project import Deferred
from flake8_moto_order.session.collection import Session, loaded_modules

# What starts, stops, enters or leaves something, has it done later, or changes what others see.
TOUCHES = frozenset(
    b"moto start stop stopall close pop_all __enter__ __exit__ ExitStack AsyncExitStack"
    b" enter_context enterContext enterClassContext enter_async_context callback addfinalizer"
    b" getfixturevalue addCleanup addClassCleanup addModuleCleanup addAsyncCleanup"
    b" reload modules environ setattr delattr global".split()
)
MOCKS = re.compile(r"moto(\.core|\.core\.decorator|\.core\.models)?|moto\..*mock.*", re.IGNORECASE)
WORD = re.compile(rb"[^\W\d]\w*")
COMPOUND = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.If, ast.Try, ast.With)


class ExposedError(Exception):
    """A brief run met what it can't judge."""


class Shelter:
    """Tells which calls a brief run leaves out; `left_out` when there was one."""

    def __init__(self, session: Session) -> None:
        self._state = session.environment.state
        self._sources = session.project.sources
        self._lines: dict[str, list[bytes]] = {}
        self._known: dict[ast.AST, bool] = {}
        self._exposed: set[ast.AST] = set()
        self._touching = _touching_names(session)
        self.left_out = False

    def leaves_out(self, function: Function) -> bool:
        """Tell whether the call of a function can be left out.

        Raises ExposedError for one that runs without shelter for the first time after others were
        left out: it may depend on what they would have done.
        """
        node = function.node
        if self._state.get(TOTAL) and self._state.get(f"{MOCK}*"):
            if node not in self._known:
                self._known[node] = self._touching.isdisjoint(self._words(function))
            self.left_out |= self._known[node]
            return self._known[node]
        if self.left_out and node not in self._exposed:
            raise ExposedError
        self._exposed.add(node)
        return False

    def _words(self, function: Function) -> set[bytes]:
        path = function.module.path or ""
        if path not in self._lines:
            self._lines[path] = (self._sources.bytes(path) or b"").splitlines()
        return words_of(self._lines[path], function.node)


def words_of(lines: list[bytes], node: FunctionNode) -> set[bytes]:
    """Return the words in the body of a function."""
    if isinstance(node.body, Deferred):
        return set(WORD.findall(node.body.text))
    body = node.body if isinstance(node.body, list) else [node.body]
    last = body[-1].end_lineno
    return set(WORD.findall(b"\n".join(lines[body[0].lineno - 1 : last])))


def _touching_names(session: Session) -> set[bytes]:
    """Return the names of mocks, and those of the functions that speak of them."""
    modules = list(_near_moto(session))
    mocks = " ".join(name for module in modules for name in _mocks_in(module.namespace))
    names = {*TOUCHES, *WORD.findall(mocks.encode())}
    waiting = [found for module in modules for found in _functions_of(session, module)]
    while True:
        found = [name for name, words in waiting if not names.isdisjoint(words)]
        if not found:
            return names
        names.update(WORD.findall(b" ".join(found)))
        waiting = [(name, words) for name, words in waiting if name not in found]


def may_be_brief(effects: list[Effect]) -> bool:
    """Tell whether the tests may be judged by a brief run, after what collection did."""
    return not any(builds_blind(effect) or isinstance(effect, MockWasted) for effect in effects)


def shows_nothing(effects: list[Effect]) -> bool:
    """Tell whether there is nothing to report in the effects of a brief run.

    What was left out may tell whether a mock is started for certain, and so whether it is left on.
    """
    return not any(
        builds_blind(effect)
        or isinstance(effect, (MockLeft, MockMissing, MockWasted))
        or (isinstance(effect, RequestSent) and not effect.covered)
        or (isinstance(effect, MockStarted) and not effect.certain)
        for effect in effects
    )


def _near_moto(session: Session) -> Iterator[Module]:
    """Yield the collected modules, and the loaded ones that mention moto."""
    held = {id(module) for module in session.held.values()}
    for module in {id(m): m for m in loaded_modules(session.environment.modules)}.values():
        if id(module) in held or session.project.sources.mentions(module.path or "", b"moto"):
            session.machine.settle(module)
            yield module


def _mocks_in(namespace: Slots) -> Iterator[str]:
    """Yield the names that mocks, and the modules of moto that have them, bear in a namespace."""
    for name, value in namespace.items():
        if isinstance(value, Class):
            yield from _mocks_in(value.namespace)
        is_mock = isinstance(value, Guard) and value.kind == "moto"
        if is_mock or (isinstance(value, Library) and MOCKS.fullmatch(value.name)):
            yield str(name)


def _functions_of(session: Session, module: Module) -> list[tuple[bytes, set[bytes]]]:
    """Return the functions that stand in a file: the name of each, and the words in its body."""
    sources, path = session.project.sources, module.path or ""
    tree = sources.tree(path)
    if tree is None:
        return []
    return sources.parsed("functions", path, partial(_named_words, tree)) or []


def _named_words(tree: ast.Module, text: str) -> list[tuple[bytes, set[bytes]]]:
    lines = text.encode(errors="replace").splitlines()
    found: list[tuple[bytes, set[bytes]]] = []
    stack: list[ast.stmt] = list(tree.body)
    while stack:
        node = stack.pop()
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            found.append((node.name.encode(), words_of(lines, node)))
        if isinstance(node, COMPOUND):
            stack.extend(node.body)
    return found
