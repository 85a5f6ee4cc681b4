"""The plugin's options: how flake8 reads them, and the one frozen value the rest works with."""

from __future__ import annotations

import argparse
import keyword
import os
from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING, Any

from flake8.options.manager import Option, OptionManager
from flake8.style_guide import Decision, DecisionEngine
from flake8.utils import parse_comma_separated_list

from flake8_moto_order.record import record

if TYPE_CHECKING:
    from packaging.version import Version

VERSION = "--moto-version"
ROOTS = "--moto-order-roots"
TEST_FILES = "--moto-order-test-files"
FACTORIES = "--moto-order-client-factories"
MOCKS = "--moto-order-mocks"


SCOPE = "--moto-order-scope"
SCOPES = ("moto", "all")
LIVE = "--moto-order-live-marks"
CACHE_FOLDER = "--moto-order-cache-dir"
NO_CACHE = "--no-moto-order-cache"
CACHE_VARIABLE = "FLAKE8_MOTO_ORDER_CACHE_DIR"
# Rules that flake8 reports only when they are selected.
OFF_BY_DEFAULT = ("MOT104", "MOT208", "MOT301", "MOT302", "MOT303", "MOT305")
PREFIX = "MOT"
# Those of them that speak of modules that are no tests.
OF_MODULES = frozenset({"MOT303"})
LIVE_MARKS = frozenset({"integration", "e2e", "live", "aws_live"})


@record(frozen=True, slots=True)
class Settings:
    """What the user chose; each default leaves the matter to the project's own files.

    moto_version: the version the tests run with. None: the newest that the project's requirement
    files allow and that has the mocks in use (`mock_aws` is 5 or later, `mock_s3` at most 4.2).
    roots: absolute folders to import from, before those that pytest's configuration gives.
    test_files: patterns as pytest's `python_files`. (): that setting, conftest.py and the
    `__init__.py` of test folders.
    client_factories: qualified names of functions that return clients.
    mocks: qualified names of decorators, fixtures and context managers that activate moto.
    scope: which files' tests are judged: `moto`, those that import it themselves or through their
    conftests, plugins and helpers, or `all`.
    live_marks: names of pytest marks of tests that are meant to reach AWS.
    chosen: the codes off by default that flake8 is told to report.
    """

    moto_version: Version | None = None
    roots: tuple[str, ...] = ()
    test_files: tuple[str, ...] = ()
    client_factories: frozenset[str] = frozenset()
    mocks: frozenset[str] = frozenset()
    scope: str = "moto"
    live_marks: frozenset[str] = LIVE_MARKS
    chosen: frozenset[str] = frozenset()


@record(frozen=True, slots=True)
class CacheSettings:
    """Whether verdicts are kept, and the absolute folder, None for one in each root folder."""

    used: bool = True
    folder: str | None = None


class WrongValue(ValueError):
    """An option got a value it cannot have; the text names both, as argparse would."""

    def __init__(self, option: str, value: str, reason: str) -> None:
        """Say which option, which value and what is wrong with it."""
        kind = "argument" if option.startswith("-") else "environment variable"
        super().__init__(f"{kind} {option}: {value!r} {reason}")


class _Folders(Option):
    """Folders; written in a configuration file, they are relative to the folder of that file.

    flake8's own `normalize_paths` takes only names with a slash for paths, so `src` would depend on
    where flake8 was started.
    """

    def normalize(self, value: Any, *normalize_args: str) -> list[str]:
        """Make absolute what a configuration file in the folder `normalize_args` says."""
        names = parse_comma_separated_list(value)
        return [os.path.abspath(os.path.join(*normalize_args, name)) for name in names]


class _Folder(Option):
    """A folder; written in a configuration file, it is relative to the folder of that file."""

    def normalize(self, value: Any, *normalize_args: str) -> str:
        """Make absolute what a configuration file in the folder `normalize_args` says."""
        return os.path.abspath(os.path.join(*normalize_args, value)) if value else ""


def add_options(manager: OptionManager) -> None:
    """Tell flake8 the options; each can stand in its configuration too."""
    manager.add_option(
        VERSION,
        metavar="VERSION",
        parse_from_config=True,
        help="the version of moto that the tests run with, such as 4.2 or 5.0.28 "
        "(default: what the project's own requirement files say)",
    )
    _add_list(manager, ROOTS, "folders that the tests import from (default: as pytest does)")
    folders = _Folders(long_option_name=ROOTS, parse_from_config=True)
    manager.config_options_dict["moto_order_roots"] = folders
    manager.config_options_dict["moto-order-roots"] = folders
    _add_list(
        manager,
        TEST_FILES,
        "patterns of test files, as in pytest's python_files (default: pytest's own, conftest.py "
        "and the __init__.py of test folders)",
    )
    _add_list(
        manager,
        FACTORIES,
        "qualified names of functions that return AWS clients, such as shop.aws.get_client, for "
        "code that cannot be followed",
    )
    _add_list(
        manager,
        MOCKS,
        "qualified names of your own decorators, fixtures or context managers that activate moto, "
        "such as tests.helpers.aws_mock",
    )
    manager.add_option(
        SCOPE,
        metavar="{moto,all}",
        default="moto",
        parse_from_config=True,
        help="whose tests are judged: those of files that import moto, themselves or through "
        "conftests, plugins and helpers, or of all files (default: moto)",
    )
    _add_list(
        manager,
        LIVE,
        "marks of tests that are meant to reach AWS (default: integration,e2e,live,aws_live)",
        ",".join(sorted(LIVE_MARKS)),
    )
    _add_cache(manager)
    manager.extend_default_ignore(OFF_BY_DEFAULT)


def _add_cache(manager: OptionManager) -> None:
    manager.add_option(
        CACHE_FOLDER,
        metavar="DIR",
        parse_from_config=True,
        help=f"where verdicts are kept (default: {CACHE_VARIABLE} of the environment, else "
        ".flake8_moto_order_cache in pytest's root folder)",
    )
    folder = _Folder(long_option_name=CACHE_FOLDER, parse_from_config=True)
    manager.config_options_dict["moto_order_cache_dir"] = folder
    manager.config_options_dict["moto-order-cache-dir"] = folder
    manager.add_option(
        NO_CACHE,
        action="store_true",
        parse_from_config=True,
        help="keep no verdicts and use none that were kept",
    )


def _add_list(manager: OptionManager, name: str, text: str, default: str = "") -> None:
    manager.add_option(
        name,
        metavar=name.rpartition("-")[2].upper(),
        default=default,
        parse_from_config=True,
        comma_separated_list=True,
        help=text,
    )


def read_options(manager: OptionManager, options: argparse.Namespace) -> Settings:
    """Check what flake8 parsed; a wrong value ends flake8 with its usage error, exit code 2."""
    parser: argparse.ArgumentParser = manager.parser
    try:
        return Settings(
            moto_version=_version(options.moto_version),
            roots=_folders(options.moto_order_roots),
            test_files=_patterns(options.moto_order_test_files),
            client_factories=_qualified(FACTORIES, options.moto_order_client_factories),
            mocks=_qualified(MOCKS, options.moto_order_mocks),
            scope=_scope(options.moto_order_scope),
            live_marks=_names(LIVE, options.moto_order_live_marks),
            chosen=frozenset(filter(partial(_is_chosen, options), OFF_BY_DEFAULT)),
        )
    except WrongValue as wrong:
        parser.error(str(wrong))


def _is_chosen(options: argparse.Namespace, code: str) -> bool:
    """Tell whether flake8 reports a code that is off by default, and is asked for by more than MOT.

    Source: flake8/style_guide.py, `DecisionEngine`: what is selected is not ignored by default.
    """
    asked = (*(options.select or ()), *(options.extend_select or ()))
    is_asked = any(code.startswith(prefix) and prefix != PREFIX for prefix in asked if prefix)
    return is_asked and DecisionEngine(options).decision_for(code) is Decision.Selected


def read_cache_options(manager: OptionManager, options: argparse.Namespace) -> CacheSettings:
    """Check what flake8 parsed, and the environment; a wrong value is a usage error as well."""
    parser: argparse.ArgumentParser = manager.parser
    named: str | None = options.moto_order_cache_dir
    variable = os.environ.get(CACHE_VARIABLE)
    try:
        if options.no_moto_order_cache:
            return CacheSettings(used=False)
        if named is not None:
            return CacheSettings(folder=_cache_folder(CACHE_FOLDER, named))
        if variable:
            return CacheSettings(folder=_cache_folder(CACHE_VARIABLE, variable))
        return CacheSettings()
    except WrongValue as wrong:
        parser.error(str(wrong))


def _cache_folder(name: str, folder: str) -> str:
    if not folder or (os.path.exists(folder) and not os.path.isdir(folder)):
        raise WrongValue(name, folder, "is no folder")
    return os.path.abspath(folder)


def _version(text: str | None) -> Version | None:
    if text is None:
        return None
    from packaging.version import InvalidVersion, Version

    try:
        return Version(text)
    except InvalidVersion:
        raise WrongValue(VERSION, text, "is no version; write it as in 4.2 or 5.0.28") from None


def _folders(names: Iterable[str]) -> tuple[str, ...]:
    folders = {name: os.path.abspath(name) for name in names}
    for name, folder in folders.items():
        if not os.path.isdir(folder):
            raise WrongValue(ROOTS, name, "is no folder")
    return tuple(dict.fromkeys(folders.values()))


def _patterns(patterns: Iterable[str]) -> tuple[str, ...]:
    for pattern in patterns:
        if not pattern.endswith((".py", "*", "?", "]")):
            raise WrongValue(TEST_FILES, pattern, "matches no Python file")
    return tuple(patterns)


def _qualified(option: str, names: Iterable[str]) -> frozenset[str]:
    for name in names:
        parts = name.split(".")
        if len(parts) < 2 or not all(_is_name(part) for part in parts):
            raise WrongValue(option, name, "is no qualified name like package.name")
    return frozenset(names)


def _scope(text: str) -> str:
    if text not in SCOPES:
        raise WrongValue(SCOPE, text, f"is not one of {', '.join(SCOPES)}")
    return text


def _names(option: str, names: Iterable[str]) -> frozenset[str]:
    for name in names:
        if not _is_name(name):
            raise WrongValue(option, name, "is no name of a mark")
    return frozenset(names)


def _is_name(part: str) -> bool:
    return part.isidentifier() and not keyword.iskeyword(part)
