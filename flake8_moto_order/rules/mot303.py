"""MOT303 client-at-import: a module that is no test builds a client when it is imported."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_moto_order.effects import ObjectBuilt, ObjectKept, Trace
from flake8_moto_order.rules.rule import Found, Rule
from flake8_moto_order.rules.without_handler import place_of


def find(trace: Trace) -> Iterator[Found]:
    """Yield the statements of the module that build and keep something."""
    kept = {effect.serial for effect in trace.of(ObjectKept)}
    for built in trace.of(ObjectBuilt):
        path = built.call_path
        here = trace.starts_here(built) and not any(step.imports for step in path)
        if here and built.certain and built.aws and built.serial in kept:
            place = place_of(trace, path[-1].site)
            where = f" ({place})" if len(path) > 1 else ""
            yield Found(
                path[0].site,
                f"{built.what} is built when this module is imported{where}; "
                "tests that import it before moto get one that no mock reaches",
                path,
            )


RULE = Rule("MOT303", "client-at-import", find, off=True, of_modules=True)
