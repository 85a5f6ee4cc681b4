"""From one test file to its trace."""

from __future__ import annotations

from flake8_moto_order.aftermath import aftermath
from flake8_moto_order.effects import Trace
from flake8_moto_order.interpreter.base import ExhaustedError
from flake8_moto_order.project import Sources
from flake8_moto_order.session import Project, Session
from flake8_moto_order.settings import Settings
from flake8_moto_order.victims import find_victims


def trace_file(path: str, sources: Sources, settings: Settings, folder: str) -> Trace:
    """Run the symbolic session for a test file.

    `path` is absolute, `folder` the one flake8 was started in; messages name files from there.
    """
    project = Project(path, sources, settings, folder)
    facts = project.facts()
    session = Session(project, facts)
    try:
        session.start(path)
        session.collect(path)
        session.run_hooks(path)
    except ExhaustedError:
        session.machine.doubt = 0
    effects = list(session.machine.effects)
    try:
        effects.extend(aftermath(session, (*project.conftests(path), path)))
        effects.extend(find_victims(session, facts, effects))
    except ExhaustedError:
        session.machine.doubt = 0
    return Trace(path, folder, tuple(effects))
