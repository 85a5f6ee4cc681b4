"""Every so many files of the standard library, as if they were test files."""

from __future__ import annotations

import sysconfig
import time
from pathlib import Path

import pytest

from flake8_moto_order.project import Sources
from tests.robustness.checking import check_path

LIBRARY = Path(sysconfig.get_path("stdlib"))
EVERY = 30
FILES = sorted(
    path for path in LIBRARY.rglob("*.py") if not {"site-packages", "idlelib"} & set(path.parts)
)
MOST_SECONDS = 20.0


@pytest.fixture(scope="module")
def sources() -> Sources:
    """Share what is read between the files."""
    return Sources()


@pytest.mark.parametrize("path", FILES[::EVERY], ids=lambda path: str(path.relative_to(LIBRARY)))
def test_library_file(path: Path, sources: Sources) -> None:
    """A file of the standard library is checked without an error and in due time."""
    start = time.process_time()
    check_path(str(path), sources, str(LIBRARY))
    assert time.process_time() - start < MOST_SECONDS
