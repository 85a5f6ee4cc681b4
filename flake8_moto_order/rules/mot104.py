"""MOT104 late-credentials: a client is built before the credentials of the tests are set."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_moto_order.effects import ObjectBuilt, RequestSent, Trace
from flake8_moto_order.rules.leaking import start_of
from flake8_moto_order.rules.rule import Found, Rule
from flake8_moto_order.rules.without_handler import describe_built


def find(trace: Trace) -> Iterator[Found]:
    """Yield where a client is built at import that is used after the credentials are set."""
    built = {effect.serial: effect for effect in trace.of(ObjectBuilt)}
    for request in trace.run:
        if isinstance(request, RequestSent) and request.late and request.certain:
            client = built.pop(request.serials[0], None)
            if client and client.certain and client.aws:
                here = trace.starts_here(client)
                path = client.call_path if here else request.call_path
                yield Found(
                    start_of(trace, path),
                    f"{describe_built(trace, client)} before the tests set credentials, which do "
                    "not reach it any more; set them first, in the root conftest.py",
                    client.call_path,
                )


RULE = Rule("MOT104", "late-credentials", find, off=True)
