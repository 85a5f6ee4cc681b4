"""From one test file to its trace."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from flake8_moto_order.effects import Effect, MotoImported, ObjectKept, Trace
from flake8_moto_order.interpreter.base import ExhaustedError
from flake8_moto_order.models.moto.versions import MotoFacts
from flake8_moto_order.project import Sources
from flake8_moto_order.session.after_collection import aftermath
from flake8_moto_order.session.collection import Project, Session, mentions_moto
from flake8_moto_order.session.heap import HEAP
from flake8_moto_order.session.later_files import find_victims
from flake8_moto_order.session.repaired import kept_objects
from flake8_moto_order.session.running import Ran, run_tests
from flake8_moto_order.session.sharing import in_session
from flake8_moto_order.settings import Settings

# Python calls for interpreter.base.DEEPEST levels at the most that one level takes.
ROOM_FOR_CALLS = 10_000
LIMITS = (ExhaustedError, RecursionError)


def trace_file(
    path: str, sources: Sources, settings: Settings, folder: str, thorough: bool = False
) -> Trace:
    """Run the symbolic session for a test file.

    `path` is absolute, `folder` the one flake8 was started in; messages name files from there.
    A `thorough` run follows what can't matter as well: the findings are the same.
    """
    with _room_for_calls(), HEAP.undisturbed():
        return _trace(Project(path, sources, settings, folder), thorough)


def trace_module(path: str, sources: Sources, settings: Settings, folder: str) -> Trace:
    """Run a module that is no test, as its import would, without a test session around it."""
    with _room_for_calls(), HEAP.undisturbed():
        project = Project(path, sources, settings, folder)
        session = Session(project, project.facts(), thorough=True)
        cut_short = False
        try:
            session.collect(path)
        except LIMITS:
            session.machine.doubt, cut_short = 0, True
        effects: list[Effect] = list(session.machine.effects)
        effects.extend(ObjectKept((), True, serial) for serial in sorted(kept_objects(session)))
        return Trace(path, folder, tuple(effects), cut_short=cut_short, is_test=False)


@contextmanager
def _room_for_calls() -> Iterator[None]:
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(max(limit, ROOM_FOR_CALLS))
    try:
        yield
    finally:
        sys.setrecursionlimit(limit)


def _trace(project: Project, thorough: bool) -> Trace:
    facts = project.facts()
    return in_session(project, facts, thorough, lambda session: _trace_in(session, facts))


def _trace_in(session: Session, facts: MotoFacts) -> Trace:
    """Collect the file of the session's project and run its tests."""
    project = session.project
    path, cut_short = project.path, False
    try:
        session.collect(path)
        session.run_hooks(path)
    except LIMITS:
        session.machine.doubt, cut_short = 0, True
    effects = list(session.machine.effects)
    try:
        effects.extend(aftermath(session, (*project.conftests(path), path)))
        effects.extend(find_victims(session, facts, effects))
    except LIMITS:
        session.machine.doubt, cut_short = 0, True
    ran = _run(session, effects)
    return Trace(
        path,
        project.folder,
        tuple(effects),
        tuple(ran.tests),
        tuple(ran.effects),
        ran.requesters,
        cut_short or ran.cut_short,
    )


def _run(session: Session, effects: list[Effect]) -> Ran:
    """Run the tests, if they are to be judged: moto is in sight, or the option says all."""
    judged = session.project.settings.scope == "all"
    if not judged and not any(isinstance(effect, MotoImported) for effect in effects):
        if not mentions_moto(session):
            return Ran()
    try:
        ran = run_tests(session, session.project.path)
    except LIMITS:
        return Ran(cut_short=True)
    judged = judged or any(isinstance(e, MotoImported) for e in (*effects, *ran.effects))
    return ran if judged else Ran()
