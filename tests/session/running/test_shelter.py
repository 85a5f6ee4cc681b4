"""The brief run: what it leaves out, and what makes it give way to a full one."""

from __future__ import annotations

from pathlib import Path

import pytest

from flake8_moto_order.project import Sources
from flake8_moto_order.rules import check
from flake8_moto_order.session.tracing import trace_file
from flake8_moto_order.settings import Settings
from tests.runs import HEAD, names_of, run

SHOP = "import boto3\ndef use():\n    boto3.client('s3').list_buckets()\n"
ALL = "@mock_aws\ndef test_a(): aws.a(); shop.use()\n"


def brief(folder: Path, source: str, **files: str) -> tuple[int, str, list[str]]:
    """Run tests briefly: return the number of requests seen, the tests run, the codes found."""
    files = {"shop.py": SHOP, "test_it.py": f"{HEAD}import shop\n{source}", **files}
    for name, text in files.items():
        (folder / name.replace("__", ".")).write_text(text, encoding="utf-8")
    traces = [
        trace_file(str(folder / "test_it.py"), Sources(), Settings(), str(folder), thorough)
        for thorough in (False, True)
    ]
    assert list(check(traces[0])) == list(check(traces[1]))
    assert names_of(traces[0]) == names_of(traces[1])
    sent = [effect for effect in traces[0].run if hasattr(effect, "operation")]
    return len(sent), names_of(traces[0]), [found.code for found in check(traces[0])]


@pytest.mark.parametrize(
    "source",
    [
        ALL,
        "@pytest.fixture\ndef mock():\n with mock_aws(): yield\n"
        "def test_a(mock): shop.use()\ndef test_b(mock): shop.use()",
        "class TestA:\n def setup_method(self, m):\n  self.m = mock_aws()\n  self.m.start()\n"
        "  shop.use()\n def teardown_method(self, m): self.m.stop()\n def test_a(self): shop.use()",
        "@mock_aws\nclass TestA(unittest.TestCase):\n def setUp(self): shop.use()\n"
        " def test_a(self): (lambda: shop.use())()",
        "m = mock_aws()\n@m\ndef test_a(): shop.use()",
    ],
)
def test_left_out(tmp_path: Path, source: str) -> None:
    """Under a mock of all services, what code of the project sends is not even looked at."""
    sent, names, codes = brief(tmp_path, source)
    assert (sent, codes) == (0, []) and "test_a" in names


@pytest.mark.parametrize(
    ("source", "codes"),
    [
        (f"{ALL}def test_b(): shop.use()", ["MOT201"]),
        (f"{ALL}def test_b(): pass", []),
        ("@mock_aws\ndef test_a():\n m = mock_aws()\n m.start()", ["MOT207"]),
        ("def end(m): m.stop()\n@pytest.fixture\ndef mock():\n m = mock_aws()\n m.start()\n"
         " yield m\n@pytest.fixture\ndef early(mock): end(mock)\n"
         "def test_a(mock, early): shop.use()", ["MOT203"]),
        ("@mock_aws\ndef helper(): yield\n@mock_aws\ndef test_a(): list(helper())", []),
        ("@mock_aws\ndef test_a():\n from moto import mock_s3\n with mock_s3(): pass", []),
        ("@pytest.fixture\ndef late():\n yield\n shop.use()\n"
         "@mock_aws\ndef test_a(late): shop.use()", ["MOT202"]),
    ],
)  # fmt: skip
def test_full(tmp_path: Path, source: str, codes: list[str]) -> None:
    """Where something is to be reported, or may be, all is followed."""
    assert brief(tmp_path, source)[2] == codes


def test_nothing_left_out(tmp_path: Path) -> None:
    """Tests without a mock are followed, once."""
    assert brief(tmp_path, "def test_a(): shop.use()") == (1, "test_a", ["MOT201"])


def test_blind_client(tmp_path: Path) -> None:
    """A client without the handler puts no trust in mocks."""
    files = {"test_it.py": "import blind\nfrom moto import mock_aws\n@mock_aws\n"
             "def test_a(): blind.s3.list_buckets()\n"}  # fmt: skip
    found = brief(tmp_path, "", blind__py="import boto3\ns3 = boto3.client('s3')\n", **files)
    assert found == (1, "test_a", ["MOT101"])


def test_endless(tmp_path: Path) -> None:
    """A brief run that finds no end is a full one, which finds none either."""
    loops = "".join(" " * depth + "for a in range(8):\n" for depth in range(1, 9))
    assert brief(tmp_path, f"{ALL}def test_b():\n{loops}{' ' * 9}aws.b()\n")[2] == []


def test_broken_module(tmp_path: Path) -> None:
    """A module that cannot be parsed has no functions that touch a mock."""
    source = f"try: import broken\nexcept SyntaxError: pass\n{ALL}"
    assert brief(tmp_path, source, broken__py="from moto import (\n") == (0, "test_a", [])


def test_what_others_see(tmp_path: Path) -> None:
    """A test under a mock that puts a module back as it was is followed: a teardown sees that."""
    source = """\
@pytest.fixture(scope="class")
def faked():
    with patch("app.use"):
        yield
@pytest.fixture
def used(faked):
    yield
    app.use()
def test_a(faked, used):
    app.use()
@mock_aws
def test_b(used):
    importlib.reload(app)
"""
    head = "import importlib, app\nfrom unittest.mock import patch\n"
    trace = run(tmp_path, head + source, {"app.py": "def use(): aws.used()\n"})
    assert [one.code for one in check(trace)] == ["MOT202"]
