"""MOT302 no-test-credentials: a client is built and nothing has set credentials for the tests."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_moto_order.effects import ObjectBuilt, RequestSent, Role, Trace
from flake8_moto_order.rules.leaking import start_of
from flake8_moto_order.rules.rule import Found, Rule
from flake8_moto_order.rules.without_handler import describe_built, place_of


def find(trace: Trace) -> Iterator[Found]:
    """Yield where the first client of the file is built that takes what the machine has."""
    effects = (*trace.effects, *trace.run)
    late = {e.serials[0] for e in effects if isinstance(e, RequestSent) and e.late and e.serials}
    for built in effects:
        if isinstance(built, ObjectBuilt) and not built.credentials and built.serial not in late:
            if built.certain and built.aws and trace.starts_here(built):
                yield Found(
                    start_of(trace, built.call_path),
                    f"{_describe(trace, built)} and takes the credentials of this machine; set "
                    "AWS_ACCESS_KEY_ID for the tests, in the root conftest.py",
                    built.call_path,
                )
                return


def _describe(trace: Trace, built: ObjectBuilt) -> str:
    if built.call_path[0].role is Role.TEST:
        return f"{built.what} is built ({place_of(trace, built.call_path[-1].site)})"
    return describe_built(trace, built)


RULE = Rule("MOT302", "no-test-credentials", find, off=True)
