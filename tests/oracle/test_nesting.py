"""MOT208 speaks of mocks that start inside others of the same services: a real run counts them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from packaging.version import Version

from tests.pages import Case, every_case

# From moto 5 on there is one mock; below, the mocks of a service share its backends.
NOTING = """\
import os
from moto.core import models
kind = getattr(models, "MockAWS", None) or models.BotocoreEventMockAWS
active = []
def services(mock):
    backends = getattr(mock, "backends", None)
    return frozenset(map(id, backends.values())) if backends else frozenset("*")
def watch(kind):
    start, stop = kind.start, kind.stop
    def started(self, *arguments, **keywords):
        if any(services(self) & services(other) for other in active):
            with open(os.environ["NOTED"], "a") as file:
                print("nested", file=file)
        active.append(self)
        return start(self, *arguments, **keywords)
    def stopped(self, *arguments, **keywords):
        if self in active:
            active.remove(self)
        return stop(self, *arguments, **keywords)
    kind.start, kind.stop = started, stopped
watch(kind)
"""
CASES = [case for case in every_case() if case.page == "MOT208"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_nesting(case: Case, moto: Version, tmp_path: Path) -> None:
    """A mock starts inside another where that is reported, and else not, unless it is in doubt."""
    if not case.applies(moto):
        pytest.skip(f"about moto {case.moto}")
    project, plugins, noted = (tmp_path / name for name in ("project", "plugins", "noted"))
    case.write(project, moto)
    plugins.mkdir()
    (plugins / "noting.py").write_text(NOTING)
    environment = {
        **os.environ, "PYTHONPATH": str(plugins), "NOTED": str(noted),
        "AWS_DEFAULT_REGION": "us-east-1",
    }  # fmt: skip
    command = [sys.executable, "-m", "pytest", "-q", "-p", "noting", "-p", "no:cacheprovider"]
    done = subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
    assert noted.exists() is (case.reported or case.title == "A mock that may be active")
