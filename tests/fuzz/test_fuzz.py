"""Of random projects, the plugin says what a real run shows: test by test, and line by line.

`pytest tests/fuzz --projects 5000 --seed 7` compares other projects, and more of them.
"""

from __future__ import annotations

import pytest

from tests.fuzz.conftest import COUNTS, EXCUSED
from tests.fuzz.generating import as_example, generate, smallest
from tests.fuzz.running import Runner
from tests.fuzz.shapes.projects import Project


def test_agreement(batch: tuple[int, int], runner: Runner, pytestconfig: pytest.Config) -> None:
    """Nothing is reported that does not happen, and nothing missed but documented doubts."""
    number, size = batch
    made = generate(size, number)
    verdicts = runner.compare([project for project, _ in made])
    counts, excused = pytestconfig.stash[COUNTS], pytestconfig.stash[EXCUSED]
    for verdict in verdicts:
        counts.update(projects=1, requests=verdict.requests)
        excused.update(verdict.excused)
    for (_, own), verdict in zip(made, verdicts, strict=True):
        if verdict.wrong:
            kind = verdict.wrong[0].kind
            small = smallest(own, lambda project: is_wrong(runner, project, kind))
            pytest.fail(explain(small, runner))


def is_wrong(runner: Runner, project: Project, kind: str) -> bool:
    """Tell whether there is a disagreement of a kind about a project."""
    return any(one.kind == kind for one in runner.compare([project])[0].wrong)


def explain(project: Project, runner: Runner) -> str:
    """Return a project, and how the plugin and the real run disagree."""
    wrong = runner.compare([project])[0].wrong
    return "\n".join([as_example(project), *(f"{one.kind}: {one.text}" for one in wrong)])
