"""Which findings explain what happened in a real run, and which of them nothing bears out.

A request that leaves goes back to a line: where its client was built too early, where it is sent,
or where the test or fixture stands that sends it. The other findings need no request: a mock that
outlives its test, a body that no mock covers, a name that moto does not have.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from tests.pages import Case

Result = dict[str, Any]
Defined = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
FUNCTION = (ast.FunctionDef, ast.AsyncFunctionDef)
DEFINED = (*FUNCTION, ast.ClassDef)
MISSING = re.compile(r"(?:cannot import name|has no attribute) '(mock_\w+)'")
AT_BUILD = ("MOT101", "MOT102")
ON_TEST = ("MOT201", "MOT204")
ON_STATEMENT = ("MOT203", "MOT206")


class Finding(NamedTuple):
    """A place where a case expects a finding."""

    case: Case
    path: str
    line: int
    code: str

    @property
    def tree(self) -> ast.Module:
        """Return the file of the finding, parsed."""
        return ast.parse(self.case.files[self.path])

    def sends(self, leak: dict[str, Any]) -> bool:
        """Tell whether the finding explains a request that left."""
        if self.code in AT_BUILD:
            return self.builds(leak)
        if self.code == "MOT103":
            return leak["phase"] == "collection" and [self.path, self.line] in leak["sent"]
        if leak["phase"] == "collection":
            return False
        if self.code == "MOT205":
            return self.decorates(leak)
        if not self.fits(leak):
            return False
        if self.code not in ON_TEST and self.runs(leak["sent"]):
            return True
        here = any(path == self.path for path, _ in leak["sent"])
        return self.holds(leak) and not (here and self.code in ON_STATEMENT)

    def fits(self, leak: dict[str, Any]) -> bool:
        """Tell whether the rule speaks of a request sent in that phase, beside such mocks."""
        during, mocked, mocks = leak["phase"] == "call", leak["mocked"], leak["mocks"]
        allowed = {
            "MOT201": during and not mocked,
            "MOT202": not during and not mocks,
            "MOT203": True,
            "MOT204": during and not mocks,
            "MOT206": mocks,
        }
        return bool(allowed.get(self.code))

    def builds(self, leak: dict[str, Any]) -> bool:
        """Tell whether this line builds the client of a request, or that client's session."""
        named = plugins(self.case.files[self.path].splitlines()[self.line - 1])
        return [self.path, self.line] in leak["built"] or any(
            file in named for file, _ in leak["built"]
        )

    def runs(self, lines: list[tuple[str, int]]) -> bool:
        """Tell whether this statement is on the stack."""
        within = [line for path, line in lines if path == self.path]
        return any(first_line(self.tree, line) == self.line for line in within)

    def holds(self, leak: dict[str, Any]) -> bool:
        """Tell whether the test that sends a request is defined on this line, or its class is."""
        path, *names = leak["test"].partition("[")[0].split("::")
        if path == self.path and self.line in definitions(self.tree, names):
            return True
        where, line = leak["defined"] or ("", 0)
        own = [node for node in defined_in(self.tree) if node.lineno == self.line]
        return where == self.path and any(first(node) == line for node in own)

    def decorates(self, leak: dict[str, Any]) -> bool:
        """Tell whether a request left without a mock in a test that the decorator concerns."""
        return not leak["mocks"] and self.concerns(leak["test"])

    def concerns(self, test: str) -> bool:
        """Tell whether a test is in the decorated class, or may use the decorated function."""
        path, *names = test.partition("[")[0].split("::")
        file = self.case.files.get(path, "")
        everywhere = self.path.endswith("conftest.py")
        return any(
            path == self.path and node.name in names
            if isinstance(node, ast.ClassDef)
            else everywhere or node.name in file
            for node in self.decorated()
        )

    def decorated(self) -> list[Defined]:
        """Return the function or class whose decorator stands here."""
        return [
            node
            for node in defined_in(self.tree)
            if any(one.lineno <= self.line <= last(one) for one in node.decorator_list)
        ]

    def leaves(self, start: dict[str, Any]) -> bool:
        """Tell whether the finding is about a mock that was started there."""
        return self.code == "MOT207" and self.runs(start["lines"])

    def uncovered(self, result: Result) -> bool:
        """Tell whether no line of the function below the decorator ran under a mock.

        Below the decorator of a class that is a test that the class cannot cover.
        """
        covered = {line for path, line in result["lines"]["covered"] if path == self.path}
        functions: list[Defined] = []
        for node in self.decorated():
            functions += [*elusive(node)] if isinstance(node, ast.ClassDef) else [node]
        return any(covered.isdisjoint(body(function)) for function in functions)

    def happens(self, result: Result) -> bool:
        """Tell whether a run bears out the finding without a request that leaves."""
        if self.code == "MOT207":
            left = [start for start in result["starts"] if not start["stopped"]]
            return any(self.leaves(start) for start in left if start["test"] in result["left"])
        if self.code == "MOT205":
            return self.uncovered(result)
        failures = [*result["errors"], *result["failed"]]
        return self.code == "MOT304" and any(map(self.breaks, failures))

    def breaks(self, failure: dict[str, Any]) -> bool:
        """Tell whether the finding explains that a test or file fails."""
        if self.code == "MOT205":
            return self.concerns(failure["name"])
        text = failure["text"]
        missing = {*MISSING.findall(text)} & self.names() if self.path in text else set()
        return self.code == "MOT304" and bool(missing)

    def names(self) -> set[str]:
        """Return the names of mocks on this line, or in the import that begins here."""
        froms = [node for node in ast.walk(self.tree) if isinstance(node, ast.ImportFrom)]
        imported = {one.name for node in froms if node.lineno == self.line for one in node.names}
        line = self.case.files[self.path].splitlines()[self.line - 1]
        return {*re.findall(r"\bmock_\w+", line)} | imported


def repeated(leak: dict[str, Any], leaks: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the first request like this one: from a fixture or setup, in tests of one file."""
    file = leak["test"].partition("::")[0]
    return next(
        one
        for one in leaks
        if one is leak
        or leak["phase"] != "call"
        and one["test"].partition("::")[0] == file
        and (one["phase"], one["sent"]) == (leak["phase"], leak["sent"])
    )


def for_session(case: Case, start: dict[str, Any]) -> bool:
    """Tell whether a fixture for the whole session started a mock."""
    for path, line in start["lines"]:
        for node in defined_in(ast.parse(case.files[path])):
            decorators = [ast.unparse(one) for one in node.decorator_list]
            if node.lineno <= line <= last(node) and "scope='session'" in " ".join(decorators):
                return True
    return False


def plugins(line: str) -> list[str]:
    """Return the files of the modules that a line names for pytest to import."""
    names = re.findall(r'"([\w.]+)"', line) if line.startswith("pytest_plugins") else []
    return [name.replace(".", "/") + ".py" for name in names]


def defined_in(tree: ast.AST) -> list[Defined]:
    """Return all functions and classes of a file."""
    return [node for node in ast.walk(tree) if isinstance(node, DEFINED)]


def definitions(tree: ast.Module, names: list[str]) -> set[int]:
    """Return the line of the class that holds a test, and the line of the test if it is there."""
    lines: set[int] = set()
    within: list[ast.AST] = [tree]
    for name in names:
        direct = [node for parent in within for node in ast.iter_child_nodes(parent)]
        found = [node for node in direct if isinstance(node, DEFINED) and node.name == name]
        lines = {node.lineno for node in found} or lines
        within = [*found]
    return lines


def first_line(tree: ast.Module, line: int) -> int:
    """Return the first line of the innermost statement that has this line."""
    statements = [node for node in ast.walk(tree) if isinstance(node, ast.stmt)]
    return max((one.lineno for one in statements if one.lineno <= line <= last(one)), default=0)


def first(node: Defined) -> int:
    """Return the line of the first decorator of a function or class, or its own."""
    return min([node.lineno, *(one.lineno for one in node.decorator_list)])


def last(node: ast.stmt | ast.expr) -> int:
    """Return the last line of a statement or expression."""
    return node.end_lineno or node.lineno


def body(node: Defined) -> range:
    """Return the lines of the body of a function."""
    return range(node.body[0].lineno, last(node) + 1)


def elusive(node: ast.ClassDef) -> Iterator[Defined]:
    """Yield the tests of a class that its decorator cannot cover, whatever they do."""
    for one in ast.walk(node):
        if isinstance(one, FUNCTION) and one.name.startswith("test"):
            names = {name.id for name in one.decorator_list if isinstance(name, ast.Name)}
            bound = not names.isdisjoint({"staticmethod", "classmethod"})
            yields = any(isinstance(part, ast.Yield | ast.YieldFrom) for part in ast.walk(one))
            if bound or yields or isinstance(one, ast.AsyncFunctionDef):
                yield one
