"""Plain modules: those that do nothing at import but import others and define names.

When such a module is loaded, its imports are followed, and the rest of it waits until somebody
looks at a name in it: nobody can tell the difference. Whether a module is plain is read off its
statements: one call that is not known to be harmless, one look at the environment of the process,
and the module is run at once.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from typing import NamedTuple

# Calls that neither ask the world nor change it, by qualified name.
HARMLESS_CALLS = frozenset(
    "abc.abstractmethod collections.OrderedDict collections.defaultdict collections.namedtuple"
    " contextlib.contextmanager dataclasses.dataclass dataclasses.field datetime.timedelta"
    " enum.auto enum.unique functools.cache functools.cached_property functools.lru_cache"
    " logging.getLogger os.path.dirname os.path.join pathlib.Path re.compile typing.NewType"
    " typing.TypeVar typing.overload"
    " bool classmethod dict float frozenset int len list object property range set sorted"
    " staticmethod str tuple".split()
)
# Names that stand for what a run can change.
WORLD = frozenset({"environ", "getenv", "globals", "locals", "modules", "sys"})
UNUSUAL = (ast.Await, ast.NamedExpr, ast.Yield, ast.YieldFrom)
# What has an effect when it is imported.
EFFECTIVE = frozenset({"moto"})


class Plain(NamedTuple):
    """What is to be known of a plain module: its import statements, the names that it binds."""

    imports: tuple[ast.Import | ast.ImportFrom, ...]
    names: frozenset[str]


def plain(tree: ast.Module) -> Plain | None:
    """Return what is to be known of a module if it is plain."""
    imports = [node for node in tree.body if isinstance(node, (ast.Import, ast.ImportFrom))]
    if not all(map(_is_plain_import, imports)):
        return None
    reader = _Reader(imports)
    others = (node for node in tree.body if not isinstance(node, (ast.Import, ast.ImportFrom)))
    if not all(map(reader.is_plain, others)):
        return None
    names = {name for statement in tree.body for name in _bound_by(statement)}
    return Plain(tuple(imports), frozenset(names))


def _is_plain_import(statement: ast.Import | ast.ImportFrom) -> bool:
    names = [alias.name for alias in statement.names]
    if "*" in names:
        return False
    if isinstance(statement, ast.ImportFrom):
        names = [statement.module or ""]
    return not any(name.partition(".")[0] in EFFECTIVE for name in names)


class _Reader:
    """Reads the statements of a module that has these imports."""

    def __init__(self, imports: Iterable[ast.Import | ast.ImportFrom]) -> None:
        self._origins: dict[str, str] = {}
        for node in imports:
            for alias in node.names:
                name, top = alias.name, alias.name.partition(".")[0]
                if isinstance(node, ast.ImportFrom):
                    origin = f"{'.' * node.level}{node.module or ''}.{name}"
                else:
                    origin = name if alias.asname else top
                self._origins[alias.asname or top] = origin

    def is_plain(self, statement: ast.stmt) -> bool:
        """Tell whether a statement only defines names."""
        match statement:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                spec = statement.args
                defaults = (*spec.defaults, *filter(None, spec.kw_defaults))
                return self._are_harmless(defaults) and self._decorate(statement.decorator_list)
            case ast.ClassDef():
                outside = (*statement.bases, *(keyword.value for keyword in statement.keywords))
                head = self._are_harmless(outside) and self._decorate(statement.decorator_list)
                return head and all(map(self.is_plain, statement.body))
            case ast.Assign(targets=targets, value=value):
                return all(map(_is_name, targets)) and self._are_harmless([value])
            case ast.AnnAssign(target=target, value=value):
                return _is_name(target) and (value is None or self._are_harmless([value]))
            case ast.Expr(value=ast.Constant()) | ast.Pass():
                return True
        return False

    def _decorate(self, decorators: Iterable[ast.expr]) -> bool:
        """Tell whether decorators are harmless."""
        return all(
            self._are_harmless([node]) and (isinstance(node, ast.Call) or self._may_call(node))
            for node in decorators
        )

    def _are_harmless(self, expressions: Iterable[ast.expr]) -> bool:
        stack: list[ast.AST] = list(expressions)
        while stack:
            node = stack.pop()
            if isinstance(node, ast.Constant):
                continue
            if isinstance(node, ast.Lambda):
                stack.extend((*node.args.defaults, *filter(None, node.args.kw_defaults)))
                continue
            if isinstance(node, ast.Call) and not self._may_call(node.func):
                return False
            if isinstance(node, UNUSUAL) or _name_of(node) in WORLD:
                return False
            stack.extend(ast.iter_child_nodes(node))
        return True

    def _may_call(self, function: ast.expr) -> bool:
        """Tell whether what is called is harmless; the setter of a property is."""
        if isinstance(function, ast.Attribute) and function.attr in ("setter", "deleter"):
            return isinstance(function.value, ast.Name)
        names: list[str] = []
        while isinstance(function, ast.Attribute):
            names.append(function.attr)
            function = function.value
        if not isinstance(function, ast.Name):
            return False
        names.append(self._origins.get(function.id, function.id))
        return ".".join(reversed(names)) in HARMLESS_CALLS


def _name_of(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _names_in(target: ast.expr) -> Iterator[str]:
    if isinstance(target, (ast.Tuple, ast.List)):
        for element in target.elts:
            yield from _names_in(element)
    elif isinstance(target, ast.Name):  # pragma: no branch
        yield target.id


def _is_name(target: ast.expr) -> bool:
    if isinstance(target, (ast.Tuple, ast.List)):
        return all(map(_is_name, target.elts))
    return isinstance(target, ast.Name)


def _bound_by(statement: ast.stmt) -> Iterator[str]:
    match statement:
        case ast.Import() | ast.ImportFrom():
            for alias in statement.names:
                yield alias.asname or alias.name.partition(".")[0]
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            yield statement.name
        case ast.Assign(targets=targets):
            for target in targets:
                yield from _names_in(target)
        case ast.AnnAssign(target=target):
            yield from _names_in(target)
