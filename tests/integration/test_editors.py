"""Editors show what is found in the text that a person sees, saved or not."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Any

import pytest

APP = "import boto3\n\ns3 = boto3.client('s3')\n"
SAVED = "import moto\nimport app\n\nprint(app, moto)\n"
UNSAVED = "import app\nimport moto\n\nprint(app, moto)\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Write a project whose test file is right on disk."""
    (tmp_path / "app.py").write_text(APP)
    (tmp_path / "test_app.py").write_text(SAVED)
    (tmp_path / "setup.cfg").write_text("[flake8]\nmoto-version = 5.1\n")
    return tmp_path


def send(stream: IO[bytes], **message: Any) -> None:
    """Send a message of the language server protocol."""
    body = json.dumps({"jsonrpc": "2.0", **message}).encode()
    stream.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
    stream.flush()


def receive(stream: IO[bytes]) -> dict[str, Any]:
    """Receive a message."""
    length = 0
    while (line := stream.readline().strip()) != b"":
        if line.lower().startswith(b"content-length:"):
            length = int(line.partition(b":")[2])
    message: dict[str, Any] = json.loads(stream.read(length))
    return message


@pytest.mark.skipif(not find_spec("pylsp"), reason="python-lsp-server is not installed")
def test_language_server(project: Path) -> None:
    """python-lsp-server publishes a diagnostic for text that is not saved, at its place."""
    command = [sys.executable, "-m", "pylsp"]
    uri = (project / "test_app.py").as_uri()
    plugins = {"flake8": {"enabled": True}, "pycodestyle": {"enabled": False}}
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as server:
        assert server.stdin and server.stdout
        send(server.stdin, id=1, method="initialize", params={
            "processId": None, "rootUri": project.as_uri(), "capabilities": {},
        })  # fmt: skip
        while receive(server.stdout).get("id") != 1:
            pass
        send(server.stdin, method="initialized", params={})
        settings = {"settings": {"pylsp": {"plugins": plugins}}}
        send(server.stdin, method="workspace/didChangeConfiguration", params=settings)
        document = {"uri": uri, "languageId": "python", "version": 1, "text": UNSAVED}
        send(server.stdin, method="textDocument/didOpen", params={"textDocument": document})
        found: list[dict[str, Any]] = []
        while not found:
            message = receive(server.stdout)
            if message.get("method") == "textDocument/publishDiagnostics":
                found = [d for d in message["params"]["diagnostics"] if d["code"] == "MOT101"]
        server.kill()
    assert found[0]["range"]["start"] == {"line": 0, "character": 0}
    assert "before moto is imported on line 2" in found[0]["message"]


def flake8(project: Path, *arguments: str, text: str | None = None) -> str:
    """Run flake8 and return what it prints."""
    command = [sys.executable, "-m", "flake8", *arguments]
    done = subprocess.run(command, cwd=project, input=text, capture_output=True, text=True)
    assert not done.stderr
    return done.stdout


def test_standard_input(project: Path) -> None:
    """The form that the Flake8 extension of VS Code uses finds what is in the text."""
    found = flake8(project, "--stdin-display-name", "test_app.py", "-", text=UNSAVED)
    assert found.startswith("test_app.py:1:1: MOT101 ")
    assert flake8(project, "--stdin-display-name", "test_app.py", "-", text=SAVED) == ""


@pytest.mark.skipif(not find_spec("flake8_noqa"), reason="flake8-noqa is not installed")
def test_flake8_noqa(project: Path) -> None:
    """flake8-noqa knows which of our comments silence something."""
    test = project / "test_app.py"
    test.write_text(UNSAVED.replace("import app\n", "import app  # noqa: MOT101\n"))
    assert flake8(project, "--noqa-require-code") == ""
    test.write_text(SAVED.replace("import app\n", "import app  # noqa: MOT101\n"))
    assert "NQA102" in flake8(project)
