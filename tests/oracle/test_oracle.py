"""Every example of every rule page does at run time what its markers say.

An example without a marker sends nothing to AWS and leaves no mock active. Each request that leaves
is explained by a marker, and what each marker says happens: see explanations.py.
"""

from __future__ import annotations

from typing import Any

import pytest
from packaging.version import Version

from tests.oracle.explanations import Finding, for_session, repeated
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


@pytest.fixture
def findings(case: Case, moto: Version) -> list[Finding]:
    """Return the findings that the case expects."""
    return [Finding(case, *place) for place in case.expected(moto)]


@pytest.mark.parametrize("case", CASES)
def test_sound(results: dict[str, Any], findings: list[Finding]) -> None:
    """Nothing fails in an example but what sends a request, is not covered or is not there."""
    broken = any(finding.code in ("MOT205", "MOT304") for finding in findings)
    for result in results.values():
        failures = [*result["failed"], *result["errors"]]
        for failure in failures:
            explained = failure["leaked"] or any(finding.breaks(failure) for finding in findings)
            assert explained, (failure, result["output"])
        if result["leaks"] or broken:
            assert result["exit"] in (OK, FAILED, INTERRUPTED, USAGE), result["output"]
        else:
            assert result["exit"] == OK, result["output"]
            assert result["passed"], result["output"]


@pytest.mark.parametrize("case", CASES)
def test_requests(results: dict[str, Any], findings: list[Finding]) -> None:
    """Each request that leaves is explained by a marker, if only by that of an earlier test."""
    for result in results.values():
        for leak in result["leaks"]:
            leaks = (leak, repeated(leak, result["leaks"]))
            explained = any(finding.sends(one) for one in leaks for finding in findings)
            assert explained, (leak, result["output"])


@pytest.mark.parametrize("case", CASES)
def test_left(case: Case, results: dict[str, Any], findings: list[Finding]) -> None:
    """A test leaves a mock active where a marker or a fixture for the session says so.

    Otherwise only where a request cut it short.
    """
    for result in results.values():
        allowed = {leak["test"] for leak in result["leaks"]}
        for start in result["starts"]:
            if for_session(case, start) or any(finding.leaves(start) for finding in findings):
                allowed.add(start["test"])
        assert allowed >= {*result["left"]}, result["output"]
        assert allowed or not result["left_at_end"], result["output"]


@pytest.mark.parametrize("case", CASES)
def test_markers(results: dict[str, Any], findings: list[Finding]) -> None:
    """What a marker says happens, if only when its file is run alone."""
    for finding in findings:
        leaks = [leak for result in results.values() for leak in result["leaks"]]
        happens = any(finding.happens(result) for result in results.values())
        assert happens or any(finding.sends(leak) for leak in leaks), (finding, results)
