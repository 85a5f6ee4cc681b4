"""The hub of an application is what most tests reach by import statements, a leaf what few do."""

from __future__ import annotations

from pathlib import Path

from benchmarks.imports import Marked, find_marked
from tests.benchmarks.trees import FILES, write

TESTS = ("tests",)


def test_marked(tmp_path: Path) -> None:
    """Relative imports count, packages too; empty modules, tests and what is not reached do not."""
    write(tmp_path)
    assert find_marked(tmp_path, TESTS) == Marked(
        tmp_path / "app/store.py", tmp_path / "app/view.py", tmp_path / "tests/test_store.py"
    )


def test_packages(tmp_path: Path) -> None:
    """To import a module is to import the packages around it."""
    write(tmp_path, {**FILES, "app/__init__.py": "VERSION = 1\n"})
    found = find_marked(tmp_path, TESTS)
    assert found.hub == tmp_path / "app/__init__.py" and found.leaf == tmp_path / "app/view.py"


def test_nearest(tmp_path: Path) -> None:
    """Of modules with the same name the nearest is meant, in a cycle as well."""
    write(
        tmp_path,
        {
            "one/app.py": "import other\n",
            "one/other.py": "import app\n",
            "one/tests/test_it.py": "import app\n",
            "two/app.py": "X = 1\n",
        },
    )
    found = find_marked(tmp_path, TESTS)
    assert (found.hub, found.leaf) == (tmp_path / "one/app.py", tmp_path / "one/other.py")


def test_nothing(tmp_path: Path) -> None:
    """A tree may have no tests, and files that are not Python."""
    write(tmp_path, {"a.py": "(", ".hidden/b.py": "", "node_modules/c.py": "", "d.txt": ""})
    (tmp_path / "dangling.py").symlink_to("nowhere")
    assert find_marked(tmp_path, TESTS) == Marked(None, None, None)


def test_median(tmp_path: Path) -> None:
    """Where no test speaks of moto, the one of median size is taken of all."""
    sizes = {f"test_{size}.py": "#" * size for size in (9, 1, 5)}
    write(tmp_path, {**sizes, "conftest.py": ""})
    assert find_marked(tmp_path, TESTS) == Marked(None, None, tmp_path / "test_5.py")
