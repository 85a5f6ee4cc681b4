"""MOT202 unmocked-setup: a fixture or setup function sends a request while no mock is active."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_moto_order.effects import Trace
from flake8_moto_order.rules.leaking import (
    Leak,
    around_of,
    describe_request,
    kind_of,
    leaks_of,
    statement_of,
)
from flake8_moto_order.rules.rule import Found, Rule


def find(trace: Trace) -> Iterator[Found]:
    """Yield the statements of fixtures and setup functions that send a request unmocked."""
    for leak in leaks_of(trace, "MOT202"):
        path = leak.request.call_path
        yield Found(statement_of(trace, path), _message(trace, leak), path)


def _message(trace: Trace, leak: Leak) -> str:
    around = around_of(leak.request.call_path)[-1]
    count = trace.requesters.get(around.site, 1)
    whom = leak.test.step.what if count == 1 else f"{count} tests"
    request = describe_request(trace, leak.request)
    outside = "outside its mock" if leak.test.mocked else "without a moto mock"
    return (
        f"{kind_of(around)} of {whom} sends {request} {outside}; "
        "start the mock in a fixture that comes first"
    )


RULE = Rule("MOT202", "unmocked-setup", find)
