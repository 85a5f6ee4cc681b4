"""What collection leaves behind: objects kept, objects that fixtures repair, late moto imports."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_moto_order.effects import (
    Effect,
    MotoImported,
    ObjectKept,
    ObjectRepaired,
    Role,
    Site,
    Step,
    blind_objects,
)
from flake8_moto_order.session.collection import Session, loaded_modules
from flake8_moto_order.session.repaired import kept_objects, repaired_objects
from flake8_moto_order.session.written import FunctionNode, Written, file_at, is_autouse


def aftermath(session: Session, paths: tuple[str, ...]) -> Iterator[Effect]:
    """Yield the effects that are only known when collection is over, if an object is blind.

    `paths` are the test files of the session: the conftests and the collected file.
    """
    effects = session.machine.effects
    blind = {built.serial for built in blind_objects(effects, session.project.path)}
    kept = blind & kept_objects(session) if blind else set()
    if not kept:
        return
    yield from (ObjectKept((), True, serial) for serial in sorted(kept))
    if not any(isinstance(effect, MotoImported) for effect in effects):
        yield from late_imports(session, session.project.path)
    repaired = sorted(repaired_objects(session, paths, kept))
    yield from (ObjectRepaired((), True, serial) for serial in repaired)


def late_imports(session: Session, path: str) -> Iterator[Effect]:
    """Yield the imports of moto that the tests of `path` make when they run.

    They stand in functions: of the file itself, of fixtures and helpers that it names.
    """
    sources = session.project.sources
    functions = list(_functions_near(session))
    if not any(inside.moto_imports for _, _, inside in functions):
        return
    used = _names_in_use(file_at(sources, path).whole.names, functions)
    for file, function, inside in functions:
        if file == path or function.name in used:
            for node in inside.moto_imports:
                site = Site(file, node.lineno, node.col_offset)
                yield MotoImported((Step(site, "moto", Role.IMPORT),), True, deferred=True)


def _functions_near(session: Session) -> Iterator[tuple[str, FunctionNode, Written]]:
    """Yield the functions of conftests and of loaded modules that mention moto, with their file."""
    sources = session.project.sources
    held = {str(path) for path in session.held}
    paths = {module.path for module in loaded_modules(session.environment.modules)}
    for path in sorted(held | {path for path in paths if path}):
        if path in held or sources.mentions(path, b"moto"):
            file = file_at(sources, path)
            for function in file.whole.functions:
                yield path, function, file.inside(function)


def _names_in_use(
    used: frozenset[str], functions: list[tuple[str, FunctionNode, Written]]
) -> frozenset[str]:
    """Return the names that a file uses, and those that fixtures with these names use in turn."""
    waiting = [(function, inside) for _, function, inside in functions]
    while True:
        reached = [each for each in waiting if each[0].name in used or is_autouse(each[0])]
        if not reached:
            return used
        waiting = [each for each in waiting if each not in reached]
        used = used.union(*({function.name} | inside.names for function, inside in reached))
