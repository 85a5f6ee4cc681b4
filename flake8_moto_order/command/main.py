"""The command line: which command, and what each of them takes."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from flake8_moto_order import __version__
from flake8_moto_order.command.check import add_check, check
from flake8_moto_order.command.explain import add_explain, explain

ABOUT = "Shows which tests moto does not protect from the real AWS, and why."
FLAKE8 = "flake8's options and configuration count, too, and those of this plugin in them."


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit code: 0, 1 if there are findings, 2 for a wrong usage."""
    parser = argparse.ArgumentParser(prog="flake8-moto-order", description=ABOUT, epilog=FLAKE8)
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    explaining = commands.add_parser(
        "explain", help="show what a test run of a file does", epilog=FLAKE8, allow_abbrev=False
    )
    add_explain(explaining)
    checking = commands.add_parser(
        "check",
        help="lint files with this plugin alone",
        usage="flake8-moto-order check [--sarif FILE] [flake8's options] [PATH ...]",
        epilog=FLAKE8,
        allow_abbrev=False,
    )
    add_check(checking)
    options, rest = parser.parse_known_args(arguments)
    try:
        if options.command == "check":
            return check(options, rest)
        return explain(explaining, options, rest)
    except OSError as error:
        parser.error(f"{error.filename or ''}: {error.strerror or error}")
