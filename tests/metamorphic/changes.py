"""Changes that leave a project what it is: each takes its files and returns them changed.

A change edits text and keeps comments, so that the markers of an example stay on their statements.
It returns None when it has nothing to change, or can't be sure to change nothing else.
"""

from __future__ import annotations

import ast
import io
import re
import textwrap
import tokenize
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath

Files = dict[str, str]
UNRELATED_HEAD = '''\
import collections as unrelated_collections
from decimal import Decimal as UnrelatedDecimal

UNRELATED = {"number": UnrelatedDecimal(1), "names": unrelated_collections.OrderedDict()}


'''
UNRELATED_TAIL = '''

class Unrelated:
    """Counts."""

    def __init__(self):
        self.count = 0

    def add(self, number):
        for _ in range(number):
            self.count += 1
        return self


def unrelated(value, *values):
    return [Unrelated().add(each) for each in (value, *values) if each]
'''
UNRELATED_MODULE = f'"""Nothing here knows AWS."""\n{UNRELATED_HEAD}{UNRELATED_TAIL}'
LIBRARIES = ("boto3", "moto", "pytest", "unittest.mock")
# Names that mean something to Python, pytest or a packaging tool.
FIXED = re.compile(r"_.*|test.*|check_.*|conftest|setup|src|lib|node_modules", re.I)


def shifted(files: Files) -> Files | None:
    """Add unrelated code before and behind what a file has, and unrelated modules."""
    changed = {**files, "unrelated_module.py": UNRELATED_MODULE}
    for path, text in files.items():
        body = _body(path, text)
        while body and (_is_docstring(body[0]) or _is_future(body[0])):
            del body[0]
        if body:
            lines = text.splitlines(keepends=True)
            first = _first_line(body[0]) - 1
            head = f"{''.join(lines[:first])}{UNRELATED_HEAD}{''.join(lines[first:])}"
            changed[path] = f"{head.rstrip()}\n{UNRELATED_TAIL}"
    return changed


def aliased(files: Files) -> Files | None:
    """Import libraries by other names: `import boto3 as own_boto3`."""
    return _each(files, _with_aliases)


def qualified(files: Files) -> Files | None:
    """Import libraries instead of names from them: `moto.mock_aws` for `mock_aws`."""
    return _each(files, _with_modules)


def renamed(files: Files) -> Files | None:
    """Give the modules of the application other names, wherever they are spoken of."""
    modules = {PurePosixPath(path).stem for path in files if path.endswith(".py")}
    modules |= {part for path in files for part in PurePosixPath(path).parts[:-1]}
    everything = "\n".join(files.values())
    names = {
        name
        for name in modules
        if name.isidentifier()
        and not FIXED.fullmatch(name)
        and not re.search(rf"\b(def|class|as|for)\s+{name}\b|\b{name}\b\s*=[^=]", everything)
        and not re.search(rf"(?<![\w.])(boto3|moto|pytest)[\w.]*\.{name}\b", everything)
    }
    if not names:
        return None
    word = re.compile(rf"\b({'|'.join(sorted(names))})\b")
    new = r"\1_other"
    return {word.sub(new, path): word.sub(new, text) for path, text in files.items()}


def packaged(files: Files) -> Files | None:
    """Make packages of the application's modules: `app.py` becomes `app/__init__.py`."""
    changed = dict(files)
    for path, text in files.items():
        pure = PurePosixPath(path)
        is_plain = pure.suffix == ".py" and not FIXED.fullmatch(pure.stem)
        is_named = any(str(pure.with_suffix("")) in other for other in files if other != path)
        if is_plain and not is_named and not re.search(r"from \.|__file__|__path__", text):
            changed[str(pure.with_suffix("") / "__init__.py")] = changed.pop(path)
    return changed if changed != files else None


def split(files: Files) -> Files | None:
    """Move what a conftest defines to a module beside it, and import all of it."""
    changed = dict(files)
    for path, text in files.items():
        if PurePosixPath(path).name == "conftest.py" and _can_move(path, text):
            name = f"conftest_of_{PurePosixPath(path).parent.name or 'top'}"
            changed[str(PurePosixPath(path).with_name(f"{name}.py"))] = text
            changed[path] = f"from {name} import *\n"
    return changed if changed != files else None


def wrapped(files: Files) -> Files | None:
    """Put the body of each test into a function that the test calls."""
    return _each(files, _with_wrapped_tests)


def _each(files: Files, change: Callable[[str, Files], str]) -> Files | None:
    changed = {
        path: change(path, files) if path.endswith(".py") else text for path, text in files.items()
    }
    return changed if changed != files else None


def _body(path: str, text: str) -> list[ast.stmt]:
    try:
        return ast.parse(text).body if path.endswith(".py") else []
    except SyntaxError:
        return []


def _is_docstring(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _is_future(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.ImportFrom) and statement.module == "__future__"


def _first_line(statement: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
    return min([statement.lineno, *(node.lineno for node in decorators)])


def _with_aliases(path: str, files: Files) -> str:
    names = {}
    for node in _library_imports(path, files):
        for alias in node.names:
            name = alias.asname or alias.name
            if alias.name != "*" and "." not in name and _is_own_matter(name, path, files):
                names[name] = f"own_{name}"
    return _rename(files[path], names, bind=True)


def _with_modules(path: str, files: Files) -> str:
    names = {}
    text = files[path]
    for node in _library_imports(path, files):
        top = (getattr(node, "module", "") or "").partition(".")[0]
        if re.search(rf"\b(def|class|as|for)\s+{top}\b|\b{top}\b\s*=[^=]", text):
            continue
        if isinstance(node, ast.ImportFrom) and node.lineno == node.end_lineno:
            aliases = [alias.asname or alias.name for alias in node.names]
            if all(name != "*" and _is_own_matter(name, path, files) for name in aliases):
                line = text.splitlines()[node.lineno - 1]
                written = ast.get_source_segment(text, node) or ""
                text = text.replace(line, line.replace(written, f"import {node.module}"), 1)
                for alias, name in zip(node.names, aliases):
                    names[name] = f"{node.module}.{alias.name}"
    return _rename(text, names, bind=False)


def _library_imports(path: str, files: Files) -> Iterator[ast.Import | ast.ImportFrom]:
    """Yield the imports at the top of a file that bring libraries, and nothing else."""
    for node in _body(path, files[path]):
        if isinstance(node, ast.Import) and all(each.name in LIBRARIES for each in node.names):
            yield node
        elif isinstance(node, ast.ImportFrom) and node.module in LIBRARIES:
            yield node


def _is_own_matter(name: str, path: str, files: Files) -> bool:
    """Tell whether a name is bound once in a file, and unknown by this name outside of it."""
    stem = PurePosixPath(path).stem
    outside = "\n".join(text for other, text in files.items() if other != path)
    imports = rf"\b{stem}\.{name}\b|from \S*\b{stem} import|import_module|from \S* import \*"
    if PurePosixPath(path).name in ("__init__.py", "conftest.py") or re.search(imports, outside):
        return False
    if f".{name}" in outside or name in files:
        return False
    text = files[path]
    strings = [t.string for t in _tokens(text) if t.type == tokenize.STRING]
    if any(re.search(rf"\b{name}\b", string) for string in strings):
        return False
    bound = rf"\b(def|class|as|for|global|del)\s+{name}\b|\b{name}\b\s*(=[^=]|:=)|globals\(|vars\("
    rebound = re.findall(bound, text)
    return not rebound and len(re.findall(rf"import [^#\n]*\b{name}\b", text)) == 1


def _rename(text: str, names: dict[str, str], bind: bool) -> str:
    """Write names anew; where they are imported only if that is to `bind` the new ones."""
    lines = text.splitlines(keepends=True)
    previous, importing = "", ""
    edits: list[tuple[tuple[int, int], str, str]] = []
    for token in _tokens(text):
        if token.type == tokenize.NAME and token.string in ("import", "from") and not importing:
            importing = token.string
        elif token.type == tokenize.NEWLINE:
            importing = ""
        elif token.type == tokenize.NAME and token.string in names and previous != ".":
            new = names[token.string]
            if not importing:
                edits.append((token.start, token.string, new))
            elif bind and (importing == "import" or previous in ("import", ",", "(")):
                edits.append((token.start, token.string, f"{token.string} as {new}"))
        previous = token.string
    for (row, column), old, new in reversed(edits):
        line = lines[row - 1]
        lines[row - 1] = line[:column] + new + line[column + len(old) :]
    return "".join(lines)


def _tokens(text: str) -> list[tokenize.TokenInfo]:
    try:
        return list(tokenize.generate_tokens(io.StringIO(text).readline))
    except (tokenize.TokenError, SyntaxError):
        return []


def _can_move(path: str, text: str) -> bool:
    body = _body(path, text)
    private = re.search(r"^(def|class|async def) _|^_\w+ =|pytest_|__file__|autouse", text, re.M)
    return bool(body) and not private and "error:" not in text


def _with_wrapped_tests(path: str, files: Files) -> str:
    text = files[path]
    lines = text.splitlines(keepends=True)
    functions = [node for statement in _body(path, text) for node in ast.walk(statement)]
    for node in sorted(functions, key=lambda node: -getattr(node, "lineno", 0)):
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            if _can_wrap(node, text):
                first, last = node.body[0].lineno - 1, node.body[-1].end_lineno or 0
                indent = " " * node.body[0].col_offset
                block = textwrap.indent("".join(lines[first:last]).rstrip("\n"), "    ")
                wrapping = [f"{indent}def wrapped():\n", f"{block}\n", f"{indent}wrapped()\n"]
                lines[first:last] = wrapping
    return "".join(lines)


def _can_wrap(node: ast.FunctionDef, text: str) -> bool:
    if node.body[0].lineno == node.lineno or '"""' in (ast.get_source_segment(text, node) or ""):
        return False
    spec = node.args
    given = {each.arg for each in (*spec.posonlyargs, *spec.args, *spec.kwonlyargs)}
    for inner in ast.walk(node):
        if isinstance(inner, (ast.Yield, ast.YieldFrom, ast.Return, ast.Global, ast.Nonlocal)):
            return False
        if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store) and inner.id in given:
            return False
        if isinstance(inner, ast.Call) and getattr(inner.func, "id", "") in ("super", "locals"):
            return False
    return True
