"""MOT101 client-before-moto: a client is built and kept before moto hooks botocore."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_moto_order.effects import HandlerRegistered, MotoImported, ObjectBuilt, Trace
from flake8_moto_order.rules.rule import Found, Rule
from flake8_moto_order.rules.without_handler import (
    describe_built,
    first_site,
    lasting_blind_objects,
    place_of,
)


def find(trace: Trace) -> Iterator[Found]:
    """Yield the imports and calls that build too early in a session that does import moto."""
    imported = next(trace.of(MotoImported), None)
    if imported is None:
        return
    for built in lasting_blind_objects(trace):
        site = first_site(built.call_path)
        message = f"{describe_built(trace, built)} {_before(trace, built, imported)}"
        yield Found(site, message, built.call_path)


def _before(trace: Trace, built: ObjectBuilt, imported: MotoImported) -> str:
    order = trace.effects.index
    late = imported.deferred or order(imported) > order(built)
    if late or built.poisoner:
        return f"before moto is imported {_where(trace, imported)}; import moto first"
    hooked = next(trace.of(HandlerRegistered), None)
    path = hooked.call_path if hooked else ()
    first = f" ({place_of(trace, path[-1].site)})" if path else ""
    return (
        f"before this moto version hooks botocore, on its first mock call{first}; "
        "start a mock first or use patch_client"
    )


def _where(trace: Trace, imported: MotoImported) -> str:
    site = imported.call_path[0].site if trace.starts_here(imported) else None
    if site is not None:
        return f"on line {site.line}"
    return f"in {place_of(trace, imported.call_path[0].site)}" if imported.call_path else "later"


RULE = Rule("MOT101", "client-before-moto", find)
