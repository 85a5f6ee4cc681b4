"""Frozen dataclasses that are made quickly: they do what the standard ones do."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from flake8_moto_order.record import record


@dataclass(frozen=True, slots=True)
class Standard:
    """What the standard decorator makes."""

    name: str
    size: int = 0


@record(frozen=True, slots=True)
class Own:
    """What ours makes."""

    name: str
    size: int = 0


@record(frozen=True, slots=True)
class Wider(Own):
    """One that inherits fields."""

    colour: str = ""


@record(frozen=True, slots=True)
class Single:
    """One with a single field."""

    value: float


@pytest.mark.parametrize("kind", [Standard, Own])
def test_values(kind: type[Standard] | type[Own]) -> None:
    """They are compared, hashed, shown and replaced by their fields."""
    one = kind("a", 1)
    assert one == kind("a", 1) == replace(kind("a"), size=1)
    assert len({one, kind("a", 1), kind("a", 2)}) == 2
    assert repr(one) == f"{kind.__name__}(name='a', size=1)"
    assert not hasattr(one, "__dict__")


def test_kinds() -> None:
    """Values of different kinds are different, whatever their fields; inherited ones count."""
    assert Own("a") != Wider("a") != Own("a")
    other: object = "a"
    assert Own("a") != other
    assert Wider("a", 1, "red") == Wider("a", 1, "red") != Wider("a", 1, "blue")
    assert Wider("a", 1, "red") != Wider("b", 1, "red")


def test_single_field() -> None:
    """What is not equal to itself is the same all the same, as in a tuple."""
    value = float("nan")
    assert Single(value) == Single(value) != Single(1.0)
    assert hash(Single(value)) == hash(Single(value))
