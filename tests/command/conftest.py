"""A small project, and a way to run the command in it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

FILES = {
    "app.py": "import boto3\n\ns3 = boto3.client('s3')\n\n\ndef save():\n    s3.put_object()\n",
    "quiet.py": "import os\n",
    "test_app.py": (
        "import quiet\nimport app\nfrom moto import mock_aws\n\n\n"
        "@mock_aws\ndef test_save():\n    app.save()\n"
    ),
    "test_shop.py": (
        "import boto3\nimport pytest\nfrom moto import mock_aws\n\n\n"
        "@pytest.fixture\ndef bucket():\n    boto3.client('s3').create_bucket(Bucket='b')\n\n\n"
        "class TestShop:\n    @mock_aws\n    def test_safe(self):\n"
        "        boto3.client('s3').list_buckets()\n\n    def test_none(self):\n        pass\n\n\n"
        "def test_bucket(bucket):\n    pass\n\n\ndef test_safe():\n    pass\n"
    ),
    "test_fine.py": "from moto import mock_aws\n",
}
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Write the project and go there."""
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "setup.cfg").write_text("[flake8]\nmoto-version = 5.1\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def run(project: Path) -> Run:
    """Run the command as a user does."""

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "flake8_moto_order", *arguments]
        return subprocess.run(
            command, cwd=project, capture_output=True, text=True, encoding="utf-8", check=False
        )

    return run
