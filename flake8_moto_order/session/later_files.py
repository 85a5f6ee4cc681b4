"""Victims: other test files that use moto and get a client which has no handler."""

from __future__ import annotations

import ast
import os
from collections.abc import Iterable, Iterator, Sequence

from flake8_moto_order.effects import (
    CallPath,
    Effect,
    MotoImported,
    ObjectBuilt,
    ObjectKept,
    ObjectRepaired,
    VictimFound,
    blind_objects,
)
from flake8_moto_order.interpreter.machine import absolute_name
from flake8_moto_order.interpreter.values import Module
from flake8_moto_order.models.moto.versions import MotoFacts
from flake8_moto_order.project import initial_conftests, test_files
from flake8_moto_order.project.imports import imported_files
from flake8_moto_order.session.after_collection import late_imports
from flake8_moto_order.session.collection import Project, Session
from flake8_moto_order.session.repaired import repaired_objects

MOST_FILES = 300
# How many files, by way of imports, are asked whether a test file has to do with moto.
MOST_NEAR = 30
SETTLING = (ObjectKept, ObjectRepaired)


def find_victims(session: Session, facts: MotoFacts, effects: Sequence[Effect]) -> Iterator[Effect]:
    """Yield a victim for every object that the linted file leaves without the handler."""
    candidates = list(_candidates(session, effects))
    if not candidates:
        return
    project = session.project
    suite = list(test_files(project.sources, project.configuration))
    earlier, later = split_suite(project.path, suite)
    others = [path for path in (*later, *earlier) if _is_near_moto(session, path)]
    owners = {built.serial: owner_of(built.call_path, project.path) for built in candidates}
    found = dict(_match(session, owners, others[:MOST_FILES]))
    conftest_files = _earlier_conftests(project)
    before = [path for path in (*conftest_files, *earlier) if _is_near_moto(session, path)]
    if found and not any(_hooks(session, facts, path) for path in before[:MOST_FILES]):
        yield from (VictimFound((), True, serial, path) for serial, path in found.items())


def _candidates(session: Session, effects: Sequence[Effect]) -> Iterator[ObjectBuilt]:
    if any(isinstance(effect, MotoImported) for effect in effects):
        return
    settled = {e.serial: isinstance(e, ObjectKept) for e in effects if isinstance(e, SETTLING)}
    for built in blind_objects(effects, session.project.path):
        if settled.get(built.serial):
            yield built


def owner_of(path: CallPath, linted: str) -> str:
    """Return the file whose import builds the object: where the last import step leads."""
    owner = linted
    for step, following in zip(path, path[1:]):
        if step.imports:
            owner = following.site.path
    return owner


def split_suite(path: str, suite: Sequence[str]) -> tuple[list[str], list[str]]:
    """Split the suite into the files collected before and after `path` takes effect.

    A conftest or the `__init__.py` of a test folder takes effect with the first file below it.
    """
    if os.path.basename(path) in ("conftest.py", "__init__.py"):
        folder = os.path.dirname(path) + os.sep
        inside = [index for index, file in enumerate(suite) if file.startswith(folder)]
        position = inside[0] if inside else len(suite)
        return list(suite[:position]), [p for p in suite[position:] if p != path]
    if path not in suite:
        return [], []
    position = suite.index(path)
    return list(suite[:position]), list(suite[position + 1 :])


def _earlier_conftests(project: Project) -> list[str]:
    """Return the conftests that pytest loads at its start, up to the linted file."""
    initial = list(initial_conftests(project.sources, project.configuration))
    return initial[: initial.index(project.path)] if project.path in initial else initial


def _is_near_moto(session: Session, path: str) -> bool:
    """Tell whether a test file, one of its conftests or a module near to them mentions moto."""
    project, search_path = session.project, session.machine.search_path()
    sources = project.sources
    near = dict.fromkeys((path, *project.conftests(path)))
    waiting = list(near)
    while waiting:
        file = waiting.pop()
        if sources.mentions(file, b"moto"):
            return True
        if len(near) < MOST_NEAR:
            new = [each for each in imported_files(sources, file, search_path) if each not in near]
            near.update(dict.fromkeys(new))
            waiting.extend(new)
    return False


def _match(
    session: Session, owners: dict[int, str], others: Sequence[str]
) -> Iterator[tuple[int, str]]:
    open_serials = dict(owners)
    for path in others:
        if not open_serials:
            return
        reached, repaired = _reached_by(session, path, set(owners))
        for serial in [s for s, owner in open_serials.items() if owner in reached]:
            if serial in repaired:
                continue
            del open_serials[serial]
            yield serial, path


def _reached_by(session: Session, path: str, kept: set[int]) -> tuple[set[str], set[int]]:
    """Return the files that another test file reaches, none when it does not use moto.

    With them come the objects among `kept` that this file repairs.
    """
    machine = session.machine
    start = len(machine.effects)

    def collect() -> tuple[set[str], set[int]]:
        session.start(path)
        session.collect(path)
        new = machine.effects[start:]
        uses = any(isinstance(effect, MotoImported) for effect in new)
        if not uses and next(iter(late_imports(session, path)), None) is None:
            return set(), set()
        paths = (*session.project.conftests(path), path)
        return _import_closure(session, path), repaired_objects(session, paths, kept)

    found, _ = session.environment.attempt(collect)
    del machine.effects[start:]
    return found


def _import_closure(session: Session, path: str) -> set[str]:
    modules = {str(name): value for name, value in session.environment.modules.items()}
    files = {name: getattr(value, "path", None) for name, value in modules.items()}
    test_paths = {path, *session.project.conftests(path)}
    stack = [name for name, file in files.items() if file in test_paths]
    reached: set[str] = set()
    while stack:
        name = stack.pop()
        if name in reached:
            continue
        reached.add(name)
        names = {name.rpartition(".")[0]}
        if isinstance(module := modules.get(name), Module):
            names.update(map(str, module.imports))
        if files.get(name) in test_paths:
            names |= set(_written_imports(session, name))
        stack.extend(imported for imported in names if imported in modules)
    return {file for name in reached if isinstance(file := files.get(name), str)}


def _written_imports(session: Session, name: str) -> Iterator[str]:
    module = session.environment.modules.get(name)
    path = getattr(module, "path", None)
    tree = session.project.sources.tree(path) if isinstance(path, str) else None
    if tree and isinstance(module, Module):
        yield from _named_by(ast.walk(tree), module)


def _named_by(nodes: Iterable[ast.AST], module: Module) -> Iterator[str]:
    """Yield the names that import statements of a module name."""
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = absolute_name(node, module) if node.level else node.module or ""
            yield base
            yield from (f"{base}.{alias.name}" for alias in node.names)


def _hooks(session: Session, facts: MotoFacts, path: str) -> bool:
    """Tell whether moto's handler is in place once an earlier test file is collected.

    All sessions for one linted file share one budget.
    """
    other = Session(session.project, facts)
    other.machine.steps = session.machine.steps
    try:
        other.start(path)
        other.collect(path)
    finally:
        session.machine.steps = other.machine.steps
    return bool(other.environment.state.get("hooked"))
