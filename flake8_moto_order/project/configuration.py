"""pytest's configuration, found and read as pytest does (_pytest/config/findpaths.py)."""

from __future__ import annotations

import configparser
import glob
import os
import shlex
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial

from flake8_moto_order.project.sources import Sources

INI_FILES = (
    "pytest.toml", ".pytest.toml", "pytest.ini", ".pytest.ini", "pyproject.toml", "tox.ini",
    "setup.cfg",
)
ALWAYS = {"pytest.toml", ".pytest.toml", "pytest.ini", ".pytest.ini"}
REPOSITORY = (".git", ".hg")
ENV_FILES = ("pytest.toml", ".pytest.toml", "pyproject.toml")
ROOT_MARKS = ("setup.py", "setup.cfg", "pyproject.toml", "tox.ini", *REPOSITORY)
PYTHON_FILES = ("test_*.py", "*_test.py")
NO_RECURSION = (
    "*.egg", ".*", "_darcs", "build", "CVS", "dist", "node_modules", "venv", "{arch}",
)
MODES = ("prepend", "append", "importlib")
Table = Mapping[str, object]


@dataclass(frozen=True)
class PytestConfiguration:
    """What pytest's configuration says: folders are absolute, `plugins` come from `-p`.

    `testpaths` and `ignored_globs` are patterns, `ignored`, `ignored_globs`,
    `mark_expression` and `deselected` come from addopts.
    """

    rootdir: str
    inifile: str | None = None
    python_files: tuple[str, ...] = PYTHON_FILES
    python_classes: tuple[str, ...] = ("Test",)
    python_functions: tuple[str, ...] = ("test",)
    pythonpath: tuple[str, ...] = ()
    testpaths: tuple[str, ...] = ()
    plugins: tuple[str, ...] = ()
    import_mode: str = "prepend"
    norecursedirs: tuple[str, ...] = NO_RECURSION
    ignored: tuple[str, ...] = ()
    ignored_globs: tuple[str, ...] = ()
    mark_expression: str = ""
    usefixtures: tuple[str, ...] = ()
    deselected: tuple[str, ...] = ()
    env: dict[str, str] = field(default_factory=dict)


def find_configuration(sources: Sources, file: str, cwd: str) -> PytestConfiguration:
    """Return the configuration that holds for a file: that of the nearest folder upward.

    The search ends at the top of the repository, or at the root of the file system. Without a
    configuration the root is the nearest folder, at most as high as the repository or `cwd`, that
    looks like one.
    """
    folder = os.path.dirname(file)
    # Who keeps a verdict keeps the configuration with it, so its search need not be noted.
    key = ("configuration", folder, cwd)
    return sources.derive(key, lambda: _find(sources, folder, cwd), noted=False)


def _find(sources: Sources, folder: str, cwd: str) -> PytestConfiguration:
    folders = tuple(upward(sources, folder))
    found = _from_file(sources, folders) or PytestConfiguration(_root(sources, folders, cwd))
    env = _env_of_toml(sources, found.rootdir)
    return found if env is None else replace(found, env=env)


def _from_file(sources: Sources, folders: tuple[str, ...]) -> PytestConfiguration | None:
    for folder in folders:
        for name in INI_FILES:
            if sources.has(folder, name):
                path = os.path.join(folder, name)
                found = sources.parsed("pytest", path, partial(_read, path))
                if found is not None:
                    return found
    return None


def _root(sources: Sources, folders: tuple[str, ...], cwd: str) -> str:
    in_repository = sources.has(folders[-1], *REPOSITORY)
    for folder in folders:
        if (in_repository or is_below(folder, cwd)) and sources.has(folder, *ROOT_MARKS):
            return folder
    return cwd if is_below(folders[0], cwd) else folders[0]


def is_below(path: str, folder: str) -> bool:
    """Tell whether a path is a folder or something in it."""
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)


def upward(sources: Sources, folder: str) -> Iterator[str]:
    """Yield a folder and those around it, to the top of the repository or the file system."""
    while True:
        yield folder
        parent = os.path.dirname(folder)
        if folder == parent or sources.has(folder, *REPOSITORY):
            return
        folder = parent


def _read(path: str, text: str) -> PytestConfiguration | None:
    """Return what one file says, None when it has no settings of pytest."""
    folder, name = os.path.split(path)
    if name.endswith(".toml"):
        table = _toml_table(text, name)
    else:
        table = _ini_section(text, "tool:pytest" if name == "setup.cfg" else "pytest")
    if table is None and name in ALWAYS:
        table = {}
    return None if table is None else _configuration(folder, path, table)


def _toml_table(text: str, name: str) -> Table | None:
    data = read_toml(text)
    if name != "pyproject.toml":
        inner = data.get("pytest")
        return inner if isinstance(inner, dict) else None
    tool = data.get("tool")
    section = tool.get("pytest") if isinstance(tool, dict) else None
    if not isinstance(section, dict):
        return None
    options = section.get("ini_options", section or None)
    return options if isinstance(options, dict) else None


def read_toml(text: str) -> dict[str, object]:
    """Parse TOML; broken text is an empty table."""
    if sys.version_info >= (3, 11):
        import tomllib
    else:  # pragma: no cover
        import tomli as tomllib
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError):
        return {}


def _ini_section(text: str, section: str) -> Table | None:
    parser = configparser.RawConfigParser(
        strict=False, comment_prefixes=("#", ";"), default_section="\0"
    )
    try:
        parser.read_string(text)
    except configparser.Error:
        return None
    return dict(parser.items(section)) if parser.has_section(section) else None


def _configuration(folder: str, inifile: str, table: Table) -> PytestConfiguration:
    options = _words(table.get("addopts"))
    overrides = (pair.partition("=") for pair in _values(options, "-o", "--override-ini"))
    table = {**table, **{name: value for name, _, value in overrides}}
    never = table.get("norecursedirs")
    return PytestConfiguration(
        rootdir=folder,
        inifile=inifile,
        python_files=tuple(_words(table.get("python_files"))) or PYTHON_FILES,
        python_classes=tuple(_words(table.get("python_classes"))) or ("Test",),
        python_functions=tuple(_words(table.get("python_functions"))) or ("test",),
        pythonpath=_folders(folder, _words(table.get("pythonpath"))),
        testpaths=_folders(glob.escape(folder), _words(table.get("testpaths"))),
        plugins=tuple(name for name in _values(options, "-p") if not name.startswith("no:")),
        import_mode=_import_mode(options),
        norecursedirs=NO_RECURSION if never is None else tuple(_words(never)),
        ignored=_folders(folder, _values(options, "--ignore")),
        ignored_globs=_folders(folder, _values(options, "--ignore-glob")),
        deselected=tuple(_values(options, "--deselect")),
        usefixtures=tuple(_words(table.get("usefixtures"))),
        mark_expression=(_values(options, "-m") or [""])[-1],
        env=dict(_lines_of_env(table.get("env"))),
    )


def _words(value: object) -> list[str]:
    if isinstance(value, list):
        return [str(word) for word in value]
    try:
        return shlex.split(str(value)) if value else []
    except ValueError:
        return str(value).split()


def _folders(base: str, names: list[str]) -> tuple[str, ...]:
    return tuple(os.path.normpath(os.path.join(base, name)) for name in names)


def start_paths(sources: Sources, configuration: PytestConfiguration) -> tuple[str, ...]:
    """Return where pytest starts when it is told nothing: `testpaths`, or else the root folder."""
    found = (path for pattern in configuration.testpaths for path in sources.glob(pattern))
    starts = dict.fromkeys(path.rstrip(os.sep) for path in found)
    return tuple(starts) or (configuration.rootdir,)


def _values(options: list[str], *flags: str) -> list[str]:
    """Return the values of an option, given as the next word or right behind the flag."""
    found = []
    for option, following in zip(options, [*options[1:], ""]):
        for flag in flags:
            if option == flag:
                found.append(following)
            elif option.startswith(f"{flag}=" if flag.startswith("--") else flag):
                found.append(option[len(flag) :].removeprefix("="))
    return [value.strip() for value in found if value.strip()]


def _import_mode(options: list[str]) -> str:
    modes = [mode for mode in _values(options, "--import-mode") if mode in MODES]
    return modes[-1] if modes else "prepend"


def _lines_of_env(value: object) -> Iterator[tuple[str, str]]:
    """Yield the variables that the plugin pytest-env sets: `FLAGS:NAME=VALUE`."""
    lines = value if isinstance(value, list) else str(value or "").splitlines()
    for line in lines:
        name, found, text = str(line).partition("=")
        *flags, name = (part.strip() for part in name.split(":"))
        if found and name and "U" not in map(str.upper, flags):
            yield name, text.strip()


def _env_of_toml(sources: Sources, folder: str) -> dict[str, str] | None:
    """Return what the nearest table `pytest_env` sets; pytest-env prefers it to lines."""
    for candidate in upward(sources, folder):
        for name in ENV_FILES:
            if sources.has(candidate, name):
                path = os.path.join(candidate, name)
                table = read_table(sources, path)
                scope = table.get("tool") if name == "pyproject.toml" else table
                if isinstance(scope, dict) and isinstance(scope.get("pytest_env"), dict):
                    return dict(_table_of_env(scope["pytest_env"]))
    return None


def _table_of_env(table: Table) -> Iterator[tuple[str, str]]:
    for name, value in table.items():
        if isinstance(value, dict) and not value.get("unset"):
            yield name, str(value.get("value", ""))
        elif not isinstance(value, (dict, list)):
            yield name, str(value)


def read_table(sources: Sources, path: str) -> Table:
    """Return the content of a TOML file; an empty table when there is none."""
    return sources.parsed("toml", path, read_toml) or {}
