"""What collection leaves behind: objects kept, objects that fixtures repair, late moto imports."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from flake8_moto_order.domain import Class, Covered, Function, Module, Wrapped
from flake8_moto_order.effects import (
    Effect,
    MotoImported,
    ObjectKept,
    ObjectRepaired,
    Site,
    Step,
    blind_objects,
)
from flake8_moto_order.interpreter.base import ExhaustedError, RaisedError
from flake8_moto_order.interpreter.reachability import reachable
from flake8_moto_order.models.aws import DEFAULT_SESSION
from flake8_moto_order.session import Session, loaded_modules

REPAIRING = {"reload", "modules", "patch_client", "patch_resource", "delitem", "setattr"}
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


def repaired_objects(session: Session, paths: tuple[str, ...], kept: set[int]) -> set[int]:
    """Return those of the `kept` objects that a function of these test files repairs."""
    return {serial for path in paths for serial in _repaired_in(session, path, kept)}


def kept_objects(session: Session) -> set[int]:
    """Return the serials of the objects that loaded modules still hold."""
    environment = session.environment
    overrides = {k: v for k, v in environment.overrides.items() if k != DEFAULT_SESSION}
    return reachable(environment.modules) | reachable(session.held) | reachable(overrides)


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
                    yield MotoImported((Step(site, "moto", imports=True),), True, deferred=True)


def _functions_near(session: Session) -> Iterator[tuple[str, FunctionNode]]:
    """Yield the functions of conftests and of loaded modules that mention moto, with their file."""
    sources = session.project.sources
    held = {str(path) for path in session.held}
    paths = {module.path for module in loaded_modules(session.environment.modules)}
    for path in sorted(held | {path for path in paths if path}):
        if path in held or b"moto" in (sources.bytes(path) or b""):
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


def _repaired_in(session: Session, path: str, kept: set[int]) -> Iterator[int]:
    module = session.module_at(path)
    for function in _functions(module) if module else ():
        if _may_repair(function):
            yield from _repairs(session, function, kept)


def _functions(module: Module) -> Iterator[Function]:
    for value in list(module.namespace.values()):
        yield from _functions_of(value, module)


def _functions_of(value: object, module: Module) -> Iterator[Function]:
    while isinstance(value, (Covered, Wrapped)):
        value = value.callee
    if isinstance(value, Function) and value.module is module:
        yield value
    elif isinstance(value, Class) and value.module is module:
        for member in list(value.namespace.values()):
            yield from _functions_of(member, module)


def _may_repair(function: Function) -> bool:
    for node in ast.walk(function.node):
        if isinstance(node, ast.Name) and node.id in REPAIRING:
            return True
        if isinstance(node, ast.Attribute) and (
            node.attr in REPAIRING or isinstance(node.ctx, ast.Store)
        ):
            return True
    return False


def _repairs(session: Session, function: Function, kept: set[int]) -> set[int]:
    machine, environment = session.machine, session.environment
    start = len(machine.effects)

    def run() -> set[int]:
        try:
            session.run_to_end(function)
        except (RaisedError, ExhaustedError):
            machine.doubt = 0
        return kept - kept_objects(session)

    replaced, _ = environment.attempt(run)
    effects = machine.effects[start:]
    del machine.effects[start:]
    return replaced | {e.serial for e in effects if isinstance(e, ObjectRepaired)}
