"""From one test file to its trace."""

from __future__ import annotations

import sys

from flake8_moto_order.aftermath import aftermath
from flake8_moto_order.effects import Trace
from flake8_moto_order.interpreter.base import ExhaustedError
from flake8_moto_order.project import Sources
from flake8_moto_order.session import Project, Session
from flake8_moto_order.settings import Settings
from flake8_moto_order.victims import find_victims

# Python calls for interpreter.base.DEEPEST levels at the most that one level takes.
ROOM_FOR_CALLS = 10_000
LIMITS = (ExhaustedError, RecursionError)


def trace_file(path: str, sources: Sources, settings: Settings, folder: str) -> Trace:
    """Run the symbolic session for a test file.

    `path` is absolute, `folder` the one flake8 was started in; messages name files from there.
    """
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(max(limit, ROOM_FOR_CALLS))
    try:
        return _trace(Project(path, sources, settings, folder))
    finally:
        sys.setrecursionlimit(limit)


def _trace(project: Project) -> Trace:
    path, facts = project.path, project.facts()
    session = Session(project, facts)
    try:
        session.start(path)
        session.collect(path)
        session.run_hooks(path)
    except LIMITS:
        session.machine.doubt = 0
    effects = list(session.machine.effects)
    try:
        effects.extend(aftermath(session, (*project.conftests(path), path)))
        effects.extend(find_victims(session, facts, effects))
    except LIMITS:
        session.machine.doubt = 0
    return Trace(path, project.folder, tuple(effects))
