"""Brings pages of the repository's top level into the site, their links made right for it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File, Files

TOP = Path(__file__).resolve().parent.parent
PAGES = {
    "CHANGELOG.md": "changelog.md", "CONTRIBUTING.md": "contributing.md",
    "SECURITY.md": "security.md",
}  # fmt: skip


def on_files(files: Files, config: Any) -> Files:
    """Add the pages of the top level."""
    for name, page in PAGES.items():
        text = (TOP / name).read_text(encoding="utf-8")
        files.append(File.generated(config, page, content=re.sub(r"\]\(docs/", "](", text)))
    return files
