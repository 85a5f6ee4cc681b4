"""Objects that were built before moto's handler, and how to speak of them."""

from __future__ import annotations

import os
from collections.abc import Iterator

from flake8_moto_order.effects import (
    CallPath,
    ObjectBuilt,
    ObjectKept,
    ObjectRepaired,
    Site,
    Trace,
    blind_objects,
)

LONGEST_CHAIN = 3


def lasting_blind_objects(trace: Trace) -> Iterator[ObjectBuilt]:
    """Yield the blind objects of the linted file that are kept and that nothing repairs."""
    kept = {effect.serial for effect in trace.of(ObjectKept)}
    repaired = {effect.serial for effect in trace.of(ObjectRepaired)}
    for built in blind_objects(trace.effects, trace.path):
        if built.serial in kept - repaired:
            yield built


def describe_built(trace: Trace, built: ObjectBuilt) -> str:
    """Say which import builds what, and where."""
    chain = [step.what for step in built.call_path if step.imports]
    place = place_of(trace, built.call_path[-1].site)
    if not chain:
        where = "" if len(built.call_path) == 1 else f" ({place})"
        text = f"{built.what} is built here{where}"
    else:
        via = f", via {shorten(chain)}" if len(chain) > 1 else ""
        text = f"'{chain[0]}' builds {built.what} at import ({place}{via})"
    if built.poisoner:
        text += f" from the default session of {place_of(trace, built.poisoner[-1].site)}"
    return text


def shorten(chain: list[str]) -> str:
    """Write a chain of names, its middle left out when it is long."""
    if len(chain) > LONGEST_CHAIN:
        chain = [chain[0], "...", chain[-1]]
    return " > ".join(chain)


def place_of(trace: Trace, site: Site) -> str:
    """Name a place: the line in the linted file, else file and line."""
    if site.path == trace.path:
        return f"line {site.line}"
    return f"{relative(trace, site.path)}:{site.line}"


def relative(trace: Trace, path: str) -> str:
    """Name a file as seen from the project's root."""
    return os.path.relpath(path, trace.root).replace(os.sep, "/")


def first_site(path: CallPath) -> Site:
    """Return where a chain starts."""
    return path[0].site
