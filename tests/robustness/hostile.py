"""Sources that could break a program that follows other programs, each under a name."""

from __future__ import annotations

from collections.abc import Iterator

BUILD = "import boto3\nc = boto3.client('s3')\n"
PARTIAL = "import functools\ndef f(*a): pass\nx = f\n"
CACHED = "import functools\n@functools.lru_cache\ndef g(x): return 1\n"
ITERATES_ITSELF = """
class A:
    def __iter__(self):
        return self
class B:
    def __iter__(self):
        return B()
for x in A(): pass
[*A(), *B()]
list(B())
"""
ENDLESS = """
def ones():
    while True:
        yield 1
for x in ones(): pass
next(ones())
list(ones())
def again():
    yield from again()
list(again())
"""
ABANDONED = """
import contextlib
@contextlib.contextmanager
def inner():
    with inner():
        yield
with inner(): pass
stack = contextlib.ExitStack()
for i in range(50): stack.enter_context(inner())
"""
NAMES = """
import sys, importlib, os
sys.path[:0] = ['a\\0b', '\\ud800', 7]
import nowhere, \N{GREEK SMALL LETTER LAMDA}
importlib.import_module('a\\0')
importlib.import_module('\\ud800.x')
importlib.import_module('..')
os.path.join('a\\0', '/b')
os.path.abspath('\\0')
from . import x
from .....a import b
from .... import *
"""
NUMBERS = """
big = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFF
for i in range(big): pass
for i in range(10**30): pass
x = [1]
x.insert(big, 2)
x.insert(-big, 2)
x.insert(9007199254740992, 3)
'a'.replace('a', 'b', big)
'a b'.split(' ', big)
"""
ODD_TARGETS = """
d = {}
d[f'{d!r:\\n}'] += 1
d['\\ud800'] += 2
d[0:1] += 3
del d[0:1], d['nothing'], nothing, d.nothing
[d[0], *d[1]] = d
"""


def nested(opening: str, closing: str, depth: int, inner: str = "1") -> str:
    """Put an expression into itself."""
    return f"x = {opening * depth}{inner}{closing * depth}\n"


def indented(line: str, depth: int) -> str:
    """Put a compound statement into itself; `#` in the line is the depth."""
    lines = [" " * level + line.replace("#", str(level)) for level in range(depth)]
    return "\n".join(lines) + "\n" + " " * depth + "pass\n"


def numbered(line: str, count: int) -> str:
    """Repeat a line; `#` in it is its number, `+` the next one."""
    return "".join(
        line.replace("#", str(number)).replace("+", str(number + 1)) for number in range(count)
    )


def deep() -> Iterator[tuple[str, str]]:
    """Yield sources that are deep in one way."""
    yield "ifs", indented("if c#:", 95)
    yield "functions", indented("def f#():", 95) + "f0()\n"
    yield "classes", indented("class C#:", 95)
    yield "withs", indented("with c#() as x#:", 95)
    yield "loops", indented("for x# in y#:", 95)
    yield "parentheses", nested("(", ")", 150)
    yield "lists", nested("[", "]", 150)
    yield "calls", nested("f(", ")", 90)
    yield "lambdas", nested("lambda: ", "", 180)
    yield "not", nested("not ", "", 600)
    yield "ternaries", nested("1 if a else ", "", 600)
    yield "sums of texts", "x = " + " + ".join(["'a'"] * 900) + "\n"
    yield "sums of names", "x = " + " + ".join("a" * 900) + "\n"
    yield "or", "x = " + " or ".join("a" * 5000) + "\n"
    yield "comparisons", "x = " + " < ".join("a" * 5000) + "\n"
    yield "attributes", "x = a" + ".b" * 900 + "\n"
    yield "chained calls", "x = a" + "()" * 900 + "\n"
    yield "chained methods", BUILD + "x = c" + ".b()" * 400 + "\n"
    yield "subscripts", "x = a" + "[0]" * 900 + "\n"
    yield "elif", "if c: pass\n" + numbered("elif c#: x# = 1\n", 400)
    yield "comprehension", "x = [1 " + numbered("for x# in y# ", 300) + "]\n"
    yield "items of with", "with " + ", ".join("a" * 900) + ": pass\n"
    yield "decorators", "def d(f): return lambda: f()\n" + "@d\n" * 900 + "def f(): pass\nf()\n"
    yield "mocks", "from moto import mock_aws\n" + "@mock_aws\n" * 900 + "def f(): pass\nf()\n"
    yield "bases", "class A0: pass\n" + numbered("class A+(A#): pass\n", 900) + "A900().x\n"
    yield "partials", PARTIAL + "x = functools.partial(x, 1)\n" * 900 + "x()\n"
    yield "methods", BUILD + "c = c.a\n" * 900 + "[c].remove(c)\n"


def endless() -> Iterator[tuple[str, str]]:
    """Yield sources that call, iterate or import themselves."""
    yield "recursion", "def f(n): return f(n - 1) + f(n - 2)\nf(9)\n"
    yield "iteration", ITERATES_ITSELF
    yield "generators", ENDLESS
    yield "contexts", ABANDONED
    yield "own import", "import test_x\nfrom test_x import *\n"
    yield "own attribute", "def __getattr__(n): return globals()[n]\nimport test_x\ntest_x.zz\n"
    yield "property", "class A:\n @property\n def x(self): return self.x\nA().x\n"
    yield "missing attribute", "class A:\n def __getattr__(self, n): return self.y\nA().x\n"
    yield "list in itself", "x = []\nx.append(x)\nx == x\nx in x\nfor x in x: pass\n"


def growing() -> Iterator[tuple[str, str]]:
    """Yield sources whose values double with every line."""
    yield "f-string", "x = 'ab'\n" + "x = f'{x}{x}'\n" * 60
    yield "sum of texts", "x = 'ab'\n" + "x = x + x\nx += x\n" * 60
    yield "replace", "x = 'ab'\n" + "x = x.replace('a', x)\n" * 60
    yield "join", "x = 'ab'\n" + "x = x.join([x, x, x])\n" * 60
    yield "display", "x = [1]\n" + "x = [*x, *x]\n" * 60
    yield "sum of lists", "x = [1]\n" + "x = x + x\n" * 60
    yield "augmented list", "x = [1]\n" + "x += x\n" * 60
    yield "augmented tuple", "x = (1,)\n" + "x += x\n" * 60
    yield "extend", "x = [1]\n" + "x.extend(x)\n" * 60
    yield "copies", "x = [1]\nfor i in range(60): x = list(x) + sorted(x)\n"
    yield "arguments", BUILD + "if a:\n c = c\n" + " c = f(c, c)\n" * 60 + "y = c\n"
    nest = " c = f(c, c)\n" * 60
    yield "two branches", f"{BUILD}if a:\n{nest}else:\n{nest}"
    yield "cached argument", BUILD + CACHED + "c = f(c, c)\n" * 60 + "g(c)\ng(c)\n"
    yield "bases", "class A0: pass\nclass B0: pass\n" + numbered(
        "class A+(A#, B#): pass\nclass B+(A#, B#): pass\n", 40
    ) + "A40().x\n"


def odd() -> Iterator[tuple[str, str]]:
    """Yield sources with odd names, numbers and targets."""
    yield "names", NAMES
    yield "numbers", NUMBERS
    yield "long number", "x = str(0x" + "F" * 5000 + ")\ny = f'{0x" + "F" * 5000 + "}'\n"
    yield "targets", ODD_TARGETS
    yield "branches", numbered("if c#: a = #\nelse: b = #\n", 600)
    yield "returns", "def f():\n" + numbered(" if c#: return #\n", 300) + "f()\n"
    yield "cases", "match x:\n" + numbered(" case y if z#: a# = #\n", 600)
    yield "tries", numbered("try: f()\nexcept E#: a# = #\n", 600)
    yield "dict", "x = {" + numbered("#: '#', ", 100_000) + "}\n"
    yield "list", "x = [" + numbered("#, ", 100_000) + "]\n"
