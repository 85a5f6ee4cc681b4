"""What a verdict depends on: every kind of question, and the changes that it notices."""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from flake8_moto_order.cache.checking import Checker
from flake8_moto_order.cache.contents import Group, group_from_data, group_to_data
from flake8_moto_order.cache.places import Home
from flake8_moto_order.cache.recording import Recorder
from flake8_moto_order.project import Sources, Wanted
from tests.cache.linting import HOUR

# The clock of a file system may stand still so long (in seconds).
TICK = 0.011
Question = Callable[[Sources, str], object]
Change = Callable[[Path], object]


def recorded(root: Path, question: Question, settled: bool = True) -> Group:
    """Ask the question of a project and return the dependencies, as they come back from a file."""
    sources = Sources()
    sources.started += HOUR * settled
    home = Home(sources, str(root))
    seen = sources.watch()
    question(sources, str(root))
    found = Recorder(sources, home).record(seen)
    time.sleep(TICK * settled)
    return group_from_data(json.loads(json.dumps(group_to_data(found))))


def holds(root: Path, group: Group) -> bool:
    """Tell whether nothing changed, as a new process sees it."""
    sources = Sources()
    return Checker(sources, Home(sources, str(root))).holds(group)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Make a project with a module, a package, a link to each, and a requirement file."""
    root = tmp_path / "project"
    (root / ".git").mkdir(parents=True)
    (root / "shop" / "parts").mkdir(parents=True)
    for name in ("aws.py", "shop/__init__.py", "shop/aws.py", "requirements.txt"):
        (root / name).write_text("x = 1\n")
    (root / "spare").mkdir()
    for name, target in LINKS.items():
        (root / name).symlink_to(root / target)
    return root


def file(name: str) -> Question:
    """Ask whether there is a file."""
    return lambda sources, root: sources.is_file(os.path.join(root, name))


def folder(name: str) -> Question:
    """Ask whether there is a folder."""
    return lambda sources, root: sources.is_dir(os.path.join(root, name))


def has(*names: str) -> Question:
    """Ask for names."""
    return lambda sources, root: sources.has(root, *names)


def content(name: str) -> Question:
    """Ask for the tree of a file."""
    return lambda sources, root: sources.tree(os.path.join(root, name))


def names(wanted: Wanted, name: str = "") -> Question:
    """Ask for a part of a listing."""
    return lambda sources, root: sources.entries(os.path.join(root, name) if name else root, wanted)


def matches(pattern: str) -> Question:
    """Ask for what a pattern matches."""
    return lambda sources, root: sources.glob(os.path.join(root, pattern))


def real(name: str) -> Question:
    """Ask where a path leads."""
    return lambda sources, root: sources.real(os.path.join(root, name))


def write(name: str, text: str = "x = 2\n") -> Change:
    """Write a file."""
    return lambda root: (root / name).write_text(text)


def make(name: str) -> Change:
    """Make a folder."""
    return lambda root: (root / name).mkdir()


def delete(name: str) -> Change:
    """Delete a file, a link or a folder."""

    def change(root: Path) -> None:
        path = root / name
        shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()

    return change


def replace(name: str, *changes: Change) -> Change:
    """Delete something, then make further changes."""
    return lambda root: [change(root) for change in (delete(name), *changes)]


def link(name: str, target: str) -> Change:
    """Make a link."""
    return lambda root: (root / name).symlink_to(root / target)


def pipe(name: str) -> Change:
    """Make a named pipe."""
    return lambda root: os.mkfifo(root / name)


def edit_unseen(name: str) -> Change:
    """Change a file in place to another text of the same size, and set its time back."""

    def change(root: Path) -> None:
        status = (root / name).stat()
        with (root / name).open("r+") as file:
            file.write("x = 2")
        os.utime(root / name, ns=(status.st_atime_ns, status.st_mtime_ns))

    return change


LINKS = {"link": "shop", "link.py": "aws.py", "loose": "nowhere", "inner": "shop/parts"}
REQUIREMENTS = Wanted(files=("require*.txt",))
TESTS = Wanted(("*.py",), ("*",), (".*",))
NOTICED: list[tuple[Question, Change]] = [
    (content("aws.py"), write("aws.py")),
    (content("aws.py"), edit_unseen("aws.py")),
    (content("aws.py"), delete("aws.py")),
    (content("aws.py"), replace("aws.py", make("aws.py"))),
    (content("aws.py"), replace("aws.py", pipe("aws.py"))),
    (content("link.py"), write("aws.py")),
    (content("link.py"), replace("link.py", link("link.py", "nowhere"))),
    (content("new.py"), write("new.py")),
    (content("new/new.py"), replace("shop", make("new"), write("new/new.py"))),
    (file("aws.py"), delete("aws.py")),
    (file("aws.py"), replace("aws.py", make("aws.py"))),
    (file("aws.py"), replace("aws.py", pipe("aws.py"))),
    (file("aws.py"), write("aws.py", "#" * 2_000_001)),
    (file("link.py"), delete("aws.py")),
    (file("link.py"), replace("aws.py", make("aws.py"))),
    (file("new.py"), write("new.py")),
    (file("shop"), replace("shop", write("shop"))),
    (file("new/__init__.py"), replace("shop", make("new"), write("new/__init__.py"))),
    (folder("shop"), delete("shop")),
    (folder("shop"), replace("shop", write("shop"))),
    (folder("shop"), replace("shop", link("shop", "nowhere"))),
    (folder("link"), delete("shop")),
    (folder("link"), replace("shop", write("shop"))),
    (folder("inner"), delete("shop/parts")),
    (folder("inner"), replace("shop/parts", write("shop/parts"))),
    (folder("shop/parts"), replace("shop/parts", link("shop/parts", "spare"))),
    (folder("new"), make("new")),
    (folder("new"), link("new", "shop")),
    (folder("new/parts"), lambda root: (root / "new" / "parts").mkdir(parents=True)),
    (has("tox.ini", "aws.py"), write("tox.ini")),
    (has("tox.ini", "aws.py"), delete("aws.py")),
    (has("loose"), delete("loose")),
    (names(REQUIREMENTS), write("require-more.txt")),
    (names(REQUIREMENTS), delete("requirements.txt")),
    (names(REQUIREMENTS), replace("requirements.txt", make("requirements.txt"))),
    (names(REQUIREMENTS, "shop"), write("shop/requirements.txt")),
    (names(REQUIREMENTS, "new"), replace("shop", make("new"), write("new/require.txt"))),
    (names(TESTS), make("new")),
    (names(TESTS), replace("shop", link("shop", "link"))),
    (names(TESTS), replace("shop", write("shop"))),
    (names(TESTS, "shop"), replace("shop/parts", link("shop/parts", "spare"))),
    (names(TESTS), delete("shop/parts")),
    (matches("s*"), make("src")),
    (matches("s*"), delete("shop")),
    (matches("*/parts"), delete("shop/parts")),
    (matches("new"), make("new")),
    (real("link"), replace("link", link("link", "shop/parts"))),
    (real("link"), delete("link")),
    (real("shop"), replace("shop", link("shop", "nowhere"))),
]
HARMLESS: list[tuple[Question, Change]] = [
    (content("aws.py"), write("aws.py", "x = 1\n")),
    (content("aws.py"), lambda root: os.utime(root / "aws.py", (0, 0))),
    (content("aws.py"), replace("aws.py", write("aws.py", "x = 1\n"))),
    (content("link.py"), replace("link.py", write("link.py", "x = 1\n"))),
    (content("new.py"), make("new.py")),
    (file("new.py"), write("other.py")),
    (file("aws.py"), write("aws.py")),
    (folder("shop"), write("shop/new.py")),
    (folder("new"), write("other.py")),
    (has("tox.ini", "aws.py"), write("other.ini")),
    (names(REQUIREMENTS), write("other.txt")),
    (names(REQUIREMENTS), make("requirements")),
    (names(TESTS), make(".cache")),
    (names(TESTS), write(".coverage")),
    (matches("s*"), make("new")),
    (real("link"), replace("link", link("link", "shop"))),
    (file(""), write("other.py")),
]


@pytest.mark.parametrize("settled", [True, False])
@pytest.mark.parametrize(("question", "change"), NOTICED)
def test_noticed(question: Question, change: Change, settled: bool, root: Path) -> None:
    """A change that gives the question another answer is noticed, no other question asked."""
    group = recorded(root, question, settled)
    assert holds(root, group)
    change(root)
    assert not holds(root, group)


@pytest.mark.parametrize("settled", [True, False])
@pytest.mark.parametrize(("question", "change"), HARMLESS)
def test_harmless(question: Question, change: Change, settled: bool, root: Path) -> None:
    """What leaves the answer as it was changes nothing."""
    group = recorded(root, question, settled)
    change(root)
    assert holds(root, group)


@pytest.mark.parametrize("question", dict.fromkeys(question for question, _ in NOTICED))
def test_moved(question: Question, root: Path, tmp_path: Path) -> None:
    """A copy of the project elsewhere, with all numbers and times new, gives the same answers."""
    group = recorded(root, question)
    copy = tmp_path / "else[w]here" / "copy"
    shutil.copytree(root, copy, symlinks=True)
    for name, target in LINKS.items():
        (copy / name).unlink()
        (copy / name).symlink_to(copy / target)
    shutil.rmtree(root)
    assert holds(copy, group)


def test_closed_folder(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that can't be listed is another answer than one that is empty."""
    group = recorded(root, has("shop"))
    scan = os.scandir

    def refuse(path: str) -> object:
        if path == str(root):
            raise PermissionError
        return scan(path)

    with monkeypatch.context() as context:
        context.setattr("os.scandir", refuse)
        context.setattr("flake8_moto_order.cache.checking.folder_stamp", lambda path: None)
        assert not holds(root, group)
        closed = recorded(root, lambda sources, root: sources.has(root, "shop"))
        assert holds(root, closed)
    assert not holds(root, closed)


def test_pipe_for_a_closed_file(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that can't be read and a pipe have no content both, but only one is a file."""

    def refuse(*arguments: object) -> object:
        raise PermissionError

    def question(sources: Sources, root: str) -> None:
        path = os.path.join(root, "aws.py")
        assert (sources.is_file(path), sources.tree(path)) == (True, None)

    with monkeypatch.context() as context:
        context.setattr("builtins.open", refuse)
        group = recorded(root, question)
        assert holds(root, group)
    replace("aws.py", pipe("aws.py"))(root)
    assert not holds(root, group)


def test_young_times_prove_nothing(root: Path) -> None:
    """What changed just before it was read is compared by content, later changes have no stamp."""
    young, old = (recorded(root, content("aws.py"), settled) for settled in (False, True))
    assert young.files[0].files["aws.py"].proof.stamp is None
    assert old.files[0].files["aws.py"].proof.stamp is not None
    young, old = (recorded(root, file("shop/new.py"), settled) for settled in (False, True))
    assert young.folders[0].proof and young.folders[0].proof.stamp is None
    assert old.folders[0].proof and old.folders[0].proof.stamp is not None


def test_stamp_spares_the_content(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """While the stamps are the same, no file is read and no folder listed."""
    group = recorded(root, content("shop/aws.py"))
    names_too = recorded(root, file("shop/new.py"))
    sources = Sources()
    home = Home(sources, str(root))

    monkeypatch.setattr("builtins.open", None)
    monkeypatch.setattr("os.scandir", None)
    assert Checker(sources, home).holds(group)
    assert Checker(sources, home).holds(names_too)


@pytest.mark.parametrize("settled", [True, False])
@pytest.mark.parametrize("ask", [file, content])
def test_looked_at_once(ask: Callable[[str], Question], settled: bool, root: Path) -> None:
    """A checker asks the disk once of what many verdicts depend on."""
    group = recorded(root, ask("shop/aws.py"), settled)
    checker = Checker(sources := Sources(), Home(sources, str(root)))
    assert checker.holds(group)
    delete("shop/aws.py")(root)
    assert checker.holds(group)
    assert not holds(root, group)


def test_relative_paths(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A path that a project gives relative to the working directory is asked for as it is."""
    monkeypatch.chdir(root)
    group = recorded(root, lambda sources, root: sources.is_file("shop/new.py"))
    assert holds(root, group)
    write("shop/new.py")(root)
    assert not holds(root, group)


def test_names_that_are_no_text(root: Path) -> None:
    """File names that are no UTF-8 are kept like others."""
    name = os.fsdecode(b"\xff.py")
    group = recorded(root, content(name))
    assert holds(root, group)
    write(name)(root)
    assert not holds(root, group)


def test_above_the_home(tmp_path: Path) -> None:
    """Without a repository, the folders above the root folder are not asked of again."""
    root = tmp_path / "project"
    root.mkdir()
    sources = Sources()
    home = Home(sources, str(root))
    top = str(tmp_path)
    assert home.implied(top, {".git", "project", "other"}) == {".git", ".hg", "project"}
    assert home.implied(str(root), {".git"}) == frozenset()
    assert home.implied("/elsewhere", {".git"}) == frozenset()
    (root / ".hg").mkdir()
    inside = Home(Sources(), str(root / "tests"))
    assert (inside.top, inside.implied(top, {".git", "project"})) == (str(root), {"project"})
