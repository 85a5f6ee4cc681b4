"""The test files of a suite, in the order in which pytest collects them."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from fnmatch import filter as filter_names
from fnmatch import fnmatch

from flake8_moto_order.project.configuration import (
    PytestConfiguration,
    is_below,
    start_paths,
)
from flake8_moto_order.project.seen import FOLDER, LINK, Wanted
from flake8_moto_order.project.sources import Sources
from flake8_moto_order.project.vendored import INSTALLED, installed_names, is_vendored

TEST_FOLDERS = {"test", "tests"}
# Parts of the path of what only tests use: helpers, plugins, mocks of the project's own.
OF_TESTS = re.compile(
    r"^test|^unittest|(^|[^a-z])(tests?|testing|moto)([^a-z]|$)|conftest|fixture|mock|fake|stub"
    r"|localstack"
)
DEEPEST = 40


def matches(path: str, patterns: tuple[str, ...]) -> bool:
    """Match as pytest's `fnmatch_ex` does: a pattern without a separator looks at the name only."""
    name = os.path.basename(path)
    for pattern in patterns:
        if "/" not in pattern:
            if fnmatch(name, pattern):
                return True
        elif fnmatch(path, pattern if os.path.isabs(pattern) else f"*/{pattern}"):
            return True
    return False


def is_test_file(
    sources: Sources,
    configuration: PytestConfiguration,
    path: str,
    patterns: tuple[str, ...],
) -> bool:
    """Tell whether a file is one that pytest imports for its tests, or matches the option.

    What came with an installed package is none.
    """
    name = os.path.basename(path)
    if patterns:
        is_one = matches(path, patterns)
    elif name == "conftest.py" or matches(path, configuration.python_files):
        is_one = True
    else:
        folder = os.path.dirname(path)
        is_one = name == "__init__.py" and _is_test_folder(sources, configuration, folder)
    return is_one and not is_vendored(sources, path, configuration.rootdir)


def is_test_code(
    sources: Sources,
    configuration: PytestConfiguration,
    path: str,
    patterns: tuple[str, ...],
) -> bool:
    """Tell whether a file is a test file, a conftest, or a helper of such, by its place or name."""
    root = configuration.rootdir
    if os.path.basename(root) in TEST_FOLDERS:
        root = os.path.dirname(root)
    place = os.path.splitext(os.path.relpath(path, root))[0].lower()
    if any(OF_TESTS.search(part) for part in place.split(os.sep)):
        return True
    return is_test_file(sources, configuration, path, patterns)


def _is_test_folder(sources: Sources, configuration: PytestConfiguration, folder: str) -> bool:
    if os.path.basename(folder) in TEST_FOLDERS or sources.has(folder, "conftest.py"):
        return True
    names = list(sources.entries(folder, Wanted(files=("*.py",))))
    by_path = tuple(pattern for pattern in configuration.python_files if "/" in pattern)
    return any(filter_names(names, pattern) for pattern in configuration.python_files) or (
        bool(by_path) and any(matches(os.path.join(folder, name), by_path) for name in names)
    )


def test_files(sources: Sources, configuration: PytestConfiguration) -> Iterator[str]:
    """Yield the test files below `testpaths`, or below the root folder when none are set.

    Those of vendored packages are left out: they are not run with the project's own.
    """
    starts = start_paths(sources, configuration)
    for start in starts:
        if any(is_below(start, other) for other in starts if other != start):
            continue
        if sources.is_dir(start):
            yield from _below(sources, configuration, start, (sources.real(start),))
        elif start.endswith(".py") and sources.is_file(start):
            yield start


def _below(
    sources: Sources, configuration: PytestConfiguration, folder: str, chain: tuple[str, ...]
) -> Iterator[str]:
    """Yield the test files of a folder; `chain` holds the real folders that lead to it."""
    found = sources.entries(folder, _walked(configuration))
    installed = installed_names(sources, folder)
    # A package's own file comes first (_pytest/python.py, `Package.collect`).
    for name in sorted(found.keys() - installed, key=lambda name: (name != "__init__.py", name)):
        path = os.path.join(folder, name)
        if found[name] & FOLDER:
            real = sources.real(path) if found[name] & LINK else os.path.join(chain[-1], name)
            if real not in chain and len(chain) < DEEPEST and _enters(sources, configuration, path):
                yield from _below(sources, configuration, path, (*chain, real))
        elif _collects(configuration, path) and sources.is_file(path):
            yield path


def _walked(configuration: PytestConfiguration) -> Wanted:
    """Return which names of a folder make a difference: those of tests and of folders to enter."""
    files = tuple("*.py" if "/" in pattern else pattern for pattern in configuration.python_files)
    never = tuple(pattern for pattern in configuration.norecursedirs if "/" not in pattern)
    return Wanted(files, ("*",), ("__pycache__", *INSTALLED, *never))


def _collects(configuration: PytestConfiguration, path: str) -> bool:
    return (
        path.endswith(".py")
        and matches(path, configuration.python_files)
        and not _is_ignored(configuration, path)
    )


def _enters(sources: Sources, configuration: PytestConfiguration, path: str) -> bool:
    """Tell whether pytest looks into a folder (_pytest/main.py, `pytest_ignore_collect`)."""
    if matches(path, configuration.norecursedirs) or _is_ignored(configuration, path):
        return False
    return not sources.has(path, "pyvenv.cfg") and not (
        sources.has(path, "conda-meta") and sources.has(os.path.join(path, "conda-meta"), "history")
    )


def _is_ignored(configuration: PytestConfiguration, path: str) -> bool:
    return path in configuration.ignored or any(
        fnmatch(path, pattern) for pattern in configuration.ignored_globs
    )
