"""An outline as one page of HTML that needs nothing else: no network, no script."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from typing import TextIO

from flake8_moto_order.command.explaining.outline import Node
from flake8_moto_order.rules.rule import Diagnostic

STYLE = """\
:root {
  color-scheme: light dark;
  --line: #8884; --safe: #16803a; --harm: #c01c28; --doubt: #96700a;
}
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 64rem; padding: 0 1rem; }
h1 { font-size: 1.3rem; overflow-wrap: anywhere; }
h2 { font-size: 1.05rem; margin-top: 2rem; }
code, .place { font-family: ui-monospace, monospace; font-size: .87em; overflow-wrap: anywhere; }
.place { opacity: .65; margin-left: .6em; }
ol, ul { list-style: none; margin: 0; padding: 0 0 0 1.1rem; border-left: 2px solid var(--line); }
li { margin: .1rem 0; }
summary { cursor: pointer; }
li > .row { padding-left: 1.1em; }
.moto, .hooked, .covered, .mock { color: var(--safe); }
.blind, .leak { color: var(--harm); font-weight: 600; }
.doubt { color: var(--doubt); }
.test, .phase { font-weight: 600; }
.module, .fixtures { opacity: .75; }
.finding { background: var(--harm); color: #fff; border-radius: 4px; padding: .05em .4em; }
.legend span { margin-right: 1.2em; }
"""
LEGEND = """\
<p class="legend"><span class="hooked">safe: moto knows it</span>
<span class="leak">harm: blind, or leaves for AWS</span>
<span class="doubt">in doubt: not reported</span></p>
"""


def write_page(root: Node, findings: Sequence[Diagnostic], file: TextIO) -> None:
    """Write an outline as a page: its findings first, then the timeline to fold and unfold."""
    title = escape(root.text)
    file.write(
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title} - flake8-moto-order</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n"
        f"<h1>What a test run of <code>{title}</code> does</h1>\n{LEGEND}"
    )
    file.writelines(_findings(findings))
    file.write("<h2>Timeline</h2>\n<ol>\n")
    for child in root.children:
        file.writelines(_item(child))
    file.write("</ol>\n</body>\n</html>\n")


def _findings(findings: Sequence[Diagnostic]) -> Iterator[str]:
    yield f"<h2>Findings: {len(findings) or 'none'}</h2>\n<ul>\n"
    for found in findings:
        yield (
            f'<li><span class="finding">{found.code}</span> line {found.line}: '
            f"{escape(found.message)}</li>\n"
        )
    yield "</ul>\n"


def _item(node: Node) -> Iterator[str]:
    place = f'<span class="place">{escape(node.place)}</span>' if node.place else ""
    row = f'<span class="{node.kind}">{escape(node.text)}</span>{place}'
    if not node.children:
        yield f'<li><div class="row">{row}</div></li>\n'
        return
    is_open = node.kind == "phase" or any(each.kind == "finding" for each in node.walk())
    yield f"<li><details{' open' * is_open}><summary>{row}</summary>\n<ol>\n"
    for child in node.children:
        yield from _item(child)
    yield "</ol>\n</details></li>\n"
