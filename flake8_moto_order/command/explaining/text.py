"""An outline as a tree of text: in colour where rich is installed, plain without it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, TextIO

from flake8_moto_order.command.explaining.outline import Node

if TYPE_CHECKING:
    from rich.tree import Tree

STYLES = {
    "file": "bold", "phase": "bold", "test": "bold cyan", "moto": "green", "hooked": "green",
    "covered": "green", "mock": "green", "blind": "red", "leak": "bold red", "doubt": "yellow",
    "finding": "bold white on red", "module": "dim", "fixtures": "dim",
}  # fmt: skip
BRANCHES = {True: ("└── ", "    "), False: ("├── ", "│   ")}
ASCII = str.maketrans({"└": "`", "├": "|", "─": "-", "│": "|"})


def write_text(root: Node, file: TextIO) -> None:
    """Write an outline to a terminal, or plainly to something else."""
    try:
        from rich.console import Console
    except ImportError:
        write_plainly(root, file)
        return
    console = Console(file=file, highlight=False)
    if console.is_terminal:
        console.print(_tree(root))
    else:
        write_plainly(root, file)


def write_plainly(root: Node, file: TextIO) -> None:
    """Write an outline without colours, in ASCII where the encoding has no lines to draw with."""
    text = "\n".join(lines_of(root)) + "\n"
    encoding = getattr(file, "encoding", None) or "utf-8"
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        text = text.translate(ASCII).encode(encoding, "backslashreplace").decode(encoding)
    file.write(text)


def lines_of(node: Node, before: str = "") -> Iterator[str]:
    """Yield the lines of a node and of all below it; those below are indented by `before`."""
    yield f"{node.text}  ({node.place})" if node.place else node.text
    for child in node.children:
        branch, around = BRANCHES[child is node.children[-1]]
        first, *rest = lines_of(child)
        yield f"{before}{branch}{first}"
        yield from (f"{before}{around}{line}" for line in rest)


def _tree(node: Node) -> Tree:
    from rich.text import Text
    from rich.tree import Tree

    label = Text(node.text, style=STYLES.get(node.kind, ""))
    if node.place:
        label.append(f"  ({node.place})", style="dim")
    tree = Tree(label)
    for child in node.children:
        tree.children.append(_tree(child))
    return tree
