"""MOT305 not-interceptable: code under a mock reaches AWS past everything that moto can see."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_moto_order.effects import MockBypassed, Trace
from flake8_moto_order.rules.leaking import start_of
from flake8_moto_order.rules.rule import Found, Rule
from flake8_moto_order.rules.without_handler import place_of


def find(trace: Trace) -> Iterator[Found]:
    """Yield the statements that lead to such code."""
    for effect in (*trace.effects, *trace.run):
        if isinstance(effect, MockBypassed) and effect.certain and trace.starts_here(effect):
            place = place_of(trace, effect.call_path[-1].site)
            yield Found(
                start_of(trace, effect.call_path),
                f"{effect.what} is used under a moto mock ({place}), which can't see its requests; "
                "run moto as a server (ThreadedMotoServer) and give it that endpoint",
                effect.call_path,
            )


RULE = Rule("MOT305", "not-interceptable", find, off=True)
