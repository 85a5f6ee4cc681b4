"""The test files of a suite, in the order in which pytest collects them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from fnmatch import fnmatch

from flake8_moto_order.project.configuration import PytestConfiguration
from flake8_moto_order.project.sources import Sources

NEVER = (".*", "build", "dist", "node_modules", "venv", "{arch}", "*.egg", "CVS", "_darcs")
TEST_FOLDERS = {"test", "tests"}
DEEPEST = 40


def matches(path: str, patterns: tuple[str, ...]) -> bool:
    """Match as pytest's `fnmatch_ex` does: a pattern without a separator looks at the name only."""
    name = os.path.basename(path)
    for pattern in patterns:
        if "/" not in pattern and fnmatch(name, pattern):
            return True
        if "/" in pattern and fnmatch(path, pattern if pattern[0] == "/" else f"*/{pattern}"):
            return True
    return False


def is_test_file(
    sources: Sources,
    configuration: PytestConfiguration,
    path: str,
    patterns: tuple[str, ...],
) -> bool:
    """Tell whether a file is one that pytest imports for its tests, or matches the option."""
    if patterns:
        return matches(path, patterns)
    name = os.path.basename(path)
    if name == "__init__.py":
        return _is_test_folder(sources, os.path.dirname(path))
    return name == "conftest.py" or matches(path, configuration.python_files)


def _is_test_folder(sources: Sources, folder: str) -> bool:
    names = sources.entries(folder)
    if os.path.basename(folder) in TEST_FOLDERS or "conftest.py" in names:
        return True
    return any(fnmatch(name, "test_*.py") for name in names)


def test_files(sources: Sources, configuration: PytestConfiguration) -> Iterator[str]:
    """Yield the test files below `testpaths`, or below the root folder when none are set."""
    seen: set[str] = set()
    for start in configuration.testpaths or (configuration.rootdir,):
        if sources.is_dir(start):
            for path in _below(sources, configuration, start, 0):
                if path not in seen:
                    seen.add(path)
                    yield path
        elif start not in seen and sources.is_file(start):
            seen.add(start)
            yield start


def _below(
    sources: Sources, configuration: PytestConfiguration, folder: str, depth: int
) -> Iterator[str]:
    if depth > DEEPEST:
        return
    for name in sources.entries(folder):
        path = os.path.join(folder, name)
        if name.endswith(".py"):
            if matches(path, configuration.python_files) and sources.is_file(path):
                yield path
        elif _enters(sources, configuration, path, name):
            yield from _below(sources, configuration, path, depth + 1)


def _enters(sources: Sources, configuration: PytestConfiguration, path: str, name: str) -> bool:
    never = configuration.norecursedirs or NEVER
    if name == "__pycache__" or any(fnmatch(name, pattern) for pattern in never):
        return False
    if not sources.is_dir(path) or os.path.islink(path):
        return False
    return "pyvenv.cfg" not in sources.entries(path)
