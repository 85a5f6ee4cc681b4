"""Files that cannot be read, decoded or parsed are opaque; the other findings stay."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from flake8_moto_order.project import Sources
from tests.robustness.checking import REQUEST, check_path, codes, write

NO_MODULES = ("missing", "empty", "folder", "loop", "dangling", "pipe", "ünïcode")
OPAQUE: dict[str, str | bytes] = {
    "syntax error": "import boto3\ndef (:\n",
    "indentation": "if 1:\nx = 1\n",
    "python 2": "print 'x'\nexec 'y'\n",
    "null bytes": b"import boto3\0\n",
    "only null bytes": b"\0" * 5000,
    "not utf-8": b"x = '\xff\xfe'\n",
    "unknown encoding": b"# -*- coding: klingon -*-\nx = 1\n",
    "encoding that is no text": b"# -*- coding: hex -*-\nx = 1\n",
    "wrong encoding": b"# -*- coding: ascii -*-\nx = '\xc3\xa4'\n",
    "two encodings": b"\xef\xbb\xbf# -*- coding: latin-1 -*-\nx = 1\n",
    "utf-16": "x = 1\n".encode("utf-16"),
    "too many parentheses": "x = " + "(" * 2000 + ")" * 2000 + "\n",
    "too deep": "x = " + "-" * 20_000 + "1\n",
    "too many blocks": "".join(" " * i + "if x:\n" for i in range(300)) + " " * 300 + "pass\n",
    "long chain": "x = " + "+".join("1" * 20_000) + "\n",
    "too large": "x = 1\n" * 400_000,
    "10 MB": b"# " + b"x" * 10_000_000,
    "empty": "",
    "lone surrogate": "x = '\\ud800'\n",
    "carriage returns": b"import os\rx = 1\r",
    "form feeds": "\f\f\nimport os\n\f",
}


@pytest.mark.parametrize("content", OPAQUE.values(), ids=OPAQUE)
@pytest.mark.parametrize("name", ["broken.py", "broken/__init__.py", "conftest.py"])
def test_opaque_module(name: str, content: str | bytes, tmp_path: Path) -> None:
    """A module that is no readable Python has no effect."""
    write(tmp_path, {name: content})
    text = "import broken\nfrom broken import x, y\nimport broken.z\nfrom broken import *\n"
    assert codes(tmp_path, text + REQUEST) == ["MOT103"]


@pytest.mark.parametrize("content", OPAQUE.values(), ids=OPAQUE)
def test_opaque_file(content: str | bytes, tmp_path: Path) -> None:
    """Such a file as the linted one ends without an error."""
    write(tmp_path, {"test_x.py": content})
    check_path(str(tmp_path / "test_x.py"), Sources(), str(tmp_path))


@pytest.mark.parametrize(
    "name", ["pytest.ini", "pyproject.toml", "setup.cfg", "tox.ini", "requirements.txt", "uv.lock"]
)
@pytest.mark.parametrize("content", OPAQUE.values(), ids=OPAQUE)
def test_opaque_configuration(name: str, content: str | bytes, tmp_path: Path) -> None:
    """Configuration and requirement files that make no sense say nothing."""
    write(tmp_path, {name: content})
    assert codes(tmp_path, REQUEST) == ["MOT103"]


@pytest.mark.parametrize(
    "source",
    ["import {0}", "from {0} import x", "from {0}.y import *", "from .{0} import x"],
)
@pytest.mark.parametrize("name", NO_MODULES)
def test_no_module(source: str, name: str, tmp_path: Path) -> None:
    """What is missing, or is no regular file, has no effect."""
    (tmp_path / "empty").mkdir()
    (tmp_path / "folder.py").mkdir()
    (tmp_path / "loop").symlink_to(tmp_path)
    (tmp_path / "loop.py").symlink_to(tmp_path / "loop.py")
    (tmp_path / "dangling.py").symlink_to(tmp_path / "nowhere.py")
    os.mkfifo(tmp_path / "pipe.py")
    text = f"try:\n {source.format(name)}\nexcept ImportError: pass\n{source.format(name)}\n"
    assert codes(tmp_path, text + REQUEST) == ["MOT103"]


def test_no_permission(tmp_path: Path) -> None:
    """A file and a folder without permission to read have no effect."""
    write(tmp_path, {"secret.py": "x = 1\n", "hidden/__init__.py": "y = 1\n"})
    (tmp_path / "secret.py").chmod(0)
    (tmp_path / "hidden").chmod(0)
    try:
        assert codes(tmp_path, "import secret, hidden\n" + REQUEST) == ["MOT103"]
    finally:
        (tmp_path / "hidden").chmod(0o700)


def test_vanishing_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that can be seen but not opened has no effect."""
    write(tmp_path, {"gone.py": REQUEST})

    def refuse(*arguments: object, **keywords: object) -> object:
        raise PermissionError

    monkeypatch.setattr("builtins.open", refuse)
    assert codes(tmp_path, "import gone\n" + REQUEST) == ["MOT103"]


def test_name_that_is_no_text(tmp_path: Path) -> None:
    """File names that are no UTF-8 do not disturb the look into their folder."""
    (Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff\xfe.py"))).write_text("x = 1\n")
    (Path(os.fsdecode(os.fsencode(tmp_path) + b"/test_\xff.py"))).write_text(REQUEST)
    write(tmp_path, {"conftest.py": "import os\n"})
    assert codes(tmp_path, "import other\n" + REQUEST) == ["MOT103"]


def test_looping_folders(tmp_path: Path) -> None:
    """Folders that lead into each other end the search for a victim, not the look at the file."""
    write(tmp_path, {"pytest.ini": "[pytest]\n", "a/b/test_y.py": "import moto, boto3\n"})
    (tmp_path / "a" / "b" / "up").symlink_to(tmp_path)
    assert codes(tmp_path, "import boto3\nc = boto3.client('s3')\n" + REQUEST) == ["MOT103"]
