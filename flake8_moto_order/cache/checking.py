"""Tells whether dependencies still hold: by stamps if possible, else by asking the disk again."""

from __future__ import annotations

from flake8_moto_order.cache.answers import LISTING, NAME, ask, listing_digest
from flake8_moto_order.cache.contents import File, Folder, Group
from flake8_moto_order.cache.places import Home
from flake8_moto_order.project import Sources, Stamp, Text, folder_stamp, read_text


class Checker:
    """Checks the dependencies of one home; each file and folder is looked at once."""

    def __init__(self, sources: Sources, home: Home) -> None:
        self._sources = sources
        self._home = home
        self._stamps: dict[str, Stamp | None] = {}
        self._folder_stamps: dict[str, Stamp | None] = {}
        self._wholes: dict[str, str] = {}
        self._texts: dict[str, Text | None] = {}
        self._answers: dict[tuple[str, str, str], str] = {}
        self._listings: dict[str, str] = {}

    def holds(self, group: Group) -> bool:
        """Tell whether nothing in a group changed."""
        return (
            all(self._holds_folder(folder) for folder in group.folders)
            and all(
                self._holds_file(files.path + name, file)
                for files in group.files
                for name, file in files.files.items()
            )
            and all(self._answer(*other[:3]) == other.answer for other in group.others)
        )

    def _holds_folder(self, folder: Folder) -> bool:
        path, proof, names, listings = folder
        if proof is not None:
            if proof.stamp is not None and proof.stamp == self._folder_stamp(path):
                return True
            if proof.whole == self._listing(path):
                return True
        return all(
            self._answer(NAME, path, name) == answer for name, answer in names.items()
        ) and all(
            self._answer(LISTING, path, detail) == answer for detail, answer in listings.items()
        )

    def _holds_file(self, path: str, file: File) -> bool:
        proof, answers = file
        if proof.stamp is not None and proof.stamp == self._stamp(path):
            return True
        if proof.whole == self._whole(path):
            return True
        text = self._text(path)
        return all((text.answer(each) if text else "") == told for each, told in answers.items())

    def _whole(self, path: str) -> str:
        if path not in self._wholes:
            text = self._read(path)
            self._wholes[path] = text.digest if text else ""
        return self._wholes[path]

    def _text(self, path: str) -> Text | None:
        """Return what a file that changed holds."""
        if path not in self._texts:
            self._texts[path] = self._read(path)
        return self._texts[path]

    def _read(self, path: str) -> Text | None:
        return read_text(self._home.absolute(path)) if self._stamp(path) else None

    def _answer(self, kind: str, path: str, detail: str) -> str:
        key = (kind, path, detail)
        if key not in self._answers:
            self._answers[key] = ask(self._sources, self._home, kind, path, detail)
        return self._answers[key]

    def _stamp(self, path: str) -> Stamp | None:
        if path not in self._stamps:
            self._stamps[path] = self._sources.stamp(self._home.absolute(path))
        return self._stamps[path]

    def _folder_stamp(self, path: str) -> Stamp | None:
        if path not in self._folder_stamps:
            self._folder_stamps[path] = folder_stamp(self._home.absolute(path))
        return self._folder_stamps[path]

    def _listing(self, path: str) -> str:
        if path not in self._listings:
            listing = self._sources.names(self._home.absolute(path))
            self._listings[path] = "" if listing is None else listing_digest(listing)
        return self._listings[path]
