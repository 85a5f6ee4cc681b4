"""`check`: flake8 with this plugin alone, and what it finds as SARIF."""

from __future__ import annotations

import argparse
import json
import sys

from flake8_moto_order.command.linting import run_checks
from flake8_moto_order.command.sarif import sarif_log

STANDARD_OUTPUT = "-"


def add_check(parser: argparse.ArgumentParser) -> None:
    """Tell the options of the command."""
    parser.add_argument(
        "--sarif",
        metavar="FILE",
        help="write the findings as SARIF 2.1.0, with the steps that lead to each; - for here",
    )


def check(options: argparse.Namespace, rest: list[str]) -> int:
    """Check files; return flake8's exit code."""
    quiet = ["--format=quiet-nothing"] if options.sarif == STANDARD_OUTPUT else []
    code, reported = run_checks([*rest, *quiet])
    if options.sarif is None:
        return code
    text = json.dumps(sarif_log(reported), indent=1) + "\n"
    if options.sarif == STANDARD_OUTPUT:
        sys.stdout.write(text)
    else:
        with open(options.sarif, "w", encoding="utf-8") as file:
            file.write(text)
    return code
