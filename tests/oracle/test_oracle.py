"""Every example of every rule page does at run time what its markers say.

An example with a marker leaks and one without does not. Beyond that each request that leaves is
explained by a marker, and each marker explains a request: the marked line is on the stack when the
request is sent during collection, or when its client, or that client's session, is built.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from packaging.version import Version

from tests.pages import Case, every_case

Runs = dict[tuple[str, str], Any]
CASES = [pytest.param(case, id=case.name) for case in every_case()]
OK, FAILED, INTERRUPTED, USAGE = 0, 1, 2, 4


@pytest.fixture
def results(case: Case, moto: Version, runs: Runs) -> dict[str, Any]:
    """Return the results of one case, by the file that was run alone, or ""."""
    if not case.applies(moto):
        pytest.skip(f"about moto {case.moto}")
    if case.not_run is not None:
        pytest.skip(case.not_run)
    return {target: result for (name, target), result in runs.items() if name == case.name}


@pytest.mark.parametrize("case", CASES)
def test_sound(results: dict[str, Any]) -> None:
    """Nothing fails in an example but what sends a request."""
    for result in results.values():
        failures = [*result["failed"], *result["errors"]]
        unexplained = [failure for failure in failures if not failure["leaked"]]
        assert not unexplained, result["output"]
        if result["leaks"]:
            assert result["exit"] in (OK, FAILED, INTERRUPTED, USAGE), result["output"]
        else:
            assert result["exit"] == OK, result["output"]
            assert result["passed"], result["output"]


@pytest.mark.parametrize("case", CASES)
def test_verdict(case: Case, moto: Version, results: dict[str, Any]) -> None:
    """A request leaves if and only if a marker says so."""
    leaks = [leak for result in results.values() for leak in result["leaks"]]
    assert bool(leaks) == bool(case.expected(moto)), results[""]["output"]


@pytest.mark.parametrize("case", CASES)
def test_places(case: Case, moto: Version, results: dict[str, Any]) -> None:
    """Each request that leaves goes back to a marked line, and each marked line leads to one."""
    expected = case.expected(moto)
    reached = set()
    for result in results.values():
        for leak in result["leaks"]:
            explained = {place for place in expected if explains(case, place, leak)}
            assert explained, (leak, result["output"])
            reached |= explained
    assert sorted(reached) == expected


def explains(case: Case, place: tuple[str, int, str], leak: dict[str, Any]) -> bool:
    """Tell whether a finding explains a request: MOT103 where it is sent, others what sends it."""
    path, line, code = place
    if code == "MOT103":
        return leak["collecting"] and [path, line] in leak["sent"]
    named = plugins(case.files[path].splitlines()[line - 1])
    return [path, line] in leak["built"] or any(file in named for file, _ in leak["built"])


def plugins(line: str) -> list[str]:
    """Return the files of the modules that a line names for pytest to import."""
    names = re.findall(r'"([\w.]+)"', line) if line.startswith("pytest_plugins") else []
    return [name.replace(".", "/") + ".py" for name in names]
