"""`explain`: shows what a test run of one file does, as the plugin sees it."""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Sequence
from typing import TextIO

from flake8_moto_order.command.explaining.data import write_json
from flake8_moto_order.command.explaining.mermaid import write_mermaid
from flake8_moto_order.command.explaining.outline import Node, Outline, at_line, finding_text
from flake8_moto_order.command.explaining.page import write_page
from flake8_moto_order.command.explaining.text import write_text
from flake8_moto_order.command.files import NoTraceError, trace_of
from flake8_moto_order.command.linting import read_arguments
from flake8_moto_order.effects import TestRun, Trace
from flake8_moto_order.plugin import MotoOrderPlugin
from flake8_moto_order.rules import check
from flake8_moto_order.rules.rule import Diagnostic

FORMATS = ("text", "json", "mermaid", "html")


def add_explain(parser: argparse.ArgumentParser) -> None:
    """Tell the options of the command."""
    parser.add_argument("file", metavar="FILE[:LINE]", help="a test file, or a line of one")
    parser.add_argument(
        "--test", metavar="NAME", help="only this test: its name, or class and name"
    )
    parser.add_argument("--format", choices=FORMATS, default="text", help="(default: text)")
    parser.add_argument("--output", metavar="FILE", help="where to write (default: here)")
    parser.add_argument(
        "--all", action="store_true", help="also show imports and calls that lead to nothing"
    )


def explain(parser: argparse.ArgumentParser, options: argparse.Namespace, rest: list[str]) -> int:
    """Explain a file; return 1 if there are findings, else 0."""
    path, line = split_line(options.file)
    read_arguments([*rest, path])
    try:
        trace = trace_of(path, MotoOrderPlugin.settings)
    except NoTraceError as error:
        print(error, file=sys.stderr)
        return 1
    tests = chosen(trace, options.test)
    if options.test and not tests:
        parser.error(f"argument --test: {options.test!r} is no test of {path} that runs")
    found = list(check(trace, MotoOrderPlugin.settings.chosen))
    if options.test:
        steps = {test.step for test in tests}
        found = [one for one in found if one.chain[:1] and one.chain[0] in steps]
    root = Outline(trace, found, options.all).build(tests)
    if line:
        root = at_line(root, trace.path, line)
        shown = {node.text for node in root.walk()}
        found = [one for one in found if finding_text(one) in shown]
    write(options, root, found)
    return int(bool(found))


def split_line(argument: str) -> tuple[str, int]:
    """Split `FILE:LINE`; the line is 0 when there is none."""
    path, colon, line = argument.rpartition(":")
    return (path, int(line)) if colon and path and line.isdecimal() else (argument, 0)


def chosen(trace: Trace, name: str | None) -> Sequence[TestRun]:
    """Return the tests of a name, such as `test_it`, `TestCase.test_it` or `TestCase::test_it`."""
    if name is None:
        return trace.tests
    wanted = name.replace("::", ".")
    return [
        test
        for test in trace.tests
        if test.step.what == wanted or test.step.what.endswith(f".{wanted}")
    ]


def write(options: argparse.Namespace, root: Node, found: Sequence[Diagnostic]) -> None:
    """Write the outline in the form and to the place that the options say."""
    if options.output is None:
        write_form(options.format, root, found, sys.stdout)
        return
    with io.open(options.output, "w", encoding="utf-8") as file:
        write_form(options.format, root, found, file)


def write_form(form: str, root: Node, found: Sequence[Diagnostic], file: TextIO) -> None:
    """Write an outline in one of the forms."""
    if form == "json":
        write_json(root, found, file)
    elif form == "mermaid":
        write_mermaid(root, file)
    elif form == "html":
        write_page(root, found, file)
    else:
        write_text(root, file)
