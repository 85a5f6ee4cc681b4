"""MOT206 wrong-service: below moto 5, the request goes to a service whose mock is not active."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_moto_order.effects import Trace
from flake8_moto_order.rules.leaking import describe_request, leaks_of, statement_of
from flake8_moto_order.rules.rule import Found, Rule


def find(trace: Trace) -> Iterator[Found]:
    """Yield the statements that send a request past the mocks of other services."""
    for leak in leaks_of(trace, "MOT206"):
        request = describe_request(trace, leak.request)
        path = leak.request.call_path
        message = (
            f"{leak.test.step.what} sends {request}, but only mocks of other services are active; "
            f"add {leak.request.mock}"
        )
        yield Found(statement_of(trace, path), message, path)


RULE = Rule("MOT206", "wrong-service", find)
