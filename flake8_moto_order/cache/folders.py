"""The folder of a cache: what is in it, and how to write so that no reader sees half a file."""

from __future__ import annotations

import os
import secrets
import time
from contextlib import suppress

ENDING = ".motpack"
UNFINISHED = ".unfinished"
# Unfinished files of processes that were killed go after a day.
LONGEST_WRITE = 86_400
TAG = """Signature: 8a477f597d28d172789f06886806bc55
# This file is a cache directory tag created by flake8-moto-order.
# For information about cache directory tags see https://bford.info/cachedir/
"""
MARKS = {"CACHEDIR.TAG": TAG, ".gitignore": "# Written by flake8-moto-order.\n*\n"}


def pack_paths(folder: str) -> list[str]:
    """Return the packs of a folder, the newest first; none when it can't be read."""
    found = []
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            with suppress(OSError):
                if entry.name.endswith(ENDING):
                    found.append((-entry.stat().st_mtime_ns, entry.path))
    return [path for _, path in sorted(found)]


def write_file(folder: str, content: bytes) -> str:
    """Write a pack under a new name; return its path. Raises OSError."""
    make_folder(folder)
    name = os.path.join(folder, secrets.token_hex(8))
    try:
        with open(name + UNFINISHED, "xb") as file:
            file.write(content)
        os.replace(name + UNFINISHED, name + ENDING)
    except OSError:
        remove(name + UNFINISHED)
        raise
    return name + ENDING


def make_folder(folder: str) -> None:
    """Make a cache folder and mark it as one for backup tools and git. Raises OSError.

    A folder that already holds anything is somebody's own and gets no marks.
    """
    os.makedirs(folder, exist_ok=True)
    if os.listdir(folder):
        return
    for name, text in MARKS.items():
        with suppress(FileExistsError), open(os.path.join(folder, name), "x") as file:
            file.write(text)


def remove(path: str) -> None:
    """Remove a file if that is possible."""
    with suppress(OSError):
        os.remove(path)


def remove_unfinished(folder: str) -> None:
    """Remove what a killed process left."""
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.endswith(UNFINISHED):
                if time.time() - entry.stat().st_mtime > LONGEST_WRITE:
                    remove(entry.path)
