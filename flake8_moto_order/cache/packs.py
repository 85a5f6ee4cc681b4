"""A pack: one file of verdicts and of the groups of dependencies that they share.

    header | index: the sorted keys and where their verdicts are | where the groups are | blobs

Every part carries a digest. A verdict is JSON and a bitmap of its groups, a group is JSON. Readers
seek what they need, so one verdict costs the same in a large pack; the file is not mapped into
memory, as a mapped file that another machine truncates ends the process.
"""

from __future__ import annotations

import json
import os
import struct
import zlib
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import NamedTuple

from flake8_moto_order.cache.contents import Group, group_from_data, group_to_data
from flake8_moto_order.cache.recording import Dependencies

MAGIC = b"MOTpack1"
HEADER = struct.Struct("<8sIIQ16s")
PLACE = struct.Struct("<16sII")
KEY_SIZE = 16
OFFSET = struct.Struct("<I")
BOUNDS = struct.Struct("<II")
CHECKED = 8
LARGEST_PACK = 1 << 28
MOST_GROUPS = 1 << 22
Finding = tuple[int, int, str, str]


class DamagedError(Exception):
    """A pack is not what was written."""


class Verdict(NamedTuple):
    """What was found in one text of a test file, perhaps nothing.

    key: what it was found for. path: of the file, in its kept form. subject: what newer verdicts
    replace this one. place: the only home where it holds, "" for any. day: of its last known use.
    """

    key: bytes
    path: str
    subject: str
    place: str
    day: int
    found: tuple[Finding, ...]


class Stored(NamedTuple):
    """A verdict in a pack, and the bitmap of its groups."""

    verdict: Verdict
    groups: int


def write_pack(
    verdicts: Mapping[Verdict, frozenset[int]], groups: Mapping[int, Dependencies]
) -> bytes:
    """Return the bytes of a pack. Every group that a verdict names is in `groups`."""
    order = {number: position for position, number in enumerate(groups)}
    kept = sorted(verdicts, key=lambda verdict: verdict.key)
    blobs = [_verdict_blob(each, [order[number] for number in verdicts[each]]) for each in kept]
    group_blobs = [_sealed(_dumps(group_to_data(members))) for members in groups.values()]
    start = HEADER.size + PLACE.size * len(kept) + OFFSET.size * (len(groups) + 1)
    index = bytearray()
    for verdict, blob in zip(kept, blobs):
        index += PLACE.pack(verdict.key, start, len(blob))
        start += len(blob)
    for size in (0, *map(len, group_blobs)):
        start += size
        index += OFFSET.pack(start)
    counts = (MAGIC, len(kept), len(groups), start)
    header = HEADER.pack(*counts, _digest(counts, index))
    return b"".join([header, index, *blobs, *group_blobs])


class Pack:
    """Reads a pack. What is wrong with it raises DamagedError, what the disk refuses OSError."""

    def __init__(self, path: str) -> None:
        self.path = path
        self._file = open(path, "rb", buffering=0)
        try:
            self.size = os.fstat(self._file.fileno()).st_size
            self._read_index()
        except BaseException:
            self._file.close()
            raise

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def find(self, key: bytes) -> Stored | None:
        """Return the verdict of a key."""
        number = bisect_left(range(self.count), key, key=self._key)
        return self._stored(number) if number < self.count and self._key(number) == key else None

    def stored(self) -> Iterator[Stored]:
        """Yield every verdict."""
        for number in range(self.count):
            yield self._stored(number)

    def group(self, number: int) -> Group:
        """Return a group of dependencies."""
        start, end = BOUNDS.unpack_from(self._index, self._bounds + OFFSET.size * number)
        try:
            return group_from_data(json.loads(self._blob(start, end - start)))
        except (ValueError, TypeError, LookupError, AttributeError, RecursionError) as error:
            raise DamagedError(f"group {number}: {error!r}") from error

    def _read_index(self) -> None:
        header = self._read(0, HEADER.size)
        magic, verdicts, groups, size, digest = HEADER.unpack(header)
        length = PLACE.size * verdicts + OFFSET.size * (groups + 1)
        if magic != MAGIC or size != self.size or size > LARGEST_PACK or groups > MOST_GROUPS:
            raise DamagedError("header")
        index = self._read(HEADER.size, length)
        if digest != _digest((magic, verdicts, groups, size), index):
            raise DamagedError("index")
        self.count, self._groups, self._index = verdicts, groups, index
        self._bounds = PLACE.size * verdicts

    def _key(self, number: int) -> bytes:
        start = PLACE.size * number
        return self._index[start : start + KEY_SIZE]

    def _stored(self, number: int) -> Stored:
        _, start, length = PLACE.unpack_from(self._index, PLACE.size * number)
        blob = self._blob(start, length)
        try:
            (length,) = OFFSET.unpack_from(blob)
            path, subject, place, day, found = json.loads(blob[OFFSET.size : OFFSET.size + length])
            bitmap = _unzipped(blob[OFFSET.size + length :])
            findings = tuple((line, column, code, text) for line, column, code, text in found)
        except (struct.error, ValueError, TypeError, zlib.error, RecursionError) as error:
            raise DamagedError(f"verdict {number}: {error!r}") from error
        verdict = Verdict(self._key(number), path, subject, place, day, findings)
        if bitmap.bit_length() > self._groups or not _is_sound(verdict):
            raise DamagedError(f"verdict {number}")
        return Stored(verdict, bitmap)

    def _blob(self, offset: int, length: int) -> bytes:
        blob = self._read(offset, length)
        if sha256(blob[CHECKED:]).digest()[:CHECKED] != blob[:CHECKED]:
            raise DamagedError(f"blob at {offset}")
        return blob[CHECKED:]

    def _read(self, offset: int, length: int) -> bytes:
        if offset + length > self.size:
            raise DamagedError("too short")
        self._file.seek(offset)
        content = self._file.read(length)
        if len(content) != length:
            raise DamagedError("too short")
        return content


def _verdict_blob(verdict: Verdict, groups: list[int]) -> bytes:
    text = _dumps(verdict[1:])
    bitmap = 0
    for number in groups:
        bitmap |= 1 << number
    packed = zlib.compress(bitmap.to_bytes(bitmap.bit_length() // 8 + 1, "little"))
    return _sealed(OFFSET.pack(len(text)) + text + packed)


def _unzipped(packed: bytes) -> int:
    return int.from_bytes(zlib.decompressobj().decompress(packed, MOST_GROUPS // 8), "little")


def _is_sound(verdict: Verdict) -> bool:
    texts = (verdict.path, verdict.subject, verdict.place)
    return isinstance(verdict.day, int) and all(isinstance(text, str) for text in texts) and all(
        isinstance(line, int) and isinstance(column, int)
        and isinstance(code, str) and isinstance(message, str)
        for line, column, code, message in verdict.found
    )


def _sealed(content: bytes) -> bytes:
    return sha256(content).digest()[:CHECKED] + content


def _digest(counts: tuple[bytes, int, int, int], index: bytes | bytearray) -> bytes:
    return sha256(repr(counts).encode() + index).digest()[:16]


def _dumps(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()
