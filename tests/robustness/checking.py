"""Check one test file of a project on disk, with every error of ours visible."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from pathlib import Path

from flake8_moto_order.project import Linted, Sources
from flake8_moto_order.rules import check
from flake8_moto_order.session.tracing import trace_file
from flake8_moto_order.settings import Settings

LINTED = "test_x.py"
REQUEST = "\nimport boto3\nboto3.client('s3').list_buckets()\n"
EVERY_FILE = Settings(test_files=("*.py",))


def write(folder: Path, files: Mapping[str, str | bytes]) -> None:
    """Write files into a folder."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())


def codes(folder: Path, text: str) -> list[str]:
    """Return the codes found in `text` as the test file of the project in `folder`."""
    path = str(folder / LINTED)
    sources = Sources({path: Linted(ast.parse(text), text)})
    return [found.code for found in check(trace_file(path, sources, Settings(), str(folder)))]


def check_path(path: str, sources: Sources, folder: str) -> None:
    """Check a file on disk as if it were a test file."""
    sources.refresh({})
    if sources.tree(path) is not None:
        list(check(trace_file(path, sources, EVERY_FILE, folder)))
