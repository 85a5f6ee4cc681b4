"""The verdicts in one cache folder, for one home: looked up in packs, collected, written."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Sequence
from contextlib import suppress

from flake8_moto_order.cache.checking import Checker
from flake8_moto_order.cache.folders import pack_paths, remove, remove_unfinished, write_file
from flake8_moto_order.cache.keys import owner_of
from flake8_moto_order.cache.merging import Batch, bits, is_outdated, today
from flake8_moto_order.cache.packs import DamagedError, Finding, Pack, Stored, Verdict
from flake8_moto_order.cache.places import Home
from flake8_moto_order.cache.recording import Dependencies, Recorder
from flake8_moto_order.project import Sources

LOG = logging.getLogger("flake8.moto_order")
MOST_PENDING = 64
MOST_PACKS = 8
MOST_READ = 64
MOST_BYTES = 256_000_000
DAY = 86_400


class OpenPack:
    """A pack with what is known of its groups: bitmaps of those checked and those that changed."""

    def __init__(self, pack: Pack) -> None:
        self.pack = pack
        self.checked = 0
        self.changed = 0

    def holds(self, groups: int, checker: Checker) -> bool:
        """Tell whether all these groups hold."""
        if groups & self.changed:
            return False
        for number in bits(groups & ~self.checked):
            self.checked |= 1 << number
            if not checker.holds(self.pack.group(number)):
                self.changed |= 1 << number
                return False
        return True


class Store:
    """Finds and keeps verdicts. What goes wrong with the disk is logged and makes a miss."""

    def __init__(self, folder: str, home: Home, sources: Sources) -> None:
        self.folder = folder
        self.recorder = Recorder(sources, home)
        self._home = home
        self._checker = Checker(sources, home)
        self._packs: list[OpenPack] | None = None
        self._batch = Batch()
        self._written: list[str] = []
        self._hits: set[bytes] = set()
        self._is_writable = True

    def find(self, key: bytes) -> tuple[Finding, ...] | None:
        """Return what was found under a key, if nothing that it depends on changed."""
        if self._packs is None:
            self._packs = list(map(OpenPack, self._open(pack_paths(self.folder)[:MOST_READ])))
        for opened in list(self._packs):
            try:
                stored = opened.pack.find(key)
                if stored and self._holds(opened, stored):
                    self._hits.add(key)
                    return stored.verdict.found
            except (DamagedError, OSError) as error:
                self._packs.remove(opened)
                self._discard(opened.pack.path, error)
        return None

    def add(self, verdict: Verdict, dependencies: Dependencies) -> None:
        """Keep a verdict; some are written together."""
        self._batch.add(verdict, dependencies)
        if len(self._batch) >= MOST_PENDING:
            self._write(self._batch)
            self._batch = Batch()

    def close(self) -> None:
        """Write what is left as one pack, in place of small ones that it can take in."""
        for opened in self._packs or ():
            self._touch(opened.pack)
            opened.pack.close()
        if self._batch or self._written:
            self._merge()
        self._packs, self._batch, self._written = None, Batch(), []

    def _holds(self, opened: OpenPack, stored: Stored) -> bool:
        if stored.verdict.place not in ("", self._home.top):
            return False
        return opened.holds(stored.groups, self._checker)

    def _touch(self, pack: Pack) -> None:
        """Let a pack in use count as new, once a day."""
        with suppress(OSError):
            if time.time() - os.stat(pack.path).st_mtime > DAY:
                os.utime(pack.path)

    def _open(self, paths: Sequence[str]) -> list[Pack]:
        packs = []
        for path in paths:
            try:
                packs.append(Pack(path))
            except (DamagedError, OSError) as error:
                self._discard(path, error)
        return packs

    def _discard(self, path: str, error: Exception) -> None:
        LOG.info("cache: %s is not used: %r", path, error)
        if isinstance(error, DamagedError):
            remove(path)

    def _write(self, batch: Batch) -> bool:
        if self._is_writable:
            try:
                self._written.append(write_file(self.folder, batch.to_bytes()))
            except OSError as error:
                LOG.info("cache: nothing is written to %s: %r", self.folder, error)
                self._is_writable = False
        return self._is_writable

    def _merge(self) -> None:
        """Write the batch with the packs of this process and, when they are many, other small ones.

        A larger pack stays as it is until the smaller ones make up half of its size.
        """
        paths = pack_paths(self.folder)
        chosen = {*self._written, *(_smaller(paths) if len(paths) >= MOST_PACKS else ())}
        replaced = []
        for pack in self._open([path for path in paths if path in chosen]):
            try:
                self._batch.add_pack(pack, self._renew)
                replaced.append(pack.path)
            except (DamagedError, OSError) as error:
                self._discard(pack.path, error)
            finally:
                pack.close()
        if self._write(self._batch):
            for path in (*replaced, *_surplus(pack_paths(self.folder))):
                remove(path)
            remove_unfinished(self.folder)

    def _renew(self, verdict: Verdict) -> Verdict | None:
        if verdict.key in self._hits:
            verdict = verdict._replace(day=today())
        return None if is_outdated(verdict, self._home, owner_of(self._home)) else verdict


def _smaller(paths: Sequence[str]) -> list[str]:
    """Return the packs that are small beside those that are smaller still."""
    sizes = sorted((_size(path), path) for path in paths)
    total = 0
    taken: list[str] = []
    for size, path in sizes:
        if size > 2 * total and len(taken) > MOST_PACKS // 2:
            break
        total += size
        taken.append(path)
    return taken


def _surplus(paths: Sequence[str]) -> list[str]:
    """Return the oldest packs, those beyond the size that a cache may have."""
    total, surplus = 0, []
    for path in paths:
        total += _size(path)
        if total > MOST_BYTES:
            surplus.append(path)
    return surplus


def _size(path: str) -> int:
    try:
        return os.stat(path).st_size
    except OSError:
        return 0
