"""What changes nothing at run time changes no finding: the examples of all rule pages, changed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from _pytest.mark.structures import ParameterSet

from tests.examples import EXAMPLES, diagnostics, version_of
from tests.metamorphic.changes import (
    Files,
    aliased,
    packaged,
    qualified,
    renamed,
    shifted,
    split,
    wrapped,
)
from tests.pages import Case, markers_of

Change = Callable[[Files], Files | None]
Findings = list[tuple[str, int, str]]


def applicable(*changes: Change) -> list[ParameterSet]:
    """Return the examples that the changes can change, each with how it is changed."""
    found: list[ParameterSet] = []
    for case in EXAMPLES:
        files = case.files
        for change in changes:
            files = change(files) or files
        if files != case.files:
            names = "-".join(change.__name__ for change in changes)
            found.append(pytest.param(case, files, id=f"{case.name}-{names}"))
    return found


def in_modules(files: Files) -> Files | None:
    """Take names from their modules, where no finding stands on the import."""
    imports = [line for text in files.values() for line in text.splitlines() if "import" in line]
    return None if any("MOT304" in line for line in imports) else qualified(files)


def findings(folder: Path, case: Case, files: Files) -> Findings:
    """Return path, line and code of what is found in files."""
    return sorted((path, each.line, each.code) for path, each in diagnostics(folder, case, files))


def marked(case: Case, files: Files) -> Findings:
    """Return path, line and code of what the markers in the files say."""
    version = version_of(case)
    return sorted(
        (marker.path, marker.line, marker.code)
        for path, text in files.items()
        for marker in markers_of(path, text)
        if marker.moto.contains(version, prereleases=True)
    )


# Each of two sets of changes is made to half of the examples.
@pytest.mark.parametrize(
    ("case", "files"),
    [*applicable(renamed, aliased, shifted)[::2], *applicable(in_modules, packaged)[1::2]],
)
def test_same_statements(case: Case, files: Files, tmp_path: Path) -> None:
    """The same statements are reported, wherever they stand now."""
    assert findings(tmp_path, case, files) == marked(case, files)


# What pytest loads at its start depends on which folder is its root.
MOVABLE = [case for case in EXAMPLES if "right below the root" not in case.title][::2]


@pytest.mark.parametrize("case", MOVABLE, ids=lambda case: case.name)
def test_other_place(case: Case, tmp_path: Path) -> None:
    """A project in a folder of a larger one, linted in that folder, is what it was."""
    other = tmp_path / "services" / "two" / "tests" / "test_two.py"
    other.parent.mkdir(parents=True)
    other.write_text("import moto\n", encoding="utf-8")
    (tmp_path / ".git").mkdir()
    assert findings(tmp_path / "services" / "one", case, case.files) == marked(case, case.files)


@pytest.mark.parametrize(("case", "files"), [*applicable(split), *applicable(wrapped)])
def test_same_findings(case: Case, files: Files, tmp_path: Path) -> None:
    """Where a call moves to another function or file, the same files have the same findings."""
    found = {(path, code) for path, _, code in findings(tmp_path, case, files)}
    assert found == {(path, code) for path, _, code in marked(case, case.files)}


@pytest.mark.parametrize(
    ("change", "least"),
    [(shifted, 400), (aliased, 150), (in_modules, 100), (renamed, 100), (packaged, 100),
     (split, 15), (wrapped, 100)],
)  # fmt: skip
def test_applicable(change: Change, least: int) -> None:
    """A change finds something to change in many examples."""
    assert len(applicable(change)) >= least


@pytest.mark.parametrize(
    "text",
    [
        "import moto\ndef (",
        "def test_a(): pass\n",
        'def test_a():\n    """Text."""\n',
        "def test_a(moto):\n    moto = 1\n",
        "def test_a():\n    return 1\n",
        "def test_a():\n    super()\n",
    ],
)
def test_left_alone(text: str) -> None:
    """What a change would break stays as it is."""
    files = {"test_a.py": text}
    assert wrapped(files) is None
    assert aliased(files) is None
