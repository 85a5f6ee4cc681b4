"""Models of json, copy and asyncio: data and results that pass through them stay known."""

from __future__ import annotations

import pytest

from flake8_moto_order.interpreter.values import Unknown
from tests.memory import constant, run, sent

HEAD = "import asyncio, copy, json\nfrom copy import deepcopy\n"
AWS = "import moto, boto3\naws = boto3.client('s3')\n"
DATA = [
    ("x = json.loads('3')", 3),
    ("x = json.loads('null')", None),
    ("""x = json.loads('{"a": {"b": [1, 2]}}')['a']['b'][1]""", 2),
    ("""x = json.loads(s='{"a": 1}')['a']""", 1),
    ("x = len(json.loads('[1, 2, 3]'))", 3),
    ("x = json.loads(json.dumps({'a': [1, 2]}))['a'][0]", 1),
    ("x = json.loads(json.dumps(obj=7))", 7),
    ("d = {'a': 1}\ne = json.loads(json.dumps(d))\ne['a'] = 2\nx = d['a']", 1),
    ("d = {'a': {'b': 1}}\ne = copy.deepcopy(d)\ne['a']['b'] = 2\nx = d['a']['b']", 1),
    ("d = {'a': {'b': 1}}\ne = deepcopy(d)\ne['a']['b'] = 2\nx = e['a']['b']", 2),
    ("d = {'a': 1}\ne = copy.copy(d)\ne['a'] = 2\nx = d['a']", 1),
    ("d = {'a': {'b': 1}}\ne = copy.copy(d)\ne['a']['b'] = 2\nx = d['a']['b']", 2),
    ("x = copy.copy(3)", 3),
    ("x = copy.deepcopy('a')", "a"),
    ("d = [1]\nx = len(copy.deepcopy(d) + d)", 2),
]
ASYNC = [
    ("async def f(): return 1\nx = asyncio.run(f())", 1),
    ("async def f(): return 1\nx = asyncio.new_event_loop().run_until_complete(f())", 1),
    ("async def f(): return 1\nasync def g(): return await f()\nx = asyncio.run(g())", 1),
    ("async def f(): return 1\nasync def g(): return await asyncio.create_task(f())\n"
     "x = asyncio.run(g())", 1),
    ("async def f(): return 1\nasync def g(): return await asyncio.ensure_future(f())\n"
     "x = asyncio.run(g())", 1),
    ("async def f(): return 1\nasync def g(): return await asyncio.wait_for(f(), 1)\n"
     "x = asyncio.run(g())", 1),
    ("async def f(): return 1\nasync def g(): return await asyncio.shield(f())\n"
     "x = asyncio.run(g())", 1),
    ("async def f(a): return a\nasync def g(): return await asyncio.gather(f(1), f(2))\n"
     "x = asyncio.run(g())[1]", 2),
    ("async def f(a): return a\nasync def g(): return await asyncio.gather(*[f(1), f(2)])\n"
     "x = asyncio.run(g())[1]", 2),
    ("def f(a, b=0): return b\nasync def g(): return await asyncio.to_thread(f, 1, b=2)\n"
     "x = asyncio.run(g())", 2),
    ("def f(a): return a\nasync def g():\n loop = asyncio.get_running_loop()\n"
     " return await loop.run_in_executor(None, f, 4)\nx = asyncio.run(g())", 4),
    ("async def f(): return 5\nwith asyncio.Runner() as r: x = r.run(f())", 5),
    ("async def f(): return 6\nasync def g():\n async with asyncio.TaskGroup() as group:\n"
     "  t = group.create_task(f())\n return await t\nx = asyncio.run(g())", 6),
]  # fmt: skip


@pytest.mark.parametrize(("source", "value"), [*DATA, *ASYNC])
def test_value(source: str, value: object) -> None:
    """What is encoded and decoded, copied or awaited is as before."""
    assert constant(HEAD + source) == value


@pytest.mark.parametrize(
    "source",
    [
        "json.loads('{')",
        "json.loads(y)",
        "json.loads('[' * 100000)",
        "json.loads()",
        "json.dumps()",
        "json.load(open('a'))",
        "json.loads('3' * 5000)",
        f"json.loads('{'3' * 5000}')",
    ],
)
def test_unknown(source: str) -> None:
    """Broken, endless or foreign text is not known."""
    assert isinstance(constant(f"{HEAD}x = {source}"), Unknown)


def test_copy_is_deep() -> None:
    """Collections within themselves are copied to a depth."""
    assert constant(f"{HEAD}d = {{'a': 1}}\nd['b'] = d\nx = copy.deepcopy(d)['b']['b']['a']") == 1


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("async def f(): aws.a()\nf()", ""),
        ("async def f(): aws.a()\nasyncio.run(f())", "a"),
        ("async def f(): aws.a()\nasyncio.get_event_loop().create_task(f())", "a"),
        ("async def f(): aws.a()\nasync def g(): await f(); aws.b()\nasyncio.run(g())", "a b"),
        ("async def f(): aws.a()\nasync def g():\n async with asyncio.TaskGroup() as t:\n"
         "  t.create_task(f())\nasyncio.run(g())", "a"),
        ("async def g():\n await asyncio.gather(*[h() for h in (f, f)])\n"
         "async def f(): aws.a()\nasyncio.run(g())", "a a"),
        ("async def g():\n for t in asyncio.as_completed([f(), f()]): await t\n"
         "async def f(): aws.a()\nasyncio.run(g())", "a a"),
        ("async def g():\n await asyncio.wait([asyncio.create_task(f())])\n"
         "async def f(): aws.a()\nasyncio.run(g())", "a"),
        ("asyncio.run(asyncio.to_thread(aws.a))", "a"),
        ("async def g(): await asyncio.sleep(1); aws.a()\nasyncio.run(g())", "a"),
        ("asyncio.get_event_loop().call_soon(aws.a)", "a"),
        ("loop = asyncio.new_event_loop()\nloop.run_in_executor(None, aws.a)\nloop.close()", "a"),
        ("async def f():\n with moto.mock_aws(): aws.a()\nasyncio.run(f())", "a"),
    ],
)  # fmt: skip
def test_requests(source: str, expected: str) -> None:
    """A coroutine sends its requests where it is run, a function where it is handed over."""
    effects = run(HEAD + AWS + source).effects
    assert " ".join(operation for operation, _, _ in sent(effects)) == expected


@pytest.mark.parametrize(
    "source", ["asyncio.run()", "asyncio.to_thread()", "asyncio.nothing(1)", "asyncio.sleep(1)"]
)
def test_other_calls(source: str) -> None:
    """Other calls of asyncio give what is not known."""
    assert isinstance(constant(f"{HEAD}x = {source}"), Unknown)
