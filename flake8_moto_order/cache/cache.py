"""The cache of one flake8 process: a store for each project that is linted."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable
from multiprocessing.util import Finalize

from flake8_moto_order.cache.keys import Case, code_digest, key_of, place_of, subject_of
from flake8_moto_order.cache.merging import today
from flake8_moto_order.cache.packs import Finding, Verdict
from flake8_moto_order.cache.places import Home
from flake8_moto_order.cache.store import Store
from flake8_moto_order.project import Seen, Sources

LOG = logging.getLogger("flake8.moto_order")
FOLDER = ".flake8_moto_order_cache"


class Cache:
    """Recalls and keeps verdicts. `folder` is where, None for a folder in each root folder."""

    def __init__(self, folder: str | None, sources: Sources) -> None:
        self._folder = folder
        self._sources = sources
        self._process = os.getpid()
        self._stores: dict[tuple[str, str], Store] = {}
        self._code = code_digest()
        # Unlike atexit's, this is called in flake8's worker processes too.
        self._at_exit = Finalize(None, self.close, exitpriority=0)

    def recall(self, case: Case) -> tuple[Finding, ...] | None:
        """Return the verdict of an earlier run that still holds."""
        home = self._home(case)
        return self._store(case, home).find(key_of(case, home, self._code))

    def keep(self, case: Case, seen: Seen, found: Iterable[Finding]) -> None:
        """Keep a verdict and what was seen of the disk for it."""
        home = self._home(case)
        store = self._store(case, home)
        dependencies = store.recorder.record(seen)
        paths = {dependency.path for dependency in dependencies}
        verdict = Verdict(
            key_of(case, home, self._code),
            home.portable(case.path),
            subject_of(case, home, self._is_saved(case)),
            place_of(case, home, paths),
            today(),
            tuple(found),
        )
        store.add(verdict, dependencies)

    def close(self) -> None:
        """Write what is not written yet, once nothing more is to be asked."""
        self._at_exit.cancel()
        if self._process == os.getpid():
            for store in self._stores.values():
                store.close()

    def _home(self, case: Case) -> Home:
        rootdir = case.configuration.rootdir
        return self._sources.derive(("home", rootdir), lambda: Home(self._sources, rootdir))

    def _store(self, case: Case, home: Home) -> Store:
        folder = self._folder or os.path.join(case.configuration.rootdir, FOLDER)
        where = (folder, home.top)
        if where not in self._stores:
            self._stores[where] = Store(folder, home, self._sources)
        return self._stores[where]

    def _is_saved(self, case: Case) -> bool:
        return self._sources.is_saved(case.path)
