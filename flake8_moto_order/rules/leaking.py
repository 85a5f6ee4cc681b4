"""Requests of tests that nothing intercepts: which rule speaks of one, where, and in what words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from flake8_moto_order.effects import (
    CallPath,
    MotoImported,
    RequestSent,
    Role,
    Site,
    Step,
    TestRun,
    Trace,
    VictimFound,
    WastedMockUsed,
    blind_of_collection,
)
from flake8_moto_order.rules.without_handler import place_of, shorten

AROUND = (Role.FIXTURE, Role.SETUP)


class Leak(NamedTuple):
    """A request that leaves, in which test, and the rule that speaks of it."""

    request: RequestSent
    test: TestRun
    code: str


def leaks_of(trace: Trace, code: str) -> Iterator[Leak]:
    """Yield the leaks that the rule `code` speaks of: of a test or a fixture the first."""
    reported, vain = reported_elsewhere(trace), tests_with_wasted_mock(trace)
    tests = {test.step: test for test in trace.tests}
    seen: set[tuple[Step, ...]] = set()
    for effect in trace.run:
        if isinstance(effect, RequestSent) and effect.certain and not effect.covered:
            test = tests.get(effect.call_path[0]) if effect.call_path else None
            cause = around_of(effect.call_path) or effect.call_path[:1]
            is_new = test and test.step not in vain and reported.isdisjoint(effect.serials)
            if test and is_new and code_of(effect, test) == code:
                if cause not in seen:
                    seen.add(cause)
                    yield Leak(effect, test, code)


def reported_elsewhere(trace: Trace) -> set[int]:
    """Return the serials of the blind clients that an import rule already speaks of."""
    speaks = any(trace.of(MotoImported)) or any(trace.of(VictimFound))
    return {built.serial for built in blind_of_collection(trace.effects)} if speaks else set()


def tests_with_wasted_mock(trace: Trace) -> set[Step]:
    """Return the tests that use what a mock decorates in vain: MOT205 speaks of that."""
    used = (effect for effect in trace.run if isinstance(effect, WastedMockUsed))
    return {effect.call_path[0] for effect in used if effect.call_path and not effect.under_mock}


def code_of(request: RequestSent, test: TestRun) -> str:
    """Return the code of the rule that speaks of a request."""
    if request.under_mock:
        return "MOT203" if request.blind else "MOT206"
    if around_of(request.call_path):
        return "MOT202"
    if test.mocked:
        return "MOT203"
    if test.decorated:
        return "MOT205" if test.left_out else "MOT204"
    return "MOT201"


def statement_of(trace: Trace, path: CallPath) -> Site:
    """Return where a chain starts: a statement in the linted file, else the test."""
    around = [index for index, step in enumerate(path) if step.role in AROUND]
    first = path[around[-1] + 1 if around else 1 :][:1]
    for step in first:
        if step.site.path == trace.path:
            return step.statement or step.site
    return path[0].site


def start_of(trace: Trace, path: CallPath) -> Site:
    """Return where a chain starts in the linted file, in collection or in a test."""
    return statement_of(trace, path) if path[0].role is Role.TEST else path[0].site


def describe_request(trace: Trace, request: RequestSent) -> str:
    """Say what is sent, from where and by way of what."""
    service = f"{request.service}." if request.service else ""
    calls = [step for step in request.call_path if step.role in (Role.CALL, Role.IMPORT)]
    last = calls[-1] if calls else request.call_path[-1]
    via = [step.what for step in calls[:-1]]
    way = f", via {shorten(via)}" if via else ""
    return f"AWS request {service}{request.operation} ({place_of(trace, last.site)}{way})"


def around_of(path: CallPath) -> tuple[Step, ...]:
    """Return the fixtures and setup functions that a call path goes through."""
    return tuple(step for step in path if step.role in AROUND)


def kind_of(step: Step) -> str:
    """Name a fixture or setup function."""
    return f"fixture '{step.what}'" if step.role is Role.FIXTURE else f"{step.what}()"
