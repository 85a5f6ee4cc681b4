"""What collection leaves behind: objects kept, objects that fixtures repair, late moto imports."""

from __future__ import annotations

import ast
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

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef


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
    functions = list(_functions_near(session))
    used = _names_in_use(session, path, functions)
    for file, function in functions:
        if file == path or function.name in used:
            for node in ast.walk(function):
                if isinstance(node, (ast.Import, ast.ImportFrom)) and imports_moto(node):
                    site = Site(file, node.lineno, node.col_offset)
                    yield MotoImported((Step(site, "moto", Role.IMPORT),), True, deferred=True)


def _functions_near(session: Session) -> Iterator[tuple[str, FunctionNode]]:
    """Yield the functions of conftests and of loaded modules that mention moto, with their file."""
    sources = session.project.sources
    held = {str(path) for path in session.held}
    paths = {module.path for module in loaded_modules(session.environment.modules)}
    for path in sorted(held | {path for path in paths if path}):
        if path in held or sources.mentions(path, b"moto"):
            tree = sources.tree(path)
            for node in ast.walk(tree) if tree else ():
                if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                    yield path, node


def _names_in_use(
    session: Session, path: str, functions: list[tuple[str, FunctionNode]]
) -> set[str]:
    """Return the names that a file uses, and those that fixtures with these names use in turn."""
    tree = session.project.sources.tree(path)
    used = names_of(tree) if tree else set()
    waiting = [function for _, function in functions]
    while True:
        reached = [f for f in waiting if f.name in used or is_autouse(f)]
        if not reached:
            return used
        waiting = [function for function in waiting if function not in reached]
        for function in reached:
            used |= {function.name} | names_of(function)


def names_of(tree: ast.AST) -> set[str]:
    """Return the names, attributes, arguments and texts in a tree."""
    names: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.arg(arg=name):
                names.add(name)
            case ast.Constant(value=str() as name):
                names.add(name)
            case ast.alias(name=name):
                names.add(name.rpartition(".")[2])
    return names


def is_autouse(function: FunctionNode) -> bool:
    """Tell whether a function is a fixture that every test gets."""
    return any(
        isinstance(decorator, ast.Call)
        and any(keyword.arg == "autouse" for keyword in decorator.keywords)
        for decorator in function.decorator_list
    )


def imports_moto(node: ast.Import | ast.ImportFrom) -> bool:
    """Tell whether an import statement imports moto."""
    if isinstance(node, ast.ImportFrom):
        return not node.level and (node.module or "").partition(".")[0] == "moto"
    return any(alias.name.partition(".")[0] == "moto" for alias in node.names)
