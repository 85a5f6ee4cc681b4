"""What was read is known to be there still only where nothing was written since."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from flake8_moto_order.interpreter.recording import Reads
from flake8_moto_order.interpreter.slots import OPEN, RECORDER, WHOLE, Slots, raw_items
from flake8_moto_order.interpreter.values import Collection, Constant
from flake8_moto_order.interpreter.world import Environment, content

KEYS = st.sampled_from("ab")
DEEDS = st.one_of(
    st.tuples(st.just("write"), KEYS),
    st.tuples(st.just("erase"), KEYS),
    st.tuples(st.just("open"), st.none()),
    st.tuples(st.just("close"), st.none()),
    st.tuples(st.just("pass"), st.none()),
)
TREES = st.recursive(DEEDS, lambda inner: st.lists(inner, max_size=6), max_leaves=24)


def present(slots: Slots) -> dict[object, object]:
    """Return all there is to read in slots."""
    found = {key: content(slots, key) for key in ("a", "b", OPEN)}
    return {**found, WHOLE: tuple(raw_items(slots))}


@given(TREES, st.booleans())
def test_unchanged(tree: object, is_taken_back: bool) -> None:
    """Whatever is written, in branches or trials, what is said to be unchanged is the same."""
    environment, slots = Environment(), Slots({"a": Constant(0)})
    known: list[Reads] = []

    def run(part: object) -> None:
        if isinstance(part, list):
            within: Callable[[Callable[[], None]], object] = (
                environment.trial if is_taken_back else lambda body: environment.fork([body])
            )
            within(lambda: run_all(part))
        else:
            assert isinstance(part, tuple)
            deed, key = part
            deeds[deed](key)
        for reads in known:
            assert not reads.is_unchanged() or reads.found == present(slots)

    def run_all(parts: list[object]) -> None:
        for each in parts:
            run(each)

    def close(key: str | None) -> None:
        environment.advance()
        reads = Reads(slots)
        reads.found = present(slots)
        reads.close(RECORDER.now)
        assert reads.is_unchanged()
        known.append(reads)

    deeds: dict[str, Callable[[str | None], object]] = {
        "write": lambda key: environment.write(slots, key, Constant(len(known))),
        "erase": lambda key: environment.erase(slots, key),
        "open": lambda key: environment.open_up(slots),
        "close": close,
        "pass": lambda key: environment.advance(),
    }

    run([tree])


def test_what_a_renaming_changes() -> None:
    """Of what is unchanged, only objects are compared again: another may stand for them."""
    slots, made = Slots(), Collection("list")
    reads = Reads(slots)
    reads.found = {"fixed": Constant(1), "made": made, OPEN: False, (1, made): True}
    reads.close(RECORDER.now)
    assert reads.renamed == {"made": made, (1, made): True}
