"""Dependencies in groups: those that the same verdicts share stand together and count as one."""

from __future__ import annotations

from typing import NamedTuple

from flake8_moto_order.cache.answers import Dependency
from flake8_moto_order.cache.recording import Dependencies, Proof


class Share(NamedTuple):
    """The groups of one set of dependencies, as they were when there were `groups` of them."""

    numbers: tuple[int, ...]
    groups: int


class Groups:
    """Splits groups as sets of dependencies come, so that each set is made of whole groups."""

    def __init__(self) -> None:
        self.members: list[Dependencies] = []
        self._numbers: dict[Dependency, int] = {}
        self._parts: list[list[int]] = []

    def add(self, found: Dependencies) -> Share:
        """Take in a set; equal dependencies keep the proof that tells more."""
        touched: dict[int, Dependencies] = {}
        for dependency, proof in found.items():
            touched.setdefault(self._numbers.get(dependency, -1), {})[dependency] = proof
        new = touched.pop(-1, None)
        numbers = [self._join(number, inside) for number, inside in touched.items()]
        if new:
            numbers.append(self._make(new))
        return Share(tuple(numbers), len(self.members))

    def numbers(self, share: Share) -> frozenset[int]:
        """Return the groups that make up a set now, after splits."""
        found = list(share.numbers)
        for number in found:
            found.extend(part for part in self._parts[number] if part >= share.groups)
        return frozenset(found)

    def _make(self, members: Dependencies) -> int:
        number = len(self.members)
        self.members.append(members)
        self._parts.append([])
        self._numbers.update(dict.fromkeys(members, number))
        return number

    def _join(self, number: int, inside: Dependencies) -> int:
        """Return the number of the group that holds just these members of a group."""
        members = self.members[number]
        for dependency, proof in inside.items():
            inside[dependency] = _better(proof, members[dependency])
        if len(inside) == len(members):
            self.members[number] = inside
            return number
        for dependency in inside:
            del members[dependency]
        part = self._make(inside)
        self._parts[number].append(part)
        return part


def _better(proof: Proof | None, other: Proof | None) -> Proof | None:
    if proof is None or (proof.stamp is None and other is not None and other.stamp is not None):
        return other
    return proof
