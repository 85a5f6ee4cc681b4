"""Every example of every rule page gives what its markers say; and how a page must be written."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Iterator
from pathlib import Path

import pytest
from flake8.main.application import Application
from packaging.version import Version

from tests.examples import diagnostics, is_plain
from tests.pages import FOLDER, Case, Malformed, every_case, parse

VERSIONS = [Version(text) for text in ("4.0.13", "4.2.14", "5.0.0", "5.2.5")]
NEWEST = VERSIONS[-1]
CASES = [
    pytest.param(case, version, id=f"{case.name}-{version}")
    for case in every_case()
    for version in VERSIONS
    if case.applies(version) and (version == NEWEST or not is_plain(case))
]
OTHERS = [
    pytest.param(case, version, id=f"{case.name}-{version}")
    for case in every_case()
    for version in VERSIONS[:-1]
    if case.applies(version) and is_plain(case)
]
FORM = "%(path)s:%(row)d:%(code)s"
GOOD = """\
# MOT101 a-name

```python
not a case
```

## Reported

### One

`tests/test_one.py`:
```python
import app  # error: MOT101
```
`app.py`:
````python
import boto3
TEXT = '''
```
'''
````

### Two

Only on moto `>=4.1,<5`.
Below moto 5: `mock_sqs`.
Not run: the reason.

`test_two.py`:
```python
import app  # error: MOT101 on moto<4.1.12 # error: MOT103
from moto import mock_aws, mock_aws_too
```

## Silent

### Three!

It is so.
Really.

`test_three.py`:

```python
import app  # error: MOT102 on moto<5
```

## Notes

### Not a case
"""


@pytest.fixture(scope="module", autouse=True)
def installed() -> Iterator[None]:
    """Let flake8 look for its plugins in their own distributions only."""
    found = [each for each in importlib.metadata.distributions() if _is_of_flake8(each)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(importlib.metadata, "distributions", lambda: found)
        yield


def _is_of_flake8(distribution: importlib.metadata.Distribution) -> bool:
    return any(entry.group.startswith("flake8.") for entry in distribution.entry_points)


def flake8(folder: Path, output: Path, *arguments: str) -> list[tuple[str, int, str]]:
    """Run flake8 as its command does and return path, line and code of the plugin's findings."""
    Application().run([f"--format={FORM}", f"--output-file={output}", "-j1", *arguments, "."])
    lines = output.read_text(encoding="utf-8").splitlines() if output.exists() else []
    found = [tuple(line.split(":")) for line in lines]
    return sorted(
        (Path(path).as_posix(), int(row), code) for path, row, code in found if code[:3] == "MOT"
    )


@pytest.mark.parametrize(("case", "version"), CASES)
def test_case(
    case: Case,
    version: Version,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """flake8 reports exactly what is marked, and the plugin fails nowhere."""
    folder = tmp_path / "case"
    case.write(folder, version)
    monkeypatch.chdir(folder)
    chosen = [f"--extend-select={case.page}"] if case.page.startswith("MOT") else []
    arguments = (f"--moto-version={version}", *chosen)
    assert flake8(folder, tmp_path / "output.txt", *arguments) == case.expected(version)
    assert not [record for record in caplog.records if record.name == "flake8.moto_order"]


@pytest.mark.parametrize(("case", "version"), OTHERS)
def test_version(case: Case, version: Version, tmp_path: Path) -> None:
    """With an older moto as well the plugin finds exactly what is marked."""
    found = diagnostics(tmp_path, case, case.files, version)
    told = sorted((path, each.line, each.code) for path, each in found)
    assert told == case.expected(version)


def test_every_rule_has_its_cases() -> None:
    """Each page has its code as its name and no fewer than twelve cases."""
    for page in sorted(FOLDER.glob("MOT*.md")):
        assert page.read_text(encoding="utf-8").startswith(f"# {page.stem} ")
        assert len([case for case in every_case() if case.page == page.stem]) >= 12


def test_good_page() -> None:
    """Of a page only the headings of level 3 below Reported and Silent are cases."""
    cases = parse("MOT101", GOOD)
    assert [case.name for case in cases] == ["MOT101-one", "MOT101-two", "MOT101-three"]
    assert [case.reported for case in cases] == [True, True, False]


def test_files() -> None:
    """A file is the block below its path, fences of another length included."""
    one = parse("MOT101", GOOD)[0]
    assert one.files == {
        "tests/test_one.py": "import app  # error: MOT101\n",
        "app.py": "import boto3\nTEXT = '''\n```\n'''\n",
    }


def test_plain_case() -> None:
    """A case that says nothing else is about all versions, has mock_s3 and is run."""
    one = parse("MOT101", GOOD)[0]
    assert all(one.applies(version) for version in VERSIONS)
    assert (one.mock, one.not_run, one.reason) == ("mock_s3", None, "")


def test_lines_with_a_meaning() -> None:
    """A case can say its versions, its mock below moto 5, and why it is not run."""
    two = parse("MOT101", GOOD)[1]
    assert [two.applies(version) for version in VERSIONS] == [False, True, False, False]
    assert (two.mock, two.not_run, two.reason) == ("mock_sqs", "the reason", "")


def test_markers() -> None:
    """A line can have several markers, each with versions of its own."""
    two = parse("MOT101", GOOD)[1]
    assert two.expected(VERSIONS[0]) == [("test_two.py", 1, "MOT101"), ("test_two.py", 1, "MOT103")]
    assert two.expected(VERSIONS[3]) == [("test_two.py", 1, "MOT103")]


def test_reason() -> None:
    """The prose of a case is kept, its files and headings are no part of it."""
    assert parse("MOT101", GOOD)[2].reason == "It is so.\nReally."


def test_mock_below_5(tmp_path: Path) -> None:
    """Below moto 5 the word mock_aws, and no longer word, is written as the mock of a service."""
    two = parse("MOT101", GOOD)[1]
    two.write(tmp_path, VERSIONS[1])
    assert "import mock_sqs, mock_aws_too" in (tmp_path / "test_two.py").read_text()
    two.write(tmp_path, VERSIONS[2])
    assert "import mock_aws, mock_aws_too" in (tmp_path / "test_two.py").read_text()


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("`app.py`:\n", "", "One: a block without the path of its file"),
        ("`app.py`:\n", "`app.py`:\nbut first\n", "One: app.py is not followed by a block"),
        ("````python\nimport boto3", "```\n```", "One: a block without the path of its file"),
        ("`app.py`", "`/app.py`", "One: /app.py leaves the example"),
        ("`app.py`", "`../app.py`", "One: ../app.py leaves the example"),
        ("`app.py`", "`tests/test_one.py`", "One: tests/test_one.py is there twice"),
        ("'''\n````\n", "'''\n", "a block is not closed"),
        ("# error: MOT101\n", "# error: MOT1\n", "test_one.py:1: a marker that cannot be read"),
        ("error: MOT101\n", "error: MOT101, moto<5\n", "a marker that cannot be read"),
        ("on moto<4.1.12", "on moto4", "'4' says no version of moto"),
        ("moto `>=4.1,<5`", "moto `5.x`", "'5.x' says no version of moto"),
        ("Not run: the", "Only on moto `>5`.\nNot run: the", "said twice: Only on moto `>5`."),
        ("  # error: MOT101\n", "\n", "One: reported, and no marker"),
        ("MOT102 on moto<5", "MOT102", "Three!: silent, and a marker for every version"),
        ("It is so.\nReally.\n", "Only on moto `>5`.\n", "Three!: silent, and no word of why"),
        ("`test_three.py`", "`test_three.txt`", "Three!: no Python file"),
        ("### Three!", "### One", "two cases are called MOT101-one"),
        ("## Reported", "## Found", "no case under '## Reported'"),
        ("### Three!", "Three", "no case under '## Silent'"),
    ],
)
def test_malformed_page(old: str, new: str, reason: str) -> None:
    """A page that breaks a rule of the form is refused with its name and the reason."""
    assert GOOD.count(old) == 1
    with pytest.raises(Malformed) as refused:
        parse("MOT101", GOOD.replace(old, new))
    assert str(refused.value).startswith("MOT101: ")
    assert reason in str(refused.value)
