"""Models of built-in functions, containers, paths, the process, decorators and delayed calls."""

from __future__ import annotations

import pytest

from flake8_moto_order.interpreter.values import (
    Choice,
    Collection,
    Constant,
    Library,
    PathText,
    Unknown,
)
from tests.memory import constant, machine_for, run, sent, value_of

BUILTIN = [
    ("list()", []), ("list([1])", [1]), ("tuple('ab')", ["a", "b"]), ("set()", []),
    ("sorted([2, 1], key=f)", [2, 1]), ("dict(a=1)['a']", 1),
    ("dict({'a': 1}, b=2)['b']", 2), ("len(dict({'a': 1}, b=2))", 2), ("dict({'a': 1})['a']", 1),
    ("getattr(A, 'b')", 1), ("getattr(A, 'b', 2)", 1), ("setattr(A, 'c', 5)", None),
    ("str(1)", "1"), ("str('a')", "a"), ("str(Path('/x'))", "/x"), ("bool([])", False),
    ("bool(0)", False), ("bool('a')", True), ("len([1, 2])", 2), ("list(range(3))", [0, 1, 2]),
    ("list(range(1, 3))", [1, 2]), ("list(range(0, 6, 3))", [0, 3]), ("len(range(64))", 64),
    ("list(map(lambda v: v, [1, 2]))", [1, 2]), ("list(zip([1], 'a'))[0][1]", "a"),
    ("list(zip())", []), ("list(enumerate('ab'))[1][0]", 1), ("next([3])", 3),
    ("isinstance(A(), A)", True), ("hasattr(os, 'x')", Unknown), ("type(A()).b", 1),
    ("callable(A)", True), ("callable(lambda: 1)", True), ("callable(A().f)", True),
    ("[*range(70)][0]", 0), ("len(list('abc'))", 3), ("getattr(A, y)", Unknown),
    ("getattr(A, 'z', 2)", Choice), ("str(y)", Unknown), ("bool(y)", Unknown), ("len(y)", Unknown),
    ("len([*y])", Unknown), ("range(y)", Unknown), ("range(0, 1, 0)", Unknown),
    ("range()", Unknown), ("map(f, [1], [2])", Unknown), ("next([])", Unknown), ("next()", Unknown),
    ("isinstance(1, A)", False), ("isinstance(A(), str)", False), ("type(1)", Library),
    ("callable(1)", False), ("super(1, 2)", Unknown), ("print(1)", Unknown),
    ("dict(y)", Collection), ("enumerate()", Unknown), ("str(1.5)", "1.5"),
    ("type('B', (), {})", Unknown), ("sorted([2, 'a'])", [2, "a"]),
    ("sorted([2, 1], reverse=y)", [2, 1]), ("sorted([2, y])[0]", 2), ("max(1, 2)", 2),
    ("min([1, y])", Choice), ("max([])", Unknown), ("max()", Unknown), ("filter(f)", Unknown),
    ("len({1, y})", Unknown), ("len([1 for i in [1] if y])", Unknown), ("next(y)", Unknown),
    ("isinstance(A(), B)", False), ("object.__new__(y)", Unknown), ("object.__new__()", Unknown),
    ("setattr(y, y, 1)", None), ("hasattr(A, 'b')", Unknown), ("__import__(y)", Unknown),
    ("__import__('os.path').sep", "/"), ("__import__(name='os.path').sep", "/"),
    ("str([1])", "[1]"), ("map(f)", Unknown), ("zip(y)", Collection), ("type()", Unknown),
    ("range(1, y)", Unknown), ("range('a')", Unknown), ("range(0, 1, 1, 1)", Collection),
]  # fmt: skip
CONTAINER = [
    ("[1].append(2)", None), ("l.append(2) or l[1]", 2), ("s.add(2) or len(s)", 2),
    ("l.insert(0, 5) or l[0]", 5), ("l.insert(y, 5) or l[0]", 5), ("l.extend([2, 3]) or l[2]", 3),
    ("s.update([2]) or len(s)", 2), ("l.clear() or len(l)", 0), ("l.remove(1) or len(l)", 0),
    ("l.remove(9) or len(l)", 1), ("l.pop()", 1), ("l.copy()[0]", 1), ("l.copy() is None", False),
    ("[].pop()", Unknown), ("l.count(1)", 1),
    ("1 .name.format(2)", Unknown), ("l.append()", Unknown), ("d.get('a')", 1),
    ("d.get('b')", None), ("d.get('b', 2)", 2), ("d.pop('a') and len(d)", 0),
    ("d.setdefault('a', 2)", 1), ("d.setdefault('b', 2) and d['b']", 2),
    ("d.update(b=3) or d['b']", 3), ("d.update({'b': 3}) or d['b']", 3), ("d.values()", [1]),
    ("list(d.items())[0][0]", "a"), ("list(d.keys())", ["a"]), ("d.copy()['a']", 1),
    ("d.clear() or len(d)", 0), ("d.popitem()", Unknown), ("d.get(y)", Unknown),
    ("{**y}.get('a', 1)", Choice), ("d.update(y) or len(d)", Unknown),
    ("d.update([('b', 2)]) or d.get('b')", Choice), ("d.update() or len(d)", 1),
    ("[5, 6].pop(y)", Choice), ("[5, 6].pop(2)", Choice), ("d.popitem(1)", Unknown),
    ("'a'.replace('a', 'b', y)", Unknown), ("'a'.replace('a', ['b'])", Unknown),
    (f"'{'a' * 2000}'.replace('a', 'bbb')", Unknown),
    (f"'{'a' * 100}'.join(['{'b' * 1990}', '{'c' * 1990}'])", Unknown),
    ("Path('/b').absolute()", PathText), ("Path('/b').expanduser()", PathText),
    ("'A b'.lower()", "a b"),
    ("'a'.upper()", "A"), ("' a '.strip()", "a"), ("'ab'.replace('a', 'c')", "cb"),
    ("'ab'.startswith('a')", True), ("'ab'.endswith('a')", False), ("'a,b'.split(',')", ["a", "b"]),
    ("'a b'.rsplit(' ', 1)[1]", "b"), ("'-'.join(['a', 'b'])", "a-b"), ("'-'.join(y)", Unknown),
    ("'-'.join([y])", Unknown), ("'a'.format(1)", Unknown), ("'a'.upper(1)", Unknown),
    ("'a'.split('')", Unknown), ("'a'.replace(y, 'b')", Unknown), ("'a'.nothing()", Unknown),
    ("1 .bit_length()", 1), ("'ab'.removeprefix('a')", "b"), ("'a'.join()", Unknown),
]  # fmt: skip
SYSTEM = [
    ("os.path.join('a', 'b')", "a/b"), ("os.path.join('a', y)", Unknown),
    ("os.path.join()", Unknown), ("os.path.abspath('/a/../b')", "/b"),
    ("os.path.dirname('/a/b')", "/a"), ("os.path.basename('/a/b')", "b"),
    ("os.path.dirname(__file__)", "/p"), ("os.path.dirname(y)", Unknown),
    ("os.path.basename(y)", Unknown), ("os.path.normpath(y)", Unknown),
    ("os.fspath(Path('/a'))", "/a"), ("os.fspath(y)", Unknown), ("os.getcwd()", Unknown),
    ("Path.cwd()", Unknown), ("os.sep", "/"), ("os.path.sep", "/"), ("os.getenv('A')", None),
    ("os.getenv('A', 'b')", "b"), ("os.getenv('HOME')", None), ("os.environ.get('A')", None),
    ("os.environ.setdefault('A', 'b')", "b"), ("os.getenv(key='A', default='b')", "b"),
    ("os.environ.get(key='A', default='b')", "b"), ("typing.cast(int, 1)", 1),
    ("typing.TYPE_CHECKING", False), ("typing.NamedTuple", Library), ("sys.version_info", Unknown),
    ("sys.version_info >= (3, 9)", Unknown), ("sys.path[0]", "/p"), ("'os' in sys.modules", None),
    ("str(Path('/a', 'b'))", "/a/b"), ("Path('/a').parent", PathText),
    ("Path('/a/b.c').name", "b.c"), ("Path('/a/b.c').stem", "b"),
    ("str(Path('/a/b').parents[0])", "/a"), ("str(Path('/a/../b').resolve())", "/b"),
    ("Path('/a').as_posix()", "/a"), ("str(Path('/a').joinpath('b', Path('c')))", "/a/b/c"),
    ("Path('/a').joinpath(y)", Unknown), ("Path('/a').exists()", Unknown),
    ("Path('/a').suffix", None), ("Path(y)", Unknown), ("Path()", Unknown),
    ("site.addsitedir('/q') or sys.path[1]", "/q"), ("len(Path('/a/b/c').parents)", 3),
    ("os.getpid()", Unknown), ("os.x", Library),
]  # fmt: skip
FUNCTIONAL = [
    ("functools.partial(f, 1)()", 1), ("functools.partial(f, v=1)()", 1),
    ("functools.partial()", Unknown), ("functools.lru_cache(f)(1)", 1),
    ("functools.lru_cache()(f)(1)", 1), ("functools.cache(f)(2)", 2),
    ("functools.wraps(f)(f)(3)", 3), ("functools.reduce(f, [])", Unknown),
    ("dataclasses.field(default=1)", None), ("dataclasses.dataclass(A).b", 1),
    ("dataclasses.dataclass(frozen=True)(A).b", 1), ("asyncio.run(co())", 1),
    ("asyncio.get_event_loop().run_until_complete(co())", 1), ("asyncio.sleep(1)", Unknown),
    ("list(ThreadPoolExecutor().map(f, [1]))", [1]), ("ThreadPoolExecutor().map(f)", Unknown),
    ("Thread(target=f).join()", Unknown),
    ("f.cache_clear()", Unknown), ("functools.cache(f).cache_info()", Unknown),
    ("contextlib.suppress(E)", Unknown),
]  # fmt: skip
HEAD = """
import asyncio, contextlib, copy, dataclasses, functools, json, os, site, sys, typing
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Thread
class A:
    b = 1
    def f(self): return 1
class B(A): pass
def f(v): return v
async def co(): return 1
async def gathered(*a): return await asyncio.gather(*a)
l, s, d = [1], {1}, {'a': 1}
"""


@pytest.mark.parametrize(("source", "value"), [*BUILTIN, *CONTAINER, *SYSTEM, *FUNCTIONAL])
def test_value(source: str, value: object) -> None:
    """A call gives what is known of its outcome, else something unknown."""
    found = constant(f"{HEAD}x = {source}")
    if isinstance(value, list):
        assert isinstance(found, Collection)
        assert [getattr(item, "value", item) for item in found.items] == value
    elif isinstance(value, type):
        assert isinstance(found, value)
    elif value is not None:
        assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize(
    ("source", "is_open"),
    [
        ("range(64)", False),
        ("range(65)", True),
        ("map(f, range(64))", False),
        ("map(f, y)", True),
        ("map(f, 'a' * 0 or [1] * 0 or list(range(64)) + [1])", True),
        ("zip([1], y)", True),
        ("enumerate([1])", False),
        ("l.extend(y) or l", True),
        ("l.append(2) or l", False),
        ("enumerate(y)", True),
        ("dict(y)", True),
        ("dict(**y)", True),
        ("dict({**y})", True),
        ("dict({**y}, **d)", True),
        ("dict(d, **y)", True),
        ("list(y)", True),
        ("list(filter(f, [1]))", True),
        ("[*y].copy()", True),
        ("{**y}.values()", True),
        ("{**y}.items()", True),
        ("{**y}.keys()", True),
        ("{**y}.copy()", True),
        ("d.copy()", False),
        ("d.values()", False),
        ("d.items()", False),
        ("d.update({**y}) or d", True),
        ("d.update(d) or d", False),
        ("d.update(**y) or d", True),
        ("copy.copy([*y])", True),
        ("copy.deepcopy({**y})", True),
        ("json.loads(json.dumps([1]))", False),
        ("ThreadPoolExecutor().map(f, y)", True),
        ("asyncio.run(gathered(*y))", True),
        ("asyncio.run(gathered(co()))", False),
        ("sys.modules", True),
        ("[1].copy()", False),
        ("globals()", True),
    ],
)
def test_open(source: str, is_open: bool) -> None:
    """A collection says whether there may be more items."""
    found = constant(f"{HEAD}x = {source}")
    assert isinstance(found, Collection)
    assert found.open is is_open


def test_hasattr_of_a_module() -> None:
    """Whether a module has a name is known once it is loaded."""
    source = "import other\nx = (hasattr(other, 'y'), hasattr(other, 'z'))"
    machine = run(source, other="y = 1")
    found = machine.environment.modules["main"]
    assert [item.value for item in getattr(found, "namespace")["x"].items] == [True, False]


@pytest.mark.parametrize(
    ("source", "requests"),
    [
        ("t = Thread(target=go, args=(1,))", []),
        ("t = Thread(target=go, args=(1,))\nt.start()", ["one"]),
        ("Thread(None, lambda: c.two()).start()", ["two"]),
        ("Thread().start()", []),
        ("Thread(None, lambda v: v.three(), None, (c,)).start()", ["three"]),
        ("ThreadPoolExecutor().submit(lambda v: v.four(), c)", ["four"]),
        ("ThreadPoolExecutor().submit(lambda v: v.five(), v=c)", ["five"]),
        ("ThreadPoolExecutor().submit(lambda v, w: w.six(), *y, c, w=c)", ["six"]),
        ("ThreadPoolExecutor().submit(go, 1)", ["one"]),
        ("with ThreadPoolExecutor() as e: e.submit(go, 1)", ["one"]),
        ("with ThreadPoolExecutor() as e: e.map(go, [1, 2])", ["one", "one"]),
        ("ThreadPoolExecutor().shutdown()", []),
        ("asyncio.run(co())", ["co"]),
        ("asyncio.run(1)", []),
        ("functools.partial(go)", []),
        ("functools.partial(go)(1)", ["one"]),
        ("map(go, [1])", ["one"]),
        ("filter(go, [1, 2])", ["one", "one"]),
        ("filter(None, [1])", []),
        ("sorted([1, 2], key=go)", ["one", "one"]),
        ("max([1, 2], key=go)", ["one", "one"]),
        ("class A:\n @property\n def p(self): c.p()\nA().p", ["p"]),
        ("class A:\n @functools.cached_property\n def p(self): c.p()\na = A()\na.p; a.p", ["p"]),
        ("@functools.cache\ndef g(): c.g()\ng(); g()", ["g"]),
        ("@functools.cache\ndef g(): c.g()\ng(); g.cache_clear(); g()", ["g", "g"]),
        ("@functools.wraps(go)\ndef g(): c.g()\ng()", ["g"]),
        ("@contextlib.contextmanager\ndef g(): c.g(); yield\ng()", []),
        ("import cachetools\n@cachetools.cached({})\ndef g(): c.g()\ng(); g()", ["g"]),
        ("g = functools.cache(functools.partial(go, 1))\ng(); g()", ["one"]),
        ("g = functools.cache(functools.cache(go))\ng(1); g(1)", ["one"]),
        ("class A:\n @functools.cache\n @staticmethod\n def g(): c.g()\nA.g(); A.g()", ["g"]),
    ],
)
def test_when(source: str, requests: list[str]) -> None:
    """Delayed calls happen when something starts them, cached ones once."""
    head = "import boto3\nc = boto3.client('s3')\nasync def co(): c.co()\ndef go(n): c.one()\n"
    imports = "".join(HEAD.splitlines(keepends=True)[:5])
    effects = run(f"{imports}{head}{source}").effects
    assert [operation for operation, _, _ in sent(effects)] == requests


@pytest.mark.parametrize(
    ("source", "folders"),
    [
        ("sys.path.append('/q')", ["/p", "/q"]),
        ("sys.path.insert(0, '/q')", ["/q", "/p"]),
        ("sys.path.extend(['/q', '/r'])", ["/p", "/q", "/r"]),
        ("sys.path += ['/q']", ["/p", "/q"]),
        ("sys.path.remove('/p')", []),
        ("sys.path = ['/q']", ["/q"]),
        ("site.addsitedir(y)", ["/p"]),
        ("site.addsitedir('/q')", ["/p", "/q"]),
        ("site.addsitedir(sitedir='/q')", ["/p", "/q"]),
        ("sys.path.append(y)", ["/p"]),
        ("sys.path.append(str(Path(__file__).parent / 'lib'))", ["/p", "/p/lib"]),
    ],
)
def test_search_path(source: str, folders: list[str]) -> None:
    """What is done to sys.path decides where modules are looked for."""
    assert run(f"{HEAD}{source}").search_path() == tuple(folders)


@pytest.mark.parametrize("call", ["sys.exit()", "os._exit(1)", "pytest.skip('x')", "pytest.fail()"])
def test_end(call: str) -> None:
    """Functions that end a module raise."""
    found = constant(f"import pytest\n{HEAD}try: {call}\nexcept E: x = 1\nelse: x = 2")
    assert found == 1


@pytest.mark.parametrize(
    ("source", "assumed"),
    [
        ("os.environ.get('A', 'b')", True),
        ("os.environ.setdefault('A', 'b')", False),
        ("os.getenv(key='A', default='b')", True),
        ("os.environ.get(key='A', default='b')", True),
        ("bool(os.environ.get('A'))", True),
        ("bool(1)", False),
        ("sorted([os.environ.get('A', 'b')])[0]", True),
    ],
)
def test_assumed(source: str, assumed: bool) -> None:
    """What rests on a variable that is not set is known for an assumption."""
    found = value_of(run(f"{HEAD}x = {source}"), "x")
    assert isinstance(found, Constant)
    assert found.assumed is assumed


@pytest.mark.parametrize(
    "call", ["d.popitem()", "next(iter(d))", "'{}'.format(A)", "[A].index(A)", "sum([A])"]
)
def test_held(call: str) -> None:
    """What a call gives that is not understood may be what it was given."""
    found = value_of(run(f"{HEAD}d['a'] = A\nx = {call}"), "x")
    assert isinstance(found, Unknown)
    assert found.holds or "next" in call


@pytest.mark.parametrize("call", ["f, co", "wrapper=f, wrapped=co"])
def test_wrapper(call: str) -> None:
    """A wrapper knows what it stands for."""
    machine = run(f"{HEAD}functools.update_wrapper({call})")
    assert getattr(value_of(machine, "f"), "wraps") is value_of(machine, "co")


def test_append_to_open_list() -> None:
    """A list that may have more items keeps those that are known."""
    found = constant(f"{HEAD}x = [*y]\nx[1] = 3\nx.append(4)")
    assert isinstance(found, Collection)
    assert set(found.items) == {Constant(3), Constant(4)}


def test_open_in_a_branch() -> None:
    """What a branch does to a list is taken back before the next branch runs."""
    source = "if y: l.extend(y)\nelse: x = len(l)\nz = len(l)"
    machine = run(HEAD + source)
    assert Constant(1) in getattr(value_of(machine, "x"), "options", [value_of(machine, "x")])
    assert isinstance(value_of(machine, "z"), Unknown)


@pytest.mark.parametrize(
    "source",
    [
        "import other\nx = importlib.reload(module=other)",
        "x = importlib.import_module(name='other')",
        "import pack.sub\nx = importlib.import_module(name='.sub', package='pack')",
        "x = importlib.import_module('.sub', 'pack')",
        "import other\nx = importlib.reload(other)",
        "x = __import__('pack.sub.deep').sub",
        "x = __import__('other')",
    ],
)
def test_import_by_name(source: str) -> None:
    """A module can be imported and reloaded by functions."""
    files = {"other.py": "", "pack/__init__.py": "", "pack/sub/__init__.py": ""}
    files["pack/sub/deep.py"] = ""
    machine = machine_for({"main.py": f"import importlib\n{source}", **files})
    machine.load("main")
    assert type(value_of(machine, "x")).__name__ == "Module"


def test_working_directory() -> None:
    """The working directory is pytest's root folder."""
    source = "import os, pathlib\nx = os.getcwd()\ny = pathlib.Path.cwd()"
    machine = machine_for({"main.py": source})
    machine.environment.state["cwd"] = "/root"
    machine.load("main")
    assert value_of(machine, "x") == Constant("/root")
    assert value_of(machine, "y") == PathText("/root")
