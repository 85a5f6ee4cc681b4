"""No code of the project is imported or executed: each of its files would leave a mark."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

MARK = "import pathlib\npathlib.Path(r'{marks}', __name__ + '.mark').touch()\n"
FILES = {
    "setup.py": "",
    "conftest.py": "pytest_plugins = ['own_plugin', 'pytester']\n",
    "own_plugin.py": "import shop\n",
    "option_plugin.py": "",
    "sitecustomize.py": "",
    "usercustomize.py": "",
    "boto3.py": "",
    "moto/__init__.py": "",
    "flake8_moto_order.py": "",
    "shop/__init__.py": "import shop.aws\n",
    "shop/aws.py": "import boto3\nclient = boto3.client('s3')\n",
    "tests/__init__.py": "",
    "tests/conftest.py": "from shop import aws\n",
    "tests/test_shop.py": "import shop.aws\nfrom moto import mock_aws\n"
    "@mock_aws\ndef test_shop(): shop.aws.client.list_buckets()\n",
}


def run(folder: Path, *command: str) -> str:
    """Run Python in a folder; nothing but what the command itself does puts that on its path."""
    done = subprocess.run(
        [sys.executable, "-I", "-B", *command], cwd=folder, capture_output=True, text=True
    )
    return done.stdout + done.stderr


def test_nothing_is_executed(tmp_path: Path) -> None:
    """flake8 finds what is to be found, and no file of the project has run."""
    marks, project = tmp_path / "marks", tmp_path / "project"
    marks.mkdir()
    for name, text in FILES.items():
        path = project / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(MARK.format(marks=marks) + text, encoding="utf-8")
    (project / "pytest.ini").write_text("[pytest]\naddopts = -p option_plugin\npythonpath = .\n")
    (project / "requirements.txt").write_text("moto>=5\n")
    found = run(project, "-m", "flake8", "--select=MOT", "--moto-order-scope=all")
    assert "not checked" not in found
    assert "MOT" in found
    assert list(marks.iterdir()) == []
    run(project, "-c", "import sys; sys.path.insert(0, '.'); import shop.aws")
    assert {mark.stem for mark in marks.iterdir()} >= {"shop", "boto3"}
