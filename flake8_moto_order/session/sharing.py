"""Sessions that several linted files share: what pytest loads before them is loaded once.

Plugins and conftests, with all that they import, leave the same world for every test file below
them. A session is kept as it stands then; what a test file does to it is taken back afterwards.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from flake8_moto_order.effects import Effect
from flake8_moto_order.interpreter.base import ExhaustedError
from flake8_moto_order.models.moto.versions import MotoFacts
from flake8_moto_order.project import Seen
from flake8_moto_order.session.collection import Project, Session

T = TypeVar("T")
MOST_SESSIONS = 4


@dataclass
class Started:
    """A session that has loaded what comes before a test file, and how far it had come then.

    `seen` is what it asked of the disk for that.
    """

    session: Session
    seen: Seen
    effects: list[Effect]
    steps: int
    serial: int


def in_session(
    project: Project, facts: MotoFacts, thorough: bool, use: Callable[[Session], T]
) -> T:
    """Return what `use` makes of a session that has started for the file of a project.

    Whatever `use` does in its world is taken back. When the session can't be started within the
    limits, no step is left for anything else.
    """
    known: dict[object, Started] = project.sources.derive("sessions", dict)
    where = (project.folder, project.configuration.rootdir, project.conftests(project.path))
    key = (where, project.settings, facts, thorough)
    started = known.pop(key, None) or _start(project, facts, thorough)
    project.sources.note(started.seen)
    session = started.session
    session.project = project
    session.machine.restart(started.effects, started.serial, started.steps)
    session.machine.memory.clear()
    result = session.environment.trial(lambda: use(session))
    while len(known) >= MOST_SESSIONS:
        del known[next(iter(known))]
    known[key] = started
    return result


def _start(project: Project, facts: MotoFacts, thorough: bool) -> Started:
    session, seen = project.sources.noting(lambda: _started(project, facts, thorough))
    machine = session.machine
    return Started(session, seen, list(machine.effects), machine.steps, machine.serial)


def _started(project: Project, facts: MotoFacts, thorough: bool) -> Session:
    session = Session(project, facts, thorough)
    machine = session.machine
    try:
        session.start(project.path)
    except (ExhaustedError, RecursionError):
        machine.steps = machine.limit
    return session
