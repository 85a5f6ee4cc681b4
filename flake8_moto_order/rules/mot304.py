"""MOT304 removed-mock: a mock is named that the moto version in force does not have."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_moto_order.effects import MockMissing, Trace
from flake8_moto_order.rules.rule import Found, Rule


def find(trace: Trace) -> Iterator[Found]:
    """Yield the imports and uses of names that are not there."""
    for effect in (*trace.effects, *trace.run):
        if isinstance(effect, MockMissing) and effect.certain:
            here = [step.site for step in effect.call_path if step.site.path == trace.path]
            if here and effect.call_path[-1].site == here[-1]:
                message = f"moto {effect.version} has no {effect.name}; use {effect.replacement}"
                yield Found(here[-1], message, effect.call_path)


RULE = Rule("MOT304", "removed-mock", find)
