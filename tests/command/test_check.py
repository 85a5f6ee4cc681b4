"""`check` is flake8 with this plugin alone; it tells how far it is, and writes SARIF."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import time
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from flake8 import checker

from flake8_moto_order.command import linting, progress
from flake8_moto_order.command.main import main
from flake8_moto_order.command.progress import Progress
from flake8_moto_order.rules import all_rules
from tests.command.conftest import Run

FOUND = ["./test_app.py:2:1: MOT101", "./test_shop.py:8:5: MOT202"]


def codes_of(text: str) -> list[str]:
    """Return place and code of the findings that flake8 prints."""
    return sorted(" ".join(line.split()[:2]) for line in text.splitlines())


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_check(run: Run, project: Path, jobs: str) -> None:
    """Nothing but what this plugin finds is printed, whatever else flake8 would find."""
    (project / "ugly.py").write_text("import os;x=1 \n")
    done = run("check", f"-j{jobs}")
    assert (codes_of(done.stdout), done.stderr, done.returncode) == (FOUND, "", 1)
    done = run("check", "test_fine.py", f"-j{jobs}")
    assert (done.stdout, done.stderr, done.returncode) == ("", "", 0)


def test_as_flake8(run: Run, project: Path) -> None:
    """It finds what flake8 finds, and takes its options, its comments and its configuration."""
    lint = subprocess.run(
        [sys.executable, "-m", "flake8", "--select=MOT1,MOT2"],
        cwd=project, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run("check").stdout == lint.stdout
    assert run("check", "--extend-ignore=MOT101", "--exit-zero").returncode == 0
    test = project / "test_app.py"
    test.write_text(test.read_text().replace("import app", "import app  # noqa: MOT101"))
    assert codes_of(run("check").stdout) == FOUND[1:]
    (project / "setup.cfg").write_text("[flake8]\nper-file-ignores = test_shop.py: MOT202\n")
    assert run("check").stdout == ""


def test_broken_file(run: Run, project: Path) -> None:
    """A file that can't be parsed is reported as flake8 does, and hides nothing."""
    (project / "test_broken.py").write_text("def\n")
    done = run("check", "--sarif=out.json")
    assert "test_broken.py:1:5: E999 SyntaxError" in done.stdout, done.stdout
    results = json.loads((project / "out.json").read_text())["runs"][0]["results"]
    assert sorted(one["ruleId"] for one in results) == ["E999", "MOT101", "MOT202"]


def log_of(text: str) -> dict[str, Any]:
    """Return a log that is valid SARIF."""
    data: dict[str, Any] = json.loads(text)
    import_module("sarif_pydantic").Sarif.model_validate(data)
    return data


def test_sarif(run: Run, project: Path) -> None:
    """The log has every rule, and each finding with the steps that lead to it."""
    done = run("check", "--sarif=-")
    assert (done.stderr, done.returncode) == ("", 1)
    log = log_of(done.stdout)
    (one,) = log["runs"]
    rules = one["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == [rule.code for rule in all_rules()]
    assert all(rule["fullDescription"]["text"].endswith(".") for rule in rules)
    first = one["results"][0]
    assert rules[first["ruleIndex"]]["id"] == first["ruleId"] == "MOT101"
    place = first["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": "test_app.py", "uriBaseId": "SRCROOT"}
    assert place["region"] == {"startLine": 2, "startColumn": 1}
    assert one["originalUriBaseIds"]["SRCROOT"]["uri"] == project.as_uri() + "/"
    (flow,) = first["codeFlows"][0]["threadFlows"]
    steps = [step["location"] for step in flow["locations"]]
    assert [step["message"]["text"] for step in steps] == ["imports app", "calls boto3.client"]
    lines = [step["physicalLocation"]["region"]["startLine"] for step in steps]
    assert lines == [2, 3]


def test_sarif_elsewhere(run: Run, project: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """A file outside the working directory has an address of its own; names are quoted."""
    other = tmp_path_factory.mktemp("a b") / "test_x.py"
    other.write_text("import boto3, moto\ndef test_x(): boto3.client('s3').list_buckets()\n")
    log = log_of(run("check", "--sarif=-", str(other)).stdout)
    (result,) = log["runs"][0]["results"]
    place = result["locations"][0]["physicalLocation"]["artifactLocation"]
    assert place == {"uri": other.as_uri()}
    assert "%20" in place["uri"]


def test_sarif_of_what_has_gone(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that vanishes before its chains are asked for keeps its findings."""
    chains = linting.Checks.report

    def report(self: linting.Checks) -> None:
        chains(self)
        (project / "test_app.py").unlink()

    monkeypatch.setattr(linting.Checks, "report", report)
    assert main(["check", "--sarif=out.json", "-j1", "test_app.py"]) == 1
    (result,) = json.loads((project / "out.json").read_text())["runs"][0]["results"]
    assert result["ruleId"] == "MOT101"
    assert "codeFlows" not in result


@pytest.mark.parametrize("terminal", [True, False])
def test_progress(monkeypatch: pytest.MonkeyPatch, terminal: bool) -> None:
    """After a while, a terminal shows how many are done, and at the end nothing of that."""
    output = io.StringIO()
    monkeypatch.setattr(output, "isatty", lambda: terminal)
    now = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    with Progress(output, 4) as shown:
        for number in shown.over(range(4)):
            assert output.getvalue().count("of 4 files") == max(0, number - 1) * terminal
            now[0] += 0.6
    lines = output.getvalue().split("\r\x1b[K")
    assert lines == (
        ["", f"[{'#' * 12}{'.' * 12}] 2 of 4 files", f"[{'#' * 18}{'.' * 6}] 3 of 4 files",
         f"[{'#' * 24}] 4 of 4 files", ""] if terminal else [""]
    )  # fmt: skip


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_progress_of_check(
    project: Path, jobs: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A run counts every file, in one process or in several."""
    monkeypatch.setattr(progress, "PATIENCE", -1.0)
    monkeypatch.setattr(progress, "PAUSE", -1.0)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    assert main(["check", f"-j{jobs}"]) == 1
    assert "5 of 5 files" in capsys.readouterr().err


def test_no_processes(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no processes can be started, one does all."""
    monkeypatch.setattr(checker, linting.START, lambda *_: None)
    assert main(["check", "-j2"]) == 1


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    """The command tells its version."""
    with pytest.raises(SystemExit):
        main(["--version"])
    assert capsys.readouterr().out.startswith("flake8-moto-order ")
