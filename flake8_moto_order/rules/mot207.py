"""MOT207 mock-not-stopped: a mock is started for a test and never stopped."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_moto_order.effects import MockLeft, Role, Trace
from flake8_moto_order.rules.rule import Found, Rule


def find(trace: Trace) -> Iterator[Found]:
    """Yield the calls that start such a mock."""
    for effect in trace.run:
        if isinstance(effect, MockLeft):
            calls = [
                step.site
                for step in effect.call_path
                if step.role is Role.CALL and step.site.path == trace.path
            ]
            for site in calls[-1:]:
                message = (
                    "this moto mock is started and never stopped: it stays active in later tests; "
                    "stop it in the teardown, or use `with`"
                )
                yield Found(site, message, effect.call_path)


RULE = Rule("MOT207", "mock-not-stopped", find)
