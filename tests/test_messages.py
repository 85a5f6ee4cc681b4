"""The messages of all rules, as the examples of their pages give them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.examples import EXAMPLES, diagnostics, version_of
from tests.pages import Case

LONGEST = 200
REPORTED = [case for case in EXAMPLES if case.expected(version_of(case))]


@pytest.mark.parametrize("case", REPORTED, ids=lambda case: case.name)
def test_message(case: Case, tmp_path: Path) -> None:
    """A message fits a line of 200 characters, says what to do, and is printed with `pytest -s`."""
    found = [each.message for _, each in diagnostics(tmp_path, case, case.files)]
    assert found
    for message in found:
        print(f"{len(message):4} {message}")
        assert len(message) <= LONGEST
        assert message.isprintable()
        assert "; " in message
