"""Changes of a tree before a run: a module, or the times of all files."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def changed(path: Path) -> Iterator[None]:
    """Append a comment to a module; afterwards it is as it was, its times included."""
    content, status = path.read_bytes(), path.stat()
    path.write_bytes(content + b"\n# changed\n")
    try:
        yield
    finally:
        path.write_bytes(content)
        os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def touch(tree: Path) -> None:
    """Give all files of a tree the time of now, as a new checkout has them."""
    for folder, _, names in os.walk(tree):
        for name in names:
            os.utime(os.path.join(folder, name), follow_symlinks=False)
