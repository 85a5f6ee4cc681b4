"""What another test file of the suite does when it is collected by itself, found once per run."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

from flake8_moto_order.effects import MotoImported, ObjectBuilt, Site
from flake8_moto_order.interpreter.base import ExhaustedError
from flake8_moto_order.interpreter.machine import absolute_name
from flake8_moto_order.interpreter.values import Module
from flake8_moto_order.models.moto.versions import MotoFacts
from flake8_moto_order.project.imports import imported_files
from flake8_moto_order.session.after_collection import late_imports
from flake8_moto_order.session.collection import Project, Session
from flake8_moto_order.session.repaired import kept_objects, repaired_objects
from flake8_moto_order.session.sharing import in_session
from flake8_moto_order.session.written import file_at

# How many files, by way of imports, are asked whether a test file has to do with moto.
MOST_NEAR = 30


# Where an object comes from: the places that lead to it, from the file whose import builds it.
Origin = tuple[Site, ...]


class OtherFile(NamedTuple):
    """What a test file does: it `is_near` moto if it, or a module beside it, mentions it.

    `hooks` tells that moto's handler is in place once it is collected. If its tests use moto, it
    `reaches` files, by imports within functions as well, and `repairs` objects that these build.
    """

    is_near: bool = True
    hooks: bool = False
    reaches: frozenset[str] = frozenset()
    repairs: frozenset[Origin] = frozenset()


def origin_of(built: ObjectBuilt) -> Origin:
    """Return where an object comes from: the file that its last import step leads to."""
    path = built.call_path
    imports = [index for index, step in enumerate(path[:-1], 1) if step.imports]
    return tuple(step.site for step in path[imports[-1] if imports else 0 :])


def look_at(project: Project, facts: MotoFacts, path: str) -> OtherFile:
    """Return what a test file or conftest of the same suite as that of `project` does."""
    return in_session(project.beside(path), facts, False, _find, "other files")


def _find(session: Session) -> OtherFile:
    path = session.project.path
    if not _is_near_moto(session, path):
        return OtherFile(is_near=False)
    try:
        session.collect(path)
        hooks = bool(session.environment.state.get("hooked"))
        imports = any(isinstance(effect, MotoImported) for effect in session.machine.effects)
        if not imports and next(late_imports(session, path), None) is None:
            return OtherFile(hooks=hooks)
        paths = (*session.project.conftests(path), path)
        _load_written_imports(session, paths)
        return OtherFile(
            True, hooks, _reached_files(session, paths), _repaired(session, paths)
        )
    except (ExhaustedError, RecursionError):
        return OtherFile()


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


def _load_written_imports(session: Session, paths: tuple[str, ...]) -> None:
    """Load what functions of the files import: by the time they run, others have loaded it."""
    for name in _written_imports(session, paths):
        session.load(name)


def _written_imports(session: Session, paths: tuple[str, ...]) -> Iterator[str]:
    """Yield the names of modules, or of their members, that import statements of files name."""
    for module in filter(None, map(session.module_at, paths)):
        file = file_at(session.project.sources, module.path or "")
        for node in file.whole.imports:
            yield from _named_by(node, module)


def _named_by(node: ast.Import | ast.ImportFrom, module: Module) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    else:
        base = absolute_name(node, module)
        yield base
        yield from (f"{base}.{alias.name}" for alias in node.names)


def _reached_files(session: Session, paths: tuple[str, ...]) -> frozenset[str]:
    """Return the files of the modules that the test files import, and what these import."""
    modules = {str(name): value for name, value in session.environment.modules.items()}
    files = {name: getattr(value, "path", None) for name, value in modules.items()}
    stack = [name for name, file in files.items() if file in paths]
    stack += _written_imports(session, paths)
    reached: set[str] = set()
    while stack:
        name = stack.pop()
        if name in modules and name not in reached:
            reached.add(name)
            stack.append(name.rpartition(".")[0])
            if isinstance(module := modules[name], Module):
                stack += map(str, module.imports)
    return frozenset(file for name in reached if isinstance(file := files.get(name), str))


def _repaired(session: Session, paths: tuple[str, ...]) -> frozenset[Origin]:
    """Return where the objects come from that a function of the test files repairs."""
    effects = session.machine.effects
    kept = kept_objects(session)
    origins = {
        effect.serial: origin_of(effect)
        for effect in effects
        if isinstance(effect, ObjectBuilt) and effect.serial in kept
    }
    repaired = repaired_objects(session, paths, set(origins)) if origins else set()
    left = {origin for serial, origin in origins.items() if serial not in repaired}
    return frozenset(origins.values()) - left
