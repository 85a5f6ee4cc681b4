"""pytest: fixtures, marks, what ends a test early, and the fixtures that replace things.

Sources: pytest's documentation, "Fixtures reference", "Marks", "How to monkeypatch"; pytest-mock's,
"Usage".
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import partial

from flake8_moto_order.interpreter.base import Arguments, Base, RaisedError
from flake8_moto_order.interpreter.slots import RECORDER
from flake8_moto_order.interpreter.values import (
    NONE,
    Bound,
    Class,
    Collection,
    Constant,
    Covered,
    Fixture,
    Function,
    Guard,
    Library,
    Mark,
    Method,
    Native,
    Unknown,
    Value,
    Wrapped,
)
from flake8_moto_order.models.model import Model
from flake8_moto_order.models.testing.mocking import FAKES, make_fake, make_patch
from flake8_moto_order.models.testing.replacing import Undo, monkeypatch, undo_all

ENDS = {"pytest.skip", "pytest.fail", "pytest.exit", "pytest.xfail"}
FIXTURES = {"pytest.fixture", "pytest.yield_fixture", "pytest_asyncio.fixture"}
MONKEYPATCH = {"pytest.MonkeyPatch", "_pytest.monkeypatch.MonkeyPatch"}
MARK = "pytest.mark."
SCOPES = ("session", "package", "module", "class", "function")
PATCHES = ("patch", "patch.object", "patch.dict", "patch.multiple")
Decorated = (Function, Covered, Wrapped, Bound, Class, Fixture)


class TestingModel(Model):
    """The model of pytest, and of the objects that its fixtures give."""

    __test__ = False
    libraries = ("pytest", "_pytest", "pytest_asyncio")
    types = (Native, Mark, Fixture)

    def call(self, machine: Base, callee: Value, arguments: Arguments) -> Value | None:
        """Call a name of pytest, a mark, or a method of what a fixture gave."""
        match callee:
            case Library():
                return self._call_library(machine, callee.name, arguments)
            case Mark():
                return mark(machine, callee, arguments.get(0))
            case Method():
                native, name = _method_of(callee)
                handler = native.methods.get(name) if native else None
                RECORDER.spoil()
                return handler(arguments) if handler else None
        return None

    def attribute(self, machine: Base, value: Value, name: str) -> Value | None:
        """Look up what an object of a fixture has beside methods."""
        if isinstance(value, Native):
            known = value.slots.get(name)
            return known if isinstance(known, Value) else None
        if isinstance(value, Mark) and name == "args":
            return Collection("tuple", dict(enumerate(value.positional)))
        if isinstance(value, Mark) and name == "kwargs":
            return Collection("dict", dict(value.keywords))
        return None

    def _call_library(self, machine: Base, name: str, arguments: Arguments) -> Value | None:
        if name in ENDS:
            raise RaisedError
        if name in FIXTURES:
            return _fixture(name, arguments)
        if name.startswith(MARK):
            return _mark_named(machine, name.removeprefix(MARK), arguments)
        if name in MONKEYPATCH or name in {f"{known}.context" for known in MONKEYPATCH}:
            return monkeypatch(machine, [])
        if name == "pytest.raises" and len(arguments.positional) > 1:
            return call_raising(machine, arguments.positional[1], arguments.after(2))
        if name == "pytest.param":
            return Mark("param", arguments.positional, tuple(arguments.keywords.items()))
        if name == "pytest.importorskip":
            module = arguments.get(0, "modname")
            return machine.load(str(module.value)) if isinstance(module, Constant) else NONE
        return None

    def enter(self, machine: Base, manager: Value) -> Value | None:
        """Enter a monkeypatch context."""
        return manager if isinstance(manager, Native) else None

    def leave(self, machine: Base, manager: Value) -> None:
        """Leave a monkeypatch context, which undoes its changes."""
        if isinstance(manager, Native) and "undo" in manager.methods:
            RECORDER.spoil()
            manager.methods["undo"](Arguments())


def _method_of(method: Method) -> tuple[Native | None, str]:
    """Return the object that a method belongs to, and the method's dotted name."""
    names = [method.name]
    owner = method.owner
    while isinstance(owner, Method):
        names.append(owner.name)
        owner = owner.owner
    return owner if isinstance(owner, Native) else None, ".".join(reversed(names))


def call_raising(machine: Base, function: Value, arguments: Arguments) -> Value:
    """Call what is expected to raise: what it does is in doubt."""
    with machine.doubtful():
        with suppress(RaisedError):
            machine.call(function, arguments)
    return Unknown("raised")


def _fixture(name: str, arguments: Arguments) -> Value:
    """Make a fixture, or the decorator that makes one."""
    function = arguments.get(0, "fixture_function")
    if function is None or isinstance(function, Constant):
        return Bound(Library(name), (), tuple(arguments.keywords.items()))
    keywords = arguments.keywords
    scope, named = keywords.get("scope"), keywords.get("name")
    known = isinstance(scope, Constant) and scope.value in SCOPES
    autouse = keywords.get("autouse", Constant(False))
    return Fixture(
        function,
        scope=str(scope.value) if known and isinstance(scope, Constant) else "function",
        autouse=not isinstance(autouse, Constant) or bool(autouse.value),
        name=str(named.value) if isinstance(named, Constant) else "",
        params=keywords.get("params"),
    )


def _mark_named(machine: Base, name: str, arguments: Arguments) -> Value:
    first = arguments.get(0)
    if isinstance(first, Decorated) and len(arguments.values) == 1:
        mark(machine, Mark(name), first)
        return first
    return Mark(name, arguments.positional, tuple(arguments.keywords.items()))


def mark(machine: Base, found: Mark, value: Value | None) -> Value | None:
    """Put a mark on a function or class; what has none stays as it is."""
    target = value
    while isinstance(target, (Covered, Wrapped, Bound, Fixture)):
        target = target.callee
    if isinstance(target, (Function, Class)):
        machine.environment.act(partial(target.marks.append, found), target.marks.pop)
    return value


def mocker(machine: Base, undo: Undo) -> Native:
    """Make pytest-mock's `mocker`: its patches are active at once, `undo` gets their end."""

    def start(name: str) -> Callable[[Arguments], Value | None]:
        def apply(arguments: Arguments) -> Value | None:
            patch = make_patch(machine, name, arguments)
            if not isinstance(patch, Guard):
                return patch
            entered = machine.enter(patch)
            undo.append(lambda: machine.leave(patch))
            return entered

        return apply

    def spy(arguments: Arguments) -> Value | None:
        owner, name = arguments.get(0, "obj"), arguments.get(1, "name")
        if owner is None or not isinstance(name, Constant):
            return None
        real = machine.attribute(owner, str(name.value))
        return make_fake({"side_effect": real})

    methods: dict[str, Callable[..., Value | None]] = {name: start(name) for name in PATCHES}
    methods.update({name: lambda arguments: _fake(arguments) for name in (*FAKES, "stub")})
    methods.update({"stopall": lambda arguments: undo_all(undo), "spy": spy})
    return Native("mocker", methods)


def _fake(arguments: Arguments) -> Value:
    return make_fake(arguments.keywords, arguments.positional)
