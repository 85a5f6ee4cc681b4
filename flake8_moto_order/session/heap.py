"""The garbage collector, kept from going over what a run keeps."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager

# How many blocks of memory may be added before all of it is gone over, at least.
LEAST_ADDED = 1_000_000


class Heap:
    """What is kept from file to file: trees, worlds and summaries, more with each file.

    Nothing is collected while a file is traced. What there is afterwards is put out of the
    collector's sight, flake8's collections otherwise walk it again and again. It is gone over as
    a whole, for the cycles in it that nobody needs, each time that it has grown by half.
    """

    def __init__(self) -> None:
        self._most = sys.getallocatedblocks() + LEAST_ADDED

    @contextmanager
    def undisturbed(self) -> Iterator[None]:
        """Keep the collector away; afterwards it is as it was before."""
        was_enabled = gc.isenabled()
        gc.disable()
        try:
            yield
        finally:
            if was_enabled:
                gc.enable()
                self._set_aside()

    def _set_aside(self) -> None:
        if sys.getallocatedblocks() > self._most:
            gc.unfreeze()
            gc.collect()
            blocks = sys.getallocatedblocks()
            self._most = blocks + max(blocks // 2, LEAST_ADDED)
        gc.freeze()


# The collector is one for the process, too.
HEAP = Heap()
