"""Which versions of moto the files of a project allow."""

from __future__ import annotations

from pathlib import Path

import pytest

from flake8_moto_order.project import Sources, required
from tests.project.test_files import write


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("requirements.txt", "moto[s3]==4.0.1  # pinned\n", "==4.0.1"),
        ("requirements-dev.txt", "boto3\nMoto>=4.2,<5 ; python_version > '3.8'\n", "<5,>=4.2"),
        ("requirements/test.txt", "moto~=4.1.0\n", "~=4.1.0"),
        ("pyproject.toml", '[project]\ndependencies = ["moto>=5"]\n', ">=5"),
        ("pyproject.toml", '[dependency-groups]\ntest = ["moto[all]==5.0.1"]\n', "==5.0.1"),
        (
            "pyproject.toml",
            '[project.optional-dependencies]\ntest = ["moto<5"]\n',
            "<5",
        ),
        (
            "pyproject.toml",
            '[tool.poetry.group.dev.dependencies]\nmoto = "^4.1"\n',
            "==4.*,>=4.1",
        ),
        (
            "pyproject.toml",
            '[tool.poetry.dev-dependencies]\nmoto = {extras = ["s3"], version = "4.0.2"}\n',
            "==4.0.2",
        ),
        ("setup.cfg", "[options.extras_require]\ntest =\n    moto==4.2.1\n", "==4.2.1"),
        ("tox.ini", "[testenv]\ndeps =\n    moto==4.2.1\n", "==4.2.1"),
        ("setup.py", 'setup(tests_require=["moto==3.1.0"])\n', "==3.1.0"),
        ("uv.lock", '[[package]]\nname = "moto"\nversion = "5.0.2"\n', "==5.0.2"),
        ("poetry.lock", '[[package]]\nname = "moto"\nversion = "4.1.3"\n', "==4.1.3"),
        ("Pipfile.lock", '{"develop": {"moto": {"version": "==4.0.9"}}}', "==4.0.9"),
        ("Pipfile", '[dev-packages]\nmoto = "==4.0.9"\n', "==4.0.9"),
        ("Pipfile", '[dev-packages]\nmoto = "4.2"\n', "==4.2"),
        ("Pipfile", '[dev-packages]\nmoto = "^4.2"\n', "==4.*,>=4.2"),
        ("Pipfile", '[dev-packages]\nmoto = "~4.2.1"\n', "==4.2.*,>=4.2.1"),
        ("Pipfile", '[dev-packages]\nmoto = ">=4, <5"\n', "<5,>=4"),
        ("requirements.txt", "moto==4.0.1; nonsense == 1\nmoto==4.0.2\n", "==4.0.2"),
        ("requirements.txt", "moto==4.0.1; extra == 'a'\nmoto==4.0.2\n", "==4.0.2"),
    ],
)
def test_requirements_are_read_from_every_file(
    tmp_path: Path, name: str, text: str, expected: str
) -> None:
    """A pin or range of moto is found wherever a project may keep it."""
    write(tmp_path, {name: text})
    assert str(required(Sources(), str(tmp_path), "moto")) == expected


def test_requirements_follow_includes(tmp_path: Path) -> None:
    """`-r` is followed, also in a circle."""
    base = "-r ../requirements.txt\nmoto<5\n"
    write(tmp_path, {"requirements.txt": "-r more/base.in\n", "more/base.in": base})
    assert str(required(Sources(), str(tmp_path), "moto")) == "<5"


def test_a_lock_wins_over_a_range(tmp_path: Path) -> None:
    """The version that a lock file pins is taken before what a requirement allows."""
    lock = '[[package]]\nname = "moto"\nversion = "5.0.2"\n'
    write(tmp_path, {"requirements.txt": "moto>=4\n", "uv.lock": lock})
    assert str(required(Sources(), str(tmp_path), "moto")) == "==5.0.2"


@pytest.mark.parametrize(
    ("outer", "text", "expected"),
    [
        ("requirements.txt", "moto==4.2\n", ">=4"),
        ("uv.lock", '[[package]]\nname = "moto"\nversion = "5.0.2"\n', "==5.0.2"),
    ],
)
def test_the_nearest_requirement_wins(
    tmp_path: Path, outer: str, text: str, expected: str
) -> None:
    """What a nearer folder requires wins over an outer one, but not over its lock."""
    write(tmp_path, {".git/HEAD": "", outer: text, "part/requirements.txt": "moto>=4\n"})
    assert str(required(Sources(), str(tmp_path / "part"), "moto")) == expected


@pytest.mark.parametrize("table", ["tool.poetry", "project"])
def test_deep_tables(tmp_path: Path, table: str) -> None:
    """A table as deep as no call can be hides no requirement."""
    deep = f"[{table}{'.a' * 5000}]\nb = 'moto'\n[tool.poetry.dependencies]\nmoto = '4.1'\n"
    write(tmp_path, {"pyproject.toml": deep})
    assert str(required(Sources(), str(tmp_path), "moto")) == "==4.1"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Pipfile.lock", "[1, 2"),
        ("Pipfile.lock", "[]"),
        ("Pipfile.lock", "[" * 100_000),
        ("Pipfile", "[dev-packages]\nmoto = '*'\n"),
        ("Pipfile", "[dev-packages]\nmoto = 4\n"),
        ("pyproject.toml", "moto = ["),
        ("requirements.txt", "motoserver==1\nmoto @ nonsense\n"),
        ("uv.lock", '[[package]]\nname = "moto"\nversion = "nonsense"\n'),
    ],
)
def test_broken_requirements_say_nothing(tmp_path: Path, name: str, text: str) -> None:
    """What can't be parsed, and other distributions, require nothing of moto."""
    write(tmp_path, {name: text})
    assert required(Sources(), str(tmp_path), "moto") is None
