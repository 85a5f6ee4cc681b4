"""What is written in a file, read off its syntax tree once: its functions, names and imports."""

from __future__ import annotations

import ast
from typing import NamedTuple

from flake8_moto_order.project import Sources

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef
ImportNode = ast.Import | ast.ImportFrom
# Names that speak of giving a client the handler, or of putting something else in its place.
REPAIRING = {"reload", "modules", "patch_client", "patch_resource", "delitem", "setattr"}


class Written(NamedTuple):
    """What is written in a tree: functions and imports in the order of `ast.walk`.

    `names` are names, attributes, arguments and texts; `variables` are the names alone. It
    `repairs` if it speaks of that or sets an attribute.
    """

    functions: tuple[FunctionNode, ...]
    imports: tuple[ImportNode, ...]
    names: frozenset[str]
    variables: frozenset[str]
    repairs: bool

    @property
    def moto_imports(self) -> list[ImportNode]:
        """The imports of moto."""
        return [node for node in self.imports if imports_moto(node)]


class File:
    """What is written in one file, and in those of its functions that are asked for."""

    def __init__(self, tree: ast.Module) -> None:
        self._tree = tree
        self._known: dict[ast.AST, Written] = {}

    @property
    def whole(self) -> Written:
        """What is written in the file."""
        return self.inside(self._tree)

    def inside(self, node: ast.AST) -> Written:
        """Return what is written in a part of the file."""
        if node not in self._known:
            self._known[node] = _read(node)
        return self._known[node]


def file_at(sources: Sources, path: str) -> File:
    """Return what is written in a file, nothing for one that can't be read."""
    return sources.written("written", path, File) or File(ast.Module([], []))


def _read(tree: ast.AST) -> Written:
    functions: list[FunctionNode] = []
    imports: list[ImportNode] = []
    names: set[str] = set()
    variables: set[str] = set()
    repairs = False
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name):
                variables.add(name)
                repairs |= name in REPAIRING
            case ast.Attribute(attr=name, ctx=context):
                names.add(name)
                repairs |= name in REPAIRING or isinstance(context, ast.Store)
            case ast.arg(arg=name) | ast.Constant(value=str() as name):
                names.add(name)
            case ast.alias(name=name):
                names.add(name.rpartition(".")[2])
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                functions.append(node)
            case ast.Import() | ast.ImportFrom():
                imports.append(node)
    names |= variables
    return Written(
        tuple(functions), tuple(imports), frozenset(names), frozenset(variables), repairs
    )


def imports_moto(node: ImportNode) -> bool:
    """Tell whether an import statement imports moto."""
    if isinstance(node, ast.ImportFrom):
        return not node.level and (node.module or "").partition(".")[0] == "moto"
    return any(alias.name.partition(".")[0] == "moto" for alias in node.names)


def is_autouse(function: FunctionNode) -> bool:
    """Tell whether a function is a fixture that every test gets."""
    return any(
        isinstance(decorator, ast.Call)
        and any(keyword.arg == "autouse" for keyword in decorator.keywords)
        for decorator in function.decorator_list
    )
