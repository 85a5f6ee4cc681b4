"""Rules that are off by default: who turns them on, and that the others cost nothing."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from flake8_moto_order.plugin import Findings, MotoOrderPlugin
from flake8_moto_order.project import Sources
from flake8_moto_order.rules import all_rules, check
from flake8_moto_order.session.tracing import trace_module
from flake8_moto_order.settings import OF_MODULES, OFF_BY_DEFAULT, CacheSettings, Settings
from tests.command.conftest import Run

FILES = {
    "app.py": "import boto3\n\ns3 = boto3.client('s3')\n",
    "test_app.py": "import moto\nimport app\n\nprint(app, moto)\n",
}
ALL = ["app.py MOT303", "test_app.py MOT302"]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Write a project that two of these rules speak of."""
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def lint(project: Path, *arguments: str) -> list[str]:
    """Return what flake8 reports."""
    command = [sys.executable, "-m", "flake8", "--format=%(path)s %(code)s", *arguments]
    done = subprocess.run(command, cwd=project, capture_output=True, text=True)
    assert not done.stderr
    return sorted(line.removeprefix("./") for line in done.stdout.splitlines())


def test_codes() -> None:
    """The settings name the rules that say this of themselves."""
    assert {rule.code for rule in all_rules() if rule.off} == set(OFF_BY_DEFAULT)
    assert {rule.code for rule in all_rules() if rule.of_modules} == OF_MODULES


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        ([], []),
        (["--select=MOT"], []),
        (["--select=MOT,MOT303"], ALL[:1]),
        (["--select=MOT3"], ALL),
        (["--extend-select=MOT303"], ALL[:1]),
        (["--extend-select=MOT302,MOT303"], ALL),
        (["--extend-select=MOT30"], ALL),
        (["--extend-select=MOT3", "--ignore=MOT303"], ALL[1:]),
        (["--extend-select=MOT3", "--extend-ignore=MOT303"], ALL[1:]),
        (["--extend-select=MOT3", "--per-file-ignores=app.py:MOT303"], ALL[1:]),
        (["--extend-select=MOT302,MOT303", "--no-moto-order-cache"], ALL),
    ],
)
def test_selection(project: Path, arguments: list[str], found: list[str]) -> None:
    """They are turned on by more than the prefix of the plugin, cold and warm."""
    assert lint(project, *arguments) == found
    assert lint(project, *arguments) == found


@pytest.mark.parametrize("name", ["extend-select", "select"])
def test_configuration(project: Path, name: str) -> None:
    """A configuration file turns them on as well."""
    (project / "setup.cfg").write_text(f"[flake8]\n{name} = MOT302, MOT303\n")
    assert lint(project) == ALL


def test_command(project: Path, run: Run) -> None:
    """The command takes the same options."""
    assert run("check").stdout == ""
    assert "MOT303" in run("check", "--extend-select=MOT303").stdout
    assert "MOT302" in run("explain", "test_app.py", "--extend-select=MOT302").stdout


def test_modules_are_not_looked_at(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A module that is no test is run only when that is asked for and when it imports something."""
    traced: list[str] = []

    def trace(self: MotoOrderPlugin, *arguments: object) -> Findings:
        traced.append(self._path)
        return []

    monkeypatch.setattr(MotoOrderPlugin, "_trace", trace)
    monkeypatch.setattr(MotoOrderPlugin, "sources", None)
    monkeypatch.setattr(MotoOrderPlugin, "cache_settings", CacheSettings(used=False))
    for chosen in (frozenset(), OF_MODULES):
        monkeypatch.setattr(MotoOrderPlugin, "settings", Settings(chosen=chosen))
        for text in ("import boto3\n", "x = 1\n"):
            assert not list(MotoOrderPlugin(ast.parse(text), "app.py", [text]).run())
    assert [Path(path).name for path in traced] == ["app.py"]


def test_endless_module(project: Path) -> None:
    """What a module has built before the budget of steps is used up is found all the same."""
    endless = "def f(n):\n    for i in range(n): f(i)\nfor i in range(99): f(i)\n" * 40
    (project / "app.py").write_text(FILES["app.py"] + endless)
    trace = trace_module(
        str(project / "app.py"), Sources(), Settings(), str(project)
    )
    assert (trace.is_test, trace.cut_short) == (False, True)
    assert [found.code for found in check(trace, OF_MODULES)] == ["MOT303"]
