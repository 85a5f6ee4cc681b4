"""Victims: other test files that use moto and get a client which has no handler."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import chain, islice

from flake8_moto_order.effects import (
    Effect,
    MotoImported,
    ObjectBuilt,
    ObjectKept,
    ObjectRepaired,
    VictimFound,
    blind_objects,
)
from flake8_moto_order.models.moto.versions import MotoFacts
from flake8_moto_order.project import initial_conftests, test_files
from flake8_moto_order.session.collection import Project, Session
from flake8_moto_order.session.other_files import Origin, OtherFile, look_at, origin_of

MOST_FILES = 300
# So many files are looked at together.
AT_ONCE = 16
SETTLING = (ObjectKept, ObjectRepaired)


def find_victims(session: Session, facts: MotoFacts, effects: Sequence[Effect]) -> Iterator[Effect]:
    """Yield a victim for every object that the linted file leaves without the handler."""
    candidates = list(_candidates(session, effects))
    if not candidates:
        return
    project = session.project
    others = Others(project, facts)
    earlier, later = split_suite(project.path, others.suite)
    origins = {built.serial: origin_of(built) for built in candidates}
    found = dict(_match(origins, chain(others.near_moto(later), others.near_moto(earlier))))
    conftests = ((path, look_at(project, facts, path)) for path in _earlier_conftests(project))
    before = chain(conftests, others.near_moto(earlier))
    if found and not any(other.hooks for _, other in islice(before, MOST_FILES)):
        yield from (VictimFound((), True, serial, path) for serial, path in found.items())


def _candidates(session: Session, effects: Sequence[Effect]) -> Iterator[ObjectBuilt]:
    if any(isinstance(effect, MotoImported) for effect in effects):
        return
    settled = {e.serial: isinstance(e, ObjectKept) for e in effects if isinstance(e, SETTLING)}
    for built in blind_objects(effects, session.project.path):
        if settled.get(built.serial):
            yield built


class Others:
    """The other test files of a suite, in the order in which pytest collects them."""

    def __init__(self, project: Project, facts: MotoFacts) -> None:
        sources, configuration = project.sources, project.configuration
        self._project = project
        self._facts = facts
        self._key = (project.folder, configuration.rootdir, project.settings, facts)
        self.suite: tuple[str, ...] = sources.derive(
            ("suite", *self._key), lambda: tuple(test_files(sources, configuration))
        )

    def near_moto(self, positions: range) -> Iterator[tuple[str, OtherFile]]:
        """Yield those of the files at these positions that have to do with moto."""
        first = positions.start - positions.start % AT_ONCE
        for start in range(first, positions.stop, AT_ONCE):
            look = partial(self._look_from, start)
            for position, other in self._project.sources.derive((start, *self._key), look):
                path = self.suite[position]
                if position in positions and path != self._project.path:
                    yield path, other

    def _look_from(self, start: int) -> list[tuple[int, OtherFile]]:
        """Look at some files at once: what they rest on counts as one."""
        found = enumerate(self.suite[start : start + AT_ONCE], start)
        looks = ((position, look_at(self._project, self._facts, path)) for position, path in found)
        return [(position, other) for position, other in looks if other.is_near]


def split_suite(path: str, suite: Sequence[str]) -> tuple[range, range]:
    """Return the positions in the suite that are collected before and after `path` takes effect.

    A conftest or the `__init__.py` of a test folder takes effect with the first file below it.
    """
    if os.path.basename(path) in ("conftest.py", "__init__.py"):
        folder = os.path.dirname(path) + os.sep
        inside = [index for index, file in enumerate(suite) if file.startswith(folder)]
        position = inside[0] if inside else len(suite)
        return range(position), range(position, len(suite))
    if path not in suite:
        return range(0), range(0)
    position = suite.index(path)
    return range(position), range(position + 1, len(suite))


def _earlier_conftests(project: Project) -> list[str]:
    """Return the conftests that pytest loads at its start, up to the linted file."""
    initial = list(initial_conftests(project.sources, project.configuration))
    return initial[: initial.index(project.path)] if project.path in initial else initial


def _match(
    origins: dict[int, Origin], others: Iterable[tuple[str, OtherFile]]
) -> Iterator[tuple[int, str]]:
    """Yield the objects, by their serial, with the first file that gets it as it is."""
    left = dict(origins)
    for path, other in islice(others, MOST_FILES):
        for serial, origin in list(left.items()):
            if origin[0].path in other.reaches and origin not in other.repairs:
                del left[serial]
                yield serial, path
        if not left:
            return
