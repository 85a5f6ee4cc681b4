"""MOT301 explicit-credentials: code under test passes credentials or a profile to boto3."""

from __future__ import annotations

import os
from collections.abc import Iterator

from flake8_moto_order.effects import ObjectBuilt, Trace
from flake8_moto_order.rules.leaking import start_of
from flake8_moto_order.rules.rule import Found, Rule
from flake8_moto_order.rules.without_handler import place_of, relative

TEST_FOLDERS = {"test", "tests", "testing"}


def find(trace: Trace) -> Iterator[Found]:
    """Yield the statements that lead to such code."""
    for effect in (*trace.effects, *trace.run):
        if isinstance(effect, ObjectBuilt) and effect.given and effect.certain:
            path = effect.call_path
            if path and trace.starts_here(effect) and not is_of_tests(trace, path[-1].site.path):
                place = place_of(trace, path[-1].site)
                yield Found(
                    start_of(trace, path),
                    f"{effect.what} is built with {effect.given} ({place}), so the credentials of "
                    "the tests do not count; leave them to the environment",
                    path,
                )


def is_of_tests(trace: Trace, path: str) -> bool:
    """Tell whether a file belongs to the tests, by its name or its folder."""
    *folders, name = relative(trace, path).split("/")
    stem = os.path.splitext(name)[0]
    return (
        path == trace.path
        or stem.startswith(("conftest", "test_"))
        or stem.endswith("_test")
        or not TEST_FOLDERS.isdisjoint(folders)
    )


RULE = Rule("MOT301", "explicit-credentials", find, off=True)
