"""The documentation agrees with itself and with the code: links, anchors, rules, options."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from packaging.version import Version

from flake8_moto_order import __version__, settings

PROJECT = Path(__file__).resolve().parent.parent
FOLDERS = (".", "docs", "docs/rules", "examples")
PAGES = sorted(page for folder in FOLDERS for page in (PROJECT / folder).glob("*.md"))
README = (PROJECT / "README.md").read_text(encoding="utf-8")
FENCED = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\[[^\]]*\]\((?P<inline>[^)\s]+)\)|^\[[^\]]+\]: (?P<reference>\S+)", re.M)
HEADING = re.compile(r"^#+ +(?P<text>.+?) *$", re.MULTILINE)
CODE = re.compile(r"\bMOT\d{3}\b")


def prose(page: Path) -> str:
    """Return the text of a page without its fenced blocks."""
    return FENCED.sub("", page.read_text(encoding="utf-8"))


def anchor(heading: str) -> str:
    """Return the anchor that a heading gets where Markdown is shown."""
    plain = re.sub(r"[^\w\- ]", "", heading.lower())
    return plain.replace(" ", "-")


def links() -> list[tuple[Path, str]]:
    """List every link of every page that does not lead out of the project."""
    targets = [
        (page, match["inline"] or match["reference"])
        for page in PAGES
        for match in LINK.finditer(prose(page))
    ]
    return [(page, target) for page, target in targets if not re.match(r"https?:|mailto:", target)]


def documented() -> set[str]:
    """Return the codes of the rule table in README.md."""
    return set(re.findall(r"^\| \[(MOT\d{3})\]", README, re.MULTILINE))


@pytest.mark.parametrize(
    ("page", "target"), [pytest.param(p, t, id=f"{p.name}-{t}") for p, t in links()]
)
def test_links(page: Path, target: str) -> None:
    """A link leads to a file of the project, and its anchor to a heading there."""
    name, _, fragment = target.partition("#")
    file = (page.parent / name).resolve() if name else page
    assert file.exists()
    if fragment:
        assert fragment in {anchor(match["text"]) for match in HEADING.finditer(prose(file))}


def test_every_rule_is_in_the_table() -> None:
    """Each rule of the code stands in README.md's table, and no other does."""
    rules = (PROJECT / "flake8_moto_order" / "rules").glob("*.py")
    coded = {code for file in rules for code in CODE.findall(file.read_text(encoding="utf-8"))}
    assert documented() == coded


def test_every_rule_has_a_page() -> None:
    """Each rule of README.md's table has its page, and no page is without a rule."""
    assert documented() == {page.stem for page in PROJECT.glob("docs/rules/MOT*.md")}


@pytest.mark.parametrize(
    "option",
    [
        settings.VERSION,
        settings.ROOTS,
        settings.TEST_FILES,
        settings.FACTORIES,
        settings.MOCKS,
        settings.SCOPE,
        settings.LIVE,
    ],
)
def test_every_option_is_in_the_table(option: str) -> None:
    """README.md explains each option."""
    assert f"| `{option}`" in README


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_page_has_one_title(page: Path) -> None:
    """A page begins with its only first-level heading."""
    text = prose(page)
    assert text.startswith("# ")
    assert len(re.findall(r"^# ", text, re.MULTILINE)) == 1


def test_changelog() -> None:
    """The newest release in the changelog is the version of the code; what is new stands above."""
    text = (PROJECT / "CHANGELOG.md").read_text(encoding="utf-8")
    releases = re.findall(r"^## \[(.+?)\]", text, re.MULTILINE)
    assert releases[0] == "Unreleased"
    assert releases[1] == __version__
    assert sorted(releases[1:], key=Version, reverse=True) == releases[1:]
