"""The cache of one flake8 process: a store for each project that is linted."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterable
from functools import partial
from multiprocessing.util import Finalize
from typing import TypeVar

from flake8_moto_order.cache.keys import Case, code_digest, key_of, place_of, subject_of
from flake8_moto_order.cache.merging import today
from flake8_moto_order.cache.packs import Finding, Verdict
from flake8_moto_order.cache.places import Home
from flake8_moto_order.cache.store import Store
from flake8_moto_order.project import ALL, Seen, Sources

LOG = logging.getLogger("flake8.moto_order")
T = TypeVar("T")
FOLDER = ".flake8_moto_order_cache"


class Cache:
    """Recalls and keeps verdicts; an error of its own is logged, and costs no verdict.

    `folder` is where they are, None for a folder in each root folder.
    """

    def __init__(self, folder: str | None, sources: Sources) -> None:
        self._folder = folder
        self._sources = sources
        self._code = code_digest()
        self._stores: dict[tuple[str, str], Store] = {}
        self._process = os.getpid()
        # Unlike atexit's, this is called in flake8's worker processes too.
        self._at_exit = Finalize(None, self.close, exitpriority=0)

    def recall(self, case: Case) -> tuple[Finding, ...] | None:
        """Return the verdict of an earlier run that still holds."""
        return _attempt("recalling", partial(self._recall, case))

    def keep(self, case: Case, seen: Seen, found: Iterable[Finding]) -> None:
        """Keep a verdict and what was seen of the disk for it."""
        _attempt("keeping", partial(self._keep, case, seen, tuple(found)))

    def close(self) -> None:
        """Write what is not written yet; nothing is asked afterwards."""
        self._at_exit.cancel()
        if self._process == os.getpid():
            for store in self._stores.values():
                _attempt("closing", store.close)

    def _recall(self, case: Case) -> tuple[Finding, ...] | None:
        home = self._home(case)
        return self._store(case, home).find(key_of(case, home, self._code))

    def _keep(self, case: Case, seen: Seen, found: tuple[Finding, ...]) -> None:
        _leave_out(seen, case.path)
        if found:
            # The messages name lines of other files.
            seen.parts.update({(path, ALL) for path, _ in seen.parts})
        home = self._home(case)
        store = self._store(case, home)
        dependencies = store.recorder.record(seen)
        saved = self._sources.is_saved(case.path)
        place = place_of(case, home, {dependency.path for dependency in dependencies})
        key, subject = key_of(case, home, self._code), subject_of(case, home, saved)
        verdict = Verdict(key, home.portable(case.path), subject, place, today(), found)
        store.add(verdict, dependencies)

    def _home(self, case: Case) -> Home:
        rootdir = case.configuration.rootdir
        return self._sources.derive(("home", rootdir), lambda: Home(self._sources, rootdir))

    def _store(self, case: Case, home: Home) -> Store:
        folder = self._folder or os.path.join(case.configuration.rootdir, FOLDER)
        if (folder, home.top) not in self._stores:
            self._stores[folder, home.top] = Store(folder, home, self._sources)
        return self._stores[folder, home.top]


def _leave_out(seen: Seen, linted: str) -> None:
    """Forget what was asked of the linted file: its text is in the key of the verdict."""
    seen.parts.difference_update([part for part in seen.parts if part[0] == linted])


def _attempt(doing: str, action: Callable[[], T]) -> T | None:
    try:
        return action()
    except Exception as error:
        LOG.warning("cache: %s: %r", doing, error, exc_info=True)
        return None
