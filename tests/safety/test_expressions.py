"""Regular expressions take time in proportion to the text, whatever it is."""

from __future__ import annotations

import importlib
import pkgutil
import re
import time
from collections.abc import Iterator

import pytest

import flake8_moto_order
from flake8_moto_order.project.suite import matches

SHORT, LONG = 4_000, 32_000
MOST_SECONDS = 0.02
# Eight times the text takes 64 times as long where the time grows with the square.
MOST_GROWTH = 24


def patterns() -> Iterator[tuple[str, re.Pattern[str] | re.Pattern[bytes]]]:
    """Yield the compiled patterns of all modules of the package."""
    for found in pkgutil.walk_packages(flake8_moto_order.__path__, "flake8_moto_order."):
        module = importlib.import_module(found.name)
        for name, value in vars(module).items():
            if isinstance(value, re.Pattern):
                yield f"{found.name}.{name}", value


PATTERNS = dict(patterns())
PIECES = [
    "a", " ", "\n", "(", ")", ".", ",", "_", "1", "#", '"', "moto", "mock_", "from ", "import ",
    "from a import (", "from a import b, ", "def f(", "def f(\n", "    def f(a,\n    b,\n",
    "async ", "coding", "a.b.", "a b, c\n", "test_ ", "moto.core.", "mock_aws ", "a_a.",
]  # fmt: skip


def seconds(pattern: re.Pattern[str] | re.Pattern[bytes], text: str) -> float:
    """Return the time it takes to find nothing but what is there, the best of three."""
    best = float("inf")
    for _ in range(3):
        start = time.process_time()
        if isinstance(pattern.pattern, bytes):
            pattern.search(text.encode())
        else:
            pattern.search(text)
        best = min(best, time.process_time() - start)
    return best


@pytest.mark.parametrize("pattern", PATTERNS.values(), ids=PATTERNS)
def test_linear(pattern: re.Pattern[str] | re.Pattern[bytes]) -> None:
    """No repeated piece of text that ends in something else takes time by the square."""
    for piece in PIECES:
        for end in ("\0", "\n!", ":"):
            short, long = (piece * (size // len(piece)) + end for size in (SHORT, LONG))
            taken = seconds(pattern, long)
            assert taken <= MOST_SECONDS or (
                taken < MOST_GROWTH * max(seconds(pattern, short), 0.0005)
            ), (piece, end)


def test_patterns_of_files() -> None:
    """A pattern of file names with many stars is matched in no time."""
    start = time.process_time()
    assert not matches("/p/" + "a" * 60 + ".py", ("*a" * 30 + "*b.py",))
    assert time.process_time() - start < 1
