"""Effects: what the symbolic session saw happen, in order, each with its provenance."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar


@dataclass(frozen=True, slots=True)
class Site:
    """A place in a source file: absolute path, 1-based line, 0-based column."""

    path: str
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Step:
    """One link of a call path: what was imported or called, and where that was written."""

    site: Site
    what: str
    imports: bool = False


CallPath = tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Effect:
    """Something that happened to the world, with the call path that led to it.

    `certain` is false when it stands in a branch that a run may not take.
    """

    call_path: CallPath
    certain: bool


@dataclass(frozen=True, slots=True)
class MotoImported(Effect):
    """moto was imported; `deferred` when only a function body does so, after collection."""

    deferred: bool = False


@dataclass(frozen=True, slots=True)
class HandlerRegistered(Effect):
    """moto's handler joined botocore's BUILTIN_HANDLERS (moto.core.models, botocore.handlers)."""


@dataclass(frozen=True, slots=True)
class ObjectBuilt(Effect):
    """A boto3 or botocore session, client or resource was built.

    `hooked` tells whether its session copied moto's handler, `aws` whether its requests go to
    AWS (no endpoint of its own), and `poisoner` where the default session it took was built.
    """

    serial: int
    what: str
    hooked: bool
    aws: bool
    poisoner: CallPath = ()


def blind_objects(effects: Iterable[Effect], path: str) -> Iterator[ObjectBuilt]:
    """Yield the objects without the handler, for AWS, whose chain starts in the file `path`."""
    for built in effects:
        if isinstance(built, ObjectBuilt) and built.certain and built.aws and not built.hooked:
            if built.call_path and built.call_path[0].site.path == path:
                yield built


@dataclass(frozen=True, slots=True)
class ObjectKept(Effect):
    """The object with this serial is still reachable after collection."""

    serial: int


@dataclass(frozen=True, slots=True)
class ObjectRepaired(Effect):
    """A fixture or test gives the object a handler, or replaces it, before it is used."""

    serial: int


@dataclass(frozen=True, slots=True)
class RequestSent(Effect):
    """A request was sent; `covered` when a mock or something else intercepted it."""

    service: str
    operation: str
    covered: bool


@dataclass(frozen=True, slots=True)
class VictimFound(Effect):
    """Another test file uses moto and reaches the module that built the object."""

    serial: int
    path: str


E = TypeVar("E", bound=Effect)


@dataclass(frozen=True, slots=True)
class Trace:
    """The effects of one symbolic session in order.

    `path` is the linted file, `root` the folder that messages name files from.
    """

    path: str
    root: str
    effects: tuple[Effect, ...]

    def of(self, kind: type[E]) -> Iterator[E]:
        """Yield the effects of one kind, in order."""
        return (effect for effect in self.effects if isinstance(effect, kind))

    def starts_here(self, effect: Effect) -> bool:
        """Tell whether the chain to `effect` starts in the linted file."""
        return bool(effect.call_path) and effect.call_path[0].site.path == self.path
