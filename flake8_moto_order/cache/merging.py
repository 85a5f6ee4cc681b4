"""Verdicts on their way to a new pack: fresh ones, and those of packs that it is to replace."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from functools import reduce
from operator import or_

from flake8_moto_order.cache.groups import Groups, Share
from flake8_moto_order.cache.packs import Pack, Verdict, write_pack
from flake8_moto_order.cache.places import Home
from flake8_moto_order.cache.recording import Dependencies

OLDEST = 30


class Batch:
    """Collects verdicts; of those with one subject the first counts, so the newest come first."""

    def __init__(self) -> None:
        self._groups = Groups()
        self._shares: dict[Verdict, list[Share]] = {}
        self._subjects: set[str] = set()

    def __len__(self) -> int:
        return len(self._shares)

    def add(self, verdict: Verdict, dependencies: Dependencies) -> None:
        """Take in a new verdict; it replaces an earlier one of its subject."""
        if verdict.subject in self._subjects:
            self._shares = {v: s for v, s in self._shares.items() if v.subject != verdict.subject}
        self._subjects.add(verdict.subject)
        self._shares[verdict] = [self._groups.add(dependencies)]

    def add_pack(self, pack: Pack, renew: Callable[[Verdict], Verdict | None]) -> None:
        """Take in the verdicts of a pack, each as `renew` returns it. Raises as `Pack` does."""
        kept: dict[Verdict, int] = {}
        for verdict, groups in pack.stored():
            renewed = renew(verdict)
            if renewed is not None and renewed.subject not in self._subjects:
                kept[renewed] = groups
                self._subjects.add(renewed.subject)
        wanted = reduce(or_, kept.values(), 0)
        members = {number: pack.group(number).dependencies() for number in bits(wanted)}
        shares = {number: self._groups.add(found) for number, found in members.items()}
        for verdict, groups in kept.items():
            self._shares[verdict] = [shares[number] for number in bits(groups)]

    def to_bytes(self) -> bytes:
        """Return the pack."""
        numbers: dict[Share, frozenset[int]] = {}
        verdicts: dict[Verdict, frozenset[int]] = {}
        for verdict, shares in self._shares.items():
            for share in shares:
                if share not in numbers:
                    numbers[share] = self._groups.numbers(share)
            verdicts[verdict] = frozenset().union(*(numbers[share] for share in shares))
        used = sorted(frozenset().union(*verdicts.values()))
        return write_pack(verdicts, {number: self._groups.members[number] for number in used})


def bits(bitmap: int) -> list[int]:
    """Return the positions of the bits that are set."""
    return [number for number, bit in enumerate(reversed(bin(bitmap))) if bit == "1"]


def today() -> int:
    """Return the number of the day."""
    return int(time.time() // 86_400)


def is_outdated(verdict: Verdict, home: Home, owner: str) -> bool:
    """Tell whether a verdict was not used for long, or its test file is gone from this home."""
    if verdict.day < today() - OLDEST:
        return True
    path = home.absolute(verdict.path)
    return verdict.subject.startswith(owner) and not os.path.lexists(path)
