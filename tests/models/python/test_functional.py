"""Models of built-ins, containers, paths and data give what Python itself gives."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from flake8_moto_order.interpreter.values import Collection, Constant, PathText
from tests.memory import run, value_of

HEAD = """
import asyncio, concurrent.futures, copy, functools, json, os, sys, typing
from pathlib import PurePosixPath as Path
class A:
    b = 1
class B(A): pass
def double(v): return v + v
def pair(a, b=0): return (a, b)
l, s, d, n = [1], {1}, {'a': 1}, [5, 6, 7]
"""
MADE = [
    "list(d.items())[0][1]", "list(enumerate('ab'))[1][1]",
    "list()", "tuple()", "set()", "frozenset()", "dict()", "list('ab')", "tuple([1])", "set([1])",
    "frozenset([1])", "list(reversed('ab'))", "dict(a=1)", "dict({'a': 1}, b=2)", "dict(d, a=3)",
    "sorted('ba')", "sorted([2, 1, 3])", "sorted([2, 1], reverse=True)", "sorted('ba')[0]",
    "sorted([2, 1], reverse=False)", "list(range(2, 5))", "list(range(6, 0, -2))",
    "list(range(-1))", "list(map(double, (1, 2)))", "list(map(double, []))", "list(zip('ab', n))",
    "list(zip())", "list(zip(n))", "list(enumerate('ab'))", "list(enumerate([]))",
    "max([3])", "min(3, 3)", "min([4, 4])", "max((4,))",
    "[] + list() + list('a') + list(range(2)) + sorted('b') + [*map(double, 'c')]",
    "tuple() + tuple('a') + (1,)", "'a b'.split() + 'c'.split() + ['d']",
    "[*zip('a', 'b')][0] + ('c',)", "[*enumerate('a')][0] + ('c',)", "[*d.items()][0] + ('c',)",
]  # fmt: skip
TOLD = [
    "bool('')", "bool(None)", "len('abc')", "len(b'ab')", "len('')",
    "len(n)", "len({1, 1})", "len(set([1, 1, 2]))", "len({'a': 1})", "len([1, 1])",
    "str(True)", "str(2.5)", "isinstance(B(), A)", "callable(double)",
    "getattr(A, 'b', 2)", "object.__new__(B).b", "setattr(A, 'c', 5) or A.c", "type(B()) is None",
    "super(B, B()).b", "copy.copy([1])", "copy.deepcopy({'a': [1]})",
    "copy.copy(x=[1])", "copy.deepcopy(x=(1, [2]))", "json.loads(s='[1, {}]')",
    """json.loads('{"a": {"b": [1, null]}}')""", """json.loads('{"a": 1}').get('b', 2)""",
    "json.loads('[1]') + [2]", "json.loads(json.dumps(obj={'a': 1}))",
    "copy.copy(d).get('a')", "copy.copy([1]) + [2]",
]  # fmt: skip
CHANGED = [
    "n.append(8) or n", "n.insert(1, 9) or n", "n.insert(0, 9) or n", "n.insert(-1, 9) or n",
    "n.insert(9, 9) or n", "n.extend('ab') or n", "n.clear() or n", "n.remove(6) or n",
    "[1, 2, 1].remove(1)", "n.pop()", "n.pop(0)", "n.pop(1)", "n.pop(-2)",
    "n.pop(-3)", "[n.pop(1), n]",
    "[n.pop(0), n]", "[n.pop(), n]", "n.copy() + [1]", "s.add(2) or s", "s.update([2, 3]) or s",
    "s.discard(1) or s", "s.discard(9) or s", "s.remove(1) or s", "s.clear() or s",
    "[d.get('a'), d]", "[d.get('b'), d]", "[d.get('b', 2), d]", "[d.pop('a'), d]",
    "[d.pop('b', 3), d]", "[d.setdefault('a', 2), d]", "[d.setdefault('b', 2), d]",
    "[d.setdefault('b'), d]", "d.update(b=2) or d", "d.update({'a': 3}, b=2) or d",
    "list(d.values())", "list(d.items())", "list(d.keys())", "d.clear() or d",
    "d.copy().get('a')", "d.copy()", "[d.copy().clear(), d]", "[n.copy().clear(), n]",
    "{1: 2}.get(1)", "{'a': None}.get('a', 1)",
]  # fmt: skip
TEXT = [
    "'aB'.upper()", "'aB'.lower()", "' a '.strip()", "' a '.lstrip()", "' a '.rstrip()",
    "'aab'.replace('a', 'c', 1)", "'ab'.startswith('a')", "'ab'.endswith('a')",
    "'ab'.removeprefix('a')", "'ab'.removesuffix('b')", "'a'.capitalize()", "'A'.casefold()",
    "'a b'.title()", "'a,b'.split(',')", "'a b c'.rsplit(' ', 1)", "', '.join(['a', 'b'])",
    "''.join([])", "'-'.join('ab')",
]  # fmt: skip
PATHS = [
    "Path('/a', 'b')", "Path('/a/b').parent", "Path('/a').parent", "Path('/').parent",
    "list(Path('/a/b').parents)", "list(Path('/').parents)", "Path('/a/b').parents[0]",
    "Path('/a/b.c').name", "Path('/a/b.c').stem", "Path('/a').as_posix()",
    "Path('/a').joinpath('b', Path('c'))", "Path('/a') / 'b'", "str(Path('/a', 'b'))",
    "os.path.join('a', 'b')", "os.path.normpath(path='/a/../b')", "os.path.dirname(p='/a/b')",
    "os.path.basename(p='/a/b')", "os.fspath(path=Path('/a'))", "os.path.abspath(path='/a/..')",
    "os.path.expanduser(path='/a')", "typing.cast(typ=int, val=2)", "typing.TYPE_CHECKING",
    "os.sep", "os.path.sep", "len(Path('/a/b').parents)",
]  # fmt: skip
CALLS = [
    "functools.partial(pair, 1, b=2)()", "functools.partial(pair, 1)(b=3)",
    "functools.partial(functools.partial(pair, 1), 2)()", "functools.lru_cache(pair)(1, 2)",
    "functools.lru_cache(maxsize=None)(pair)(1)", "functools.cache(functools.partial(pair, 1))(2)",
    "functools.cache(functools.cache(pair))(1)", "functools.wraps(double)(pair)(1)",
    "functools.update_wrapper(pair, double)(2)",
    "functools.update_wrapper(wrapper=pair, wrapped=double)(2)",
]  # fmt: skip


def plain(value: object) -> object:
    """Turn an abstract value into the Python value it stands for."""
    match value:
        case Constant(value=known):
            return known
        case PathText(text=text):
            return PurePosixPath(text)
        case Collection(kind="dict", slots=slots, open=False):
            return {key: plain(item) for key, item in slots.items()}
    assert isinstance(value, Collection) and not value.open, f"{value} stands for no known value"
    makers = {"list": list, "tuple": tuple, "set": set, "frozenset": frozenset}
    return makers[value.kind](map(plain, value.items))


def really(source: str) -> object:
    """Let Python itself run `source`, and return what it binds `x` to."""
    names: dict[str, object] = {}
    exec(source, names)
    return names["x"]


@pytest.mark.parametrize("source", [*MADE, *TOLD, *CHANGED, *TEXT, *PATHS, *CALLS])
def test_value(source: str) -> None:
    """A value that is known is the one that Python has."""
    program = f"{HEAD}x = {source}"
    found, real = plain(value_of(run(program), "x")), really(program)
    assert found == real
    assert isinstance(found, type(real)) or isinstance(real, frozenset)


BLOCKS = [
    "del n[0]\nn.append(1)\nx = n",
    "c = copy.copy(d)\nc['b'] = 2\nx = [c, d]",
    "c = d.copy()\nc['b'] = 2\nx = [c, d]",
    "c = n.copy()\nc.append(2)\nx = [c, n]",
    "c = dict(d)\nc['b'] = 2\nx = [c, d]",
    "c = list(n)\nc.clear()\nx = [c, n]",
    "n.extend(n)\nx = n",
    "def g():\n yield 1\n yield 2\nx = next(g())",
    "def g():\n yield 1\ni = g()\nnext(i)\ni.close()\nx = 3",
    "x = []\nfor i, (a, b) in enumerate(zip(n, 'ab')): x.append((i, a, b))",
    "x = {}\nfor k, v in d.items(): x[v] = k",
    "a = b = []\na.append(1)\nx = b",
    "class C:\n def __len__(self): return 3\nx = len(C())",
    "@property\ndef f(self): return 4\nA.f = f\nx = A().f",
    "A.f = staticmethod(double)\nx = A().f(2)",
    "async def f(a): return a\nasync def g(): return await asyncio.gather(f(1), f(2))\n"
    "x = asyncio.run(g()) + [3]",
    "async def f(a): return a\nx = asyncio.run(asyncio.wait_for(f(2), 3))",
    "with concurrent.futures.ThreadPoolExecutor() as e: x = [*e.map(double, n)]",
    "A.f = classmethod(lambda cls, v: (cls.b, v))\nx = A().f(2)",
]


@pytest.mark.parametrize("source", BLOCKS)
def test_statements(source: str) -> None:
    """What statements make of values is what Python makes of them."""
    program = HEAD + source
    assert plain(value_of(run(program), "x")) == really(program)
