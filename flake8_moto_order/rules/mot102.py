"""MOT102 client-without-moto: a client is built without moto, for a test file that uses moto."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_moto_order.effects import MotoImported, Trace, VictimFound
from flake8_moto_order.rules.rule import Found, Rule
from flake8_moto_order.rules.without_handler import (
    describe_built,
    first_site,
    lasting_blind_objects,
    relative,
)


def find(trace: Trace) -> Iterator[Found]:
    """Yield the imports that leave a client without the handler to a later test file."""
    if next(trace.of(MotoImported), None) is not None:
        return
    victims = {effect.serial: effect.path for effect in trace.of(VictimFound)}
    for built in lasting_blind_objects(trace):
        if built.serial in victims:
            victim = relative(trace, victims[built.serial])
            yield Found(
                first_site(built.call_path),
                f"{describe_built(trace, built)} without moto, and {victim}, which uses moto, "
                "gets it; import moto in the root conftest.py",
                built.call_path,
            )


RULE = Rule("MOT102", "client-without-moto", find)
