"""The content of a file, and what may be asked of it without asking for all of it.

A verdict rests on answers: whether a word is there, what runs when the file is imported, what
single functions do. A change elsewhere leaves them as they are, also when lines move.
"""

from __future__ import annotations

import re
from functools import cached_property
from hashlib import sha256

from flake8_moto_order.project.parsing import Cut, cut

# What may be asked, in front of a word or the number of a body; "" asks for the whole content.
WORD, BODY, AT_IMPORT, ALL = "word ", "body ", "at import", ""
# Strings, which stay, and what may follow a statement: blanks, comments, empty lines.
UNSPOKEN = re.compile(
    rb"""(?s)("{3}(?:\\.|[^\\])*?"{3}|'{3}(?:\\.|[^\\])*?'{3}"""
    rb"""|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')"""
    rb"""|(?:(?<![ \t])[ \t]*(?:\#[^\n]*)?\n)+|(?<![ \t])[ \t]*\#[^\n]*\Z"""
)
# What may hold a string or a comment in another than the plain way.
INTRICATE = re.compile(rb"""\\\n|\b[rRbBuU]?[fFtT][rRbB]?["']""")


class Text:
    """The content of one file, cut and digested when that is asked for."""

    def __init__(self, content: bytes) -> None:
        self.content = content

    @cached_property
    def cut(self) -> Cut | None:
        """Return what runs at import and the function bodies, None where they stay together."""
        return cut(self.content)

    @cached_property
    def digest(self) -> str:
        """Return the digest of the whole."""
        return _digest(self.content)

    @cached_property
    def _at_import(self) -> str:
        return _digest(_spoken(self.cut.shell)) if self.cut else self.digest

    @cached_property
    def _bodies(self) -> tuple[str, ...]:
        return tuple(_digest(_spoken(body.text)) for body in self.cut.bodies) if self.cut else ()

    def answer(self, question: str) -> str:
        """Return the answer to a question; "" means no."""
        if question.startswith(WORD):
            return "yes" if question[len(WORD) :].encode() in self.content else ""
        if question.startswith(BODY):
            number = int(question[len(BODY) :])
            return self._bodies[number] if number < len(self._bodies) else ""
        return self._at_import if question == AT_IMPORT else self.digest


def _spoken(code: bytes) -> bytes:
    """Return code without comments and empty lines, as far as these are told apart from strings."""
    if INTRICATE.search(code):
        return code
    return UNSPOKEN.sub(lambda found: found[1] or b"\n", code).strip(b"\n")


def _digest(content: bytes) -> str:
    return sha256(content).hexdigest()[:32]
