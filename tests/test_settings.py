"""The options: what flake8 makes of them, and what it refuses."""

from __future__ import annotations

import configparser
import os
import subprocess
import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path

import pytest
from flake8.main.options import register_default_options
from flake8.options.aggregator import aggregate_options
from flake8.options.manager import OptionManager
from packaging.version import Version

from flake8_moto_order import settings
from flake8_moto_order.settings import CacheSettings, Settings

WRONG = [
    ("--moto-version", "5.x"),
    ("--moto-version", "newest"),
    ("--moto-version", ">=5"),
    ("--moto-version", ""),
    ("--moto-order-roots", "no-such-folder"),
    ("--moto-order-roots", "file.py"),
    ("--moto-order-test-files", "tests/"),
    ("--moto-order-test-files", "tests"),
    ("--moto-order-client-factories", "get_client"),
    ("--moto-order-client-factories", "shop.aws."),
    ("--moto-order-client-factories", "shop.aws:get_client"),
    ("--moto-order-client-factories", "shop.class.get"),
    ("--moto-order-mocks", "shop aws"),
    ("--moto-order-mocks", "tests.helpers.2nd"),
    ("--moto-order-scope", "some"),
    ("--moto-order-scope", ""),
    ("--moto-order-cache-dir", "file.py"),
    ("--moto-order-cache-dir", ""),
    ("--moto-order-live-marks", "2nd"),
    ("--moto-order-live-marks", "not"),
]


def read(
    arguments: Sequence[str] = (), config: Sequence[tuple[str, str]] = (), folder: str = "."
) -> Settings:
    """Read the options as flake8 does, from a command line and a configuration in `folder`."""
    return read_all(arguments, config, folder)[0]


def read_cache(
    arguments: Sequence[str] = (), config: Sequence[tuple[str, str]] = (), folder: str = "."
) -> CacheSettings:
    """Read the options of the cache in the same way."""
    return read_all(arguments, config, folder)[1]


def read_all(
    arguments: Sequence[str], config: Sequence[tuple[str, str]], folder: str
) -> tuple[Settings, CacheSettings]:
    """Read all options."""
    manager = OptionManager(
        version="0", plugin_versions="", parents=[ArgumentParser(add_help=False)],
        formatter_names=[],
    )
    register_default_options(manager)
    settings.add_options(manager)
    parsed = configparser.RawConfigParser()
    parsed.read_dict({"flake8": dict(config)})
    options = aggregate_options(manager, parsed, folder, list(arguments))
    cache = settings.read_cache_options(manager, options)
    return settings.read_options(manager, options), cache


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Enter a folder that holds the folders src and lib and the file file.py."""
    (tmp_path / "src").mkdir()
    (tmp_path / "lib").mkdir()
    (tmp_path / "file.py").write_text("")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_without_options() -> None:
    """Without options everything is left to the project's own files."""
    assert read() == Settings()


@pytest.mark.parametrize("text", ["4.2", "4.2.0", "5.0.28", "1.3.14", "5.0.0rc1"])
def test_version(text: str) -> None:
    """A version of two or more numbers is taken as it stands."""
    assert read([f"--moto-version={text}"]).moto_version == Version(text)


def test_version_from_configuration() -> None:
    """The version can stand in the configuration."""
    assert read(config=[("moto-version", "4.2")]).moto_version == Version("4.2")


def test_command_line_wins() -> None:
    """The command line has the last word over the configuration."""
    chosen = read(["--moto-version", "5.0"], [("moto-version", "4.2")])
    assert chosen.moto_version == Version("5.0")


def test_roots_of_the_command_line(project: Path) -> None:
    """Roots on the command line are relative to the working directory, each named once."""
    chosen = read([f"--moto-order-roots=src,./lib,{project / 'src'}"])
    assert chosen.roots == (str(project / "src"), str(project / "lib"))


@pytest.mark.parametrize("name", ["moto-order-roots", "moto_order_roots"])
def test_roots_of_the_configuration(
    project: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Roots in a configuration are relative to its folder, wherever flake8 was started."""
    monkeypatch.chdir(project / "lib")
    chosen = read(config=[(name, "src,\n  ./lib")], folder=str(project))
    assert chosen.roots == (str(project / "src"), str(project / "lib"))


def test_test_files() -> None:
    """Patterns of test files stay as written, in their order."""
    chosen = read(["--moto-order-test-files=check_*.py,tests/*.py,spec_*"])
    assert chosen.test_files == ("check_*.py", "tests/*.py", "spec_*")


def test_scope() -> None:
    """Only files that see moto are judged, unless the option says all."""
    assert read().scope == "moto"
    assert read(["--moto-order-scope=all"]).scope == "all"


def test_live_marks() -> None:
    """The marks of tests that are meant to reach AWS have a default, which a list replaces."""
    assert read().live_marks == {"integration", "e2e", "live", "aws_live"}
    assert read(config=[("moto-order-live-marks", "real, aws")]).live_marks == {"real", "aws"}
    assert read(["--moto-order-live-marks="]).live_marks == frozenset()


def test_cache_folder(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command line wins over the configuration, that over the environment."""
    assert read_cache() == CacheSettings(used=True, folder=None)
    monkeypatch.setenv(settings.CACHE_VARIABLE, "seen")
    assert read_cache().folder == str(project / "seen")
    configured = [("moto-order-cache-dir", "kept")]
    assert read_cache(config=configured, folder=str(project)).folder == str(project / "kept")
    chosen = read_cache(["--moto-order-cache-dir=src"], configured)
    assert chosen.folder == str(project / "src")


@pytest.mark.parametrize("name", ["moto-order-cache-dir", "moto_order_cache_dir"])
def test_cache_folder_of_the_configuration(
    project: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The folder in a configuration is relative to the configuration's, and need not exist."""
    monkeypatch.chdir(project / "lib")
    assert read_cache(config=[(name, "../kept")], folder=str(project / "src")) == CacheSettings(
        folder=str(project / "kept")
    )


def test_empty_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty environment variable counts as none."""
    monkeypatch.setenv(settings.CACHE_VARIABLE, "")
    assert read_cache() == CacheSettings()


def test_no_cache(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The cache can be switched off, whatever says where it is."""
    monkeypatch.setenv(settings.CACHE_VARIABLE, "file.py")
    off = CacheSettings(used=False)
    assert read_cache(["--no-moto-order-cache", "--moto-order-cache-dir=file.py"]) == off
    assert read_cache(config=[("no-moto-order-cache", "true")]) == off


def test_wrong_variable(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A wrong value of the environment variable is a usage error that names it."""
    monkeypatch.setenv(settings.CACHE_VARIABLE, "file.py")
    with pytest.raises(SystemExit) as ended:
        read_cache()
    assert ended.value.code == 2
    error = capsys.readouterr().err
    assert f"environment variable {settings.CACHE_VARIABLE}: 'file.py' is no folder" in error


def test_qualified_names() -> None:
    """Factories and mocks are lists of qualified names, on several lines if need be."""
    chosen = read(
        config=[
            ("moto-order-client-factories", "shop.aws.get_client,\nshop.aws.Pool.take"),
            ("moto-order-mocks", "tests.helpers.aws_mock"),
        ]
    )
    assert chosen.client_factories == {"shop.aws.get_client", "shop.aws.Pool.take"}
    assert chosen.mocks == {"tests.helpers.aws_mock"}


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize(("option", "value"), WRONG)
def test_wrong_value_on_the_command_line(
    option: str, value: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A wrong value on the command line is a usage error that names option and value."""
    with pytest.raises(SystemExit) as ended:
        read([f"{option}={value}"])
    assert ended.value.code == 2
    assert f"flake8: error: argument {option}: {refused(value)!r} " in capsys.readouterr().err


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize(("option", "value"), WRONG)
def test_wrong_value_in_the_configuration(
    option: str, value: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A wrong value in the configuration is the same usage error."""
    with pytest.raises(SystemExit) as ended:
        read(config=[(option.lstrip("-"), value)])
    assert ended.value.code == 2
    error = capsys.readouterr().err
    assert f"argument {option}: " in error
    assert refused(value) in error


def refused(value: str) -> str:
    """Return the item of a wrong value that is refused: a list is split at blanks first."""
    return value.split(" ")[0]


def flake8(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the real flake8 in a folder."""
    environment = {**os.environ, "COLUMNS": "200"}
    return subprocess.run(
        [sys.executable, "-m", "flake8", *arguments],
        cwd=folder, env=environment, capture_output=True, text=True, timeout=60, check=False,
    )


def test_help_names_every_option(project: Path) -> None:
    """`flake8 --help` explains every option."""
    text = flake8(project, "--help").stdout
    for option in (
        settings.VERSION, settings.ROOTS, settings.TEST_FILES, settings.FACTORIES, settings.MOCKS,
        settings.SCOPE, settings.LIVE, settings.CACHE_FOLDER, settings.NO_CACHE,
    ):
        assert f"{option} " in text.replace("\n", " ")


def test_flake8_refuses_on_the_command_line(project: Path) -> None:
    """flake8 ends with exit code 2 and one line of explanation, and no traceback."""
    ended = flake8(project, "--moto-version=5.x", "file.py")
    assert ended.returncode == 2
    assert ended.stderr.splitlines()[-1] == (
        "flake8: error: argument --moto-version: "
        "'5.x' is no version; write it as in 4.2 or 5.0.28"
    )


def test_flake8_refuses_in_the_configuration(project: Path) -> None:
    """flake8 refuses a folder that its configuration names and nobody has."""
    (project / ".flake8").write_text("[flake8]\nmoto-order-roots = sources\n")
    ended = flake8(project, "file.py")
    assert ended.returncode == 2
    assert ended.stderr.splitlines()[-1] == (
        f"flake8: error: argument --moto-order-roots: '{project / 'sources'}' is no folder"
    )


def test_flake8_accepts(project: Path) -> None:
    """flake8 takes good values from a configuration that is read from a folder below it."""
    (project / ".flake8").write_text(
        "[flake8]\nmoto-version = 4.2\nmoto-order-roots = src\n"
        "moto-order-test-files = check_*.py\nmoto-order-mocks = tests.helpers.aws_mock\n"
        "moto-order-client-factories = shop.aws.get_client\n"
        "moto-order-scope = all\nmoto-order-live-marks = real\n"
    )
    ended = flake8(project / "lib", ".")
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")
