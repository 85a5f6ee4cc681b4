"""Selection: which tests a run takes, by the configuration, by conftests and by their hooks."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.runs import covers_of, names_of, requests_of, run

SOURCE = """
@pytest.mark.slow
def test_slow(): aws.a()
@pytest.mark.fast
class TestB:
    def test_b(self): aws.b()
    @pytest.mark.slow
    def test_both(self): aws.c()
def test_plain(): aws.d()
"""
ALL = "test_slow TestB.test_b TestB.test_both test_plain"


@pytest.mark.parametrize(
    ("expression", "names"),
    [
        ("slow", "test_slow TestB.test_both"),
        ("not slow", "TestB.test_b test_plain"),
        ("slow and fast", "TestB.test_both"),
        ("slow or fast", "test_slow TestB.test_b TestB.test_both"),
        ("fast and not slow", "TestB.test_b"),
        ("not (slow or fast)", "test_plain"),
        ("nothing", ""),
        ("not nothing", ALL),
        ("", ALL),
        ("( slow", ALL),
        ("1", ALL),
    ],
)
def test_marks(tmp_path: Path, expression: str, names: str) -> None:
    """`-m` takes the tests whose marks fulfil the expression; a broken one is not followed."""
    ini = f"[pytest]\naddopts = -m '{expression}'"
    assert names_of(run(tmp_path, SOURCE, {"pytest.ini": ini})) == names


@pytest.mark.parametrize(
    ("options", "names"),
    [
        ("--deselect test_it.py::test_slow", "TestB.test_b TestB.test_both test_plain"),
        ("--deselect=test_it.py::TestB", "test_slow test_plain"),
        ("--deselect test_it.py::TestB::test_b", "test_slow test_plain"),
        ("--deselect test_it.py::TestB::test_bo", "test_slow TestB.test_b test_plain"),
        ("--deselect test_it.py", ""),
        ("--deselect test_other.py", ALL),
        ("--ignore test_it.py", ""),
        ("--ignore other", ALL),
        ("--ignore-glob '*_it.py'", ""),
        ("--ignore-glob '*_other.py'", ALL),
    ],
)
def test_options(tmp_path: Path, options: str, names: str) -> None:
    """What addopts ignores or deselects does not run; a deselected name is a prefix."""
    ini = f"[pytest]\naddopts = {options}"
    assert names_of(run(tmp_path, SOURCE, {"pytest.ini": ini})) == names


@pytest.mark.parametrize(
    ("conftest", "is_run"),
    [
        ("collect_ignore = ['test_it.py']", False),
        ("collect_ignore = ['tests']", True),
        ("collect_ignore = ['test_other.py']", True),
        ("collect_ignore_glob = ['*_it.py']", False),
        ("collect_ignore_glob = ['*_other.py']", True),
        ("collect_ignore = []\nif True: collect_ignore.append('test_it.py')", False),
        ("import os\ncollect_ignore = [os.path.join(os.path.dirname(__file__), 'test_it.py')]",
         False),
    ],
)  # fmt: skip
def test_ignored(tmp_path: Path, conftest: str, is_run: bool) -> None:
    """A conftest leaves out files of its folder."""
    trace = run(tmp_path, "def test_a(): aws.a()", {"conftest.py": conftest})
    assert names_of(trace) == ("test_a" if is_run else "")


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("conftest.py", "collect_ignore = ['tests']"),
        ("conftest.py", "collect_ignore_glob = ['*/test_*.py']"),
        ("pytest.ini", "[pytest]\naddopts = --ignore tests"),
        ("pytest.ini", "[pytest]\naddopts = --ignore=tests/test_it.py"),
        ("pytest.ini", "[pytest]\naddopts = --deselect tests/test_it.py::test_a"),
        ("pytest.ini", "[pytest]\naddopts = --deselect tests/"),
    ],
)
def test_ignored_folder(tmp_path: Path, path: str, text: str) -> None:
    """Whole folders may be left out, or single files of them."""
    files = {path: text}
    assert names_of(run(tmp_path, "def test_a(): aws.a()", files, "tests/test_it.py")) == ""


@pytest.mark.parametrize("mark", ["integration", "e2e", "live", "aws_live"])
@pytest.mark.parametrize("place", ["@{}\n", "pytestmark = {}\n"])
def test_live(tmp_path: Path, mark: str, place: str) -> None:
    """A test with a mark of those that are meant to reach AWS does not run."""
    source = place.format(f"pytest.mark.{mark}") + "def test_a(): aws.a()"
    assert names_of(run(tmp_path, source)) == ""


SELECTING = [
    ("collection_modifyitems(items): items[:] = [i for i in items if 'slow' in i.keywords]",
     "TestB.test_b test_plain"),
    ("collection_modifyitems(items):\n for i in items:\n"
     "  if i.get_closest_marker('slow'): i.add_marker(pytest.mark.skip)",
     "TestB.test_b test_plain"),
    ("runtest_setup(item):\n if item.name.startswith('test_p'): pytest.skip()",
     "test_slow TestB.test_b TestB.test_both"),
    ("collection_modifyitems(items):\n for i in items:\n  if 'test_it' in str(i.path): pass", ""),
    ("collection_modifyitems(items): items.sort()", ALL),
    ("report_header(): return 'slow'", ALL),
    ("collection_modifyitems(items): print('b')", ALL),
    ("collection_modifyitems(items):\n for i in items: i.add_marker('mock_it')", ALL),
    ("collection_modifyitems(items):\n"
     " for i in items: i.add_marker(pytest.mark.usefixtures('aws_mock'))", ""),
    ("collection_modifyitems(items):\n for i in items: i.fixturenames.insert(0, 'mocked')", ""),
    ("runtest_call(item):\n with mock_aws(): yield", ""),
    ("runtest_setup(item): moto.mock_aws().start()", ""),
    ("runtest_protocol(item): print('starting now')", ALL),
]  # fmt: skip


@pytest.mark.parametrize("place", ["conftest.py", "plug.py"])
@pytest.mark.parametrize(("hook", "names"), SELECTING)
def test_hooks(tmp_path: Path, place: str, hook: str, names: str) -> None:
    """Tests that a hook may skip, or may run under a mock, are left alone."""
    source = SOURCE if place == "conftest.py" else f"pytest_plugins = 'plug'{SOURCE}"
    assert names_of(run(tmp_path, source, {place: f"def pytest_{hook}"})) == names


@pytest.mark.parametrize(
    ("hook", "covered"),
    [
        ("def pytest_configure(): mock_aws().start()", True),
        ("def pytest_configure(config): pass", False),
        ("def pytest_sessionstart(session):\n session.config.m = mock_aws()\n"
         " session.config.m.start()", True),
        ("mock_aws().start()", True),
    ],
)  # fmt: skip
def test_mock_of_session(tmp_path: Path, hook: str, covered: bool) -> None:
    """A mock that a conftest starts for the session covers all tests."""
    trace = run(tmp_path, "def test_a(): aws.a()", {"conftest.py": hook})
    assert covers_of(trace) == {"a": covered}


def test_conftest_itself(tmp_path: Path) -> None:
    """The fixtures of a conftest run one by one; their requests are no matter of the conftest."""
    source = "@pytest.fixture\ndef f(): aws.a()\ndef test_a(f): pass"
    trace = run(tmp_path, source, path="conftest.py")
    assert (names_of(trace), requests_of(trace)) == ("", [])
