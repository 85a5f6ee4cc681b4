"""One file, from its name to its trace."""

from __future__ import annotations

import ast
import os
import tokenize

from flake8_moto_order.effects import Trace
from flake8_moto_order.project import (
    Linted,
    Sources,
    confine,
    find_configuration,
    is_test_file,
)
from flake8_moto_order.session.tracing import trace_file
from flake8_moto_order.settings import Settings


class NoTraceError(Exception):
    """A file has no trace; the text says why."""


def trace_of(path: str, settings: Settings) -> Trace:
    """Trace a file, thoroughly.

    Raises NoTraceError when it can't be read or parsed, or is no test file.
    """
    absolute, folder = os.path.abspath(path), os.getcwd()
    try:
        with tokenize.open(absolute) as file:
            text = file.read()
        tree = ast.parse(text)
    except OSError as error:
        raise NoTraceError(f"{path}: {error.strerror or error}") from None
    except (SyntaxError, ValueError, RecursionError) as error:
        raise NoTraceError(f"{path}: {error}") from None
    sources = Sources()
    sources.begin(absolute, Linted(tree, text))
    configuration = find_configuration(sources, absolute, folder)
    if not is_test_file(sources, configuration, absolute, settings.test_files):
        patterns = ", ".join(settings.test_files or configuration.python_files)
        raise NoTraceError(f"{path}: no test file: its name matches none of {patterns}")
    confine(sources, configuration, absolute, folder, settings.roots)
    return trace_file(absolute, sources, settings, folder, thorough=True)
