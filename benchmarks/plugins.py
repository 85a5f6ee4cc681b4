"""Plugins in folders of their own, so that a run has exactly those that it is to have."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

OWN = "flake8-moto-order"
# What the environment has: a second copy would shadow it, and count its checks twice.
SHARED = ("flake8", "pycodestyle", "pyflakes", "mccabe")
PEERS = ("flake8-bugbear", "flake8-pytest-style", "flake8-simplify", "flake8-import-order")


def install(folder: Path, source: Path) -> dict[str, Path]:
    """Install this plugin from `source`, and its peers; return the folder of each.

    What a plugin needs comes with it, flake8 apart: it is that of the environment.
    """
    found = {}
    for name in (OWN, *PEERS):
        target = folder / name
        what = str(source) if name == OWN else name
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--target", str(target), what]
        subprocess.run(command, check=True)
        for part in SHARED:
            for there in target.glob(f"{part}*"):
                if there.name.partition("-")[0].removesuffix(".py") != part:
                    continue
                shutil.rmtree(there) if there.is_dir() else there.unlink()
        found[name] = target
    return found
