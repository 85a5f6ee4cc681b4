"""Plugins in folders of their own, so that a run has exactly those that it is to have."""

from __future__ import annotations

import hashlib
import importlib.metadata
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

OWN, BEFORE = "flake8-moto-order", "before"
# What the environment has: a second copy would shadow it, and count its checks twice.
SHARED = ("flake8", "pycodestyle", "pyflakes", "mccabe")
PEERS = ("flake8-bugbear", "flake8-pytest-style", "flake8-simplify", "flake8-import-order")
# What a build leaves among the sources would end up in the next one, deleted modules too.
LEFT_OUT = shutil.ignore_patterns(".*", "__pycache__", "build", "dist", "*.egg-info")


def pip(target: Path, what: str) -> None:
    """Install a package and what it needs into a folder."""
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--target", str(target), what]
    subprocess.run(command, check=True)


def install(
    folder: Path,
    source: Path,
    before: Path | None = None,
    installer: Callable[[Path, str], None] = pip,
) -> dict[str, Path]:
    """Install this plugin from `source`, its peers, and another build of it from `before`.

    A build is a folder of sources or a wheel. What a plugin needs comes with it, flake8 apart: it
    is that of the environment. Returns the folder of each.
    """
    wanted = {OWN: str(_clean(source, folder / "sources" / OWN))}
    wanted.update((peer, peer) for peer in PEERS)
    if before is not None:
        wanted[BEFORE] = str(_clean(before, folder / "sources" / BEFORE))
    found = {}
    for name, what in wanted.items():
        target = found[name] = folder / name
        installer(target, what)
        for part in SHARED:
            for there in target.glob(f"{part}*"):
                if there.name.partition("-")[0].removesuffix(".py") != part:
                    continue
                shutil.rmtree(there) if there.is_dir() else there.unlink()
    return found


def _clean(source: Path, target: Path) -> Path:
    """Copy the sources of a build without what earlier builds left; a wheel is taken as it is."""
    if not source.is_dir():
        return source.resolve()
    shutil.copytree(source, target, ignore=LEFT_OUT)
    return target


def strangers(version: str) -> list[str]:
    """Return the plugins that flake8 has by itself, from what `flake8 --version` prints."""
    return sorted(set(re.findall(r"([\w.-]+):\s", version)) - set(SHARED))


def versions(plugins: dict[str, Path]) -> dict[str, str]:
    """Return the versions of the peers that are installed."""
    found = {}
    for peer in PEERS:
        for distribution in importlib.metadata.distributions(path=[str(plugins[peer])]):
            if distribution.metadata["Name"] == peer:
                found[peer] = distribution.version
    return found


def build_of(folder: Path) -> str:
    """Return what tells one build of this plugin from others: a digest of its code."""
    digest = hashlib.sha256()
    for path in sorted(folder.glob("flake8_moto_order/**/*.py")):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]
