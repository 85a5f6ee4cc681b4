"""`explain` shows the symbolic session of a file: where what happens, and what is found there."""

from __future__ import annotations

import io
import json
import re
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

from flake8_moto_order.command.explaining.mermaid import escape
from flake8_moto_order.command.explaining.outline import Node
from flake8_moto_order.command.explaining.text import write_plainly, write_text
from flake8_moto_order.command.main import main
from tests.command.conftest import Run

APP = """\
test_app.py
├── pytest collects
│   ├── imports app  (line 2)
│   │   └── builds boto3 client 's3', blind, kept  (app.py:3)
│   │       └── MOT101 'app' builds boto3 client 's3' at import (app.py:3) before moto is imported \
on line 3; import moto first  (line 2)
│   ├── imports moto  (line 3)
│   └── moto hooks botocore: clients built from here on know it  (line 3)
└── pytest runs 1 test
    └── test_save  (line 7)
        ├── mock of all services starts  (line 7)
        ├── calls app.save  (line 8)
        │   └── request s3.put_object leaves for AWS by a blind client  (app.py:7)
        └── mock of all services stops  (line 7)
"""

ODD = (
    "import boto3, moto\n\n\ndef test_odd():\n    getattr(boto3.client('s3'), '<b>x')()\n"
)


def explain(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    """Run `explain` in this process; return its exit code and what it prints."""
    code = main(["explain", *arguments])
    return code, capsys.readouterr().out


def test_tree(run: Run) -> None:
    """The tree has imports, clients, the handler, mocks and requests in order, findings below."""
    done = run("explain", "test_app.py")
    assert (done.stdout, done.stderr, done.returncode) == (APP, "", 1)


def test_all(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With `--all` it has the imports that lead to nothing, and the files that run."""
    code, text = explain(capsys, "test_app.py", "--all")
    lines = [line.lstrip("│├─└ ") for line in text.splitlines()]
    assert lines[2:5] == ["runs test_app.py", "imports quiet  (line 1)", "runs quiet.py"]
    assert code == 1


@pytest.mark.parametrize(
    ("arguments", "tests", "codes"),
    [
        ((), ["TestShop.test_safe", "TestShop.test_none", "test_bucket", "test_safe"], ["MOT202"]),
        (("--test", "test_safe"), ["TestShop.test_safe", "test_safe"], []),
        (("--test", "TestShop::test_safe"), ["TestShop.test_safe"], []),
        (("--test=TestShop.test_none",), ["TestShop.test_none"], []),
        (("--test", "test_bucket"), ["test_bucket"], ["MOT202"]),
    ],
)
def test_test(
    project: Path,
    capsys: pytest.CaptureFixture[str],
    arguments: tuple[str, ...],
    tests: list[str],
    codes: list[str],
) -> None:
    """`--test` takes a name, or class and name."""
    code, text = explain(capsys, "test_shop.py", "--format=json", *arguments)
    data = json.loads(text)
    running = next(one for one in data["outline"]["children"] if "runs" in one["text"])
    assert [one["text"] for one in running["children"]] == tests
    assert [one["code"] for one in data["findings"]] == codes
    assert code == bool(codes)


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        (8, ["fixture bucket", "MOT202"]),
        (20, ["test_bucket", "gets bucket", "MOT202"]),
        (14, ["TestShop.test_safe", "request s3.list_buckets, covered"]),
        (1, []),
    ],
)
def test_line(
    project: Path, capsys: pytest.CaptureFixture[str], line: int, shown: list[str]
) -> None:
    """A line shows what has to do with it, and nothing else."""
    code, text = explain(capsys, f"test_shop.py:{line}")
    assert text.startswith("test_shop.py\n")
    assert [words for words in shown if words not in text] == []
    assert bool(shown) == ("├" in text or "└" in text)
    assert "test_none" not in text
    assert code == ("MOT202" in shown)


def test_json(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """JSON has the whole chain of each finding, and a place for every line."""
    _, text = explain(capsys, "test_app.py", "--format", "json")
    data = json.loads(text)
    (found,) = data["findings"]
    assert (found["code"], found["line"], found["column"]) == ("MOT101", 2, 1)
    chain = [(Path(one["path"]).name, one["line"], one["role"]) for one in found["chain"]]
    assert chain == [("test_app.py", 2, "import"), ("app.py", 3, "call")]
    first = data["outline"]["children"][0]["children"][0]
    assert (first["path"], first["line"], first["column"]) == ("test_app.py", 2, 1)


def test_mermaid(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Mermaid has a box for each line and an arrow to each but the first, and plain texts."""
    _, text = explain(capsys, "test_app.py", "--format", "mermaid")
    boxes = re.findall(r'^  (n\d+)\["([^"<>\[\]]*(?:<br/>[^"<>\[\]]*)?)"\]', text, re.MULTILINE)
    arrows = re.findall(r"^  (n\d+) --> (n\d+)$", text, re.MULTILINE)
    assert len(boxes) == len(APP.splitlines()) == len(arrows) + 1
    assert {target for _, target in arrows} == {name for name, _ in boxes[1:]}
    assert len(text.splitlines()) == 4 + len(boxes) + len(arrows)
    assert escape('a"]<b>#') == "a#34;#93;#60;b#62;#35;"


class Page(HTMLParser):
    """Reads a page: its text, the addresses in it, the elements that are open at the end."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text, self.links, self.open = "", list[str](), list[str]()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open an element."""
        self.links += [name for name, _ in attrs if name in ("href", "src")]
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Close the element that was opened last."""
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Take in text."""
        self.text += data


def test_page(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The page needs nothing from elsewhere, is well formed, and takes names for text."""
    (project / "test_odd.py").write_text(ODD, encoding="utf-8")
    code, _ = explain(capsys, "test_odd.py", "--format=html", "--output", "page.html")
    text = (project / "page.html").read_text(encoding="utf-8")
    page = Page(text)
    assert (page.links, page.open, code) == ([], [], 1)
    assert "<b>" not in text
    assert "request s3.<b>x leaves for AWS" in page.text
    assert "Findings: 1" in page.text
    assert "url(" not in text and "<script" not in text
    explain(capsys, "test_fine.py", "--format=html", "--output", "page.html")
    assert "Findings: none" in Page((project / "page.html").read_text(encoding="utf-8")).text


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("missing.py", "missing.py: No such file or directory"),
        ("app.py", "app.py: no test file: its name matches none of test_*.py, *_test.py"),
        ("test_broken.py", "test_broken.py: invalid syntax"),
        ("test_null.py", "test_null.py: source code"),
    ],
)
def test_no_trace(
    project: Path, capsys: pytest.CaptureFixture[str], name: str, message: str
) -> None:
    """What can't be explained is said in one line."""
    (project / "test_broken.py").write_text("def\n")
    (project / "test_null.py").write_text("\0")
    assert main(["explain", name]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith(message)
    assert captured.err.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("explain", "test_app.py", "--test=no"), "argument --test: 'no' is no test of test_app"),
        (("explain", "test_app.py", "--moto-version=x"), "argument --moto-version: 'x' is no"),
        (("explain", "test_app.py", "--format=xml"), "argument --format: invalid choice: 'xml'"),
        (("explain", "test_app.py", "--output=no/file"), "no/file: No such file or directory"),
        (("explain",), "the following arguments are required: FILE[:LINE]"),
        (("check", "--sarif=no/file"), "no/file: No such file or directory"),
        (("check", "--unknown"), "unrecognized arguments: --unknown"),
        ((), "the following arguments are required: COMMAND"),
    ],
)
def test_wrong_usage(
    project: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], message: str
) -> None:
    """A wrong option ends the command with a usage error that names it."""
    with pytest.raises(SystemExit) as exit:
        main(arguments)
    assert exit.value.code == 2
    assert message in capsys.readouterr().err


def test_options_of_the_plugin(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Options and configuration of flake8 count: below moto 4.1.12 an import does not hook."""
    (project / "test_plain.py").write_text("import moto\n")
    assert "hooks" not in explain(capsys, "test_plain.py", "--moto-version=4.0")[1]
    assert "hooks" in explain(capsys, "test_plain.py")[1]


def test_out_of_steps(
    project: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the budget of steps ends the look at a file, the outline says so."""
    monkeypatch.setattr("flake8_moto_order.session.running.runner.STEPS_PER_TEST", 1)
    assert "the budget of steps was used up" in explain(capsys, "test_shop.py")[1]


class Terminal(io.StringIO):
    """A terminal that shows colours."""

    def isatty(self) -> bool:
        """Tell that this is a terminal."""
        return True


def test_colours(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal gets colours if rich is there, and the plain tree if it is not."""
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    root = Node("file", "a", children=[Node("leak", "b", "line 1"), Node("step", "c")])
    terminal = Terminal()
    write_text(root, terminal)
    assert "\x1b[1;31mb" in terminal.getvalue()
    monkeypatch.setitem(sys.modules, "rich.console", None)
    terminal = Terminal()
    write_text(root, terminal)
    assert terminal.getvalue() == "a\n├── b  (line 1)\n└── c\n"


def test_plain_encoding() -> None:
    """Where the encoding has no lines to draw with, the tree is drawn in ASCII."""
    raw = io.BytesIO()
    file = io.TextIOWrapper(raw, encoding="ascii", newline="\n")
    write_plainly(Node("file", "a", children=[Node("step", "é"), Node("step", "c")]), file)
    file.flush()
    assert raw.getvalue() == b"a\n|-- \\xe9\n`-- c\n"


def test_documentation(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The page about the command shows what it prints."""
    root = Path(__file__).resolve().parent.parent.parent
    monkeypatch.chdir(root)
    page = (root / "docs" / "explain.md").read_text(encoding="utf-8")
    shown = page.partition("```text\n")[2].partition("```")[0]
    assert explain(capsys, "examples/before/tests/test_receipts.py") == (1, shown)
