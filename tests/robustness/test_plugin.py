"""An error of ours inside flake8: logged where -v shows it, never raised."""

from __future__ import annotations

import ast
import logging
import subprocess
import sys
from pathlib import Path

import pytest

from flake8_moto_order.plugin import MotoOrderPlugin
from tests.robustness.checking import REQUEST, write

BREAK = """
import flake8_moto_order.session.tracing
def fail(*arguments):
    raise {error}('on purpose')
flake8_moto_order.session.tracing.trace_file = fail
from flake8.main.cli import main
raise SystemExit(main(['--select=MOT,F', *{arguments}]))
"""


@pytest.mark.parametrize("error", [ValueError, RecursionError, MemoryError, OSError])
def test_error_is_logged(
    error: type[Exception],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """An exception in a run gives no finding, and a warning with its traceback."""

    def fail(*arguments: object) -> None:
        raise error("on purpose")

    monkeypatch.setattr("flake8_moto_order.session.tracing.trace_file", fail)
    path = tmp_path / "test_x.py"
    with caplog.at_level(logging.WARNING, "flake8.moto_order"):
        assert not list(MotoOrderPlugin(ast.parse(REQUEST), str(path), [REQUEST]).run())
    (record,) = caplog.records
    assert record.name == "flake8.moto_order"
    assert str(path) in record.getMessage()
    assert record.exc_info and record.exc_info[0] is error


@pytest.mark.parametrize("verbose", [True, False])
def test_flake8_goes_on(verbose: bool, tmp_path: Path) -> None:
    """flake8 reports what other plugins find; it shows the error when it is started with -v."""
    write(tmp_path, {"test_x.py": "import os, moto\n" + REQUEST})
    arguments = ["-v", "test_x.py"] if verbose else ["test_x.py"]
    script = BREAK.format(error="ValueError", arguments=arguments)
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True
    )
    output = done.stdout + done.stderr
    assert "F401" in output
    assert ("not checked: ValueError('on purpose')" in output) is verbose
    assert ("in fail" in output) is verbose
    assert "MOT" not in done.stdout or verbose
    assert done.returncode == 1
