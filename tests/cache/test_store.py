"""A project with a cache: what is kept, for how long, and what happens when the disk refuses."""

from __future__ import annotations

import errno
import logging
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from flake8_moto_order.cache import cache, folders, merging, store
from flake8_moto_order.cache.packs import Pack
from flake8_moto_order.plugin import Findings
from flake8_moto_order.project import Sources
from flake8_moto_order.settings import CacheSettings, Settings
from tests.cache import editing
from tests.cache.linting import OFF, Linter, Run, lint

FOLDER = cache.FOLDER
TEXTS = {
    "tests/test_a.py": editing.FIRST,
    "tests/test_b.py": editing.LATER,
    "tests/unit/test_c.py": editing.CALLS,
}


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a project in a repository and enter it."""
    root = tmp_path / "project"
    (root / ".git").mkdir(parents=True)
    for name in editing.START:
        editing.put(root / name, TEXTS.get(name, editing.CONTENTS[name][0]))
    monkeypatch.chdir(root)
    return root


def files_of(root: Path) -> list[Path]:
    """Return the test files."""
    return sorted((root / "tests").rglob("*.py"))


def packs_of(root: Path) -> list[Path]:
    """Return the packs."""
    return sorted((root / FOLDER).glob(f"*{folders.ENDING}"))


def verdicts_of(root: Path) -> list[str]:
    """Return the paths of the verdicts in all packs."""
    found: list[str] = []
    for path in packs_of(root):
        pack = Pack(str(path))
        found.extend(verdict.path for verdict, _ in pack.stored())
        pack.close()
    return sorted(found)


def subjects_of(root: Path) -> set[str]:
    """Return the subjects of the verdicts in all packs."""
    found: set[str] = set()
    for path in packs_of(root):
        pack = Pack(str(path))
        found |= {verdict.subject for verdict, _ in pack.stored()}
        pack.close()
    return found


def warm(root: Path) -> Run:
    """Lint all tests with the cache; assert that nothing else is found without it."""
    run = lint(files_of(root))
    assert run.found == lint(files_of(root), OFF).found
    return run


def names(run: Run, root: Path) -> list[str]:
    """Return the names of the files that were traced."""
    return sorted(Path(path).name for path in run.traced)


def test_second_run_traces_nothing(root: Path) -> None:
    """What the first run kept, the second one recalls; findings and their absence alike."""
    first, second = warm(root), warm(root)
    assert first.found and first.found == second.found
    assert (len(first.traced), second.traced) == (len(files_of(root)), [])


def test_suite(root: Path) -> None:
    """A file whose objects reach other tests depends on these, and on there being no others."""
    (root / "tests" / "test_b.py").write_text(editing.LEAVING)
    warm(root)
    assert warm(root).traced == []
    (root / "tests" / "unit" / "test_z.py").write_text(editing.LATER)
    assert "test_b.py" in names(warm(root), root)
    (root / "tests" / "unit" / "notes.txt").write_text("")
    (root / "tests" / ".data").mkdir()
    assert warm(root).traced == []


def test_broken_for_a_while(root: Path) -> None:
    """A test file that is no Python is passed over; put right again, it has its old verdict."""
    path = root / "tests" / "test_b.py"
    found = warm(root).found
    text = path.read_text()
    path.write_text("def (")
    assert names(warm(root), root) == []
    path.write_text(text)
    assert warm(root).found == found


def test_marks(root: Path) -> None:
    """The folder says that it is a cache, to git and to backup tools, and holds one pack."""
    warm(root)
    assert (root / FOLDER / ".gitignore").read_text().splitlines()[-1] == "*"
    tag = (root / FOLDER / "CACHEDIR.TAG").read_text()
    assert tag.startswith("Signature: 8a477f597d28d172789f06886806bc55\n")
    assert len(list((root / FOLDER).iterdir())) == 3


def test_only_what_depends_on_it(root: Path) -> None:
    """An edit is followed by a look into the files that depend on it."""
    (root / "tests" / "test_alone.py").write_text("import boto3\n")
    warm(root)
    (root / ".coverage").write_text("")
    (root / "notes.txt").write_text("")
    (root / "tests" / "data").mkdir()
    assert warm(root).traced == []
    (root / "tests" / "test_alone.py").write_text("import boto3, moto\n")
    assert "test_alone.py" in names(warm(root), root)
    (root / "src" / "shop" / "aws.py").write_text("")
    traced = names(warm(root), root)
    assert "test_a.py" in traced and "test_alone.py" not in traced


def test_chosen_folder(root: Path, tmp_path: Path) -> None:
    """A folder that was chosen is used by any project; its own files stay as they are."""
    chosen = CacheSettings(folder=str(tmp_path / "kept" / "here"))
    other = tmp_path / "other"
    shutil.copytree(root, other)
    for _ in range(3):
        lint(files_of(root), chosen)
        lint(files_of(other), chosen)
    assert lint(files_of(root), chosen).traced == []
    assert not (root / FOLDER).exists()
    own = tmp_path / "own"
    own.mkdir()
    (own / "git.pack").write_text("mine")
    lint(files_of(root), CacheSettings(folder=str(own)))
    assert lint(files_of(root), CacheSettings(folder=str(own))).traced == []
    assert not (own / ".gitignore").exists()
    assert (own / "git.pack").read_text() == "mine"


def test_shared_folder(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One project does not forget what another one keeps in the same folder."""
    monkeypatch.setattr(store, "MOST_PACKS", 1)
    chosen = CacheSettings(folder=str(tmp_path / "kept"))
    other = tmp_path / "other"
    shutil.copytree(root, other)
    (other / "tests" / "test_own.py").write_text(editing.FIRST)
    assert lint(files_of(other), chosen).traced
    (root / "tests" / "test_a.py").write_text(editing.LATER)
    assert lint(files_of(root), chosen).traced
    assert lint(files_of(other), chosen).traced == []


def test_moved_project(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A copy of a project and of its cache is warm, wherever flake8 names its files from."""
    warm(root)
    found = lint(files_of(root)).found
    copy = tmp_path / "some" / "where"
    shutil.copytree(root, copy)
    shutil.rmtree(root)
    monkeypatch.chdir(copy)
    run = warm(copy)
    assert run.traced == []
    assert [line.replace(str(copy), str(root)) for line in run.found] == found


def test_moved_project_without_repository(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So is a project that is in no repository, unless it comes into one by the move."""
    (root / ".git").rmdir()
    warm(root)
    for name, parts in (("outside", 1), ("inside", 2)):
        copy = tmp_path / name / "copy"
        shutil.copytree(root, copy)
        if name == "inside":
            (tmp_path / name / ".git").mkdir()
        monkeypatch.chdir(copy)
        assert (warm(copy).traced == []) is (name == "outside")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("pytest.ini", "[pytest]\npythonpath = ../lib\n"),
        ("pytest.ini", "[pytest]\npython_files = project/tests/*.py\n"),
        ("conftest.py", "import sys\nsys.path.insert(0, '/opt/lib')\n"),
    ],
)
def test_place(
    root: Path, name: str, text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What depends on files outside the project, or on its own place, does not move along."""
    (root / name).write_text(text)
    assert warm(root).traced
    assert warm(root).traced == []
    copy = tmp_path / "deeper" / "project"
    shutil.copytree(root, copy)
    monkeypatch.chdir(copy)
    assert warm(copy).traced


def test_options_and_folders(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Other options or another working directory are another question; both answers are kept."""
    paths = files_of(root)
    everything = Settings(scope="all")
    lint(paths)
    assert lint(paths, settings=everything).traced
    monkeypatch.chdir(root / "tests")
    assert lint(paths).traced
    assert lint(paths).traced == []
    monkeypatch.chdir(root)
    assert lint(paths).traced == []
    assert lint(paths, settings=everything).traced == []


def test_other_version(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another version of the plugin, or one whose own files changed, recalls nothing."""
    warm(root)
    with monkeypatch.context() as context:
        context.setattr(cache, "code_digest", lambda: "other")
        assert len(lint(files_of(root)).traced) == len(files_of(root))
    monkeypatch.setattr("flake8_moto_order.cache.keys.__version__", "99")
    assert len(lint(files_of(root)).traced) == len(files_of(root))


def test_unsaved_text(root: Path) -> None:
    """Unsaved text never stands for the file; only the latest is kept beside its verdict."""
    path = root / "tests" / "test_a.py"
    warm(root)
    texts = [editing.LATER, editing.CALLS, editing.ALONE]
    for text in texts:
        run = lint([path], texts={path: text})
        assert run.traced == [str(path)]
        assert run.found == lint([path], OFF, texts={path: text}).found
    assert lint([path], texts={path: texts[-1]}).traced == []
    assert warm(root).traced == []
    kept = [path for path in verdicts_of(root) if path == os.path.join("tests", "test_a.py")]
    assert len(kept) == 1 + len(texts)
    for number in range(store.MOST_PACKS):
        lint([path], texts={path: f"{editing.ALONE}# {number}\n"})
    assert len(packs_of(root)) < store.MOST_PACKS
    assert verdicts_of(root).count(os.path.join("tests", "test_a.py")) < 2 + store.MOST_PACKS
    assert warm(root).traced == []


def test_saved_text(root: Path) -> None:
    """Text from standard input that equals the file, by lines, shares its verdict."""
    path = root / "tests" / "test_a.py"
    path.write_bytes(b"\xef\xbb\xbf" + editing.FIRST.replace("\n", "\r\n").encode())
    lint([path], texts={path: editing.FIRST})
    assert lint([path]).traced == []
    path.write_text(editing.FIRST + "# one more\n")
    assert lint([path]).traced
    assert len(subjects_of(root)) == 1


def test_text_in_another_encoding(root: Path) -> None:
    """A file that flake8 reads as Latin-1, as it is no UTF-8, is saved text as well."""
    path = root / "tests" / "test_a.py"
    path.write_bytes(b"# \xe9\n" + editing.FIRST.encode())
    text = f"# \xe9\n{editing.FIRST}"
    lint([path], texts={path: text})
    (first,) = subjects_of(root)
    assert lint([path], texts={path: text}).traced == []
    lint([path], texts={path: editing.FIRST})
    assert len(subjects_of(root) - {first}) == 1


def test_packs_are_merged(root: Path) -> None:
    """However often a file is edited, a handful of packs stays, without what was replaced."""
    path = root / "tests" / "test_a.py"
    for number in range(30):
        path.write_text(f"{editing.FIRST}# {number}\n")
        warm(root)
        assert len(packs_of(root)) <= store.MOST_PACKS
    assert len(verdicts_of(root)) <= len(files_of(root)) + store.MOST_PACKS
    assert verdicts_of(root).count("tests/test_b.py") == 1
    assert warm(root).traced == []


def test_large_pack_stays(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A merge leaves out a pack that is large beside the others."""
    monkeypatch.setattr(store, "MOST_PENDING", 2)
    warm(root)
    (large,) = packs_of(root)
    size = store._size
    monkeypatch.setattr(
        store, "_size", lambda path: size(path) * (1000 if path == str(large) else 1)
    )
    path = root / "tests" / "test_a.py"
    for number in range(30):
        path.write_text(f"{editing.FIRST}# {number}\n")
        warm(root)
    assert large in packs_of(root)
    assert len(packs_of(root)) <= store.MOST_PACKS


def test_deleted_tests_are_forgotten(root: Path) -> None:
    """A merge drops the verdicts of files that are gone."""
    warm(root)
    (root / "tests" / "test_b.py").unlink()
    for number in range(store.MOST_PACKS + 1):
        (root / "tests" / "test_a.py").write_text(f"{editing.FIRST}# {number}\n")
        warm(root)
    assert "test_b.py" not in map(os.path.basename, verdicts_of(root))


def test_unused_verdicts_are_forgotten(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A merge drops what was not used for a month; what is in use stays."""
    warm(root)
    day = merging.today()
    monkeypatch.setattr(store, "MOST_PACKS", 1)
    later = day + merging.OLDEST + 1
    for module in (merging, store, cache):
        monkeypatch.setattr(module, "today", lambda: later)
    path = root / "tests" / "test_a.py"
    path.write_text(editing.LATER)
    lint([path, root / "tests" / "test_b.py"])
    assert [os.path.basename(name) for name in verdicts_of(root)] == [
        "test_a.py", "test_b.py",
    ]


def test_packs_in_use_are_young(root: Path) -> None:
    """A pack that a run takes something from counts as new."""
    warm(root)
    (pack,) = packs_of(root)
    os.utime(pack, (0, 0))
    assert warm(root).traced == []
    assert pack.stat().st_mtime > 10**9


def test_size_is_bounded(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond a total size, the oldest packs go."""
    warm(root)
    (pack,) = packs_of(root)
    os.utime(pack, (10**9, 10**9))
    monkeypatch.setattr(store, "MOST_BYTES", pack.stat().st_size)
    monkeypatch.setattr(store.Store, "_touch", lambda *arguments: None)
    (root / "tests" / "test_a.py").write_text(editing.LATER)
    warm(root)
    assert pack not in packs_of(root)


def test_remains_are_removed(root: Path) -> None:
    """What a killed process left half written goes after a day."""
    warm(root)
    old, young = (root / FOLDER / f"{name}{folders.UNFINISHED}" for name in ("old", "young"))
    old.write_bytes(b"MOT")
    young.write_bytes(b"MOT")
    os.utime(old, (0, 0))
    (root / "tests" / "test_a.py").write_text(editing.LATER)
    warm(root)
    assert (old.exists(), young.exists()) == (False, True)


@pytest.mark.parametrize("step", range(0, 4000, 61))
def test_altered_pack(root: Path, step: int) -> None:
    """A pack with a wrong byte costs time, but nothing is found that is not there."""
    warm(root)
    (pack,) = packs_of(root)
    content = bytearray(pack.read_bytes())
    content[step % len(content)] ^= 0x55
    pack.write_bytes(content)
    # What was recalled before the damage was met is lost with the rest of the pack.
    warm(root)
    warm(root)
    assert warm(root).traced == []


@pytest.mark.parametrize(
    "content",
    [b"", b"MOTpack1", b"PACK" * 100, "schema"],
    ids=["empty", "cut", "foreign", "schema"],
)
def test_foreign_pack(root: Path, content: bytes | str, caplog: pytest.LogCaptureFixture) -> None:
    """What is no pack of ours is removed, and the log says so."""
    warm(root)
    (pack,) = packs_of(root)
    rest = pack.read_bytes()[8:]
    pack.write_bytes(content if isinstance(content, bytes) else b"MOTpack0" + rest)
    with caplog.at_level(logging.INFO, "flake8.moto_order"):
        assert len(warm(root).traced) == len(files_of(root))
    assert f"{pack} is not used" in caplog.text
    assert pack not in packs_of(root)
    assert warm(root).traced == []


def test_damaged_while_merging(root: Path) -> None:
    """A damaged pack is left out of a merge."""
    warm(root)
    (pack,) = packs_of(root)
    content = bytearray(pack.read_bytes())
    content[-1] ^= 1
    path = root / "tests" / "test_a.py"
    for number in range(store.MOST_PACKS + 2):
        for name in range(number):
            (root / FOLDER / f"{name}{folders.ENDING}").write_bytes(content)
        path.write_text(f"{editing.FIRST}# {number}\n")
        lint([path])
    assert warm(root).found


def full_disk(*arguments: object, **keywords: object) -> None:
    """Refuse to write, as a full disk does."""
    raise OSError(errno.ENOSPC, "No space left on device")


def open_full(path: str, mode: str) -> object:
    """Open a file for writing on a full disk."""
    with open(path, mode):
        return open("/dev/full", mode.replace("x", "w"))


@pytest.mark.parametrize(
    ("name", "replacement"),
    [
        ("os.replace", full_disk),
        ("os.makedirs", full_disk),
        ("os.listdir", full_disk),
        ("flake8_moto_order.cache.folders.open", open_full),
    ],
)
def test_disk_refuses(
    root: Path,
    name: str,
    replacement: Callable[..., object],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Where nothing can be written, everything is found as ever; the log says why."""
    monkeypatch.setattr(store, "MOST_PENDING", 1)
    with monkeypatch.context() as context, caplog.at_level(logging.INFO, "flake8.moto_order"):
        context.setattr(name, replacement, raising=False)
        for _ in range(2):
            assert len(warm(root).traced) == len(files_of(root))
            (root / FOLDER).mkdir(exist_ok=True)
            (root / FOLDER / "notes").write_text("no empty folder, so without marks")
    assert f"nothing is written to {root / FOLDER}: OSError(28," in caplog.text
    assert not list(root.glob(f"{FOLDER}/*{folders.ENDING}"))
    assert not list(root.glob(f"{FOLDER}/*{folders.UNFINISHED}"))
    warm(root)
    assert warm(root).traced == []


def test_file_in_the_way(root: Path) -> None:
    """A file that has the name of the folder stays, and nothing is kept."""
    (root / FOLDER).write_text("mine")
    warm(root)
    assert len(warm(root).traced) == len(files_of(root))
    assert (root / FOLDER).read_text() == "mine"


def test_pack_can_not_be_read(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pack that the disk does not give is passed over, and stays."""
    warm(root)

    def refuse(*arguments: object) -> None:
        raise PermissionError

    before = packs_of(root)
    with monkeypatch.context() as context:
        context.setattr(Pack, "_read", refuse)
        assert len(lint(files_of(root)).traced) == len(files_of(root))
    with monkeypatch.context() as context:
        context.setattr(Pack, "find", refuse)
        assert len(lint(files_of(root)).traced) == len(files_of(root))
    assert set(before) <= set(packs_of(root)) or len(packs_of(root)) == 1
    assert warm(root).traced == []


def test_folder_vanishes(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that is deleted while flake8 runs is made again."""
    warm(root)
    (root / "tests" / "test_a.py").write_text(editing.LATER)
    trace = Linter._trace

    def trace_and_delete(
        linter: Linter, sources: Sources, folder: str, is_test: bool
    ) -> Findings:
        shutil.rmtree(root / FOLDER, ignore_errors=True)
        return trace(linter, sources, folder, is_test)

    with monkeypatch.context() as context:
        context.setattr(Linter, "_trace", trace_and_delete)
        lint(files_of(root))
    assert (root / FOLDER / ".gitignore").exists()
    warm(root)
    assert warm(root).traced == []


def test_own_errors(
    root: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """An error in the cache itself is logged and costs no finding."""
    expected = lint(files_of(root), OFF).found

    def fail(*arguments: object) -> None:
        raise LookupError("ours")

    for name in ("find", "add", "close"):
        shutil.rmtree(root / FOLDER, ignore_errors=True)
        with monkeypatch.context() as context:
            context.setattr(store.Store, name, fail)
            assert lint(files_of(root)).found == expected
    for doing in ("recalling", "keeping", "closing"):
        assert f"cache: {doing}: LookupError('ours')" in caplog.text


def test_failed_check_is_not_kept(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A check that ends in an error leaves nothing behind."""

    def fail(*arguments: object) -> None:
        raise LookupError("ours")

    with monkeypatch.context() as context:
        context.setattr("flake8_moto_order.session.tracing.trace_file", fail)
        with pytest.raises(LookupError):
            lint(files_of(root))
    assert not (root / FOLDER).exists()


def test_linted_twice(root: Path) -> None:
    """Of two verdicts on one file in one run, the later one is kept."""
    path = root / "tests" / "test_a.py"
    run = lint([path, path])
    assert run.traced == [str(path)] * 2
    assert verdicts_of(root) == [os.path.join("tests", "test_a.py")]


def test_pack_vanishes(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pack that another process replaces in the meantime is passed over."""
    warm(root)
    ghosts = [str(root / FOLDER / f"{n}{folders.ENDING}") for n in range(store.MOST_PACKS)]
    paths = folders.pack_paths
    monkeypatch.setattr(store, "pack_paths", lambda folder: [*ghosts, *paths(folder)])
    assert warm(root).traced == []
    (root / "tests" / "test_a.py").write_text(editing.LATER)
    warm(root)
    assert warm(root).traced == []


def test_many_verdicts(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Verdicts are written some at a time, and as one pack in the end."""
    monkeypatch.setattr(store, "MOST_PENDING", 2)
    counts = []
    write = folders.write_file

    def note(folder: str, content: bytes) -> str:
        counts.append(len(packs_of(root)))
        return write(folder, content)

    monkeypatch.setattr(store, "write_file", note)
    for number in range(7):
        (root / "tests" / f"test_{number}.py").write_text(editing.FIRST)
    warm(root)
    assert max(counts) > 2
    assert len(packs_of(root)) == 1
    assert warm(root).traced == []


def test_no_secrets_in_packs(root: Path) -> None:
    """A pack holds names and digests, not what the files say."""
    (root / "src" / "shop" / "aws.py").write_text("TOKEN = 'hush-hush'\n")
    warm(root)
    for pack in packs_of(root):
        assert b"hush-hush" not in pack.read_bytes()
        assert b"aws.py" in pack.read_bytes()


def test_forked_process_writes_nothing_twice(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a process holds that another one made is that one's to write."""
    monkeypatch.setattr("os.getpid", iter(range(10**6)).__next__)
    lint(files_of(root))
    assert not (root / FOLDER).exists()
