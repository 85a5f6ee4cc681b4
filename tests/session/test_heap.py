"""The garbage collector is kept from what a run keeps, and let at it now and then."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest

from flake8_moto_order.session import heap as heaps
from flake8_moto_order.session.heap import Heap


class Knot:
    """An object that only the collector frees."""

    def __init__(self) -> None:
        self.own = self


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    """Leave the collector as it was found."""
    yield
    gc.unfreeze()
    gc.enable()


@pytest.mark.parametrize("enabled", [True, False])
def test_undisturbed(enabled: bool) -> None:
    """The collector is off inside, as it was afterwards, and does not see what was made."""
    (gc.enable if enabled else gc.disable)()
    gc.unfreeze()
    with Heap().undisturbed():
        assert not gc.isenabled()
        made = Knot()
    assert gc.isenabled() is enabled
    assert any(each is made for each in gc.get_objects()) is not enabled


def test_error() -> None:
    """An error inside leaves the collector as it was."""
    with pytest.raises(ValueError), Heap().undisturbed():
        raise ValueError
    assert gc.isenabled()


def test_growth(monkeypatch: pytest.MonkeyPatch) -> None:
    """What nobody needs is freed once a lot was added, and not before."""
    grown = Heap()
    with grown.undisturbed():
        knot = weakref.ref(Knot())
    gc.collect()
    assert knot() is not None
    monkeypatch.setattr(heaps, "LEAST_ADDED", -1_000_000_000)
    with Heap().undisturbed():
        pass
    assert knot() is None
