"""What an outline says of each effect and step."""

from __future__ import annotations

from typing import NamedTuple

from flake8_moto_order.effects import (
    Effect,
    HandlerRegistered,
    MockLeft,
    MockMissing,
    MockStarted,
    MockStopped,
    MockWasted,
    ModuleLoaded,
    MotoImported,
    ObjectBuilt,
    ObjectKept,
    ObjectRepaired,
    RequestSent,
    Role,
    Step,
    Trace,
    VictimFound,
)
from flake8_moto_order.rules.without_handler import relative

STEPS = {
    Role.CALL: "calls {}",
    Role.IMPORT: "imports {}",
    Role.TEST: "{}",
    Role.FIXTURE: "fixture {}",
    Role.SETUP: "{}()",
}


class Told(NamedTuple):
    """The kind of a line, and what it says."""

    kind: str
    text: str


def joined(count: int, noun: str) -> str:
    """Write a number of things."""
    return f"{count:,} {noun}{'s' * (count != 1)}"


def describe_step(step: Step) -> str:
    """Say what a step of a call path is."""
    return STEPS[step.role].format(step.what or "a function")


def describe(effect: Effect, trace: Trace) -> Told | None:
    """Say what an effect is; None for what is no matter of a reader."""
    told = _told(effect, trace)
    if told is None or effect.certain:
        return told
    return Told(told.kind if told.kind != "leak" else "doubt", f"{told.text} (in doubt)")


def _told(effect: Effect, trace: Trace) -> Told | None:
    match effect:
        case ModuleLoaded(path=str() as path):
            return Told("module", f"runs {relative(trace, path)}")
        case MotoImported():
            return Told("moto", "imports moto" + " in a function" * effect.deferred)
        case HandlerRegistered():
            return Told("moto", "moto hooks botocore: clients built from here on know it")
        case ObjectBuilt():
            return _built(effect, trace)
        case RequestSent():
            return _sent(effect)
        case MockStarted():
            return Told("mock", f"mock of {_services(effect.services)} starts")
        case MockStopped():
            return Told("mock", f"mock of {_services(effect.services)} stops")
        case MockLeft():
            return Told("leak", "this mock is never stopped")
        case MockWasted():
            return Told("leak", f"a mock decorates {effect.name}, {effect.what}, in vain")
        case MockMissing():
            return Told("leak", f"moto {effect.version} has no {effect.name}")
    return None


def _built(built: ObjectBuilt, trace: Trace) -> Told:
    if not built.aws:
        return Told("hooked", f"builds {built.what} for an endpoint of its own")
    if built.hooked:
        return Told("hooked", f"builds {built.what}, hooked")
    about = [f"builds {built.what}, blind"]
    if any(kept.serial == built.serial for kept in trace.of(ObjectKept)):
        about.append("kept")
    if any(repaired.serial == built.serial for repaired in trace.of(ObjectRepaired)):
        about.append("repaired later")
    for victim in trace.of(VictimFound):
        if victim.serial == built.serial:
            about.append(f"{relative(trace, victim.path)} gets it")
    return Told("blind", ", ".join(about))


def _sent(request: RequestSent) -> Told:
    service = f"{request.service}." if request.service else ""
    what = f"request {service}{request.operation}"
    if request.covered:
        return Told("covered", f"{what}, covered")
    why = " by a blind client" if request.blind else ""
    return Told("leak", f"{what} leaves for AWS{why}")


def _services(services: frozenset[str]) -> str:
    return "all services" if "*" in services else ", ".join(sorted(services))
