"""The list of repositories to measure on, and the checkouts of them, which are never changed."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

KEYS = {"address", "commit", "folder", "linted", "tests", "tuned"}


class ListError(Exception):
    """The list of repositories can't be read, or isn't one."""


class Repository(NamedTuple):
    """One entry of the list.

    `folder` is where its checkout stands below the folder of checkouts, `linted` what of it flake8
    gets, `tests` the names of folders that hold no application code. The engine was made faster
    with the `tuned` ones in sight; the others tell what that is worth elsewhere.
    """

    address: str
    commit: str
    folder: str
    linted: tuple[str, ...] = (".",)
    tests: tuple[str, ...] = ("test", "tests")
    tuned: bool = False

    @property
    def name(self) -> str:
        """The last part of the address."""
        return self.address.rstrip("/").rpartition("/")[2].removesuffix(".git")


class Checkout(NamedTuple):
    """A folder to measure on; with a `problem` it is none, a `note` is to be said with figures."""

    folder: Path
    problem: str = ""
    note: str = ""


def read(path: Path) -> list[Repository]:
    """Read a list: a table `[[repository]]` for each, see repositories.toml."""
    try:
        entries = tomllib.loads(path.read_text(encoding="utf-8")).get("repository", [])
    except (OSError, ValueError) as error:
        raise ListError(f"{path}: {error}") from error
    found = [_repository(path, entry) for entry in entries]
    names = [each.name for each in found]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ListError(f"{path}: more than one repository is called {', '.join(twice)}")
    return found


def _repository(path: Path, entry: dict[str, object]) -> Repository:
    unknown = sorted(entry.keys() - KEYS)
    missing = sorted({"address", "commit"} - entry.keys())
    if unknown or missing:
        kind, keys = ("unknown", unknown) if unknown else ("missing", missing)
        raise ListError(f"{path}: {entry.get('address', 'a repository')}: {kind}: {keys}")
    plain = Repository(str(entry["address"]), str(entry["commit"]), "")
    return plain._replace(
        folder=str(entry.get("folder", plain.name)),
        linted=_texts(entry.get("linted")) or plain.linted,
        tests=_texts(entry.get("tests")) or plain.tests,
        tuned=entry.get("tuned") is True,
    )


def _texts(value: object) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, list) else ()


def find_checkout(repository: Repository, checkouts: Path) -> Checkout:
    """Return the checkout of a repository, and what is to be said of it."""
    folder = (checkouts / repository.folder).resolve()
    if not folder.is_dir():
        return Checkout(folder, f"there is no folder {repository.folder} among the checkouts")
    if next(folder.rglob("*.py"), None) is None:
        return Checkout(folder, "not a checkout: the folder has no Python file")
    if not (folder / ".git").exists():
        return Checkout(folder, note="the commit could not be checked: there is no `.git`")
    command = ["git", "-C", str(folder), "rev-parse", "HEAD"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return Checkout(folder, note="the commit could not be checked: git doesn't tell it")
    commit = done.stdout.strip()
    if commit != repository.commit:
        return Checkout(folder, note=f"at commit {commit[:10]}, not {repository.commit[:10]}")
    return Checkout(folder)


def copy(checkout: Path, target: Path) -> None:
    """Copy a checkout for changes to be tried in; of `.git` only that it is there."""
    shutil.copytree(checkout, target, symlinks=True, ignore=shutil.ignore_patterns(".git"))
    (target / ".git").mkdir()
