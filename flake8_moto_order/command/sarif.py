"""Findings as SARIF, with the chain of each as a code flow, so that code hosts can show its steps.

Source: Static Analysis Results Interchange Format 2.1.0, OASIS, sections 3.13 to 3.38.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from flake8.violation import Violation

from flake8_moto_order import __version__
from flake8_moto_order.command.explaining.wording import describe_step
from flake8_moto_order.command.files import NoTraceError, trace_of
from flake8_moto_order.effects import CallPath, Site
from flake8_moto_order.plugin import MotoOrderPlugin
from flake8_moto_order.rules import all_rules, check
from flake8_moto_order.rules.rule import Rule, printable

Json = dict[str, Any]
Key = tuple[int, int, str]
ROOT = "SRCROOT"
SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)


def sarif_log(reported: Sequence[Violation]) -> Json:
    """Return a log of one run; files are named from the working directory."""
    codes = sorted({rule.code for rule in all_rules()} | {one.code for one in reported})
    known = {rule.code: rule for rule in all_rules()}
    driver = {
        "name": "flake8-moto-order",
        "semanticVersion": __version__,
        "rules": [_rule(code, known.get(code)) for code in codes],
    }
    chains = {name: _chains(name) for name in {one.filename for one in reported}}
    results = []
    for one in reported:
        chain = chains[one.filename].get((one.line_number, one.column_number, one.code), ())
        results.append(_result(one, codes.index(one.code), chain))
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {ROOT: {"uri": Path.cwd().as_uri() + "/"}},
        "results": results,
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _chains(name: str) -> dict[Key, CallPath]:
    """Return the chains of the findings in a file, by 1-based line and column and code."""
    settings = MotoOrderPlugin.settings
    try:
        found = list(check(trace_of(name, settings), settings.chosen))
    except NoTraceError:
        return {}
    return {(each.line, each.column + 1, each.code): each.chain for each in found}


def _rule(code: str, rule: Rule | None) -> Json:
    if rule is None:
        return {"id": code}
    text = (sys.modules[rule.find.__module__].__doc__ or "").partition(": ")[2]
    return {
        "id": code,
        "name": "".join(word.capitalize() for word in rule.slug.split("-")),
        "shortDescription": {"text": rule.slug},
        "fullDescription": {"text": text[:1].upper() + text[1:]},
        "defaultConfiguration": {"level": "warning"},
    }


def _result(one: Violation, index: int, chain: CallPath) -> Json:
    site = Site(os.path.abspath(one.filename), one.line_number, one.column_number - 1)
    result: Json = {
        "ruleId": one.code,
        "ruleIndex": index,
        "level": "warning",
        "message": {"text": one.text},
        "locations": [{"physicalLocation": _place(site)}],
    }
    if chain:
        result["codeFlows"] = [{"threadFlows": [{"locations": list(_steps(chain))}]}]
    return result


def _steps(chain: CallPath) -> Iterable[Json]:
    for level, step in enumerate(chain):
        message = {"text": printable(describe_step(step))}
        yield {
            "location": {"physicalLocation": _place(step.site), "message": message},
            "nestingLevel": level,
            "executionOrder": level + 1,
        }


def _place(site: Site) -> Json:
    region = {"startLine": site.line, "startColumn": site.column + 1}
    return {"artifactLocation": _file(site.path), "region": region}


def _file(path: str) -> Json:
    here = Path.cwd()
    if Path(path).is_relative_to(here):
        return {"uri": quote(Path(path).relative_to(here).as_posix()), "uriBaseId": ROOT}
    return {"uri": Path(path).as_uri()}
