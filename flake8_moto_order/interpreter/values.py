"""The abstract values that the interpreter computes with.

Values that Python lets programs change (modules, classes, instances, collections) are compared by
identity and hold their slots in plain dicts, which only the environment writes to.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from flake8_moto_order.effects import CallPath
from flake8_moto_order.interpreter.slots import Slots
from flake8_moto_order.record import record

NOTHING: Mapping[Any, object] = {}


def slots_of(values: Mapping[Any, object]) -> Slots:
    """Return slots with these values: the same ones if they are slots, else a copy."""
    return values if isinstance(values, Slots) else Slots(values)


class Value:
    """Base of all abstract values."""

    __slots__ = ()


@record(frozen=True, slots=True)
class Unknown(Value):
    """A value that is not understood: where it came from, and the values it may hold on to."""

    origin: str
    holds: tuple[Value, ...] = ()


@record(frozen=True, slots=True)
class Constant(Value):
    """A plain Python constant; `assumed` when it rests on a variable of the process environment."""

    value: object
    assumed: bool = False


NONE = Constant(None)


@record(frozen=True, slots=True)
class PathText(Value):
    """A pathlib path, as text."""

    text: str


@record(frozen=True, slots=True)
class Choice(Value):
    """One of several values, after branches were joined."""

    options: tuple[Value, ...]


@dataclass(eq=False, slots=True)
class Module(Value):
    """A module of the project: dotted name, file (None for a namespace package), `__path__`.

    `imports` has the names that its import statements named so far.
    """

    name: str
    path: str | None
    search: tuple[str, ...]
    namespace: Slots = field(default_factory=Slots)
    imports: Slots = field(default_factory=Slots)


@record(frozen=True, slots=True)
class Library(Value):
    """Anything that is not the project's, by qualified name: a module, a class, a function."""

    name: str


@record(frozen=True, slots=True)
class Method(Value):
    """An attribute of a value that a library model or a built-in type answers for."""

    owner: Value
    name: str


FunctionNode: TypeAlias = "ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda"


@dataclass(eq=False, slots=True)
class Function(Value):
    """A function of the project with the scopes it closes over, innermost first.

    `marks` are those of pytest, `wraps` the function whose place it takes (functools.wraps).
    """

    name: str
    node: FunctionNode
    module: Module
    scopes: tuple[Slots, ...]
    defaults: tuple[Value, ...] = ()
    keyword_defaults: tuple[tuple[str, Value], ...] = ()
    owner: Class | None = None
    marks: list[Mark] = field(default_factory=list)
    wraps: Value | None = None

    @property
    def qualified(self) -> str:
        """The dotted name as an option would spell it."""
        owner = f"{self.owner.name}." if self.owner else ""
        return f"{self.module.name}.{owner}{self.name}"


@dataclass(eq=False, slots=True)
class Class(Value):
    """A class of the project; `mocks` are the places where mocks of moto decorate it.

    `order` is that in which attributes are looked for, once somebody asked for it.
    """

    name: str
    module: Module
    bases: tuple[Value, ...]
    namespace: Slots
    dataclass: bool = False
    node: ast.ClassDef | None = None
    marks: list[Mark] = field(default_factory=list)
    mocks: list[CallPath] = field(default_factory=list)
    order: tuple[Class, ...] = ()
    metaclass: Class | None = None


@dataclass(init=False, eq=False, slots=True)
class Instance(Value):
    """An instance of a project class."""

    cls: Class
    attributes: Slots

    def __init__(self, cls: Class, attributes: Mapping[Any, object] = NOTHING) -> None:
        self.cls = cls
        self.attributes = slots_of(attributes)


@record(frozen=True, slots=True)
class Bound(Value):
    """A callable whose first arguments are given: a bound method or a partial."""

    callee: Value
    positional: tuple[Value, ...] = ()
    keywords: tuple[tuple[str, Value], ...] = ()


@record(frozen=True, slots=True)
class Super(Value):
    """What `super()` gives inside a method: the class after which to look, and the receiver."""

    cls: Class
    receiver: Value


@dataclass(init=False, eq=False, slots=True)
class Collection(Value):
    """A list, tuple, set or dict; `open` when it may have further, unknown items.

    The slots of a dict go by its constant keys, those of the others by index.
    """

    kind: str
    slots: Slots

    def __init__(
        self, kind: str, slots: Mapping[Any, object] = NOTHING, open: bool = False
    ) -> None:
        self.kind = kind
        self.slots = slots_of(slots)
        if open:
            self.slots.open = True

    @property
    def open(self) -> bool:
        """Tell whether there may be further items."""
        return self.slots.open

    @property
    def items(self) -> tuple[Value, ...]:
        """The known values, in order."""
        return tuple(value for value in self.slots.values() if isinstance(value, Value))


@dataclass(eq=False, slots=True)
class Wrapped(Value):
    """A callable under a decorator that changes how it is reached or how often it runs.

    `kind` is one of static, class, property, cached, cached_property, context, decorator, around.
    """

    kind: str
    callee: Value
    memory: Slots = field(default_factory=Slots)


@record(frozen=True, slots=True)
class Covered(Value):
    """A callable decorated with a context manager: it is entered around every call."""

    manager: Value
    callee: Value


@dataclass(init=False, eq=False, slots=True)
class Suspended(Value):
    """A generator or coroutine that has not run yet."""

    run: Callable[[], Value]
    function: Function
    started: Slots

    def __init__(
        self,
        run: Callable[[], Value],
        function: Function,
        started: Mapping[Any, object] = NOTHING,
    ) -> None:
        self.run = run
        self.function = function
        self.started = slots_of(started)


@dataclass(init=False, eq=False, slots=True)
class Fake(Value):
    """A unittest.mock object: every attribute and every call is a fake again, unless set."""

    holds: tuple[Value, ...]
    slots: Slots

    def __init__(
        self, holds: tuple[Value, ...] = (), slots: Mapping[Any, object] = NOTHING
    ) -> None:
        self.holds = holds
        self.slots = slots_of(slots)


@record(frozen=True, slots=True)
class Mark(Value):
    """A mark of pytest, or a decorator of unittest that skips."""

    name: str
    positional: tuple[Value, ...] = ()
    keywords: tuple[tuple[str, Value], ...] = ()


@dataclass(eq=False, slots=True)
class Fixture(Value):
    """What `pytest.fixture` makes of a function; `name` is empty when the function's own counts.

    One that is `lost` behind a decorator is not found by pytest, and tests that ask for it fail.
    """

    callee: Value
    scope: str = "function"
    autouse: bool = False
    name: str = ""
    params: Value | None = None
    lost: bool = False


@dataclass(init=False, eq=False, slots=True)
class Native(Value):
    """An object of a library whose methods a model carries out (monkeypatch, request, ...)."""

    name: str
    methods: dict[str, Callable[..., Value | None]]
    slots: Slots

    def __init__(
        self,
        name: str,
        methods: dict[str, Callable[..., Value | None]],
        slots: Mapping[Any, object] = NOTHING,
    ) -> None:
        self.name = name
        self.methods = methods
        self.slots = slots_of(slots)


@record(frozen=True, slots=True)
class BotoSession(Value):
    """A boto3 or botocore session; `hooked` when it copied moto's handler.

    `given` names the credentials that it was built with.
    """

    serial: int
    hooked: bool
    given: str = ""


@record(frozen=True, slots=True)
class Client(Value):
    """A boto3 client or resource; `aws` when its requests go to AWS, not to an own endpoint.

    `session` is the serial of the session it was built from, `credentials` tells that there were
    some by then.
    """

    serial: int
    service: str
    hooked: bool
    aws: bool
    resource: bool = False
    session: int = 0
    credentials: bool = True


@record(frozen=True, slots=True)
class Deferred(Value):
    """A paginator, waiter or collection: it sends `operation` when it is iterated or waited on."""

    client: Client
    operation: str


@record(frozen=True, slots=True)
class Guard(Value):
    """A context manager with start and stop that a library model answers for.

    `kind` says which (moto, stubber, patch); the rest is what it works on. `passes` tells that what
    it gives when it is entered goes to the function it decorates.
    """

    kind: str
    serial: int
    services: frozenset[str] = frozenset()
    target: Value = NONE
    name: str = ""
    replacement: Value = NONE
    passes: bool = False
