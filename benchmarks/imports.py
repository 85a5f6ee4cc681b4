"""Which module of an application most tests reach, and which the fewest: by import statements."""

from __future__ import annotations

import ast
import os
import sys
import warnings
from collections.abc import Iterable, Iterator, Sequence
from fnmatch import fnmatch
from pathlib import Path
from typing import NamedTuple

TEST_FILES = ("test_*.py", "*_test.py", "conftest.py")
LEFT_OUT = {"__pycache__", "node_modules"}
WORDS = (b"boto", b"moto")


class Marked(NamedTuple):
    """Files of a tree by what is tried with them; None where there is no such file.

    `hub` is the module of the application that is reached by most test files, `leaf` one that is
    reached by the fewest, at least one. `test` is a test file of median size.
    """

    hub: Path | None
    leaf: Path | None
    test: Path | None


class File(NamedTuple):
    """What is known of a file: the names it imports, and whether it has any statement."""

    imports: frozenset[str]
    has_code: bool


def find_marked(tree: Path, tests: Sequence[str]) -> Marked:
    """Choose files of a tree; `tests` are the names of folders that hold no application code."""
    files = {path: _read(tree, path) for path in _python_files(tree)}
    names = _by_name(tree, files)
    imports = {path: _resolved(path, file.imports, names) for path, file in files.items()}
    of_tests = sorted(path for path in files if _is_test(path) and path.name != "conftest.py")
    counts = _reached(imports, of_tests)
    modules = [
        path
        for path, file in files.items()
        if file.has_code and counts[path] and not _is_test(path)
        if not set(tests) & set(path.relative_to(tree).parts)
    ]
    ordered = sorted(modules, key=lambda path: (-counts[path], path))
    hub, leaf = (ordered[0], ordered[-1]) if ordered else (None, None)
    return Marked(hub, leaf, _median_test(of_tests))


def _median_test(paths: list[Path]) -> Path | None:
    """Return the test file of median size, of those that speak of moto where there are some."""
    speaking = [path for path in paths if any(word in path.read_bytes() for word in WORDS)]
    ordered = sorted(speaking or paths, key=lambda path: (path.stat().st_size, path))
    return ordered[len(ordered) // 2] if ordered else None


def _python_files(tree: Path) -> Iterator[Path]:
    for folder, folders, names in os.walk(tree):
        folders[:] = sorted(n for n in folders if n not in LEFT_OUT and not n.startswith("."))
        for name in sorted(names):
            if name.endswith(".py") and os.path.isfile(os.path.join(folder, name)):
                yield Path(folder, name)


def _read(tree: Path, path: Path) -> File:
    """Read a file; trees are not kept, those of a large repository would fill the memory."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            parsed = ast.parse(path.read_bytes())
    except (SyntaxError, ValueError, RecursionError):
        return File(frozenset(), False)
    return File(frozenset(_imported_names(tree, path, parsed)), bool(parsed.body))


def _is_test(path: Path) -> bool:
    return any(fnmatch(path.name, pattern) for pattern in TEST_FILES)


def _dotted(tree: Path, path: Path) -> list[str]:
    """Return the parts of a module's name as seen from the top of the tree."""
    parts = list(path.relative_to(tree).with_suffix("").parts)
    return parts[:-1] if parts[-1] == "__init__" else parts


def _by_name(tree: Path, paths: Iterable[Path]) -> dict[str, list[Path]]:
    """Return the files by each name that one can be imported by: any folder may be a root."""
    found: dict[str, list[Path]] = {}
    for path in paths:
        parts = _dotted(tree, path)
        for start in range(len(parts)):
            found.setdefault(".".join(parts[start:]), []).append(path)
    return found


def _resolved(path: Path, imported: Iterable[str], names: dict[str, list[Path]]) -> set[Path]:
    """Return the files of the tree that a file imports by these names, and their packages."""
    found: set[Path] = set()
    for name in imported:
        parts = name.split(".")
        for end in range(1, len(parts) + 1):
            candidates = names.get(".".join(parts[:end]), [])
            if candidates:
                found.add(max(candidates, key=lambda other: _nearness(path, other)))
    return found


def _imported_names(tree: Path, path: Path, parsed: ast.Module) -> Iterator[str]:
    for node in ast.walk(parsed):
        if isinstance(node, ast.Import):
            found = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            module = node.module or ""
            if node.level:
                above = path.relative_to(tree).parts[: -node.level]
                module = ".".join([*above, *filter(None, [module])])
            found = [f"{module}.{alias.name}".strip(".") for alias in node.names]
        else:
            continue
        yield from (name for name in found if name.split(".")[0] not in sys.stdlib_module_names)


def _nearness(path: Path, other: Path) -> tuple[int, str]:
    """Order files of the same name by how much of their folders they share with a file."""
    return len(os.path.commonpath([path, other])), str(other)


def _reached(imports: dict[Path, set[Path]], tests: Sequence[Path]) -> dict[Path, int]:
    """Count for each file the test files that import it, directly or not."""
    bits = dict.fromkeys(imports, 0)
    for index, path in enumerate(tests):
        bits[path] = 1 << index
    waiting = list(tests)
    while waiting:
        path = waiting.pop()
        for other in imports[path]:
            more = bits[other] | bits[path]
            if more != bits[other]:
                bits[other] = more
                waiting.append(other)
    return {path: found.bit_count() for path, found in bits.items()}
