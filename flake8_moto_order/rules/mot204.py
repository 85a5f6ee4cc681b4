"""MOT204 inherited-test-unmocked: a mock decorates a class, but not the tests that it inherits."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_moto_order.effects import Trace
from flake8_moto_order.rules.leaking import describe_request, leaks_of
from flake8_moto_order.rules.rule import Found, Rule
from flake8_moto_order.rules.without_handler import place_of


def find(trace: Trace) -> Iterator[Found]:
    """Yield the tests that a class decorator does not wrap."""
    for leak in leaks_of(trace, "MOT204"):
        step, decorated = leak.test.step, leak.test.decorated
        where = place_of(trace, decorated) if decorated else ""
        request = describe_request(trace, leak.request)
        message = (
            f"{step.what} sends {request} without a moto mock: the class decorator ({where}) wraps "
            "only its own methods; decorate this one"
        )
        yield Found(step.site, message, leak.request.call_path)


RULE = Rule("MOT204", "inherited-test-unmocked", find)
