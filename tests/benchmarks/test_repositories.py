"""A list of repositories says what is wrong with it, and a checkout what is not as it should be."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from benchmarks.repositories import ListError, Repository, copy, find_checkout, read
from tests.benchmarks.trees import FILES, content, write

LIST = Path(__file__).parents[2] / "benchmarks" / "repositories.toml"
ENTRY = '[[repository]]\naddress = "https://example.com/of/{0}"\ncommit = "{1}"\n'


def git(folder: Path, *arguments: str) -> str:
    """Run git in a folder, with no settings but these."""
    who = ("-c", "user.name=n", "-c", "user.email=e")
    command = ["git", "-C", str(folder), *who, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def test_list_of_this_project() -> None:
    """The list that comes with the benchmarks has two halves, each entry at a whole commit."""
    found = read(LIST)
    assert len(found) == 23 and sum(each.tuned for each in found) == 12
    assert {len(each.commit) for each in found} == {40}
    assert {each.name: each.linted for each in found if each.linted != (".",)} == {
        "moto": ("tests",)
    }


def test_entries(tmp_path: Path) -> None:
    """What an entry does not say has a default."""
    path = tmp_path / "list.toml"
    more = 'folder = "there"\nlinted = ["src"]\ntests = ["t"]\ntuned = true\n'
    path.write_text(ENTRY.format("one.git", "abc") + ENTRY.format("two/", "def") + more)
    one, two = read(path)
    assert one == Repository("https://example.com/of/one.git", "abc", "one")
    assert one.name == "one"
    address = "https://example.com/of/two/"
    assert two == Repository(address, "def", "there", ("src",), ("t",), True)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[[repository", "list.toml"),
        (ENTRY.format("one", "a") + "folded = 1", r"of/one: unknown: \['folded'\]"),
        ("[[repository]]\ncommit = 'a'", r"a repository: missing: \['address'\]"),
        (ENTRY.format("one", "a") * 2, "more than one repository is called one"),
    ],
)
def test_wrong_list(tmp_path: Path, text: str, message: str) -> None:
    """What is no list is said with its file."""
    path = tmp_path / "list.toml"
    path.write_text(text)
    with pytest.raises(ListError, match=message):
        read(path)
    with pytest.raises(ListError, match="no.toml"):
        read(tmp_path / "no.toml")


def test_checkout(tmp_path: Path) -> None:
    """A folder may be missing or no checkout; its commit may be another, or not be known."""
    repository = Repository("https://example.com/of/one", "f" * 40, "one")
    folder = tmp_path / "one"
    assert "no folder one" in find_checkout(repository, tmp_path).problem
    folder.mkdir()
    assert "no Python file" in find_checkout(repository, tmp_path).problem
    write(folder)
    found = find_checkout(repository, tmp_path)
    assert (found.folder, found.problem) == (folder.resolve(), "")
    assert "there is no `.git`" in found.note
    (folder / ".git").mkdir()
    assert "git doesn't tell it" in find_checkout(repository, tmp_path).note
    git(folder, "init", "--quiet")
    git(folder, "commit", "--allow-empty", "--quiet", "-m", "first")
    commit = git(folder, "rev-parse", "HEAD")
    note = f"at commit {commit[:10]}, not ffffffffff"
    assert find_checkout(repository, tmp_path).note == note
    same = repository._replace(commit=commit)
    assert find_checkout(same, tmp_path) == (folder.resolve(), "", "")


def test_copy(tmp_path: Path) -> None:
    """A copy has all but the history, and still is the top of a repository."""
    folder = write(tmp_path / "one", {**FILES, ".git/config": "large"})
    (folder / "dangling").symlink_to("nowhere")
    copy(folder, tmp_path / "two")
    copied = content(tmp_path / "two")
    assert copied == {name: text for name, text in content(folder).items() if ".git" not in name}
    assert (tmp_path / "two" / ".git").is_dir() and (tmp_path / "two" / "dangling").is_symlink()
