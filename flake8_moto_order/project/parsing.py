"""Parsing without function bodies: what is never called needs no syntax tree.

At import only module-level and class-level code runs. The bodies of functions are set aside as text
and parsed when somebody looks at them. A file that is not plain is parsed whole instead.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Callable, Iterator
from functools import cache
from typing import NamedTuple, SupportsIndex, overload

# A `def` with its head on one line, or with brackets that close on one of the next lines.
HEAD = re.compile(
    rb"^( *)(?:async +)?def \w+"
    rb"(?:[^\n#]*:|\([^\n)]*\n(?: [^\n]*\n|\n){0,99}?\1\)[^\n#]*:) *(?:#[^\n]*)?\n",
    re.MULTILINE,
)
# A declared encoding, or a byte order mark.
ENCODING = re.compile(rb"\A(?:\xef\xbb\xbf|(?:[^\n]*\n)?[^\n]*coding[:=])")
BLOCKS = ("body", "orelse", "finalbody", "handlers", "cases")
SHORTEST = 2


class Deferred(list[ast.stmt]):
    """The body of a function, parsed when it is first looked at; `text` starts at `line`.

    `on_use` is called each time that somebody looks at it.
    """

    def __init__(self, text: bytes, line: int) -> None:
        super().__init__()
        self.text = text
        self.line = line
        self.on_use: Callable[[], None] = _ignore
        self._pending = True

    def use(self) -> None:
        """Parse the body if that was not done yet, and tell that it is looked at."""
        self.on_use()
        if self._pending:
            self._pending = False
            # The head keeps lines and columns right; a broken body is an empty one.
            tree = parse_source(b"\n" * (self.line - 2) + b"if 1:\n" + self.text)
            for node in tree.body if tree else ():
                self.extend(getattr(node, "body", ()))

    def __iter__(self) -> Iterator[ast.stmt]:
        self.use()
        return super().__iter__()

    def __len__(self) -> int:
        self.use()
        return super().__len__()

    @overload
    def __getitem__(self, index: SupportsIndex) -> ast.stmt: ...
    @overload
    def __getitem__(self, index: slice) -> list[ast.stmt]: ...

    def __getitem__(self, index: SupportsIndex | slice) -> ast.stmt | list[ast.stmt]:
        self.use()
        return super().__getitem__(index)


def _ignore() -> None:
    """Tell nobody."""


class Cut(NamedTuple):
    """A file without its function bodies.

    `text` has a placeholder and the lines of each, `shell` the placeholder alone.
    """

    text: bytes
    shell: bytes
    bodies: tuple[Deferred, ...]

    def parse(self) -> ast.Module | None:
        """Return the syntax tree with the bodies set in; None where that can't be done."""
        tree = parse_source(self.text)
        return tree if tree and _restore(tree, {body.line: body for body in self.bodies}) else None


def cut(content: bytes) -> Cut | None:
    """Take the function bodies out of a file; None when it does not look plain."""
    if _is_unusual(content):
        return None
    kept: list[bytes] = []
    bodies: list[Deferred] = []
    copied = at = counted = 0
    line = 1
    while head := HEAD.search(content, at):
        start = at = head.end()
        following = _dedent_to(len(head[1])).search(content, start)
        end = following.start() if following else len(content)
        body = content[start:end]
        if body.count(b"\n") < SHORTEST or head[0].count(b"(") != head[0].count(b")"):
            continue
        if body.count(b'"""') % 2 or body.count(b"'''") % 2 or body.rstrip().endswith(b"\\"):
            return None
        line += content.count(b"\n", counted, start)
        counted = start
        bodies.append(Deferred(body, line))
        kept.append(content[copied:start] + head[1] + b" 0")
        copied = at = end
    rest = content[copied:]
    gaps = (b"\n" * body.text.count(b"\n") for body in bodies)
    text = b"".join(part + gap for part, gap in zip(kept, gaps)) + rest
    return Cut(text, b"\n".join([*kept, rest]), tuple(bodies))


def _is_unusual(content: bytes) -> bool:
    """Tell whether a file can't be cut: for its encoding, or what may stand in its indentation."""
    return any(byte in content for byte in (b"\t", b"\r", b"\f")) or bool(ENCODING.match(content))


@cache
def _dedent_to(width: int) -> re.Pattern[bytes]:
    """Return what finds the next statement that is indented by `width` at the most."""
    return re.compile(rb"^ {0,%d}[^\s#]" % width, re.MULTILINE)


def _restore(tree: ast.Module, bodies: dict[int, Deferred]) -> bool:
    """Put the bodies where their placeholders are; tell whether each was found."""
    found = 0
    stack: list[ast.AST] = [tree]
    while stack:
        node = stack.pop()
        for name in BLOCKS:
            stack.extend(getattr(node, name, ()))
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            body = bodies.get(node.body[0].lineno)
            if body is not None:
                node.body = body
                found += 1
    return found == len(bodies)


def parse_source(content: bytes | str) -> ast.Module | None:
    """Parse Python; None for what Python refuses."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(content)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
