"""What the plugin says of a project: its findings, and the requests that it thinks are sent."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

from packaging.version import Version

from flake8_moto_order.effects import MotoImported, RequestSent, Role
from flake8_moto_order.project import Sources
from flake8_moto_order.rules import check
from flake8_moto_order.session.tracing import trace_file
from flake8_moto_order.settings import Settings
from tests.runs import in_all_ways

AROUND = (Role.TEST, Role.FIXTURE, Role.SETUP)
FILES = ("test_*.py", "conftest.py", "tests/__init__.py")
Place = tuple[str, int]


class Request(NamedTuple):
    """A request that the plugin expects: in which test, by which lines, and how it stands."""

    test: str
    around: bool
    lines: tuple[Place, ...]
    certain: bool
    covered: bool


class Said(NamedTuple):
    """What is said of one file: its findings, and if it has tests, what they are taken to do.

    `thorough` are the findings of a run that leaves nothing out. They should be the same.
    """

    findings: list[tuple[int, str, str]]
    thorough: list[tuple[int, str, str]]
    requests: list[Request]
    sees_moto: bool


def lint(folder: Path, version: Version) -> dict[str, Said]:
    """Return what is said of each file with tests or fixtures, by its path."""
    before = os.getcwd()
    os.chdir(folder)
    sources = Sources()
    try:
        files = sorted(file for name in FILES for file in folder.rglob(name))
        return {
            file.relative_to(folder).as_posix(): said(file, sources, version) for file in files
        }
    finally:
        os.chdir(before)


def said(file: Path, sources: Sources, version: Version) -> Said:
    """Return what is said of one file."""
    settings, folder = Settings(moto_version=version), os.getcwd()
    default = trace_file(str(file), sources, settings, folder)
    trace = in_all_ways(
        lambda: trace_file(str(file), Sources(), settings, folder, thorough=True)
    )
    started = {test.step for test in trace.tests}
    own = [one for one in trace.run if one.call_path and one.call_path[0] in started]
    every = [*trace.effects, *own]
    return Said(
        [(one.line, one.code, one.message) for one in check(default)],
        [(one.line, one.code, one.message) for one in check(trace)],
        [request(one, folder) for one in every if isinstance(one, RequestSent)],
        any(isinstance(one, MotoImported) for one in (*trace.effects, *trace.run)),
    )


def request(effect: RequestSent, folder: str) -> Request:
    """Return where a request is sent, the outermost place first."""
    steps = effect.call_path
    test = steps[0].what if steps and steps[0].role is Role.TEST else ""
    lines = [
        (Path(step.site.path).relative_to(folder).as_posix(), step.site.line)
        for step in steps
        if step.role not in AROUND
    ]
    around = any(step.role in (Role.FIXTURE, Role.SETUP) for step in steps)
    return Request(test, around, tuple(lines), effect.certain, effect.covered)
