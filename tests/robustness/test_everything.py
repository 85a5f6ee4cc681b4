"""All files of the standard library and of what is installed here, and many generated projects.

`pytest -m everything` runs them.
"""

from __future__ import annotations

import sysconfig
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from flake8_moto_order.project import Sources
from tests.robustness.checking import check_path
from tests.robustness.test_generated import SEEDS, judge_generated

FOLDERS = {name: Path(sysconfig.get_path(name)) for name in ("stdlib", "purelib")}


def files_of(folder: Path) -> Iterator[Path]:
    """Yield the Python files below a folder, those of packages installed into it left out."""
    for path in sorted(folder.rglob("*.py")):
        if "site-packages" not in path.relative_to(folder).parts:
            yield path


@pytest.mark.everything
@pytest.mark.parametrize("folder", FOLDERS.values(), ids=FOLDERS)
def test_every_file(folder: Path) -> None:
    """Every file is checked without an error."""
    sources = Sources()
    failed: list[str] = []
    for path in files_of(folder):
        try:
            check_path(str(path), sources, str(folder))
        except Exception as error:
            failed.append(f"{path}: {error!r}")
    assert not failed


@pytest.mark.everything
@given(SEEDS, SEEDS, SEEDS)
@settings(max_examples=10_000, deadline=None, suppress_health_check=list(HealthCheck))
def test_many_generated_projects(first: int, second: int, third: int) -> None:
    """No error leaves the plugin, whatever stands in the files of many projects."""
    judge_generated(first, second, third)
