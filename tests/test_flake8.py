"""The plugin as its users meet it: the command `flake8`, its configuration and its options."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from flake8_moto_order.plugin import MotoOrderPlugin

BLIND = "from shop import aws\nfrom moto import mock_aws\n\nprint(aws, mock_aws)\n"
SAFE = "from moto import mock_aws\nfrom shop import aws\n\nprint(aws, mock_aws)\n"
FORM = "--format=%(path)s:%(row)d:%(col)d:%(code)s"
FOUND = "tests/test_blind.py:1:1:MOT101"
CONFIGURATIONS = ["setup.cfg", "tox.ini", ".flake8"]


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """Make a project in src layout, with one test that is blind and one that is safe."""
    (tmp_path / "src" / "shop").mkdir(parents=True)
    (tmp_path / "tests").mkdir()
    files = {
        "pytest.ini": "[pytest]\n",
        "src/shop/__init__.py": "",
        "src/shop/aws.py": 'import boto3\n\ns3 = boto3.client("s3")\n',
        "tests/test_blind.py": BLIND,
        "tests/test_safe.py": SAFE,
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def flake8(folder: Path, *arguments: str, text: str | None = None) -> list[str]:
    """Run flake8 in a folder, with `text` as its standard input, and return the lines it prints."""
    command = [sys.executable, "-m", "flake8", FORM, *arguments]
    done = subprocess.run(command, cwd=folder, input=text, capture_output=True, text=True)
    assert not done.stderr
    assert done.returncode == bool(done.stdout)
    return sorted(line.removeprefix("./").replace("\\", "/") for line in done.stdout.splitlines())


def stdin(folder: Path, name: str, text: str, *arguments: str) -> list[str]:
    """Check a text that an editor has not saved under its name."""
    return flake8(folder, f"--stdin-display-name={name}", *arguments, "-", text=text)


def test_on_by_default(shop: Path) -> None:
    """Without options flake8 reports our findings beside its own, where the chain starts."""
    (shop / "src" / "shop" / "late.py").write_text("import os\n", encoding="utf-8")
    assert flake8(shop) == ["src/shop/late.py:1:1:F401", FOUND]


def test_workers(shop: Path) -> None:
    """Several processes find what one finds."""
    for number in range(4):
        (shop / "tests" / f"test_{number}.py").write_text(BLIND, encoding="utf-8")
    names = [f"tests/test_{name}.py:1:1:MOT101" for name in (0, 1, 2, 3, "blind")]
    assert flake8(shop, "-j2") == names


def test_unsaved_text(shop: Path) -> None:
    """What an editor passes counts, not what stands on disk under that name."""
    assert stdin(shop, "tests/test_safe.py", BLIND) == ["tests/test_safe.py:1:1:MOT101"]
    assert stdin(shop, "tests/test_blind.py", SAFE) == []


def test_version_from_unsaved_text(shop: Path) -> None:
    """Names in unsaved text tell the version of moto, not those that stand on disk."""
    text = (
        "import boto3\nfrom moto import mock_s3\n\n\n@mock_s3\ndef test_queues():\n"
        "    boto3.client('sqs').list_queues()\n"
    )
    (shop / "tests" / "test_queues.py").write_text(text.replace("mock_s3", "mock_aws"))
    assert stdin(shop, "tests/test_queues.py", text) == ["tests/test_queues.py:7:5:MOT206"]


def test_new_file(shop: Path) -> None:
    """A file that was never saved is checked by its absolute name from any folder."""
    name = (shop / "tests" / "test_new.py").as_posix()
    assert stdin(shop / "src", name, BLIND) == [f"{name}:1:1:MOT101"]


@pytest.mark.parametrize("name", ["src/shop/new.py", "stdin"])
def test_no_test_file(shop: Path, name: str) -> None:
    """Text whose name is not that of a test, or that has none, is not ours to check."""
    assert stdin(shop, name, BLIND) == []


def test_unfinished_text(shop: Path) -> None:
    """Text that does not parse has flake8's own error only."""
    found = stdin(shop, "tests/test_new.py", "from shop import aws\nfrom moto import (\n")
    assert {line.rpartition(":")[2] for line in found} <= {"E999", "E902"}
    assert found


@pytest.mark.parametrize("comment", ["# noqa", "# noqa: MOT101", "# noqa: E501, MOT101"])
def test_noqa(shop: Path, comment: str) -> None:
    """A comment on the reported line silences it."""
    assert stdin(shop, "tests/test_new.py", BLIND.replace("\n", f"  {comment}\n", 1)) == []


def test_noqa_of_several_lines(shop: Path) -> None:
    """The comment stands on the first line of a statement that takes several."""
    text = BLIND.replace("aws\n", "(  # noqa: MOT101\n    aws,\n)\n", 1)
    assert stdin(shop, "tests/test_new.py", text) == []
    assert stdin(shop, "tests/test_new.py", text, "--disable-noqa") != []


def test_noqa_of_the_file(shop: Path) -> None:
    """A comment for the whole file silences the rule in it."""
    assert stdin(shop, "tests/test_new.py", f"# flake8: noqa: MOT101\n{BLIND}") == []


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        (["--select=E"], []),
        (["--select=E", "--extend-select=MOT"], [FOUND]),
        (["--select=MOT1"], [FOUND]),
        (["--extend-ignore=MOT"], []),
        (["--ignore=MOT102"], [FOUND]),
        (["--per-file-ignores=tests/*:MOT101"], []),
        (["--per-file-ignores=tests/test_safe.py:MOT101"], [FOUND]),
        (["--exclude=test_blind.py"], []),
        (["--moto-order-test-files=check_*.py"], []),
    ],
    ids=" ".join,
)
def test_selection(shop: Path, arguments: list[str], found: list[str]) -> None:
    """flake8's ways to select and ignore work on our codes as on any."""
    assert flake8(shop, *arguments) == found


@pytest.mark.parametrize("name", CONFIGURATIONS)
def test_configuration(shop: Path, name: str) -> None:
    """flake8's own settings and our options count in each of its configuration files."""
    (shop / name).write_text(
        "[flake8]\nmoto-version = 4.0\nper-file-ignores =\n    tests/test_blind.py: MOT\n",
        encoding="utf-8",
    )
    assert flake8(shop) == ["tests/test_safe.py:1:1:MOT304", "tests/test_safe.py:2:1:MOT101"]


def test_roots_of_a_configuration(shop: Path) -> None:
    """Roots are relative to the configuration file, wherever flake8 is started."""
    (shop / "src").rename(shop / "lib")
    (shop / ".flake8").write_text("[flake8]\nmoto-order-roots = lib\n", encoding="utf-8")
    assert flake8(shop) == [FOUND]
    elsewhere = flake8(shop / "tests", "--config=../.flake8", "../tests/test_blind.py")
    assert elsewhere == ["../tests/test_blind.py:1:1:MOT101"]


def test_from_another_folder(shop: Path) -> None:
    """Where flake8 is started makes no difference where pytest has a configuration."""
    assert flake8(shop / "tests") == ["test_blind.py:1:1:MOT101"]


def test_broken_module(shop: Path) -> None:
    """A module that does not parse builds nothing, and its tests are checked all the same."""
    with (shop / "src" / "shop" / "aws.py").open("a", encoding="utf-8") as file:
        file.write("s3 = (\n")
    assert flake8(shop, "tests") == []


def test_other_forms_of_text(shop: Path) -> None:
    """A byte order mark, Windows line ends and other encodings are understood."""
    windows = BLIND.replace("\n", "\r\n").encode("utf-8-sig")
    latin = f"# coding: latin-1, \u00e9\n{BLIND}".encode("latin-1")
    (shop / "tests" / "test_blind.py").write_bytes(windows)
    (shop / "tests" / "test_safe.py").write_bytes(latin)
    assert flake8(shop) == [FOUND, "tests/test_safe.py:2:1:MOT101"]


def test_error_of_our_own(
    shop: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """An error in the plugin ends no run of flake8: it is logged, with the file."""

    def fail(*arguments: object) -> None:
        raise LookupError("ours")

    monkeypatch.setattr("flake8_moto_order.session.tracing.trace_file", fail)
    path = str(shop / "tests" / "test_blind.py")
    assert list(MotoOrderPlugin(ast.parse(BLIND), path, [BLIND]).run()) == []
    assert [record.getMessage() for record in caplog.records] == [
        f"{path}: not checked: LookupError('ours')"
    ]
