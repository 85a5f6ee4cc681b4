"""The environment: writes, forks, merges, and what taking them back restores."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from flake8_moto_order.interpreter.slots import MISSING, Slots
from flake8_moto_order.interpreter.values import (
    Bound,
    Choice,
    Client,
    Collection,
    Constant,
    Fake,
    Library,
    Method,
    Unknown,
    Value,
)
from flake8_moto_order.interpreter.world import (
    DEEPEST_COMPARISON,
    WIDEST_CHOICE,
    Environment,
    choice,
    join,
    same,
)

ONE, TWO, THREE = Constant(1), Constant(2), Constant(3)
CONTENT = st.sampled_from([0, 1, True, False, ONE, TWO, THREE, Library("os"), Unknown("x")])
KEY = st.sampled_from("abc")
WRITES = st.lists(
    st.tuples(st.sampled_from(["write", "erase"]), st.integers(0, 1), KEY, CONTENT), max_size=12
)
NESTING = st.recursive(WRITES, lambda inner: st.lists(inner, max_size=3), max_leaves=6)
START = st.dictionaries(KEY, CONTENT).map(Slots)
Write = tuple[str, int, str, object]
WRITTEN: list[object] = [("write", 0, "a", ONE), ("erase", 1, "b", ONE)]


def play(environment: Environment, worlds: list[Slots], script: list[object]) -> None:
    """Run a script: its writes in order, a list inside it as a fork of the scripts in it."""
    branches: list[Callable[[], None]] = []
    for entry in script:
        if isinstance(entry, list):
            branches.append(partial(play, environment, worlds, entry))
        else:
            assert isinstance(entry, tuple)
            verb, world, key, content = entry
            if verb == "write":
                environment.write(worlds[world], key, content)
            else:
                environment.erase(worlds[world], key)
    if branches:
        environment.fork(branches)


@given(START, START, NESTING)
@example(Slots({"b": TWO}), Slots({"b": TWO}), [*WRITTEN, [*WRITTEN], [[*WRITTEN]]])
def test_one_outcome_is_running_it(first: Slots, second: Slots, script: list[object]) -> None:
    """To merge a single outcome is the same as to run its branch."""
    run, merged = [Slots(first), Slots(second)], [Slots(first), Slots(second)]
    play(Environment(), run, script)
    environment = Environment()
    _, outcome = environment.attempt(partial(play, environment, merged, script))
    environment.merge([outcome])
    assert merged == run


@given(START, START, NESTING)
def test_rewinding_restores(first: Slots, second: Slots, script: list[object]) -> None:
    """An attempt leaves the very contents that were there, whatever it wrote."""
    worlds = [Slots(first), Slots(second)]
    environment = Environment()
    environment.attempt(partial(play, environment, worlds, script))
    assert worlds == [first, second]
    assert all(world[key] is old[key] for world, old in zip(worlds, (first, second)) for key in old)


@given(START, NESTING, NESTING)
def test_rewinding_inside_a_branch(
    start: Slots, before: list[object], script: list[object]
) -> None:
    """An attempt inside another branch takes back its own writes only."""
    worlds: list[Slots] = [Slots(start), Slots()]
    environment = Environment()

    def branch() -> list[Slots]:
        play(environment, worlds, before)
        expected = [Slots(world) for world in worlds]
        environment.attempt(partial(play, environment, worlds, script))
        assert worlds == expected
        return expected

    expected, outcome = environment.attempt(branch)
    environment.merge([outcome])
    assert worlds == expected


@given(START, NESTING)
def test_equal_branches_join_to_themselves(start: Slots, script: list[object]) -> None:
    """Two branches that do the same are as good as one."""
    once, twice = [Slots(start), Slots()], [Slots(start), Slots()]
    play(Environment(), once, script)
    environment = Environment()
    environment.fork([partial(play, environment, twice, script)] * 2)
    assert [set(world) for world in once] == [set(world) for world in twice]
    assert all(same(once[i][key], twice[i][key]) for i in range(2) for key in once[i])


@given(START, WRITES)
def test_error_in_a_branch(start: Slots, script: list[object]) -> None:
    """A branch that ends with an error is taken back too."""
    worlds: list[Slots] = [Slots(start), Slots()]
    environment = Environment()

    def fail() -> None:
        play(environment, worlds, script)
        raise KeyError

    with pytest.raises(KeyError):
        environment.attempt(fail)
    assert worlds == [start, {}]
    environment.write(worlds[0], "a", ONE)
    assert environment.attempt(lambda: worlds[0]["a"])[0] is ONE


def test_replaced() -> None:
    """What the innermost open branch wrote over can be seen before it is taken back."""
    environment = Environment()
    slots = Slots({"a": ONE, "b": TWO})

    def inner() -> list[object]:
        environment.write(slots, "c", ONE)
        environment.write(slots, "a", THREE)
        environment.erase(slots, "b")
        return environment.replaced

    def outer() -> list[object]:
        environment.write(slots, "a", TWO)
        return environment.attempt(inner)[0]

    assert environment.attempt(outer)[0] == [TWO, TWO]


def test_fork_returns_results() -> None:
    """A fork gives the result of every branch, in order."""
    assert Environment().fork([lambda: 1, lambda: 2]) == [1, 2]


def test_branch_that_does_not_write() -> None:
    """Where only one branch writes, the other brings what was there."""
    environment = Environment()
    slots = Slots({"a": ONE})
    environment.fork([lambda: environment.write(slots, "a", TWO), lambda: None])
    assert slots == {"a": Choice((TWO, ONE))}


def test_branch_that_erases() -> None:
    """What one branch erases stays when another keeps it, and goes when all erase it."""
    environment = Environment()
    slots = Slots({"a": ONE, "b": ONE})
    script: list[object] = [("erase", 0, "b", None)]
    more: list[object] = [("erase", 0, "a", None), *script]
    environment.fork([partial(play, environment, [slots], each) for each in (script, more)])
    assert slots == {"a": ONE}


@pytest.mark.parametrize(
    ("left", "right", "joined"),
    [
        (ONE, ONE, ONE),
        (ONE, MISSING, ONE),
        (MISSING, ONE, ONE),
        (MISSING, MISSING, MISSING),
        (ONE, TWO, Choice((ONE, TWO))),
        (False, True, True),
        (True, False, True),
        (2, 1, 2),
        (1, 3, 3),
        ("text", 1, "text"),
        ("text", ONE, "text"),
    ],
)
def test_join(left: object, right: object, joined: object) -> None:
    """Flags and counts join in the user's favour, values join to a choice."""
    assert join(left, right) == joined


@pytest.mark.parametrize(
    ("values", "chosen"),
    [
        ([ONE], ONE),
        ([ONE, ONE], ONE),
        ([ONE, Choice((TWO, ONE))], Choice((ONE, TWO))),
        ([Choice((ONE, TWO)), Choice((THREE, ONE))], Choice((ONE, TWO, THREE))),
        ([Constant(n) for n in range(20)], Choice(tuple(map(Constant, range(WIDEST_CHOICE))))),
    ],
)
def test_choice(values: list[Value], chosen: Value) -> None:
    """A choice is flat, has no repeats and a greatest width."""
    assert choice(values) == chosen


@pytest.mark.parametrize(
    ("old", "new"),
    [([], [ONE]), ([ONE, TWO], [TWO]), ([ONE], []), ([ONE, TWO], [ONE, THREE, TWO])],
)
def test_replace(old: list[Value], new: list[Value]) -> None:
    """Replacing the slots of a list leaves exactly the new values by index."""
    slots = Slots(enumerate(old))
    Environment().replace(slots, new)
    assert slots == dict(enumerate(new))


def test_replace_keeps_what_is_the_same() -> None:
    """A value that stays at its place is not written, so a branch does not touch it."""
    environment = Environment()
    slots = Slots({0: ONE, 1: TWO})
    _, outcome = environment.attempt(lambda: environment.replace(slots, [ONE, THREE]))
    assert [key for _, key in outcome.values] == [1]


def towers(height: int) -> tuple[Value, Value]:
    """Build two equal values of some height apart from each other."""
    client = Client(1, "s3", hooked=False, aws=True)
    left: Value = client
    right: Value = client
    for _ in range(height):
        left, right = Method(left, "a"), Method(right, "a")
    return left, right


@pytest.mark.parametrize(
    ("left", "right", "equal"),
    [
        (ONE, Constant(1), True),
        (ONE, Library("os"), False),
        (True, 1, True),
        (Collection("list"), Collection("list"), False),
        (Bound(Library("f"), (ONE,)), Bound(Library("f"), (Constant(1),)), True),
        (Bound(Library("f"), (ONE,)), Bound(Library("f"), (ONE, TWO)), False),
        (Fake((ONE,)), Fake((ONE,)), True),
        (Unknown("x"), Unknown("x"), True),
        (*towers(DEEPEST_COMPARISON), True),
        (*towers(DEEPEST_COMPARISON + 1), False),
        (*towers(5000), False),
    ],
)
def test_same(left: object, right: object, equal: bool) -> None:
    """Values are the same as far as a short look inside shows."""
    assert same(left, right) is equal
