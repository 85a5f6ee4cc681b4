"""The files that a file imports, as far as its text tells."""

from __future__ import annotations

from pathlib import Path

import pytest

from flake8_moto_order.project import Sources
from flake8_moto_order.project.imports import imported_files

FILES = ("top.py", "src/deep/__init__.py", "src/deep/leaf.py", "src/deep/two.py", "src/beside.py",
         "space/inner.py")  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("import top", ["top.py"]),
        ("import deep.leaf as x", ["src/deep/__init__.py", "src/deep/leaf.py"]),
        ("def f():\n    from deep import leaf", ["src/deep/__init__.py", "src/deep/leaf.py"]),
        ("from deep.two import (\n    a,\n)", ["src/deep/__init__.py", "src/deep/two.py"]),
        ("from deep import (\n    leaf,\n    two as x,\n)",
         ["src/deep/__init__.py", "src/deep/leaf.py", "src/deep/two.py"]),
        ("from .beside import a", ["src/beside.py"]),
        ("from . import beside", ["src/beside.py"]),
        ("from .. import top", ["top.py"]),
        ("import space.inner", ["space/inner.py"]),
        ("from deep import *", ["src/deep/__init__.py"]),
        ("import boto3, sys\nimportant = 1\n# import top", []),
        ("from", []),
    ],
)  # fmt: skip
def test_imported(tmp_path: Path, text: str, expected: list[str]) -> None:
    """Every import statement counts, wherever it stands; libraries have no file."""
    for name in (*FILES, "src/test_it.py"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text if name == "src/test_it.py" else "")
    file = str(tmp_path / "src" / "test_it.py")
    found = set(imported_files(Sources(), file, (str(tmp_path),)))
    assert found == {str(tmp_path / name) for name in expected}
