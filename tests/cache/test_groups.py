"""Groups of dependencies, against plain sets."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as some

from flake8_moto_order.cache.answers import CONTENT, Dependency
from flake8_moto_order.cache.groups import Groups
from flake8_moto_order.cache.recording import Dependencies, Proof

STAMP = (1, 2, 3, 4, 5)


def depending(names: frozenset[str], proof: Proof | None = None) -> Dependencies:
    """Make dependencies of names."""
    return {Dependency(CONTENT, name, "", "digest"): proof for name in names}


@given(some.lists(some.frozensets(some.sampled_from("abcdefgh"))))
@example([frozenset("abc"), frozenset("bcd"), frozenset(), frozenset("c")])
def test_sets_are_whole_groups(taken: list[frozenset[str]]) -> None:
    """Every set stays the union of its groups whatever comes later, and no group is in vain."""
    groups = Groups()
    shares = [groups.add(depending(names)) for names in taken]
    for names, share in zip(taken, shares):
        members = [groups.members[number] for number in groups.numbers(share)]
        assert sorted(each.path for found in members for each in found) == sorted(names)
    together = {frozenset(groups.numbers(share)) for share in shares}
    assert all(groups.members)
    for number in range(len(groups.members)):
        assert any(number in numbers for numbers in together)
    signs = {tuple(name in names for names in taken) for name in frozenset().union(*taken)}
    assert len(groups.members) == len(signs)


def test_better_proof_stays() -> None:
    """A dependency keeps the proof that spares a look at the content."""
    groups = Groups()
    one = frozenset("a")
    for proof in (None, Proof(None), Proof(STAMP), Proof(None), None, Proof((0, *STAMP[1:]))):
        groups.add(depending(one, proof))
    assert list(groups.members[0].values()) == [Proof((0, *STAMP[1:]))]
