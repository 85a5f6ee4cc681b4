"""A group of dependencies as plain data, folder by folder."""

from __future__ import annotations

import os
from typing import Any, NamedTuple

from flake8_moto_order.cache.answers import CONTENT, LISTING, NAME, Dependency
from flake8_moto_order.cache.recording import Dependencies, Proof
from flake8_moto_order.project import Stamp


class Folder(NamedTuple):
    """What was looked for in one folder, by name, and which listings of it were used."""

    path: str
    proof: Proof | None
    names: dict[str, str]
    listings: dict[str, str]


class File(NamedTuple):
    """What the text of one file answered, and what proves that the answers are still the same."""

    proof: Proof
    answers: dict[str, str]


class Files(NamedTuple):
    """The files of one folder that were read, by name; `path` ends with a separator."""

    path: str
    files: dict[str, File]


class Group(NamedTuple):
    """Dependencies that hold or fail together; `others` are those of rarer kinds."""

    folders: list[Folder]
    files: list[Files]
    others: list[Dependency]

    def dependencies(self) -> Dependencies:
        """Return the dependencies one by one."""
        found: Dependencies = dict.fromkeys(self.others)
        for path, proof, names, listings in self.folders:
            for name, answer in names.items():
                found[Dependency(NAME, path, name, answer)] = proof
            for detail, answer in listings.items():
                found[Dependency(LISTING, path, detail, answer)] = proof
        for path, files in self.files:
            for name, (proof, answers) in files.items():
                for question, answer in answers.items():
                    found[Dependency(CONTENT, path + name, question, answer)] = proof
        return found


def group_to_data(members: Dependencies) -> list[object]:
    """Write a group as lists and dictionaries. `path + name` is the path of a file."""
    folders: dict[str, list[Any]] = {}
    files: dict[str, dict[str, list[Any]]] = {}
    others: list[Dependency] = []
    for dependency, proof in members.items():
        kind, path, detail, answer = dependency
        if kind in (NAME, LISTING):
            entry = folders.setdefault(path, [proof, {}, {}])
            entry[0] = proof if entry[0] == proof else None
            entry[1 if kind == NAME else 2][detail] = answer
        elif kind == CONTENT:
            cut = path.rfind(os.sep) + 1
            entry = files.setdefault(path[:cut], {}).setdefault(path[cut:], [proof, {}])
            entry[1][detail] = answer
        else:
            others.append(dependency)
    return [[[path, *entry] for path, entry in folders.items()], list(files.items()), others]


def group_from_data(data: Any) -> Group:
    """Read what `group_to_data` wrote; anything else raises an error of Python's."""
    folders, files, others = data
    return Group(
        [
            Folder(path, proof and _proof(proof), names, listings)
            for path, proof, names, listings in folders
        ],
        [
            Files(path, {name: File(_proof(proof), told) for name, (proof, told) in named.items()})
            for path, named in files
        ],
        [Dependency(*each) for each in others],
    )


def _proof(data: Any) -> Proof:
    stamp, whole = data
    return Proof(stamp and _stamp(stamp), whole)


def _stamp(data: Any) -> Stamp:
    modified, changed, size, number, mode = data
    return (modified, changed, size, number, mode)
