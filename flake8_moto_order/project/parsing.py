"""Parsing without function bodies: what is never called needs no syntax tree.

At import only module-level and class-level code runs. The bodies of functions are set aside as text
and parsed when somebody looks at them. A file that is not plain is parsed whole instead.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator
from functools import cache
from typing import SupportsIndex, overload

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
    """The body of a function, parsed when it is first looked at; `text` starts at `line`."""

    def __init__(self, text: bytes, line: int) -> None:
        super().__init__()
        self.text = text
        self.line = line
        self._pending = True

    def _fill(self) -> None:
        if self._pending:
            self._pending = False
            # The head keeps lines and columns right; a broken body is an empty one.
            tree = parse_source(b"\n" * (self.line - 2) + b"if 1:\n" + self.text)
            for node in tree.body if tree else ():
                self.extend(getattr(node, "body", ()))

    def __iter__(self) -> Iterator[ast.stmt]:
        self._fill()
        return super().__iter__()

    def __len__(self) -> int:
        self._fill()
        return super().__len__()

    @overload
    def __getitem__(self, index: SupportsIndex) -> ast.stmt: ...
    @overload
    def __getitem__(self, index: slice) -> list[ast.stmt]: ...

    def __getitem__(self, index: SupportsIndex | slice) -> ast.stmt | list[ast.stmt]:
        self._fill()
        return super().__getitem__(index)


def parse_lazily(content: bytes) -> ast.Module | None:
    """Parse a file and leave function bodies for later; None for what Python refuses."""
    cut = None if _is_unusual(content) else _cut(content)
    if cut is None:
        return parse_source(content)
    text, bodies = cut
    tree = parse_source(text)
    if tree is None or not _restore(tree, bodies):
        return parse_source(content)
    return tree


def _is_unusual(content: bytes) -> bool:
    """Tell whether a file can't be cut: for its encoding, or what may stand in its indentation."""
    return any(byte in content for byte in (b"\t", b"\r", b"\f")) or bool(ENCODING.match(content))


def _cut(content: bytes) -> tuple[bytes, dict[int, Deferred]] | None:
    """Put a placeholder for every body; None when a body does not look plain.

    With the text come the bodies by the line of their placeholder.
    """
    kept: list[bytes] = []
    bodies: dict[int, Deferred] = {}
    copied = at = counted = 0
    line = 1
    while head := HEAD.search(content, at):
        start = at = head.end()
        following = _dedent_to(len(head[1])).search(content, start)
        end = following.start() if following else len(content)
        body = content[start:end]
        lines = body.count(b"\n")
        if lines < SHORTEST or head[0].count(b"(") != head[0].count(b")"):
            continue
        if body.count(b'"""') % 2 or body.count(b"'''") % 2 or body.rstrip().endswith(b"\\"):
            return None
        line += content.count(b"\n", counted, start)
        counted = start
        bodies[line] = Deferred(body, line)
        kept += [content[copied:start], head[1], b" 0", b"\n" * lines]
        copied = at = end
    kept.append(content[copied:])
    return b"".join(kept), bodies


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


def parse_source(content: bytes | str | None) -> ast.Module | None:
    """Parse Python; None for what Python refuses."""
    if content is None:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(content)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
