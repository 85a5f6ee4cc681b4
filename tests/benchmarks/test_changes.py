"""A tree that was changed for a run is as it was afterwards."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from benchmarks.changes import changed, touch
from tests.benchmarks.trees import content, write


def test_changed(tmp_path: Path) -> None:
    """A module ends with one more comment for a while, also where something fails."""
    path = write(tmp_path, {"a.py": "A = 1"}) / "a.py"
    os.utime(path, (5, 7))
    with pytest.raises(KeyError), changed(path):
        assert path.read_text() == "A = 1\n# changed\n"
        raise KeyError
    assert path.read_text() == "A = 1" and path.stat().st_mtime == 7


def test_touch(tmp_path: Path) -> None:
    """All files are of now, what they hold is the same; a link to nothing is no matter."""
    before = content(write(tmp_path))
    path = tmp_path / "app" / "view.py"
    os.utime(path, (5, 7))
    (tmp_path / "dangling").symlink_to("nowhere")
    touch(tmp_path)
    assert path.stat().st_mtime > 7 and content(tmp_path) == before
