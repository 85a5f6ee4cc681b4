"""Collection of whole projects: what is kept, repaired, imported later, and who is the victim."""

from __future__ import annotations

from pathlib import Path

import pytest

from flake8_moto_order.interpreter.base import ExhaustedError
from flake8_moto_order.models.moto.versions import MotoFacts
from flake8_moto_order.project import Sources
from flake8_moto_order.rules import check
from flake8_moto_order.session import later_files, other_files, tracing
from flake8_moto_order.session.collection import Project
from flake8_moto_order.session.other_files import OtherFile
from flake8_moto_order.session.tracing import trace_file
from flake8_moto_order.settings import Settings

APP = "import boto3\ns3 = boto3.client('s3')\n"
USES = "import app\nfrom moto import mock_aws\n@mock_aws\ndef test_b(): app.s3.list_buckets()\n"
ENDLESS = "".join(f"{' ' * (depth + 1)}for a in range(9):\n" for depth in range(9))


def codes(folder: Path, **files: str) -> list[str]:
    """Write files (`__` for a slash) beside `app.py` and return what is found in `test_a.py`."""
    for name, text in {"app": APP, "test_a": "import app\ndef test_a(): app.s3\n", **files}.items():
        path = folder / f"{name.replace('__', '/')}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    trace = trace_file(str(folder / "test_a.py"), Sources(), Settings(), str(folder))
    return [found.code for found in check(trace)]


@pytest.mark.parametrize(
    "inside", ["import moto", "import os, moto.core", "from moto import mock_aws", "import motor"]
)
def test_late_import(tmp_path: Path, inside: str) -> None:
    """A function that imports moto does so after the file is collected."""
    test = f"import app\ndef test_a():\n    {inside}\n    app.s3\n"
    assert codes(tmp_path, test_a=test) == [] if "motor" in inside else ["MOT101"]


FIXTURES = """
import pytest
@pytest.fixture
def outer(inner): pass
@pytest.fixture
def inner(): import moto
"""


@pytest.mark.parametrize(
    ("conftest", "argument", "expected"),
    [
        (FIXTURES, "outer", ["MOT101"]),
        (FIXTURES, "inner", ["MOT101"]),
        (FIXTURES, "", []),
        (FIXTURES.replace("re\ndef outer", "re(autouse=True)\ndef outer"), "", ["MOT101"]),
        (FIXTURES.replace("fixture\ndef", "fixture(name='x')\ndef"), "", []),
    ],
)
def test_late_import_of_a_fixture(
    tmp_path: Path, conftest: str, argument: str, expected: list[str]
) -> None:
    """Of the fixtures that import moto only those count that the tests ask for, in the end."""
    test = f"import app\ndef test_a({argument}): app.s3\n"
    assert codes(tmp_path, conftest=conftest, test_a=test) == expected


@pytest.mark.parametrize(
    ("end", "expected"),
    [("", []), ("raise ValueError", []), (f"1\n{ENDLESS}          a", [])],
)
def test_repair(tmp_path: Path, end: str, expected: list[str]) -> None:
    """A function that repairs counts however it ends; so does one that is too long to follow."""
    test = (
        "import app, pytest\nfrom moto import mock_aws\nfrom moto.core import patch_client\n"
        f"@pytest.fixture\ndef repaired():\n patch_client(app.s3)\n {end or 'pass'}\n"
    )
    assert codes(tmp_path, test_a=test) == expected


def test_long_repair_of_nothing(tmp_path: Path) -> None:
    """What a function does that nobody can follow to its end may have repaired everything."""
    test = (
        "import app, pytest\nfrom moto import mock_aws\nfrom moto.core import patch_client\n"
        f"@pytest.fixture\ndef repaired(other):\n 1\n{ENDLESS}          patch_client(other)\n"
    )
    assert codes(tmp_path, test_a=test) == []


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({}, []),
        ({"test_b": USES}, ["MOT102"]),
        ({"test_b": USES, "app": "import boto3\nboto3.client('s3')\n"}, []),
        ({"test_b": "from moto import mock_aws\ndef test_b(): pass\n"}, []),
        ({"test_b": "# moto\nimport app\n"}, []),
        ({"test_b": USES, "test_0": "import moto\n"}, []),
        ({"test_b": USES.replace("import app", "import middle"), "middle": "import app\n"},
         ["MOT102"]),
        ({"test_b": USES, "test_a": "def load():\n import app\n return app\napp = load()\n"},
         ["MOT102"]),
        ({"test_b": "from near import *\nimport app\n@mock_aws\ndef test_b(): app.s3.get()\n",
          "near": "from moto import mock_aws\n"}, ["MOT102"]),
        ({"test_b": USES, "test_0": "# moto\n"}, ["MOT102"]),
        ({"test_b": USES, "conftest": "import moto\n"}, []),
        ({"test_b": f"{USES}import importlib\nimportlib.reload(app)\n"}, ["MOT102"]),
        ({"test_b": USES, "app": "from deep import s3\n", "deep": APP}, ["MOT102"]),
        ({"test_b": USES.replace("app", "deep"), "app": "import deep\n", "deep": APP,
          "test_a": "import app\ndef test_a(): app.deep.s3\n"}, ["MOT102"]),
        ({"test_b": USES.replace("import app", "import sub.app as app"), "sub__app": APP,
          "sub____init__": "", "test_a": "import sub.app\ndef test_a(): sub.app.s3\n"},
         ["MOT102"]),
        ({"test_b": USES, "app": f"{APP}import boto3 as b\nother = b.client('sqs')\n"},
         ["MOT102"]),
    ],
)  # fmt: skip
def test_victim(tmp_path: Path, files: dict[str, str], expected: list[str]) -> None:
    """A later test file that uses moto and reaches the client is a victim, unless moto is first."""
    assert codes(tmp_path, **files) == expected


def test_most_near_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a test file that imports much, not all is searched for a word of moto."""
    files = {"test_b": USES.replace("from moto import mock_aws", "from near import *"),
             "near": "from moto import mock_aws\n"}  # fmt: skip
    assert codes(tmp_path, **files) == ["MOT102"]
    monkeypatch.setattr(other_files, "MOST_NEAR", 1)
    assert codes(tmp_path, **files) == []


def test_looked_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What another test file does is found once for all files of a run, whatever their number."""
    looks: list[str] = []
    look_at = other_files.look_at

    def look(project: Project, facts: MotoFacts, path: str) -> OtherFile:
        looks.append(path.rpartition("/")[2])
        return look_at(project, facts, path)

    monkeypatch.setattr(later_files, "look_at", look)
    monkeypatch.setattr(later_files, "AT_ONCE", 3)
    blind = [f"test_a{number}.py" for number in range(7)]
    for name in blind:
        (tmp_path / name).write_text("import app\n")
    (tmp_path / "app.py").write_text(APP)
    (tmp_path / "test_b.py").write_text(USES)
    sources = Sources()
    for name in blind:
        trace = trace_file(str(tmp_path / name), sources, Settings(), str(tmp_path))
        assert [found.code for found in check(trace)] == ["MOT102"]
    assert sorted(looks) == [*blind, "test_b.py"]


def test_most_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of very many files that have to do with moto only the next ones are asked."""
    files = {"test_b": "# moto\n", "test_c": USES}
    assert codes(tmp_path, **files) == ["MOT102"]
    monkeypatch.setattr(later_files, "MOST_FILES", 1)
    assert codes(tmp_path, **files) == []


def test_other_file_that_is_endless(tmp_path: Path) -> None:
    """A file that can't be followed to its end is no victim."""
    loops = "".join(f"{' ' * depth}for a in range(9):\n" for depth in range(9))
    assert codes(tmp_path, test_b=f"{USES}{loops}{' ' * 9}print(a)\n") == []


SETS = "\n".join(
    ["import app, pytest, boto3", "from moto import mock_aws", "@pytest.fixture(autouse=True)",
     "def new(monkeypatch): monkeypatch.setattr(app, 's3', boto3.client('s3'))", ""]
)  # fmt: skip


@pytest.mark.parametrize(
    ("app", "expected"),
    [
        (APP, []),
        (f"{APP}sqs = boto3.client('sqs')\n", ["MOT102"]),
        ("import boto3\ndef make(name): return boto3.client(name)\ns3 = make('s3')\n", []),
        ("import boto3\nboth = [boto3.client(name) for name in ('s3', 'sqs')]\ns3 = both[0]\n",
         ["MOT102"]),
    ],
)  # fmt: skip
def test_repairing_victim(tmp_path: Path, app: str, expected: list[str]) -> None:
    """Objects that the other file puts something in place of are none of its own: only those."""
    assert codes(tmp_path, app=app, test_b=SETS) == expected


def test_broken_conftest(tmp_path: Path) -> None:
    """A conftest that Python refuses hides no victim below it."""
    assert codes(tmp_path, unit__test_b=USES, unit__conftest="def (") == ["MOT102"]


def test_file_outside_the_suite(tmp_path: Path) -> None:
    """What pytest does not collect comes before and after nothing."""
    (tmp_path / "pytest.ini").write_text("[pytest]\ntestpaths = other\n")
    assert codes(tmp_path, other__test_b=USES) == []


@pytest.mark.parametrize("plugins", ["pytest_plugins = ['own']", "pytest_plugins: list = ['own']"])
def test_plugins(tmp_path: Path, plugins: str) -> None:
    """A plugin that a conftest names is imported, whatever statement names it."""
    files = {"conftest": f"{plugins}\n", "own": "import app\n", "test_a": USES}
    assert codes(tmp_path, **files) == []
    assert codes(tmp_path, **{**files, "own": ""}) == ["MOT101"]
    assert codes(tmp_path, **{**files, "own": "pytest_plugins = ['own', 'xdist']\n"}) == ["MOT101"]


@pytest.mark.parametrize("part", ["aftermath", "run_tests"])
def test_out_of_steps(tmp_path: Path, part: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A part of the trace that can't be followed to its end is left out."""

    def exhausted(*_: object) -> None:
        raise ExhaustedError

    monkeypatch.setattr(tracing, part, exhausted)
    unmocked = "import moto, boto3\ndef test_a(): boto3.client('s3').list_buckets()\n"
    assert codes(tmp_path, test_a=unmocked) == (["MOT201"] if part == "aftermath" else [])


def test_requirement_of_the_folder(tmp_path: Path) -> None:
    """Where the root folder says nothing of moto, the folder that flake8 was started in does."""
    (tmp_path / "requirements.txt").write_text("moto<4\n")
    (tmp_path / "part").mkdir()
    (tmp_path / "part" / "pytest.ini").touch()
    (tmp_path / "part" / "app.py").write_text(APP)
    test = tmp_path / "part" / "test_a.py"
    test.write_text("from moto import mock_s3\nimport app\n@mock_s3\ndef test_a(): app.s3.get()\n")
    for folder, expected in ((tmp_path, ["MOT101"]), (tmp_path / "part", [])):
        trace = trace_file(str(test), Sources(), Settings(), str(folder))
        assert [found.code for found in check(trace)] == expected
