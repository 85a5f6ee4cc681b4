"""MOT205 ineffective-mock: a mock decorates what it can't cover."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_moto_order.effects import (
    CallPath,
    MockWasted,
    Role,
    Site,
    Trace,
    WastedMockUsed,
)
from flake8_moto_order.rules.leaking import describe_request, leaks_of
from flake8_moto_order.rules.rule import Found, Rule
from flake8_moto_order.rules.without_handler import first_site


def find(trace: Trace) -> Iterator[Found]:
    """Yield the decorators that have no effect."""
    uses = [effect for effect in trace.run if isinstance(effect, WastedMockUsed)]
    for wasted in (*trace.of(MockWasted), *_while_running(trace)):
        under = [use.under_mock for use in uses if use.serial == wasted.serial]
        harmless = bool(under) and all(under)
        here = trace.starts_here(wasted) and not wasted.call_path[0].imports
        if wasted.certain and here and not harmless:
            message = (
                f"the moto mock does not cover '{wasted.name}', {wasted.what}: it has ended when "
                "the body runs; use a `with` block inside"
            )
            yield Found(decorator_of(trace, wasted.call_path), message, wasted.call_path)
    for leak in leaks_of(trace, "MOT205"):
        decorated, step = leak.test.decorated, leak.test.step
        site = decorated if decorated and decorated.path == trace.path else step.site
        message = (
            f"the moto mock does not wrap '{step.what}', no plain method of the class, which sends "
            f"{describe_request(trace, leak.request)}; decorate the method itself"
        )
        yield Found(site, message, leak.request.call_path)


def decorator_of(trace: Trace, path: CallPath) -> Site:
    """Return where in the linted file a mock decorates something, or what makes it do so."""
    inside = path[1:] if path[0].role is Role.TEST else path
    here = [step.site for step in inside if step.role is Role.CALL and step.site.path == trace.path]
    return here[-1] if here else first_site(path)


def _while_running(trace: Trace) -> Iterator[MockWasted]:
    return (effect for effect in trace.run if isinstance(effect, MockWasted))


RULE = Rule("MOT205", "ineffective-mock", find)
