"""Small checkouts to measure on."""

from __future__ import annotations

from pathlib import Path

FILES = {
    "app/__init__.py": "",
    "app/store.py": "import boto3\n\nCLIENT = boto3.client('s3')\n",
    "app/names.py": "NAMES = ()\n",
    "app/view.py": "from . import store\nimport json\n\nfrom app import names as found\n",
    "app/unused.py": "import app.store\n",
    "tests/helpers.py": "import app.store\n",
    "tests/test_view.py": "from app.view import found\nfrom helpers import nothing\n",
    "tests/test_store.py": (
        "import app.store\nfrom moto import mock_aws\n\n\n@mock_aws\ndef test_it():\n    pass\n"
    ),
}


def write(folder: Path, files: dict[str, str] | None = None) -> Path:
    """Write files into a folder and return it."""
    for name, text in (FILES if files is None else files).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def content(folder: Path) -> dict[str, bytes]:
    """Return what all files of a folder hold."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}
