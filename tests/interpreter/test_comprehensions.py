"""Comprehensions and assignment targets."""

from __future__ import annotations

import pytest

from flake8_moto_order.interpreter.comprehensions import MOST_ITEMS
from flake8_moto_order.interpreter.operations import may_be_absent
from flake8_moto_order.interpreter.values import Collection, Constant, Unknown
from tests.memory import constant, run, sent


@pytest.mark.parametrize(
    ("source", "items", "is_open"),
    [
        ("[i for i in [1, 2]]", [1, 2], False),
        ("{i for i in (1, 2)}", [1, 2], False),
        ("list(i for i in [1, 2])", [1, 2], False),
        ("{i: i for i in [1, 2]}", [1, 2], False),
        ("{y: i for i in [1, 2]}", [1, 2], False),
        ("[i for i in [1, 2] if i == 2]", [2], False),
        ("[i for i in [1, 2] if 0 if y]", [], False),
        ("[j for i in [[1], [2, 3]] for j in i]", [1, 2, 3], False),
        ("[j for i, j in {1: 2}.items()]", [2], False),
        ("[i for i in []]", [], False),
        ("[i for i in 'ab']", ["a", "b"], False),
        ("[k for k in {'a': 1}]", ["a"], False),
        ("[i async for i in [1]]", [1], False),
        (f"[i for i in range({MOST_ITEMS + 9})]", list(range(MOST_ITEMS)), True),
        (f"[1 for i in list(range({MOST_ITEMS})) + [7]]", [1] * MOST_ITEMS, True),
    ],
)
def test_items(source: str, items: list[object], is_open: bool) -> None:
    """A comprehension has the items that can be told, and says whether there may be more."""
    found = constant(f"x = {source}")
    assert isinstance(found, Collection)
    assert found.items == tuple(map(Constant, items))
    assert found.open is is_open


@pytest.mark.parametrize("source", ["[i for i in y]", "{i for i in y}", "{i: i for i in y}"])
def test_unknown_source(source: str) -> None:
    """A comprehension over something unknown has one unknown item and may have more."""
    found = constant(f"x = {source}")
    assert isinstance(found, Collection)
    assert found.open
    for item in found.items:
        assert item == Unknown("item") or may_be_absent(item)


def test_unknown_condition() -> None:
    """An item behind a condition that can't be told may be absent."""
    found = constant("x = [i for i in [1, 2] if y]")
    assert isinstance(found, Collection)
    assert len(found.items) == 2
    assert all(map(may_be_absent, found.items))


@pytest.mark.parametrize(
    ("source", "certain"),
    [
        ("[c.a() for i in [1, 2]]", [True, True]),
        ("[c.a() for i in y]", [False]),
        ("[c.a() for i in [1] if y]", [False]),
        ("[c.a() for i in [1] if c.b()]", [True, False]),
        ("[c.a() for i in []]", []),
        ("[c.a() for i in [j for j in [1, 2] if y]]", [False, False]),
        ("{c.a(): c.b() for i in [1]}", [True, True]),
        ("[1 for i in c.a()]", [True]),
    ],
)
def test_certainty(source: str, certain: list[bool]) -> None:
    """An element is certain for known items, in doubt for unknown ones."""
    effects = run(f"import boto3\nc = boto3.client('s3')\n{source}").effects
    assert [is_certain for _, _, is_certain in sent(effects)] == certain


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("x = 1\n[x for x in [2]]", 1),
        ("[x := i for i in [1, 2]]", 2),
        ("def f():\n global x\n [x := i for i in [3]]\nf()", 3),
        ("def f():\n [[y := j for j in i] for i in [[4]]]\n return y\nx = f()", 4),
        ("def f():\n y = 5\n return [y for i in [1]][0]\nx = f()", 5),
        ("class A:\n y = 6\n z = [y for i in [1]]\nx = A.z[0]", 6),
    ],
)
def test_scope(source: str, value: object) -> None:
    """A comprehension has a scope of its own; a walrus in it binds outside."""
    assert constant(source) == value


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("x, y = z", Unknown("unpacked")),
        ("x, y = [1]", Unknown("unpacked")),
        ("y, *x = [1, 2]", None),
        ("[*x] = [1]", None),
        ("f().x = 1\nx = 2", 2),
        ("f()[0] = 1\nx = 2", 2),
        ("y = {}\ny[z] = 1\nx = len(y)", 1),
    ],
)
def test_target(source: str, expected: object) -> None:
    """What cannot be taken apart binds unknown values."""
    found = constant(source)
    assert isinstance(found, Collection) and found.open if expected is None else found == expected
