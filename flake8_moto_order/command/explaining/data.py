"""An outline as JSON, for other programs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, TextIO

from flake8_moto_order.command.explaining.outline import Node
from flake8_moto_order.effects import Step
from flake8_moto_order.rules.rule import Diagnostic

FORM = 1


def write_json(root: Node, findings: Sequence[Diagnostic], file: TextIO) -> None:
    """Write an outline and the findings in it, with all steps of their chains."""
    data = {"form": FORM, "outline": _node(root), "findings": list(map(_finding, findings))}
    json.dump(data, file, indent=1)
    file.write("\n")


def _node(node: Node) -> dict[str, Any]:
    data: dict[str, Any] = {"kind": node.kind, "text": node.text}
    if node.site is not None:
        data["path"] = node.path
        data["line"] = node.site.line
        data["column"] = node.site.column + 1
    if node.children:
        data["children"] = [_node(child) for child in node.children]
    return data


def _finding(found: Diagnostic) -> dict[str, Any]:
    return {
        "code": found.code,
        "line": found.line,
        "column": found.column + 1,
        "message": found.message,
        "chain": [_step(step) for step in found.chain],
    }


def _step(step: Step) -> dict[str, Any]:
    return {
        "path": step.site.path,
        "line": step.site.line,
        "column": step.site.column + 1,
        "what": step.what,
        "role": step.role.name.lower(),
    }
