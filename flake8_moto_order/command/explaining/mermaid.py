"""An outline as a Mermaid flowchart, for Markdown pages that draw it."""

from __future__ import annotations

from typing import TextIO

from flake8_moto_order.command.explaining.outline import Node

CLASSES = {
    "blind": "harm", "leak": "harm", "finding": "harm", "moto": "safe", "mock": "safe",
    "hooked": "safe", "covered": "safe", "doubt": "doubt",
}  # fmt: skip
HEAD = """\
flowchart LR
  classDef harm fill:#fdd,stroke:#b00,color:#600
  classDef safe fill:#dfd,stroke:#080,color:#030
  classDef doubt fill:#ffd,stroke:#880,color:#440
"""


def write_mermaid(root: Node, file: TextIO) -> None:
    """Write an outline as a flowchart from left to right."""
    file.write(HEAD)
    numbers = {id(node): number for number, node in enumerate(root.walk())}
    for node in root.walk():
        name = f"n{numbers[id(node)]}"
        place = f"<br/>{escape(node.place)}" if node.place else ""
        style = f":::{CLASSES[node.kind]}" if node.kind in CLASSES else ""
        file.write(f'  {name}["{escape(node.text)}{place}"]{style}\n')
        file.writelines(f"  {name} --> n{numbers[id(child)]}\n" for child in node.children)


def escape(text: str) -> str:
    """Write a text so that Mermaid takes every character as itself."""
    return "".join(
        char if char.isalnum() or char in " ._-,:/()" else f"#{ord(char)};" for char in text
    )
