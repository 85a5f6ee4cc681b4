"""What pytest loads before it collects a file: plugins, conftests and their hooks."""

from __future__ import annotations

from pathlib import Path

import pytest
from packaging.version import Version

from flake8_moto_order.effects import RequestSent, Trace
from flake8_moto_order.project import Sources
from flake8_moto_order.rules import check
from flake8_moto_order.session.tracing import trace_file
from flake8_moto_order.settings import Settings
from tests import runs
from tests.memory import NEWEST

TEST = "def test_a(): pass"


def asked(trace: Trace) -> str:
    """Return the names of the requests of collection."""
    return " ".join(effect.operation for effect in trace.of(RequestSent))


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("other = name = []\npytest_plugins = ['plug']", 3),
        ("import os\nos.environ['K'] = 'v'\npytest_plugins = ('plug',)", 4),
        ("x, y = 1, 2\nnames = pytest_plugins = 'plug'", 3),
        ("if True:\n    pytest_plugins = ['plug']", 1),
    ],
)
def test_place_of_plugins(tmp_path: Path, source: str, line: int) -> None:
    """What a plugin does comes from the statement that names it, else from the first line."""
    files = {"conftest.py": source, "plug.py": "aws.plug()"}
    trace = runs.run(tmp_path, TEST, files)
    [effect] = trace.of(RequestSent)
    site = effect.call_path[0].site
    assert (Path(site.path).name, site.line, site.column) == ("conftest.py", line, 0)


HOOK = "def pytest_configure(config): aws.{name}()\n"
PLUGINS = {
    "a plugin of a plugin": (
        {"conftest.py": "pytest_plugins = ['one']", "one.py": "pytest_plugins = 'two'\naws.one()",
         "two.py": "aws.two()"}, "one two"),
    "libraries among them": (
        {"conftest.py": "pytest_plugins = ['os', 'nowhere', 'one']", "one.py": "aws.one()"}, "one"),
    "plugins that name each other": (
        {"conftest.py": "pytest_plugins = ['one']", "one.py": "pytest_plugins = ['two']\naws.one()",
         "two.py": "pytest_plugins = ['one']\naws.two()"}, "one two"),
    "hooks of all plugins": (
        {"conftest.py": "pytest_plugins = ['one', 'two']\n" + HOOK.format(name="own"),
         "one.py": HOOK.format(name="one"), "two.py": HOOK.format(name="two")}, "one two own"),
    "a plugin that two conftests name": (
        {"conftest.py": "pytest_plugins = ['one']", "sub/conftest.py": "pytest_plugins = ['one']",
         "one.py": HOOK.format(name="one")}, "one"),
    "a name that is not known": (
        {"conftest.py": "import nowhere\npytest_plugins = [nowhere.name]"}, ""),
    "the option -p": (
        {"pytest.ini": "[pytest]\naddopts = -p one\n", "one.py": HOOK.format(name="one"),
         "conftest.py": HOOK.format(name="own")}, "one own"),
    "a hook with unknown arguments": (
        {"conftest.py": "def pytest_configure(config, other):\n"
         " if config is not None: aws.own()"}, "own"),
    "the session": (
        {"conftest.py": "def pytest_configure(config): config.x = aws\n"
         "def pytest_sessionstart(session): session.config.x.own()"}, "own"),
    "a hook that yields": (
        {"conftest.py": "def pytest_configure(config):\n aws.before()\n yield\n aws.after()"},
        "before after"),
    "a hook that raises": (
        {"conftest.py": "def pytest_configure(config):\n aws.own()\n raise ValueError\n"
         "def pytest_sessionstart(session): aws.start()"}, "own start"),
    "a hook that is no function": ({"conftest.py": "pytest_configure = aws.nothing"}, ""),
}  # fmt: skip


@pytest.mark.parametrize(("files", "requests"), PLUGINS.values(), ids=PLUGINS)
def test_loaded(tmp_path: Path, files: dict[str, str], requests: str) -> None:
    """Plugins are loaded once, with the plugins that they name, and their hooks are called."""
    assert asked(runs.run(tmp_path, TEST, files, "sub/test_it.py")) == requests


REPAIRS = [
    ("request", "shop.client.x()", "MOT101"),
    ("mocker", "mocker.patch('shop.client')", "MOT101"),  # outside the test it comes back
    ("monkeypatch", "monkeypatch.setattr(shop, 'client', boto3.client('s3'))", ""),
    ("monkeypatch", "yield\n monkeypatch.setattr(shop, 'client', boto3.client('s3'))", ""),
    ("unknown", "shop.client = unknown", ""),
]


@pytest.mark.parametrize(("fixture", "repair", "codes"), REPAIRS)
def test_trial(tmp_path: Path, fixture: str, repair: str, codes: str) -> None:
    """A fixture that may replace a client is run on trial, with what pytest hands it."""
    head = "import boto3, pytest\n@pytest.fixture(autouse=True)\n"
    files = {
        "shop.py": "import boto3\nclient = boto3.client('s3')\n",
        "conftest.py": f"{head}def f({fixture}):\n import shop\n {repair}\n",
        "test_it.py": "import shop\nfrom moto import mock_aws\n@mock_aws\ndef test_a(): pass\n",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    settings = Settings(moto_version=Version(NEWEST))
    trace = trace_file(str(tmp_path / "test_it.py"), Sources(), settings, str(tmp_path))
    assert " ".join(diagnostic.code for diagnostic in check(trace)) == codes
