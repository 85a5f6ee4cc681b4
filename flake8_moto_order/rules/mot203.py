"""MOT203 outside-mock: the test uses a mock, but this request is sent where it does not reach."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_moto_order.effects import Site, Trace
from flake8_moto_order.rules.leaking import describe_request, leaks_of, statement_of
from flake8_moto_order.rules.rule import Rule


def find(trace: Trace) -> Iterator[tuple[Site, str]]:
    """Yield the statements that send a request before, after or past the mock."""
    for leak in leaks_of(trace, "MOT203"):
        request = describe_request(trace, leak.request)
        why = (
            "by a client built before moto hooked botocore; build it under the mock"
            if leak.request.under_mock
            else "while its moto mock is not active; move it inside the mock"
        )
        site = statement_of(trace, leak.request.call_path)
        yield site, f"{leak.test.step.what} sends {request} {why}"


RULE = Rule("MOT203", "outside-mock", find)
