"""What all parts of the interpreter share: state, frames, provenance, budget, abstract methods."""

from __future__ import annotations

import ast
import enum
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from typing import NamedTuple, Protocol, TypeVar

from flake8_moto_order.domain import (
    Class,
    Constant,
    Function,
    FunctionNode,
    Library,
    Module,
    PathText,
    Slots,
    Unknown,
    Value,
)
from flake8_moto_order.effects import (
    CallPath,
    Effect,
    ObjectBuilt,
    RequestSent,
    Role,
    Site,
    Step,
)
from flake8_moto_order.environment import Environment
from flake8_moto_order.project import ModuleFile

STEP_BUDGET = 400_000
ITEMS_PER_STEP = 4
DEEPEST = 600
Node = ast.expr | ast.stmt
T = TypeVar("T")


class ExhaustedError(Exception):
    """The step budget of the linted file is used up."""


class RaisedError(Exception):
    """The interpreted program certainly raises here."""

    def __init__(self, value: Value) -> None:
        super().__init__()
        self.value = value


class MissingModuleError(RaisedError):
    """A module that a package of the project should have is not there."""


@dataclass(frozen=True, slots=True)
class Arguments:
    """The arguments of a call; `open` when there may be more, by an unknown `*` or `**`.

    `patched` are the fakes that patches decorating the callee pass behind the others.
    """

    positional: tuple[Value, ...] = ()
    keywords: dict[str, Value] = field(default_factory=dict)
    open: bool = False
    patched: tuple[Value, ...] = ()

    def get(self, index: int, name: str) -> Value | None:
        """Return the argument by position or name, None when it is not given."""
        if index < len(self.positional):
            return self.positional[index]
        return self.keywords.get(name)

    @property
    def values(self) -> tuple[Value, ...]:
        """All argument values."""
        return (*self.positional, *self.keywords.values())


class Flow(enum.Enum):
    """How a block ends."""

    NEXT = enum.auto()
    RETURN = enum.auto()
    BREAK = enum.auto()
    CONTINUE = enum.auto()
    RAISE = enum.auto()


@dataclass(slots=True)
class Frame:
    """One activation of a module body, class body or function.

    `returned` collects the values of return statements, `doubts` counts the returns that may
    have left early, `tries` the open try statements, `on_yield` receives what the body yields,
    `around` is the frame that a comprehension stands in.
    """

    module: Module
    scope: Slots
    enclosing: tuple[Slots, ...] = ()
    function: Function | None = None
    receiver: Value | None = None
    cls: Class | None = None
    is_class: bool = False
    declared_global: set[str] = field(default_factory=set)
    declared_nonlocal: set[str] = field(default_factory=set)
    returned: list[Value] = field(default_factory=list)
    parted: list[object] = field(default_factory=list)
    doubts: int = 0
    tries: int = 0
    on_yield: Callable[[Value], Value] | None = None
    around: Frame | None = None

    @property
    def visible(self) -> tuple[Slots, ...]:
        """The scopes that a function defined here closes over, innermost first."""
        if self.is_class or self.scope is self.module.namespace:
            return self.enclosing
        return (self.scope, *self.enclosing)


class Finder(Protocol):
    """What the interpreter needs of the project."""

    def find(self, name: str, search: tuple[str, ...]) -> ModuleFile | None:
        """Find the module `name` on `search`."""

    def tree(self, path: str) -> ast.Module | None:
        """Return the syntax tree of a file, None when it can't be had."""


class Models(Protocol):
    """What the names of other libraries do to the world."""

    def owns(self, name: str) -> bool:
        """Tell whether a module name is never the project's."""

    def imported(self, machine: Base, name: str) -> None:
        """Note that the library module `name` was imported."""

    def attribute(self, machine: Base, value: Value, name: str) -> Value | None:
        """Return an attribute of a library value, None to let the default stand."""

    def call(self, machine: Base, callee: Value, arguments: Arguments) -> Value | None:
        """Call a library value; None when no model knows it."""

    def builtin(self, name: str) -> Value | None:
        """Return a built-in name."""

    def enter(self, machine: Base, manager: Value) -> Value | None:
        """Enter a context manager; None when no model knows it."""

    def leave(self, machine: Base, manager: Value) -> None:
        """Leave a context manager."""

    def iterate(self, machine: Base, value: Value) -> tuple[Value, ...] | None:
        """Return what iteration gives; None when that is not known."""


class Base:
    """State of the interpreter, and the abilities its parts give each other.

    `doubt` counts the open branches that a run may not take, `raised` the places passed where one
    may have raised instead; only a machine that `weighs_raises` counts those. `hazards` counts the
    calls that nothing is known of: they may raise.
    """

    def __init__(self, finder: Finder, models: Models, environment: Environment) -> None:
        self.finder = finder
        self.models = models
        self.environment = environment
        self.effects: list[Effect] = []
        self._doubts: dict[int, int] = {}
        self.doubt = 0
        self.raised = 0
        self.tries = 0
        self.hazards = 0
        self.weighs_raises = False
        self.steps = 0
        self.limit = STEP_BUDGET
        self.depth = 0
        self.serial = 0
        self._path: list[Place] = []
        self.statement: tuple[str | None, ast.stmt] | None = None
        self.active: list[ast.AST] = []
        self.generators: dict[ast.AST, bool] = {}
        self.imports: dict[str, set[str]] = {}

    def evaluate(self, node: ast.expr, frame: Frame) -> Value:
        """Evaluate an expression."""
        raise NotImplementedError

    def execute(self, block: list[ast.stmt], frame: Frame) -> Flow:
        """Execute statements until one leaves the block."""
        raise NotImplementedError

    def attribute(self, value: Value, name: str) -> Value:
        """Look an attribute up."""
        raise NotImplementedError

    def set_attribute(self, owner: Value, name: str, value: Value | None) -> None:
        """Set an attribute, or delete it when `value` is None."""
        raise NotImplementedError

    def is_generator(self, node: FunctionNode) -> bool:
        """Tell whether a function is a generator function."""
        raise NotImplementedError

    def slot_of(self, owner: Value, name: str) -> tuple[Slots, str] | None:
        """Return where an own attribute is kept: slots and key; None where there can be none."""
        raise NotImplementedError

    def call(self, callee: Value, arguments: Arguments) -> Value:
        """Call a value."""
        raise NotImplementedError

    def iterate(self, value: Value) -> tuple[tuple[Value, ...], bool]:
        """Return the items that iterating `value` gives, and whether these are all and known."""
        raise NotImplementedError

    def load(self, name: str) -> Value:
        """Import a module by its absolute name."""
        raise NotImplementedError

    def enter(self, manager: Value) -> Value:
        """Enter a context manager and leave it open; return what `as` would bind."""
        raise NotImplementedError

    def leave(self, manager: Value) -> None:
        """Leave a context manager."""
        raise NotImplementedError

    def within(self, manager: Value, body: Callable[[Value], T]) -> T:
        """Run `body` inside a context manager, with what entering it gives."""
        raise NotImplementedError

    def spend(self, items: int = 0) -> None:
        """Take one step of the budget, more when it goes over many items.

        Raises ExhaustedError when there is none left.
        """
        self.steps += 1 + items // ITEMS_PER_STEP
        if self.steps > self.limit:
            raise ExhaustedError

    @contextmanager
    def at(
        self, module: Module, node: Node, what: str, role: Role | None = None
    ) -> Iterator[None]:
        """Have effects inside the block carry this place as a step of their call path.

        What is named is an import unless `role` says otherwise.
        """
        role = role or (Role.IMPORT if what else Role.CALL)
        self._path.append(Place(module.path, node, what, role, self.statement))
        try:
            yield
        finally:
            self._path.pop()

    @contextmanager
    def beneath(self, height: int) -> Iterator[None]:
        """Have effects inside the block carry only the first `height` steps of the path."""
        above = self._path[height:]
        del self._path[height:]
        try:
            yield
        finally:
            self._path[height:] = above

    @property
    def height(self) -> int:
        """The number of steps of the present call path."""
        return len(self._path)

    @contextmanager
    def doubtful(self) -> Iterator[None]:
        """Mark effects inside the block as ones that may not happen."""
        self.doubt += 1
        try:
            yield
        finally:
            self.doubt -= 1

    def call_path(self) -> CallPath:
        """Return the steps that lead to the present place."""
        return tuple(place.step(path) for place in self._path if (path := place.path))

    def emit(self, effect: type[Effect], **details: object) -> None:
        """Record an effect with its provenance."""
        make: Callable[..., Effect] = effect
        doubts = self._doubts[len(self.effects)] = self.doubt + self.raised
        self.effects.append(make(self.call_path(), doubts == 0, **details))

    def new_serial(self) -> int:
        """Return a number that no other object of this session has."""
        self.serial += 1
        return self.serial

    def either(self, branches: Sequence[Callable[[], Value]]) -> list[Value]:
        """Run branches of which a run takes one; go on with the join of their outcomes."""
        spans: list[tuple[int, int]] = []

        def run(branch: Callable[[], Value]) -> Value:
            start = len(self.effects)
            value = branch()
            spans.append((start, len(self.effects)))
            return value

        with self.doubtful():
            values = self.environment.fork([partial(run, branch) for branch in branches])
        self.promote(spans)
        return values

    def promote(self, spans: list[tuple[int, int]]) -> None:
        """Make what matters as certain as the branches are if each (a span of effects) has it.

        Effects that are in doubt for another reason too do not count.
        """
        for matters in (builds_blind, leaks):
            first = [self._first(matters, start, end) for start, end in spans]
            indices = [index for index in first if index is not None]
            for index in indices if len(indices) == len(spans) else ():
                doubts = self._doubts[index] = self.doubt + self.raised
                self.effects[index] = replace(self.effects[index], certain=doubts == 0)

    def _first(self, matters: Callable[[Effect], bool], start: int, end: int) -> int | None:
        for index in range(start, end):
            one_more = self.doubt + self.raised + 1
            if self._doubts.get(index) == one_more and matters(self.effects[index]):
                return index
        return None


class Place(NamedTuple):
    """A step of the present call path, before anyone asks for it."""

    path: str | None
    node: Node
    what: str
    role: Role
    statement: tuple[str | None, ast.stmt] | None

    def step(self, path: str) -> Step:
        """Return the step of this place, which is in the file `path`."""
        site = Site(path, self.node.lineno, self.node.col_offset)
        statement = None
        is_part = self.role in (Role.CALL, Role.IMPORT)
        if is_part and self.statement and self.statement[0] == path:
            start = self.statement[1]
            statement = Site(path, start.lineno, start.col_offset)
        return Step(site, self.what or describe(self.node), self.role, statement)


def builds_blind(effect: Effect) -> bool:
    """Tell whether an effect builds an object for AWS without the handler."""
    return isinstance(effect, ObjectBuilt) and effect.aws and not effect.hooked


def leaks(effect: Effect) -> bool:
    """Tell whether an effect is a request that nothing intercepts."""
    return isinstance(effect, RequestSent) and not effect.covered


def describe(node: ast.AST) -> str:
    """Name what a call or expression node reaches, as the user wrote it."""
    names: list[str] = []
    target = node.func if isinstance(node, ast.Call) else node
    while isinstance(target, ast.Attribute):
        names.append(target.attr)
        target = target.value.func if isinstance(target.value, ast.Call) else target.value
    names.append(target.id if isinstance(target, ast.Name) else type(target).__name__.lower())
    return ".".join(reversed(names))


def unknown(origin: str, *values: Value) -> Unknown:
    """Build an unknown value that holds on to `values`, constants left out."""
    return Unknown(origin, tuple(v for v in values if holds_something(v)))


def holds_something(value: Value) -> bool:
    """Tell whether a value can lead to an object that matters when it is kept."""
    if isinstance(value, Unknown):
        return bool(value.holds)
    return not isinstance(value, (Constant, PathText, Library, Module))
