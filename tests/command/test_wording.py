"""What `explain` says of each thing that happens."""

from __future__ import annotations

from pathlib import Path

import pytest

from flake8_moto_order.command.main import main

HEAD = "import boto3, random, moto\nfrom moto import mock_aws\n"
CLIENT = "boto3.client('s3')"
BLIND = "builds boto3 client 's3', blind"


def lines(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[str]:
    """Return the lines that `explain` prints, without what draws the tree."""
    main(["explain", *arguments])
    return [line.lstrip("│├─└ ") for line in capsys.readouterr().out.splitlines()]


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (f"def test_a(): {CLIENT}.a()", "request s3.a leaves for AWS"),
        (f"def test_a(): random.random() < 1 and {CLIENT}.a()",
         "request s3.a leaves for AWS (in doubt)"),
        ("def test_a(): boto3.client('s3', endpoint_url='http://localhost')",
         "builds boto3 client 's3' for an endpoint of its own"),
        ("def test_a(): mock_aws().start()", "this mock is never stopped"),
        ("@mock_aws\nasync def test_a(): pass",
         "a mock decorates test_a, an async function, in vain"),
        ("from moto import mock_s3", "moto 5.1 has no mock_s3"),
    ],
)
def test_line(
    project: Path, capsys: pytest.CaptureFixture[str], source: str, said: str
) -> None:
    """A line says what happens, and whether that is certain."""
    (project / "test_a.py").write_text(f"{HEAD}{source}\n")
    assert any(line.partition("  (")[0] == said for line in lines(capsys, "test_a.py"))


@pytest.mark.parametrize(
    ("own", "files", "said"),
    [
        (CLIENT, {"test_a.py": f"import own\n{HEAD}"}, BLIND),
        (f"s3 = {CLIENT}",
         {"test_a.py": f"import own\n{HEAD}from moto.core import patch_client\n"
          "patch_client(own.s3)\n"},
         f"{BLIND}, kept, repaired later"),
        (f"s3 = {CLIENT}\nsqs = boto3.client('sqs')",
         {"test_a.py": "import own\n",
          "test_b.py": f"{HEAD}import own\n@mock_aws\ndef test_b(): own.s3.b()\n"},
         f"{BLIND}, kept, test_b.py gets it"),
    ],
)
def test_blind(
    project: Path,
    capsys: pytest.CaptureFixture[str],
    own: str,
    files: dict[str, str],
    said: str,
) -> None:
    """A line on a blind client says what becomes of it."""
    for name, text in {"own.py": f"import boto3\n{own}\n", **files}.items():
        (project / name).write_text(text)
    assert any(line.partition("  (")[0] == said for line in lines(capsys, "test_a.py"))
