"""One session for the test files of a run: what pytest loads before a file is loaded once.

Plugins and conftests, with all that they import, leave the same world for every test file below
them. It is kept as long as the next file has the same conftests; what a test file does to it is
taken back afterwards.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from typing import TypeVar

from flake8_moto_order.effects import Effect
from flake8_moto_order.interpreter.base import ExhaustedError
from flake8_moto_order.models.moto.versions import MotoFacts
from flake8_moto_order.project import Seen
from flake8_moto_order.session.collection import Project, Session

T = TypeVar("T")
MOST_SESSIONS = 4


class Shared:
    """A session, the conftests that it has loaded, and how far it had come then.

    `seen` is what it asked of the disk for that.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._started = ExitStack()
        self._conftests: tuple[str, ...] | None = None
        self._effects: list[Effect] = []
        self._steps = 0
        self._seen = Seen()

    def use(self, project: Project, use: Callable[[Session], T]) -> T:
        """Return what `use` makes of the session, once it has started for a file."""
        session = self._session
        session.project = project
        if self._conftests != project.conftests(project.path):
            self._start(project)
        project.sources.note(self._seen)
        session.machine.restart(self._effects, self._steps)
        return session.environment.trial(lambda: use(session))

    def _start(self, project: Project) -> None:
        """Take the world back to its beginning and load what comes before a file.

        When that can't be done within the limits, no step is left for anything else.
        """
        session, machine = self._session, self._session.machine
        self._started.close()
        self._conftests = None
        machine.restart([], 0)
        self._started.enter_context(session.environment.taken_back())
        with project.sources.asking() as self._seen:
            try:
                session.start(project.path)
            except (ExhaustedError, RecursionError):
                machine.steps = machine.limit
        self._conftests = project.conftests(project.path)
        self._effects, self._steps = list(machine.effects), machine.steps


def in_session(
    project: Project,
    facts: MotoFacts,
    thorough: bool,
    use: Callable[[Session], T],
    purpose: str = "sessions",
) -> T:
    """Return what `use` makes of a session that has started for the file of a project.

    Whatever `use` does in its world is taken back. While one is in use, the next needs another
    `purpose`.
    """
    known: dict[object, Shared] = project.sources.derive(purpose, dict)
    key = (project.folder, project.configuration.rootdir, project.settings, facts, thorough)
    shared = known.pop(key, None) or Shared(Session(project, facts, thorough))
    result = shared.use(project, use)
    while len(known) >= MOST_SESSIONS:
        del known[next(iter(known))]
    known[key] = shared
    return result
