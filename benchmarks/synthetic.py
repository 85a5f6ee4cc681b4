"""Synthetic monorepos: many small modules that import each other, a few that use AWS, and tests.

    python -m benchmarks.synthetic FOLDER --modules 1000 --seed 1

Of the modules one in ten is a test file. Each imports `FAN_OUT` modules of the application; these
reach nearly everything below them, as in code that grew. The same arguments give the same files.
"""

from __future__ import annotations

import argparse
import random
from pathlib import Path
from typing import NamedTuple

FAN_OUT = 8
PER_PACKAGE = 25
TEST_SHARE = 10
# Of the application's modules: those that use boto3, and of these the ones that do so at import.
AWS_SHARE = 0.03
AT_IMPORT_SHARE = 0.2
# Of the tests: those that call a function which reaches AWS, and of these the ones without a mock.
AWS_TESTS = 0.5
UNMOCKED = 0.01
TESTS_PER_FILE = 8
SERVICES = {
    "dynamodb": "list_tables",
    "s3": "list_buckets",
    "sns": "list_topics",
    "sqs": "list_queues",
}
STANDARD = ("dataclasses", "json", "logging", "os", "re")


class Shape(NamedTuple):
    """What was generated: counts of files, and of tests that send a request without a mock."""

    modules: int
    tests: int
    leaks: int


class Module(NamedTuple):
    """A module of the application: its dotted name, the modules it imports, the AWS service."""

    name: str
    imports: tuple[str, ...]
    service: str
    at_import: bool


def plan(modules: int, seed: int) -> list[Module]:
    """Return the modules of an application, each importing only from those before it."""
    chance = random.Random(seed)
    found: list[Module] = []
    for index in range(modules):
        earlier = chance.sample(found, min(FAN_OUT, len(found)))
        uses_aws = chance.random() < AWS_SHARE
        found.append(
            Module(
                f"app.package_{index // PER_PACKAGE:04}.module_{index % PER_PACKAGE:02}",
                tuple(sorted(module.name for module in earlier)),
                chance.choice(sorted(SERVICES)) if uses_aws else "",
                uses_aws and chance.random() < AT_IMPORT_SHARE,
            )
        )
    return found


def generate(folder: Path, modules: int, seed: int) -> Shape:
    """Write a monorepo of this many modules, tests included."""
    tests = modules // TEST_SHARE
    application = plan(modules - tests, seed)
    for module in application:
        path = folder / f"{module.name.replace('.', '/')}.py"
        if not path.parent.exists():
            path.parent.mkdir(parents=True)
            (path.parent / "__init__.py").write_text("")
        path.write_text(source_of(module))
    (folder / "app" / "__init__.py").write_text("")
    (folder / "pyproject.toml").write_text('[tool.pytest.ini_options]\npythonpath = ["."]\n')
    (folder / "requirements.txt").write_text("boto3\nmoto==5.1.0\npytest\n")
    (folder / "tests").mkdir()
    (folder / "tests" / "conftest.py").write_text(CONFTEST)
    chance = random.Random(seed + 1)
    reaching = [module for module in application if module.service]
    leaks = 0
    for index in range(tests):
        text, leaking = test_of(chance, application, reaching)
        (folder / "tests" / f"test_{index:05}.py").write_text(text)
        leaks += leaking
    return Shape(len(application), tests, leaks)


def source_of(module: Module) -> str:
    """Return the text of a module: about 100 lines."""
    aliases = [name.removeprefix("app.").replace(".", "_") for name in module.imports]
    lines = [f'"""Module {module.name}."""', "", "from __future__ import annotations", ""]
    lines += [f"import {name}" for name in STANDARD] + [""]
    lines += ["import boto3", ""] if module.service else []
    for name, alias in zip(module.imports, aliases):
        package, _, last = name.rpartition(".")
        lines.append(f"from {package} import {last} as {alias}")
    lines += [HEAD]
    if module.at_import:
        lines.append(f'CLIENT = boto3.client("{module.service}", region_name="us-east-1")\n')
    lines += [BODY.format(index=index) for index in range(4)]
    lines += ["", "", "def combine(value):", '    """Ask the modules below."""']
    lines += [f"    value = {alias}.convert_0(value)" for alias in aliases]
    lines += ["    return value"]
    if module.service:
        call = "CLIENT" if module.at_import else f'boto3.client("{module.service}")'
        lines += ["", "", "def reach():", f"    return {call}.{SERVICES[module.service]}()"]
    return "\n".join(lines) + "\n"


def test_of(
    chance: random.Random, application: list[Module], reaching: list[Module]
) -> tuple[str, int]:
    """Return the text of a test file, and how many of its tests send a request without a mock."""
    used = chance.sample(application, min(FAN_OUT - 1, len(application)))
    used.append(chance.choice(reaching or application))
    lines = ['"""Tests."""', "", "from moto import mock_aws", ""]
    for number, module in enumerate(used):
        package, _, last = module.name.rpartition(".")
        lines.append(f"from {package} import {last} as used_{number}")
    leaks = 0
    for number in range(TESTS_PER_FILE):
        call = f"used_{number % len(used)}.convert_1(1)"
        decorated, is_leak = "", False
        if reaching and chance.random() < AWS_TESTS:
            call = f"used_{len(used) - 1}.reach()"
            is_leak = chance.random() < UNMOCKED
            decorated = "" if is_leak else "@mock_aws\n"
        leaks += is_leak
        lines.append(TEST.format(number=number, call=call, decorated=decorated))
    return "\n".join(lines) + "\n", leaks


HEAD = '''
LOG = logging.getLogger(__name__)
LIMIT = 100
NAMES = ("first", "second", "third")
WORD = re.compile(r"[a-z]+(?:_[a-z]+)*")
HOME = os.path.dirname(__file__)


@dataclasses.dataclass
class Record:
    """A record of this module."""

    name: str
    size: int = LIMIT

    def label(self) -> str:
        """Return a label."""
        return f"{self.name}:{self.size}"
'''
BODY = '''
def convert_{index}(value):
    """Convert a value."""
    if isinstance(value, str) and not WORD.match(value):
        LOG.warning("unusual: %s", value)
        return {index}
    found = []
    for name in NAMES:
        record = Record(name, len(name) + {index})
        found.append(json.dumps(record.label()))
    if len(found) > LIMIT:
        raise ValueError(value)
    return found
'''
TEST = '''

{decorated}def test_{number}():
    """What is converted has the right form."""
    expected = {{"name": "first", "size": {number}}}
    assert expected["size"] == {number}
    found = {call}
    assert found is not None
    for name in ("a", "b"):
        assert name in "ab"'''
CONFTEST = '''"""What all tests share."""

import os

import moto
import pytest


@pytest.fixture(autouse=True)
def credentials(monkeypatch):
    """Set credentials that are good for nothing."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")


@pytest.fixture
def aws(credentials):
    """Start the mock."""
    with moto.mock_aws():
        yield os.environ["AWS_DEFAULT_REGION"]
'''


def main() -> None:
    """Generate a monorepo as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--modules", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    options.folder.mkdir(parents=True)
    print(generate(options.folder, options.modules, options.seed))


if __name__ == "__main__":
    main()
