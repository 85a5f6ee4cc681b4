"""The form of a rule and of what it finds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from flake8_moto_order.effects import CallPath, Site, Trace


class Found(NamedTuple):
    """What a rule finds: where it stands, what it says, and the chain that leads to the harm."""

    site: Site
    message: str
    chain: CallPath


class Diagnostic(NamedTuple):
    """A finding in the linted file: 1-based line, 0-based column, code, message; and its chain."""

    line: int
    column: int
    code: str
    message: str
    chain: CallPath = ()


class Rule(NamedTuple):
    """A rule: its code, the name of the mistake, and what finds it in a trace.

    One that is `off` by default takes part when it is chosen. One `of_modules` is about files that
    are no tests, the others about those that are.
    """

    code: str
    slug: str
    find: Callable[[Trace], Iterator[Found]]
    off: bool = False
    of_modules: bool = False

    def diagnose(self, trace: Trace) -> Iterator[Diagnostic]:
        """Yield one diagnostic for every place found, the first message of each."""
        seen: set[Site] = set()
        for site, message, chain in self.find(trace):
            if site not in seen:
                seen.add(site)
                text = printable(message)
                yield Diagnostic(site.line, site.column, self.code, text, chain)


def printable(text: str) -> str:
    """Return a text with escapes in the place of characters that a terminal might obey."""
    return "".join(
        char if char.isprintable() else char.encode("unicode_escape").decode() for char in text
    )
