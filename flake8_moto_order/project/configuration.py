"""pytest's configuration, found and read as pytest does (_pytest/config/findpaths.py)."""

from __future__ import annotations

import configparser
import glob
import os
import shlex
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from flake8_moto_order.project.sources import Sources

INI_FILES = (
    "pytest.toml", ".pytest.toml", "pytest.ini", ".pytest.ini", "pyproject.toml", "tox.ini",
    "setup.cfg",
)
ALWAYS = {"pytest.toml", ".pytest.toml", "pytest.ini", ".pytest.ini"}
REPOSITORY = (".git", ".hg")
ROOT_MARKS = ("setup.py", "setup.cfg", "pyproject.toml", "tox.ini", *REPOSITORY)
PYTHON_FILES = ("test_*.py", "*_test.py")
MODES = ("prepend", "append", "importlib")
Table = Mapping[str, object]


@dataclass(frozen=True)
class PytestConfiguration:
    """What pytest's configuration says: folders are absolute, `plugins` come from `-p`."""

    rootdir: str
    inifile: str | None = None
    python_files: tuple[str, ...] = PYTHON_FILES
    pythonpath: tuple[str, ...] = ()
    testpaths: tuple[str, ...] = ()
    plugins: tuple[str, ...] = ()
    import_mode: str = "prepend"
    norecursedirs: tuple[str, ...] = ()
    env: dict[str, str] = field(default_factory=dict)


def find_configuration(sources: Sources, file: str, cwd: str) -> PytestConfiguration:
    """Return the configuration that holds for a file: that of the nearest folder upward.

    The search ends at the top of the repository, or at the root of the file system. Without a
    configuration the root is the nearest folder, at most as high as the repository or `cwd`, that
    looks like one.
    """
    folder = os.path.dirname(file)
    return sources.derive(("configuration", folder, cwd), lambda: _find(sources, folder, cwd))


def _find(sources: Sources, folder: str, cwd: str) -> PytestConfiguration:
    folders = list(_upward(sources, folder))
    for candidate in folders:
        for name in INI_FILES:
            table = _table(sources, os.path.join(candidate, name))
            if table is not None:
                return _configuration(sources, candidate, os.path.join(candidate, name), table)
    in_repository = any(mark in sources.entries(folders[-1]) for mark in REPOSITORY)
    for candidate in folders:
        bounded = in_repository or _below(candidate, cwd)
        if bounded and any(mark in sources.entries(candidate) for mark in ROOT_MARKS):
            return PytestConfiguration(candidate)
    return PytestConfiguration(cwd if _below(folder, cwd) else folder)


def _below(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)


def _upward(sources: Sources, folder: str) -> Iterator[str]:
    while True:
        yield folder
        names = sources.entries(folder)
        parent = os.path.dirname(folder)
        if folder == parent or any(mark in names for mark in REPOSITORY):
            return
        folder = parent


def _table(sources: Sources, path: str) -> Table | None:
    """Return pytest's settings in one file, None when it has none."""
    name = os.path.basename(path)
    text = sources.text(path) if sources.is_file(path) else None
    if text is None:
        return None
    if name.endswith(".toml"):
        table = _toml_table(text, name)
    else:
        sections = {"setup.cfg": "tool:pytest"}
        table = _ini_section(text, sections.get(name, "pytest"))
    return {} if table is None and name in ALWAYS else table


def _toml_table(text: str, name: str) -> Table | None:
    data = read_toml(text)
    if name != "pyproject.toml":
        inner = data.get("pytest")
        return inner if isinstance(inner, dict) else None
    tool = data.get("tool")
    section = tool.get("pytest") if isinstance(tool, dict) else None
    if not isinstance(section, dict):
        return None
    options = section.get("ini_options", section)
    table = dict(options) if isinstance(options, dict) else {}
    if isinstance(tool, dict) and isinstance(tool.get("pytest_env"), dict):
        table.setdefault("env", [f"{k}={v}" for k, v in tool["pytest_env"].items()])
    return table


def read_toml(text: str) -> dict[str, object]:
    """Parse TOML; broken text is an empty table."""
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError):
        return {}


def _ini_section(text: str, section: str) -> Table | None:
    parser = configparser.RawConfigParser(
        strict=False, comment_prefixes=("#", ";"), inline_comment_prefixes=None
    )
    try:
        parser.read_string(text)
    except configparser.Error:
        return None
    return dict(parser.items(section)) if parser.has_section(section) else None


def _configuration(
    sources: Sources, folder: str, inifile: str, table: Table
) -> PytestConfiguration:
    options = _words(table.get("addopts"))
    return PytestConfiguration(
        rootdir=folder,
        inifile=inifile,
        python_files=tuple(_words(table.get("python_files"))) or PYTHON_FILES,
        pythonpath=tuple(_folder(folder, name) for name in _words(table.get("pythonpath"))),
        testpaths=tuple(_paths(folder, _words(table.get("testpaths")))),
        plugins=tuple(_plugins(options)),
        import_mode=_import_mode(options),
        norecursedirs=tuple(_words(table.get("norecursedirs"))),
        env=dict(_environment(table.get("env"))),
    )


def _words(value: object) -> list[str]:
    if isinstance(value, list):
        return [str(word) for word in value]
    try:
        return shlex.split(str(value), comments=True) if value else []
    except ValueError:
        return str(value).split()


def _folder(base: str, name: str) -> str:
    return os.path.normpath(os.path.join(base, name))


def _paths(base: str, names: list[str]) -> Iterator[str]:
    for name in names:
        pattern = os.path.join(glob.escape(base), name)
        yield from (os.path.normpath(path) for path in sorted(glob.iglob(pattern)))


def _plugins(options: list[str]) -> Iterator[str]:
    for index, option in enumerate(options):
        name = options[index + 1] if option == "-p" and index + 1 < len(options) else ""
        if option.startswith("-p") and not option.startswith("--") and len(option) > 2:
            name = option[2:]
        if name and not name.startswith("no:"):
            yield name


def _import_mode(options: list[str]) -> str:
    mode = "prepend"
    for index, option in enumerate(options):
        if option.startswith("--import-mode="):
            mode = option.partition("=")[2]
        elif option == "--import-mode" and index + 1 < len(options):
            mode = options[index + 1]
    return mode if mode in MODES else "prepend"


def _environment(value: object) -> Iterator[tuple[str, str]]:
    """Yield the variables that the plugin pytest-env sets (its documentation, "env")."""
    lines = value if isinstance(value, list) else str(value or "").splitlines()
    for line in lines:
        name, found, text = str(line).partition("=")
        name = name.rpartition(":")[2].strip()
        if found and name:
            yield name, text.strip()
