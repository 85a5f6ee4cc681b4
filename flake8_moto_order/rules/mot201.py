"""MOT201 unmocked-test: a test reaches an AWS request and no mock is active at any point of it."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_moto_order.effects import Trace
from flake8_moto_order.rules.leaking import describe_request, leaks_of
from flake8_moto_order.rules.rule import Found, Rule


def find(trace: Trace) -> Iterator[Found]:
    """Yield the tests that send a request without any mock."""
    for leak in leaks_of(trace, "MOT201"):
        step, mock = leak.test.step, leak.request.mock
        request = describe_request(trace, leak.request)
        message = f"{step.what} sends {request} without a moto mock; decorate it with @{mock}"
        yield Found(step.site, message, leak.request.call_path)


RULE = Rule("MOT201", "unmocked-test", find)
