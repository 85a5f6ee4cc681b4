"""Reads the cases of a rule page: each page is documentation, specification and test.

Below the headings `## Reported` and `## Silent` each heading of level 3 is a case; in the recipes
these are called `## What goes wrong` and `## What works`. A line that is
only a path in backticks and a colon names a file; the fenced block below it is the file. A comment
`# error: MOT101` marks the line where flake8 reports; `# error: MOT101 on moto<4.1.12` does so for
some versions of moto. These lines say more of a case, each on a line of its own:

    Only on moto `>=5`.          the case is about these versions
    Below moto 5: `mock_sqs`.    what stands for mock_aws there (otherwise mock_s3)
    Not run: reason.             why a real run cannot show the verdict
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import Version

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "rules"
RECIPES = FOLDER.parent / "recipes.md"
SECTIONS = {"Reported": True, "Silent": False, "What goes wrong": True, "What works": False}
HEADING = re.compile(r"(?P<level>#{1,6}) +(?P<text>.+?) *")
FILE = re.compile(r"`(?P<path>[^`]+)`:")
FENCE = re.compile(r"(?P<fence>```+)(?P<language>\w*)")
ONLY = re.compile(r"Only on moto `(?P<moto>[^`]+)`\.")
BELOW = re.compile(r"Below moto 5: `(?P<mock>mock_\w+)`\.")
NOT_RUN = re.compile(r"Not run: (?P<reason>.+)\.")
MARKER = re.compile(r"# error: (?P<code>MOT\d{3})(?: on moto(?P<moto>\S+))?(?=\s*$|\s+# error: )")
FIVE = Version("5.0.0.dev0")


class Malformed(Exception):
    """A page, or a case of it, is not written as it must be."""


@dataclass(frozen=True)
class Marker:
    """A finding that a case expects, on some versions of moto."""

    path: str
    line: int
    code: str
    moto: SpecifierSet


@dataclass(frozen=True)
class Case:
    """An example of a page: its files, and what must be reported in them."""

    page: str
    title: str
    reported: bool
    files: dict[str, str]
    markers: tuple[Marker, ...]
    prose: str
    moto: SpecifierSet = SpecifierSet()
    mock: str = "mock_s3"
    not_run: str | None = None

    @property
    def name(self) -> str:
        """Return what the test of this case is called."""
        return f"{self.page}-{re.sub(r'[^a-z0-9]+', '-', self.title.lower()).strip('-')}"

    @property
    def reason(self) -> str:
        """Return the prose without the lines that have a meaning of their own."""
        lines = self.prose.splitlines()
        special = (ONLY, BELOW, NOT_RUN)
        plain = [line for line in lines if not any(form.fullmatch(line) for form in special)]
        return "\n".join(plain).strip()

    def applies(self, version: Version) -> bool:
        """Tell whether the case is about this version of moto."""
        return self.moto.contains(version, prereleases=True)

    def expected(self, version: Version) -> list[tuple[str, int, str]]:
        """Return path, line and code of each finding that this version of moto gives, sorted."""
        return sorted(
            (marker.path, marker.line, marker.code)
            for marker in self.markers
            if marker.moto.contains(version, prereleases=True)
        )

    def write(self, folder: Path, version: Version) -> None:
        """Write the files, as they are for this version of moto."""
        for path, text in self.files.items():
            file = folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            if version < FIVE:
                text = re.sub(r"\bmock_aws\b", self.mock, text)
            file.write_text(text, encoding="utf-8")


@dataclass
class Draft:
    """A case while its lines are read."""

    page: str
    title: str
    reported: bool
    files: dict[str, str]
    prose: list[str]

    def finish(self) -> Case:
        """Return the case, or say what is wrong with it."""
        prose = "\n".join(self.prose).strip()
        markers = tuple(m for path, text in self.files.items() for m in markers_of(path, text))
        only, below, not_run = _only(ONLY, prose), _only(BELOW, prose), _only(NOT_RUN, prose)
        case = Case(
            page=self.page,
            title=self.title,
            reported=self.reported,
            files=self.files,
            markers=markers,
            prose=prose,
            moto=_specifier(only["moto"] if only else ""),
            mock=below["mock"] if below else "mock_s3",
            not_run=not_run["reason"] if not_run else None,
        )
        _check(case)
        return case


def read(page: Path) -> list[Case]:
    """Return the cases of a page."""
    return parse(page.stem, page.read_text(encoding="utf-8"))


def parse(page: str, text: str) -> list[Case]:
    """Return the cases of a page's text; raise Malformed where it breaks the rules."""
    try:
        cases = [draft.finish() for draft in _drafts(page, text)]
    except Malformed as wrong:
        raise Malformed(f"{page}: {wrong}") from None
    for section, reported in (("Reported", True), ("Silent", False)):
        if not any(case.reported is reported for case in cases):
            raise Malformed(f"{page}: no case under '## {section}'")
    names = [case.name for case in cases]
    for name in names:
        if names.count(name) > 1:
            raise Malformed(f"{page}: two cases are called {name}")
    return cases


def every_case() -> list[Case]:
    """Return the cases of all pages."""
    pages = [*sorted(FOLDER.glob("MOT*.md")), RECIPES]
    return [case for page in pages for case in read(page)]


def _drafts(page: str, text: str) -> Iterator[Draft]:
    """Yield the cases of a page with their files and prose."""
    section, draft, path = "", None, ""
    for kind, value in _pieces(text):
        if kind in ("#", "##", "###"):
            if draft is not None:
                yield draft
            draft = None
            section = value if kind == "##" else section
            if kind == "###" and section in SECTIONS:
                draft = Draft(page, value, SECTIONS[section], {}, [])
        elif draft is not None:
            path = _add(draft, path, kind, value)
    if draft is not None:
        yield draft


def _add(draft: Draft, path: str, kind: str, value: str) -> str:
    """Add a block or a line of prose to a case; return the path that waits for its block."""
    if kind == "block":
        if not path:
            raise Malformed(f"{draft.title}: a block without the path of its file")
        draft.files[path] = value
        return ""
    if path and value.strip():
        raise Malformed(f"{draft.title}: {path} is not followed by a block")
    if named := FILE.fullmatch(value):
        return _new_path(draft, named["path"])
    if not path:
        draft.prose.append(value)
    return path


def _new_path(draft: Draft, path: str) -> str:
    """Return the path of a file if a case can have such a file."""
    pure = PurePosixPath(path)
    if pure.is_absolute() or ".." in pure.parts:
        raise Malformed(f"{draft.title}: {path} leaves the example")
    if path in draft.files:
        raise Malformed(f"{draft.title}: {path} is there twice")
    return path


def _pieces(text: str) -> Iterator[tuple[str, str]]:
    """Yield the headings (kind is their #s), fenced blocks and lines of prose of a page."""
    block: list[str] = []
    fence = ""
    for line in text.splitlines():
        if fence:
            if line == fence:
                yield "block", "".join(f"{part}\n" for part in block)
                fence, block = "", []
            else:
                block.append(line)
        elif opened := FENCE.fullmatch(line):
            fence = opened["fence"]
        elif heading := HEADING.fullmatch(line):
            yield heading["level"], heading["text"]
        else:
            yield "prose", line
    if fence:
        raise Malformed("a block is not closed")


def markers_of(path: str, text: str) -> Iterator[Marker]:
    """Yield the markers of a file."""
    for number, line in enumerate(text.splitlines(), 1):
        found = list(MARKER.finditer(line))
        if len(found) != line.count("# error:"):
            raise Malformed(f"{path}:{number}: a marker that cannot be read")
        for marker in found:
            yield Marker(path, number, marker["code"], _specifier(marker["moto"] or ""))


def _only(pattern: re.Pattern[str], prose: str) -> re.Match[str] | None:
    """Return the line of prose that has this form, if there is one."""
    found = [match for line in prose.splitlines() if (match := pattern.fullmatch(line))]
    if len(found) > 1:
        raise Malformed(f"said twice: {found[1][0]}")
    return found[0] if found else None


def _specifier(text: str) -> SpecifierSet:
    try:
        return SpecifierSet(text)
    except InvalidSpecifier:
        raise Malformed(f"{text!r} says no version of moto") from None


def _check(case: Case) -> None:
    """Refuse a case that says too little."""
    if not any(path.endswith(".py") for path in case.files):
        raise Malformed(f"{case.title}: no Python file")
    if not case.reported and not case.reason:
        raise Malformed(f"{case.title}: silent, and no word of why")
    if case.reported and not case.markers:
        raise Malformed(f"{case.title}: reported, and no marker")
    if not case.reported and any(not marker.moto for marker in case.markers):
        raise Malformed(f"{case.title}: silent, and a marker for every version")
