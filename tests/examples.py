"""The examples of the rule pages, checked without flake8."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from packaging.version import Version

from flake8_moto_order.project import Sources, find_configuration, is_test_file
from flake8_moto_order.rules import check
from flake8_moto_order.rules.rule import Diagnostic
from flake8_moto_order.session.tracing import trace_file, trace_module
from flake8_moto_order.settings import OF_MODULES, OFF_BY_DEFAULT, Settings
from tests.pages import FIVE, Case, every_case

VERSIONS = [Version(text) for text in ("5.2.5", "4.0.13", "4.2.14")]


def is_plain(case: Case) -> bool:
    """Tell whether a case says no more than its files, and is of a version that is tried here."""
    text = "\n".join(case.files.values())
    return "[flake8]" not in text and "noqa" not in text and any(map(case.applies, VERSIONS))


EXAMPLES = [case for case in every_case() if is_plain(case)]


def version_of(case: Case) -> Version:
    """Return a version of moto that a case is about."""
    return next(version for version in VERSIONS if case.applies(version))


def write(
    folder: Path, case: Case, files: dict[str, str], version: Version | None = None
) -> None:
    """Write the files of an example for the version of moto that it is tried with."""
    old = (version or version_of(case)) < FIVE
    for path, text in files.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        written = text.replace("mock_aws", case.mock) if old else text
        file.write_text(written, encoding="utf-8")


def diagnostics(
    folder: Path, case: Case, files: dict[str, str], version: Version | None = None
) -> Iterator[tuple[str, Diagnostic]]:
    """Write files and yield what is found in them, with the path of each."""
    version = version or version_of(case)
    write(folder, case, files, version)
    chosen = frozenset({case.page} & set(OFF_BY_DEFAULT))
    sources, settings = Sources(), Settings(moto_version=version, chosen=chosen)
    for path in sorted(files):
        file = folder / path
        configuration = find_configuration(sources, str(file), str(folder))
        if path.endswith(".py"):
            is_test = is_test_file(sources, configuration, str(file), ())
            if is_test or chosen & OF_MODULES:
                trace = (
                    trace_file(str(file), sources, settings, str(folder), bool(chosen))
                    if is_test
                    else trace_module(str(file), sources, settings, str(folder))
                )
                yield from ((path, found) for found in check(trace, chosen))
