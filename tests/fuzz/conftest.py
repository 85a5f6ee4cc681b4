"""How many projects are compared, from which seed, and what came of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from importlib.metadata import version
from importlib.util import find_spec

import pytest
from packaging.version import Version

from tests.fuzz.running import Runner

AT_ONCE = 50
COUNTS = pytest.StashKey[Counter[str]]()
EXCUSED = pytest.StashKey[Counter[str]]()
collect_ignore = [] if find_spec("moto") else ["test_fuzz.py"]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of the fuzzer."""
    parser.addoption("--projects", type=int, default=1000, help="how many projects to compare")
    parser.addoption("--seed", type=int, default=0, help="where their generation starts")


def pytest_configure(config: pytest.Config) -> None:
    """Start to count."""
    config.stash[COUNTS] = Counter()
    config.stash[EXCUSED] = Counter()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Make a test of so many projects at once, each with a seed of its own."""
    if "batch" in metafunc.fixturenames:
        count = metafunc.config.getoption("--projects")
        first = metafunc.config.getoption("--seed") * count
        sizes = [min(AT_ONCE, count - start) for start in range(0, count, AT_ONCE)]
        metafunc.parametrize("batch", [*enumerate(sizes, first)], ids=str)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Tell what was compared, and what was excused."""
    stash = terminalreporter.config.stash
    for title, counts in (("compared", stash[COUNTS]), ("excused", stash[EXCUSED])):
        for name, count in sorted((+counts).items()):
            terminalreporter.write_line(f"{title}: {count} {name}")


@pytest.fixture(scope="session")
def runner() -> Iterator[Runner]:
    """Run projects under the moto that is installed."""
    made = Runner(Version(version("moto")))
    yield made
    made.close()
