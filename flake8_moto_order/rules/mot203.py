"""MOT203 outside-mock: the test uses a mock, but this request is sent where it does not reach."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_moto_order.effects import Trace
from flake8_moto_order.rules.leaking import describe_request, leaks_of, statement_of
from flake8_moto_order.rules.rule import Found, Rule


def find(trace: Trace) -> Iterator[Found]:
    """Yield the statements that send a request before, after or past the mock."""
    for leak in leaks_of(trace, "MOT203"):
        request = describe_request(trace, leak.request)
        why = (
            "by a client built before moto hooked botocore; build it under the mock"
            if leak.request.under_mock
            else "while its moto mock is not active; move it inside the mock"
        )
        path = leak.request.call_path
        message = f"{leak.test.step.what} sends {request} {why}"
        yield Found(statement_of(trace, path), message, path)


RULE = Rule("MOT203", "outside-mock", find)
