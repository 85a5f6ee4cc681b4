"""The choices of one project: each is named, so that what a project is made of can be told."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from hypothesis import strategies as st

T = TypeVar("T")
WORD = re.compile(r"\b[A-Z]{3,}\b")


class Choices:
    """Makes the choices of one project, and remembers which shapes it took."""

    def __init__(self, draw: Callable[[st.SearchStrategy[int]], int]) -> None:
        """Take each choice from `draw`: the simplest one is 0."""
        self._draw = draw
        self._names = 0
        self.taken: set[str] = set()

    def number(self, least: int, most: int) -> int:
        """Choose a number."""
        return self._draw(st.integers(least, most))

    def chance(self, percent: int) -> bool:
        """Choose whether to do what is done in so many of a hundred projects."""
        return self.number(0, 99) >= 100 - percent

    def named(self, topic: str, shapes: Mapping[str, T]) -> tuple[str, T]:
        """Choose a shape of a topic, and return its name too; the simplest comes first."""
        names = list(shapes)
        name = names[self.number(0, len(names) - 1)]
        self.taken.add(f"{topic}: {name}")
        return name, shapes[name]

    def shape(self, topic: str, shapes: Mapping[str, T]) -> T:
        """Choose a shape of a topic."""
        return self.named(topic, shapes)[1]

    def some(self, items: Sequence[T], most: int) -> list[T]:
        """Choose a few different ones, in any order."""
        left, chosen = list(items), []
        for _ in range(min(self.number(0, most), len(left))):
            chosen.append(left.pop(self.number(0, len(left) - 1)))
        return chosen

    def name(self, stem: str) -> str:
        """Return a name that the project has nowhere else; not all of them in alphabetical order.

        pytest sets fixtures up in the order of their names, if nothing else tells it.
        """
        self._names += 1
        return f"{'abcdefgh'[self.number(0, 7)]}_{stem}{self._names}"


def fill(template: str, **words: str) -> str:
    """Replace words in capitals; each line of a text is indented as the word was."""
    lines = []
    for line in template.splitlines():
        stripped = line.strip()
        if stripped in words:
            indent = line[: len(line) - len(line.lstrip())]
            lines.append(textwrap.indent(words[stripped].rstrip("\n"), indent))
        else:
            lines.append(WORD.sub(lambda found: words.get(found[0], found[0]), line))
    return "".join(f"{line}\n" for line in lines)


def indented(text: str) -> str:
    """Return the text one level deeper."""
    return textwrap.indent(text, "    ")
