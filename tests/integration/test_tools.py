"""pre-commit runs our hooks; what the documentation tells users to copy is well formed."""

from __future__ import annotations

import configparser
import json
import os
import re
import shutil
import subprocess
import sys
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
PAGE = (ROOT / "docs" / "editors-and-ci.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
BLOCKS = [(match[1], match[2]) for match in BLOCK.finditer(PAGE)]
BLIND = "import app\nimport moto\n\nprint(app, moto)\n"


def git(folder: Path, *arguments: str) -> None:
    """Run git."""
    names = ("-c", "user.name=a", "-c", "user.email=a@example.org")
    subprocess.run(["git", *names, *arguments], cwd=folder, check=True, capture_output=True)


@pytest.mark.skipif(
    not find_spec("pre_commit") or not shutil.which("git"), reason="pre-commit or git is missing"
)
@pytest.mark.parametrize("hook", ["flake8-moto-order", "flake8"])
def test_pre_commit(hook: str, tmp_path: Path) -> None:
    """pre-commit makes an environment for a hook of this repository, and shows what is found."""
    for folder in ("plugin", "project"):
        (tmp_path / folder).mkdir()
        git(tmp_path / folder, "init", "-q")
    plugin, project = tmp_path / "plugin", tmp_path / "project"
    shutil.copytree(ROOT / "flake8_moto_order", plugin / "flake8_moto_order")
    for name in ("setup.cfg", "pyproject.toml", "README.md", "LICENSE", ".pre-commit-hooks.yaml"):
        shutil.copy(ROOT / name, plugin)
    git(plugin, "add", "-A")
    git(plugin, "commit", "-qm", "all")
    (project / "app.py").write_text("import boto3\n\ns3 = boto3.client('s3')\n")
    (project / "test_app.py").write_text(BLIND)
    git(project, "add", "-A")
    command = [sys.executable, "-m", "pre_commit", "try-repo", str(plugin), hook, "--all-files"]
    environment = {**os.environ, "PRE_COMMIT_HOME": str(tmp_path / "home")}
    done = subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True)
    assert "test_app.py:1:1: MOT101 " in done.stdout, done.stdout + done.stderr
    assert done.returncode == 1


@pytest.mark.skipif(not find_spec("yaml"), reason="PyYAML is not installed")
def test_snippets() -> None:
    """Each block in YAML, JSON, INI or Python can be read."""
    yaml = import_module("yaml")
    read = {
        "yaml": yaml.safe_load,
        "json": json.loads,
        "ini": lambda text: configparser.ConfigParser().read_string(text),
        "python": lambda text: compile(text, "snippet", "exec"),
    }
    assert {language for language, _ in BLOCKS} == set(read)
    for language, text in BLOCKS:
        read[language](text)
    for workflow in (ROOT / ".github" / "workflows").glob("*.yml"):
        assert yaml.safe_load(workflow.read_text(encoding="utf-8"))["jobs"]


def test_problem_matcher(tmp_path: Path) -> None:
    """The problem matcher reads path, place, code and message of what flake8 prints."""
    (text,) = [text for language, text in BLOCKS if '"problemMatcher"' in text]
    (pattern,) = json.loads(text)["problemMatcher"][0]["pattern"]
    (tmp_path / "app.py").write_text("import boto3\n\ns3 = boto3.client('s3')\n")
    (tmp_path / "test_app.py").write_text(BLIND)
    command = [sys.executable, "-m", "flake8"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    found = re.fullmatch(pattern["regexp"], done.stdout.rstrip("\n"))
    assert found
    names = ("file", "line", "column", "code")
    assert [found[pattern[name]] for name in names] == ["test_app.py", "1", "1", "MOT101"]
    assert found[pattern["message"]].startswith("'app' builds boto3 client")
