"""Packs: what is written is read, and what was not written is refused."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from flake8_moto_order.cache import packs
from flake8_moto_order.cache.answers import CONTENT, GLOB, LISTING, NAME, Dependency
from flake8_moto_order.cache.contents import group_to_data
from flake8_moto_order.cache.packs import DamagedError, Pack, Verdict, write_pack
from flake8_moto_order.cache.recording import Dependencies, Proof

STAMP = (1, 2, 3, 4, 5)
FOUND = ((1, 0, "MOT101", "first"), (7, 4, "MOT201", "sécond \ud800"))
GROUPS: dict[int, Dependencies] = {
    3: {
        Dependency(CONTENT, "src/a.py", "", "d"): Proof(STAMP),
        Dependency(CONTENT, "b.py", "", ""): Proof(None),
        Dependency(NAME, "src", "a.py", "0"): Proof(STAMP, "listing"),
        Dependency(NAME, "src", "c.py", ""): Proof(STAMP, "listing"),
        Dependency(LISTING, "src", "[]", "e"): Proof(STAMP, "listing"),
        Dependency(NAME, "closed", "c.py", "4"): None,
        Dependency(GLOB, "t*", "", "f"): None,
    },
    5: {Dependency(GLOB, "s*", "", "f"): None},
    9: {Dependency(CONTENT, "/src/a.py", "", "d"): Proof(STAMP)},
}


def verdict(number: int) -> Verdict:
    """Make a verdict with a key of its own."""
    return Verdict(number.to_bytes(16, "big"), "test.py", f"subject{number}", "", 20_000, FOUND)


def written(path: Path, content: bytes) -> Path:
    """Write a pack."""
    path.write_bytes(content)
    return path


@pytest.fixture
def content() -> bytes:
    """Return a pack of three verdicts."""
    numbers = {verdict(7): {3, 9}, verdict(2): {5}, verdict(300): set[int]()}
    return write_pack({each: frozenset(found) for each, found in numbers.items()}, GROUPS)


def read_all(path: Path) -> list[object]:
    """Read everything in a pack."""
    pack = Pack(str(path))
    try:
        groups = [pack.group(number).dependencies() for number in range(len(GROUPS))]
        keys = [pack.find(number.to_bytes(16, "big")) for number in (2, 7, 8, 300, 301)]
        return [groups, keys, list(pack.stored())]
    finally:
        pack.close()


def test_round_trip(content: bytes, tmp_path: Path) -> None:
    """Groups, verdicts and their groups come back as they were."""
    groups, keys, stored = read_all(written(tmp_path / "a", content))
    assert groups == list(GROUPS.values())
    expected = [(verdict(2), 0b10), (verdict(7), 0b101), (verdict(300), 0)]
    assert stored == expected
    assert keys == [expected[0], expected[1], None, expected[2], None]


def test_empty_pack(tmp_path: Path) -> None:
    """A pack may hold nothing."""
    pack = Pack(str(written(tmp_path / "a", write_pack({}, {}))))
    assert (pack.find(b"x" * 16), list(pack.stored())) == (None, [])
    pack.close()


def test_differing_proofs() -> None:
    """Names of one folder with several proofs have none."""
    stamps = (Proof(STAMP, "a"), Proof(STAMP, "b"))
    members = {Dependency(NAME, "src", str(each), ""): each for each in stamps}
    names = {str(each): "" for each in stamps}
    assert group_to_data(dict(members)) == [[["src", None, names, {}]], [], []]


@pytest.mark.parametrize("position", range(0, 1400, 3))
def test_altered(content: bytes, position: int, tmp_path: Path) -> None:
    """A pack with one other byte is refused, or the byte is not looked at."""
    altered = bytearray(content)
    altered[position % len(content)] ^= random.Random(position).randrange(1, 256)
    with pytest.raises(DamagedError):
        read_all(written(tmp_path / "a", bytes(altered)))


@pytest.mark.parametrize("kept", range(0, 1400, 7))
def test_truncated(content: bytes, kept: int, tmp_path: Path) -> None:
    """A pack that was cut is refused."""
    with pytest.raises(DamagedError):
        Pack(str(written(tmp_path / "a", content[: kept % len(content)])))


def test_longer(content: bytes, tmp_path: Path) -> None:
    """A pack that something follows is refused."""
    with pytest.raises(DamagedError):
        Pack(str(written(tmp_path / "a", content + b"\0")))


def test_cut_while_read(content: bytes, tmp_path: Path) -> None:
    """A pack that is cut after it was opened is refused then."""
    path = written(tmp_path / "a", content)
    pack = Pack(str(path))
    written(path, content[:-1])
    with pytest.raises(DamagedError):
        pack.group(2)
    pack.close()


def test_too_large(content: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pack beyond all measure is refused before it is read."""
    monkeypatch.setattr(packs, "LARGEST_PACK", len(content) - 1)
    with pytest.raises(DamagedError):
        Pack(str(written(tmp_path / "a", content)))


@pytest.mark.parametrize(
    "other",
    [
        {"day": "1"},
        {"path": 1},
        {"subject": None},
        {"place": []},
        {"found": [[1, 2, "MOT101"]]},
        {"found": [["1", 2, "MOT101", "text"]]},
        {"found": [[1, 2, "MOT101", None]]},
        {"found": 5},
    ],
    ids=str,
)
def test_forged_verdict(other: dict[str, object], tmp_path: Path) -> None:
    """A verdict of another form is refused, though its digest is right."""
    blob = packs._verdict_blob(Verdict(**{**verdict(1)._asdict(), **other}), [])
    assert_refused(written(tmp_path / "a", pack_of(blob)))


@pytest.mark.parametrize(
    "blob",
    [
        b"",
        b"\4\0\0\0[[[[",
        b"\xff\xff\xff\xff[]",
        b"\2\0\0\0[]",
        b"\2\0\0\0{}nozip",
        packs._verdict_blob(verdict(1), [0])[8:],
    ],
)
def test_forged_blob(blob: bytes, tmp_path: Path) -> None:
    """So is one that is none, or that names groups which are not there."""
    assert_refused(written(tmp_path / "a", pack_of(packs._sealed(blob))))


@pytest.mark.parametrize(
    "data", [b"", b"[]", b"5", b"[[], [], [[]]]", b"[[[1]], [], []]", b"[[], [1], []]", b"[" * 9999]
)
def test_forged_group(data: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A group of another form is refused, though its digest is right."""
    monkeypatch.setattr(packs, "_dumps", lambda value: data)
    pack = Pack(str(written(tmp_path / "a", write_pack({}, GROUPS))))
    with pytest.raises(DamagedError):
        pack.group(0)
    pack.close()


def assert_refused(path: Path) -> None:
    """Assert that a pack opens, and that its verdict is refused."""
    pack = Pack(str(path))
    with pytest.raises(DamagedError):
        pack.find(b"k" * 16)
    pack.close()


def pack_of(blob: bytes) -> bytes:
    """Return a pack with one verdict, of this blob."""
    start = packs.HEADER.size + packs.PLACE.size + packs.OFFSET.size
    index = packs.PLACE.pack(b"k" * 16, start, len(blob)) + packs.OFFSET.pack(start + len(blob))
    counts = (packs.MAGIC, 1, 0, start + len(blob))
    return packs.HEADER.pack(*counts, packs._digest(counts, index)) + index + blob
