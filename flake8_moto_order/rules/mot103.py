"""MOT103 request-at-import: collecting the file sends a request to AWS."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_moto_order.effects import RequestSent, Trace
from flake8_moto_order.rules.rule import Found, Rule
from flake8_moto_order.rules.without_handler import first_site, place_of, shorten


def find(trace: Trace) -> Iterator[Found]:
    """Yield the statements that send a request while pytest collects."""
    for request in trace.of(RequestSent):
        if request.certain and not request.covered and trace.starts_here(request):
            path = request.call_path
            yield Found(first_site(path), _message(trace, request), path)


def _message(trace: Trace, request: RequestSent) -> str:
    chain = [step.what for step in request.call_path if step.imports]
    service = f"{request.service}." if request.service else ""
    what = f"AWS request {service}{request.operation}"
    advice = "send it inside a test or fixture"
    place = place_of(trace, request.call_path[-1].site)
    if not chain:
        first = request.call_path[0]
        called = f", by {first.what}() ({place})" if len(request.call_path) > 1 else ""
        return f"{what} is sent while pytest collects this file{called}, outside a mock; {advice}"
    via = f", via {shorten(chain)}" if len(chain) > 1 else ""
    return f"importing '{chain[0]}' sends {what} ({place}{via}) outside a mock; {advice}"


RULE = Rule("MOT103", "request-at-import", find)
