"""Parsing without function bodies: the same tree in the end, and nothing parsed before its time."""

from __future__ import annotations

import ast
import sysconfig
from pathlib import Path

import pytest

from flake8_moto_order.project.parsing import Deferred, cut, parse_source

LIBRARY = sorted(Path(sysconfig.get_path("stdlib")).glob("*.py"))
OWN = sorted(Path(__file__).parents[2].glob("flake8_moto_order/**/*.py"))
PLAIN = b"import os\nclass A:\n    def f(self, a,\n          b):\n        a()\n        return b\n"


def parse_lazily(content: bytes) -> ast.Module | None:
    """Parse a file without its bodies if that can be done, else whole."""
    pieces = cut(content)
    return (pieces.parse() if pieces else None) or parse_source(content)


def positions_of(tree: ast.Module) -> str:
    """Return all of a tree but the ends of what holds statements: they go with a cut body."""
    for node in ast.walk(tree):
        if hasattr(node, "body") and hasattr(node, "end_lineno"):
            vars(node).update(end_lineno=0, end_col_offset=0)
    return ast.dump(tree, include_attributes=True)


@pytest.mark.parametrize("path", [*LIBRARY, *OWN], ids=lambda path: path.name)
def test_same_tree(path: Path) -> None:
    """Once all bodies are looked at, the tree is that of a whole parse, lines and columns too."""
    content = path.read_bytes()
    whole, lazy = parse_source(content), parse_lazily(content)
    assert whole and lazy
    assert positions_of(lazy) == positions_of(whole)


@pytest.mark.parametrize(
    "content",
    [
        PLAIN,
        b"def f():\n    '''a\n    b'''\n    return 1\nx = 2\n",
        b"def f():\n    x = '''\nat the margin\n'''\n    return x\n",
        b"def f():\n    a = 1\n    x = \\\n'''odd\n'''\n    return x\n",
        b"def f():\n    return (\n1,\n)\n\n\ny = 1\n",
        b"def f(a=lambda:\n      1):\n    a()\n    return a\n",
        b"def f(\n    a,\n):\n    a()\n    return b\n\n\n# end\nasync def g():\n    a()\n    b()\n",
        b"if a:\n    def f():\n        a()\n        b()\nelse:\n    def f():\n        c()\n\n",
        b"try:\n    pass\nfinally:\n    def f():\n        a()\n        b()\n",
        b"def f():  # outer\n    def g():\n        a()\n        b()\n    return g\n",
        b"TEXT = '''\ndef f():\n    a()\n    b()\n'''\n\n\ndef f():\n    a()\n    b()\n",
        b"def f():\n\tif a:\n\t\tb()\n\tc()\n",
        b"def f():\r\n    a()\r\n    b()\r\n",
        b"# coding: latin-1\ndef f():\n    a = '\xe9'\n    return a\n",
        b"\xef\xbb\xbfdef f():\n    a()\n    b()\n",
        b"def f(): return 1\ndef g():\n    return 2\n",
        b"def f():\n    a()\n    b()",
        b"",
    ],
)
def test_unusual_text(content: bytes) -> None:
    """What can't be cut is parsed whole; the rest comes together again."""
    whole, lazy = parse_source(content), parse_lazily(content)
    assert whole and lazy
    assert positions_of(lazy) == positions_of(whole)


def test_late() -> None:
    """A body is text until somebody looks at it."""
    tree = parse_lazily(b"def f():\n    a = 1\n    return a\n")
    assert tree and isinstance(tree.body[0], ast.FunctionDef)
    body = tree.body[0].body
    assert isinstance(body, Deferred)
    assert body.text == b"    a = 1\n    return a\n"
    assert [list.__len__(body), len(body), list.__len__(body)] == [0, 2, 2]
    assert isinstance(body[-1], ast.Return) and body[1:] == [body[1]]


@pytest.mark.parametrize("content", [b"def f(:\n    a()\n    b()\n", b"x = (\n", b"\0"])
def test_broken(content: bytes) -> None:
    """What Python refuses has no tree."""
    assert parse_lazily(content) is None


def test_broken_body() -> None:
    """A body that Python refuses is an empty one."""
    tree = parse_lazily(b"def f():\n    a b\n    c d\nx = 1\n")
    assert tree and isinstance(tree.body[0], ast.FunctionDef)
    assert list(tree.body[0].body) == []
