"""Effects: what the symbolic session saw happen, in order, each with its provenance."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field
from typing import TypeVar

from flake8_moto_order.record import record


class Serial(int):
    """The number of a session, client, mock or patch: no other object of the session has it."""

    __slots__ = ()


@record(frozen=True, slots=True)
class Site:
    """A place in a source file: absolute path, 1-based line, 0-based column."""

    path: str
    line: int
    column: int


class Role(enum.Enum):
    """What a step of a call path is: a call, an import, or a part of a test that pytest runs."""

    CALL = enum.auto()
    IMPORT = enum.auto()
    TEST = enum.auto()
    FIXTURE = enum.auto()
    SETUP = enum.auto()


@record(frozen=True, slots=True)
class Step:
    """One link of a call path: what was imported or called, and where that was written.

    `statement` is where the statement begins that the step is a part of.
    """

    site: Site
    what: str
    role: Role = Role.CALL
    statement: Site | None = None

    @property
    def imports(self) -> bool:
        """Tell whether this is an import."""
        return self.role is Role.IMPORT


CallPath = tuple[Step, ...]


@record(frozen=True, slots=True)
class Effect:
    """Something that happened to the world, with the call path that led to it.

    `certain` is false when it stands in a branch that a run may not take.
    """

    call_path: CallPath
    certain: bool


@record(frozen=True, slots=True)
class ModuleLoaded(Effect):
    """A module of the project is about to run; only a thorough run tells."""

    path: str | None


@record(frozen=True, slots=True)
class MotoImported(Effect):
    """moto was imported; `deferred` when only a function body does so, after collection."""

    deferred: bool = False


@record(frozen=True, slots=True)
class HandlerRegistered(Effect):
    """moto's handler joined botocore's BUILTIN_HANDLERS (moto.core.models, botocore.handlers)."""


@record(frozen=True, slots=True)
class ObjectBuilt(Effect):
    """A boto3 or botocore session, client or resource was built.

    `hooked` tells whether its session copied moto's handler, `aws` whether its requests go to
    AWS (no endpoint of its own), and `poisoner` where the default session it took was built.
    `given` names the credentials that the code passes, `credentials` tells that it has some: those,
    or what the environment says by then, or those of a mock.
    """

    serial: int
    what: str
    hooked: bool
    aws: bool
    poisoner: CallPath = ()
    given: str = ""
    credentials: bool = True


def blind_of_collection(effects: Iterable[Effect]) -> Iterator[ObjectBuilt]:
    """Yield the objects without the handler, for AWS."""
    for built in effects:
        if isinstance(built, ObjectBuilt) and built.certain and built.aws and not built.hooked:
            yield built


def blind_objects(effects: Iterable[Effect], path: str) -> Iterator[ObjectBuilt]:
    """Yield the objects without the handler, for AWS, whose chain starts in the file `path`."""
    for built in blind_of_collection(effects):
        if built.call_path and built.call_path[0].site.path == path:
            yield built


@record(frozen=True, slots=True)
class ObjectKept(Effect):
    """The object with this serial is still reachable after collection."""

    serial: int


@record(frozen=True, slots=True)
class ObjectRepaired(Effect):
    """A fixture or test gives the object a handler, or replaces it, before it is used."""

    serial: int


@record(frozen=True, slots=True)
class RequestSent(Effect):
    """A request was sent; `covered` when a mock or something else intercepted it.

    `serials` are those of the client and its session, `blind` tells that it lacks moto's handler,
    `under_mock` that a mock of some service was active, `mock` names the one that would cover it,
    `late` that the environment has credentials by now that the client was built without.
    """

    service: str
    operation: str
    covered: bool
    serials: tuple[int, ...] = ()
    blind: bool = False
    under_mock: bool = False
    mock: str = "mock_aws"
    late: bool = False


@record(frozen=True, slots=True)
class MockStarted(Effect):
    """A mock of moto became active; `serial` is that of the mock object."""

    serial: int
    services: frozenset[str]


@record(frozen=True, slots=True)
class MockStopped(Effect):
    """A mock of moto was stopped, or its `stop` was handed to someone."""

    serial: int
    services: frozenset[str]


@record(frozen=True, slots=True)
class MockWasted(Effect):
    """A mock decorates what it cannot cover: `what` says what that is."""

    serial: int
    what: str
    name: str


@record(frozen=True, slots=True)
class WastedMockUsed(Effect):
    """What a mock decorates in vain was called; `under_mock` tells that another one was active."""

    serial: int
    under_mock: bool


@record(frozen=True, slots=True)
class MockMissing(Effect):
    """A mock is named that no version of moto has which the project allows."""

    name: str
    replacement: str
    version: str


@record(frozen=True, slots=True)
class MockLeft(Effect):
    """A mock that was started here is still active after the test."""


@record(frozen=True, slots=True)
class MockBypassed(Effect):
    """Something that no mock reaches is used while one is active: `what` is its name."""

    what: str


@record(frozen=True, slots=True)
class VictimFound(Effect):
    """Another test file uses moto and reaches the module that built the object."""

    serial: int
    path: str


E = TypeVar("E", bound=Effect)


@record(frozen=True, slots=True)
class TestRun:
    """One test that was run: the first step of all its call paths, and how it stands to mocks.

    `mocked` tells that a mock of moto was active at some point of it. `decorated` is where a mock
    decorates its class or one that this inherits from, `left_out` that the mock does not wrap
    this method of the class: a static one, say. `fixtures` has the names of those it gets.
    """

    __test__ = False
    step: Step
    mocked: bool
    decorated: Site | None = None
    left_out: bool = False
    fixtures: tuple[str, ...] = ()


@record(frozen=True, slots=True)
class Trace:
    """The effects of one symbolic session in order.

    `path` is the linted file, `root` the folder that messages name files from. `effects` are those
    of collection, `run` those of the tests. `requesters` says how many tests get a fixture, by the
    place of its definition. `cut_short` tells that the budget of steps ended the look at it,
    `is_test` that the linted file is a test file or a conftest.
    """

    path: str
    root: str
    effects: tuple[Effect, ...]
    tests: tuple[TestRun, ...] = ()
    run: tuple[Effect, ...] = ()
    requesters: Mapping[Site, int] = field(default_factory=dict)
    cut_short: bool = False
    is_test: bool = True

    def of(self, kind: type[E]) -> Iterator[E]:
        """Yield the effects of one kind, in order."""
        return (effect for effect in self.effects if isinstance(effect, kind))

    def starts_here(self, effect: Effect) -> bool:
        """Tell whether the chain to `effect` starts in the linted file."""
        return bool(effect.call_path) and effect.call_path[0].site.path == self.path
