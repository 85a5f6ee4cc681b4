"""What all parts of the interpreter share: state, frames, provenance, budget, abstract methods."""

from __future__ import annotations

import ast
import enum
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Protocol, TypeVar

from flake8_moto_order.effects import Effect
from flake8_moto_order.interpreter.provenance import Provenance
from flake8_moto_order.interpreter.slots import Slots
from flake8_moto_order.interpreter.values import (
    Bound,
    Class,
    Constant,
    Function,
    Instance,
    Library,
    Method,
    Module,
    PathText,
    Unknown,
    Value,
)
from flake8_moto_order.interpreter.world import Environment
from flake8_moto_order.project import ModuleFile, Seen
from flake8_moto_order.record import record

STEP_BUDGET = 400_000
ITEMS_PER_STEP = 4
DEEPEST = 600
T = TypeVar("T")


class ExhaustedError(Exception):
    """The step budget of the linted file is used up."""


class RaisedError(Exception):
    """The interpreted program certainly raises here."""


class AbandonedError(Exception):
    """A generator is left at its yield, as an exit stack or a direct `__enter__` leaves it.

    `open` has what is to be left on the way out, innermost first: one for each item of a `with`,
    and the generator of a `yield from`.
    """

    def __init__(self, value: Value) -> None:
        super().__init__()
        self.value = value
        self.open: list[Value] = []


class MissingModuleError(RaisedError):
    """A module that a package of the project should have is not there."""


@record(frozen=True, slots=True)
class Arguments:
    """The arguments of a call; `open` when there may be more, by an unknown `*` or `**`.

    `patched` are the fakes that patches decorating the callee pass behind the others.
    """

    positional: tuple[Value, ...] = ()
    keywords: dict[str, Value] = field(default_factory=dict)
    open: bool = False
    patched: tuple[Value, ...] = ()

    def get(self, index: int, name: str = "") -> Value | None:
        """Return the argument by position or name, None when it is not given."""
        if index < len(self.positional):
            return self.positional[index]
        return self.keywords.get(name)

    def after(self, count: int) -> Arguments:
        """Return the arguments without the first positional ones."""
        return replace(self, positional=self.positional[count:])

    def bound(self) -> Bound:
        """Return a call of the first argument with the others, for later."""
        return Bound(self.positional[0], self.positional[1:], tuple(self.keywords.items()))

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

    def noting(self) -> AbstractContextManager[Seen]:
        """Give what will have been asked of the disk when the block is over."""

    def note(self, seen: Seen) -> None:
        """Note what was asked of the disk before, and is relied on again."""

    def is_test_code(self, path: str) -> bool:
        """Tell whether a file is a test file or a helper of such."""


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

    def construct(self, machine: Base, instance: Instance, arguments: Arguments) -> Value:
        """Construct an instance of a class that has no constructor in the project."""

    def knows(self, method: Method) -> bool:
        """Tell whether a method that a class inherits of a library is modelled."""

    def builtin(self, name: str) -> Value | None:
        """Return a built-in name."""

    def enter(self, machine: Base, manager: Value) -> Value | None:
        """Enter a context manager; None when no model knows it."""

    def leave(self, machine: Base, manager: Value) -> None:
        """Leave a context manager."""

    def iterate(self, machine: Base, value: Value) -> tuple[Value, ...] | None:
        """Return what iteration gives; None when that is not known."""


class Base(Provenance):
    """State of the interpreter, and the abilities its parts give each other.

    A `thorough` machine tells which modules it loads.
    `hazards` counts the calls that nothing is known of: they may raise. Only a machine that
    `weighs_raises` doubts what follows them.
    """

    def __init__(self, finder: Finder, models: Models, environment: Environment) -> None:
        self.finder = finder
        self.models = models
        self.environment = environment
        super().__init__()
        self.tries = 0
        self.hazards = 0
        self.weighs_raises = False
        self.steps = 0
        self.limit = STEP_BUDGET
        self.depth = 0
        self.active: list[ast.AST] = []
        self.making: list[Class] = []
        self.generators: dict[ast.AST, bool] = {}
        self.thorough = False

    def restart(self, effects: list[Effect], steps: int) -> None:
        """Go back to where these effects had happened, with the steps then."""
        self.effects, self.steps = list(effects), steps
        self.doubt = self.raised = 0
        self.weighs_raises = False

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

    def is_generator(self, function: Function) -> bool:
        """Tell whether a function is a generator function."""
        raise NotImplementedError

    def slot_of(self, owner: Value, name: str) -> tuple[Slots, object] | None:
        """Return where an own attribute is kept: slots and key; None where there can be none."""
        raise NotImplementedError

    def call(self, callee: Value, arguments: Arguments) -> Value:
        """Call a value."""
        raise NotImplementedError

    def iterate(self, value: Value) -> tuple[tuple[Value, ...], bool]:
        """Return the items that iterating `value` gives, and whether these are all and known."""
        raise NotImplementedError

    def finish(self, value: Value) -> Value:
        """Run a coroutine to its end; any other value is its own result."""
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

    def spend_all(self, steps: int) -> None:
        """Take steps of the budget. Raises ExhaustedError when there is none left."""
        self.steps += steps
        if self.steps > self.limit:
            raise ExhaustedError

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


def unknown(origin: str, *values: Value) -> Unknown:
    """Build an unknown value that holds on to `values`, constants left out."""
    return Unknown(origin, tuple(v for v in values if holds_something(v)))


def holds_something(value: Value) -> bool:
    """Tell whether a value can lead to an object that matters when it is kept."""
    if isinstance(value, Unknown):
        return bool(value.holds)
    return not isinstance(value, (Constant, PathText, Library, Module))
