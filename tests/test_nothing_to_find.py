"""Projects in which nothing can be found: their test files are not looked into."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from flake8_moto_order.settings import CacheSettings, Settings
from tests.cache.linting import OFF, ON, lint

TEST = "import app\n"
PLAIN = {"tests/test_a.py": TEST, "app.py": "import os\n", "README.md": "boto3 and moto\n"}
SENDS = "import boto3, moto\nboto3.client('s3').list_buckets()\n"
SECRET = ".secret/app.py"


def write(folder: Path, files: Mapping[str, str]) -> Path:
    """Write a repository and return its test file."""
    for name, text in {**PLAIN, **files}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (folder / ".git").mkdir()
    return folder / "tests" / "test_a.py"


@pytest.mark.parametrize(
    ("files", "is_traced"),
    [
        ({}, False),
        ({"far/from/here.py": "# moto\n"}, True),
        ({"far/from/here.py": "import boto3\n"}, False),
        ({"tests/conftest.py": "import moto\n"}, True),
        ({"tests/test_a.py": "'moto'"}, True),
        ({SECRET: "import moto\n"}, False),
        ({"node_modules/a.py": "import moto\n"}, False),
        ({"env/pyvenv.cfg": "", "env/lib/a.py": "import moto\n"}, False),
        ({"pyvenv.cfg": "", "a.py": "import moto\n"}, True),
        ({"pytest.ini": "[pytest]\naddopts = -p moto.plugin\n"}, True),
        ({"pytest.ini": "[pytest]\nenv =\n  LIBRARY=moto\n"}, True),
        ({SECRET: "import moto\n", "pytest.ini": "[pytest]\npythonpath = .secret\n"}, True),
        ({"pytest.ini": "[pytest]\npythonpath = src/deep\n"}, False),
    ],
)
@pytest.mark.parametrize("cache", [OFF, ON])
def test_words(
    tmp_path: Path,
    files: dict[str, str],
    is_traced: bool,
    cache: CacheSettings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A test file is looked into if any Python file that it may reach has one of the words."""
    monkeypatch.chdir(tmp_path)
    test = write(tmp_path, files)
    assert lint([test], cache).traced == [str(test)] * is_traced


@pytest.mark.parametrize(
    "settings", [Settings(scope="all"), Settings(chosen=frozenset({"MOT302"}))]
)
def test_clients(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Clients without moto count for those who ask for tests without moto, or for more rules."""
    monkeypatch.chdir(tmp_path)
    test = write(tmp_path, {})
    assert lint([test], settings=settings).traced == []
    (tmp_path / "app.py").write_text("import boto3\n")
    assert lint([test], settings=settings).traced == [str(test)]


@pytest.mark.parametrize(
    "settings",
    [Settings(mocks=frozenset({"own.mock"})), Settings(client_factories=frozenset({"own.client"}))],
)
def test_configured_names(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever names mocks or factories of a library has test files looked into."""
    monkeypatch.chdir(tmp_path)
    test = write(tmp_path, {})
    assert lint([test], settings=settings).traced == [str(test)]


@pytest.mark.parametrize(
    ("link", "target", "is_traced"),
    [
        ("here.py", "../outside/app.py", False),
        ("here", "../outside", False),
        ("here.py", SECRET, True),
        ("here", ".secret/in", True),
        ("here", ".", False),
        ("here.py", "nowhere.py", False),
        ("here.py", "here.py", True),
    ],
)
def test_links(
    tmp_path: Path, link: str, target: str, is_traced: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Links count as where they lead, if that is within bounds; what can't be told counts."""
    top = tmp_path / "project"
    test = write(top, {"../outside/app.py": SENDS, SECRET: SENDS, ".secret/in/app.py": SENDS})
    (top / link).symlink_to(target)
    monkeypatch.chdir(top)
    assert lint([test]).traced == [str(test)] * is_traced


def test_word_that_comes_later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As soon as a file has the word all test files are looked into: nothing was kept."""
    monkeypatch.chdir(tmp_path)
    test = write(tmp_path, {})
    assert lint([test, test]).found == []
    (tmp_path / "app.py").write_text(SENDS, encoding="utf-8")
    assert "MOT103" in str(lint([test]).found)
    (tmp_path / "app.py").write_text("", encoding="utf-8")
    assert lint([test]) == ([], [])


def test_text_that_is_not_saved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What an editor passes counts, and not what stands on disk."""
    monkeypatch.chdir(tmp_path)
    test = write(tmp_path, {})
    assert "MOT103" in str(lint([test], texts={test: SENDS}).found)
    assert lint([test]) == ([], [])
