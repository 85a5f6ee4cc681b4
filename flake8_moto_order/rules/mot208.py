"""MOT208 nested-mock: a mock starts while another one of the same services is active."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_moto_order.effects import MockStarted, MockStopped, Role, Site, Trace
from flake8_moto_order.rules.rule import Found, Rule
from flake8_moto_order.rules.without_handler import place_of


def find(trace: Trace) -> Iterator[Found]:
    """Yield where the inner mock starts."""
    active: list[MockStarted] = []
    for effect in (*trace.effects, *trace.run):
        if isinstance(effect, MockStarted):
            outer = [one for one in active if one.certain and one.services & effect.services]
            site = site_of(trace, effect)
            if outer and effect.certain and site is not None:
                yield Found(site, _message(trace, outer[-1], effect), effect.call_path)
            active.append(effect)
        elif isinstance(effect, MockStopped) and active:
            own = [one for one in active if one.serial == effect.serial]
            active.remove((own or active)[-1])


def site_of(trace: Trace, started: MockStarted) -> Site | None:
    """Return where in the linted file a mock starts: the statement, or the test it decorates."""
    here = [step for step in started.call_path if step.site.path == trace.path]
    calls = [step for step in here if step.role not in (Role.TEST, Role.FIXTURE, Role.SETUP)]
    return (calls or here)[-1].site if here else None


def _message(trace: Trace, outer: MockStarted, inner: MockStarted) -> str:
    place = place_of(trace, outer.call_path[-1].site) if outer.call_path else "outside"
    becomes = (
        "it keeps the data of that one"
        if "*" in inner.services
        else "it wipes the data of that one"
    )
    return f"this mock starts while another is active ({place}): {becomes}; keep one of them"


RULE = Rule("MOT208", "nested-mock", find, off=True)
