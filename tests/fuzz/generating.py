"""A fixed number of random projects: the same ones for the same seed."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Callable

from hypothesis import HealthCheck, Phase, Verbosity, given, seed, settings
from hypothesis.errors import Flaky

from tests.fuzz.shapes.projects import Project, projects

SEEDS = 1_000_000
# Of more than these Hypothesis makes variants, which say little that is new.
EXAMPLES = 10
TRIALS = 300
OPTIONS = settings(
    max_examples=EXAMPLES,
    database=None,
    deadline=None,
    report_multiple_bugs=False,
    verbosity=Verbosity.quiet,
    suppress_health_check=list(HealthCheck),
)


class Found(Exception):
    """A project is what is looked for."""


def generate(count: int, number: int) -> list[tuple[Project, int]]:
    """Return so many different projects for the seed `number`, each with the one it came from."""
    made: dict[str, tuple[Project, int]] = {}
    own = number * SEEDS
    while len(made) < count:
        for project in bundle(own):
            made.setdefault(repr(sorted(project.files.items())), (project, own))
        own += 1
    return [*made.values()][:count]


def bundle(number: int) -> list[Project]:
    """Return the few projects that Hypothesis makes of a seed."""
    made: list[Project] = []

    @seed(number)
    @settings(OPTIONS, phases=[Phase.generate])
    @given(projects())
    def collect(project: Project) -> None:
        made.append(project)

    collect()
    return made


def smallest(number: int, wanted: Callable[[Project], bool]) -> Project:
    """Return the smallest project found of a seed that is wanted, after so many trials at most."""
    found: list[Project] = []
    trials = itertools.count()

    @seed(number)
    @settings(OPTIONS, phases=[Phase.generate, Phase.shrink])
    @given(projects())
    def search(project: Project) -> None:
        if next(trials) < TRIALS and wanted(project):
            found.append(project)
            raise Found

    try:
        search()
    except (Found, Flaky):
        pass
    return min(found, key=lambda project: len(as_example(project)))


def as_example(project: Project) -> str:
    """Return a project as an example of a rule page."""
    return "\n".join(f"`{path}`:\n```python\n{text}```\n" for path, text in project.files.items())


def broken(project: Project) -> list[str]:
    """Return the files that are no Python."""
    wrong = []
    for path, text in project.files.items():
        try:
            if path.endswith(".py"):
                ast.parse(text)
        except SyntaxError as error:
            wrong.append(f"{path}: {error}")
    return wrong
