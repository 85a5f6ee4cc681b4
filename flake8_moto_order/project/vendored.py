"""What others wrote and a project carries: packages that were installed into one of its folders."""

from __future__ import annotations

import os

from flake8_moto_order.project.configuration import is_below, upward
from flake8_moto_order.project.seen import Wanted
from flake8_moto_order.project.sources import Sources

INSTALLED = ("site-packages", "dist-packages", "node_modules")
METADATA = Wanted((), ("*.dist-info",))


def is_vendored(sources: Sources, path: str, rootdir: str) -> bool:
    """Tell whether a file below `rootdir` came with an installed package."""
    folder, name = os.path.split(path)
    for around in upward(sources, folder):
        if not is_below(around, rootdir):
            break
        if os.path.basename(around) in INSTALLED or name in installed_names(sources, around):
            return True
        name = os.path.basename(around)
    return False


def installed_names(sources: Sources, folder: str) -> set[str]:
    """Return the names in a folder that came with packages which were installed there.

    Their `RECORD` says so (packaging.python.org, Recording installed projects).
    """
    found: set[str] = set()
    for name in sources.entries(folder, METADATA):
        record = sources.text(os.path.join(folder, name, "RECORD")) or ""
        found.update(line.partition(",")[0].partition("/")[0] for line in record.splitlines())
    return found
