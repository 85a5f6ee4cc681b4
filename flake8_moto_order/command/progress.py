"""A line on a terminal that tells how many files of a long run are done."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from typing import TextIO, TypeVar

T = TypeVar("T")
# Seconds before the line appears, and between two changes of it.
PATIENCE, PAUSE = 1.0, 0.1
WIDTH = 24


class Progress:
    """Counts what is done of a `total`; silent where the output is no terminal."""

    def __init__(self, output: TextIO, total: int) -> None:
        self._output = output
        self._total = total
        self._done = 0
        self._next = time.monotonic() + PATIENCE
        self._shown = False

    def __enter__(self) -> Progress:
        """Start to count."""
        return self

    def __exit__(self, *exception: object) -> None:
        """Take the line away."""
        if self._shown:
            self._output.write("\r\x1b[K")
            self._output.flush()

    def over(self, things: Iterable[T]) -> Iterator[T]:
        """Yield things, and count each when the next one is asked for."""
        for thing in things:
            yield thing
            self._done += 1
            self._show()

    def _show(self) -> None:
        now = time.monotonic()
        if now < self._next or not self._output.isatty():
            return
        self._next, self._shown = now + PAUSE, True
        filled = WIDTH * self._done // max(self._total, 1)
        bar = "#" * filled + "." * (WIDTH - filled)
        self._output.write(f"\r\x1b[K[{bar}] {self._done:,} of {self._total:,} files")
        self._output.flush()
