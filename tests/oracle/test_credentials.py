"""MOT104, MOT301 and MOT302 tell whose credentials a client gets: a real run shows it.

The machine of that run has credentials in its home folder. A client that gets these, not those of
the tests, is what MOT104 and MOT302 report; one that gets what the code under test says, MOT301.
"""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
from packaging.version import Version

from tests.pages import Case, every_case

MACHINE = "[default]\naws_access_key_id = MACHINE\naws_secret_access_key = key\n"
PROFILES = (
    "[testing]\naws_access_key_id = PROFILE\naws_secret_access_key = key\n"
    "[production]\naws_access_key_id = AKIA\naws_secret_access_key = key\n"
)
SECTIONS = ("default", "profile testing", "profile production")
REGIONS = "".join(f"[{name}]\nregion = us-east-1\n" for name in SECTIONS)
NOTING = """\
import botocore.client, os
create_client = botocore.client.ClientCreator.create_client
def create(self, *arguments, **keywords):
    if keywords["endpoint_url"] is None:
        note(keywords["credentials"])
    return create_client(self, *arguments, **keywords)
def note(credentials):
    with open(os.environ["NOTED"], "a") as file:
        print(credentials.access_key if credentials else "none", file=file)
botocore.client.ClientCreator.create_client = create
"""
# Clients of the machine that are no matter of MOT104: the page says why.
OTHERS = {"Nobody sets them", "A client that no test uses", "A region that is set late"}
CASES = [case for case in every_case() if case.page in ("MOT104", "MOT301", "MOT302")]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_credentials(case: Case, moto: Version, tmp_path: Path) -> None:
    """Clients get other credentials than those of the tests where that is reported, else not."""
    if not case.applies(moto):
        pytest.skip(f"about moto {case.moto}")
    if case.title == "pytest-env" and not find_spec("pytest_env"):
        pytest.skip("pytest-env is not installed")
    project, home, plugins = (tmp_path / name for name in ("project", "home", "plugins"))
    case.write(project, moto)
    (project / "settings.json").write_text(
        '{"aws_access_key_id": "given", "aws_secret_access_key": "key"}'
    )
    for path, text in {
        home / ".aws" / "credentials": MACHINE + PROFILES,
        home / ".aws" / "config": REGIONS,
        plugins / "noting.py": NOTING,
    }.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    noted = tmp_path / "noted"
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("AWS_")},
        "HOME": str(home), "USERPROFILE": str(home), "PYTHONPATH": str(plugins),
        "NOTED": str(noted), "AWS_EC2_METADATA_DISABLED": "true", "SHOP_PROFILE": "testing",
    }  # fmt: skip
    command = [sys.executable, "-m", "pytest", "-q", "-p", "noting", "-p", "no:cacheprovider"]
    done = subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True)
    assert done.returncode in (0, 5), done.stdout
    keys = noted.read_text().split() if noted.exists() else []
    if case.page != "MOT301":
        assert ("MACHINE" in keys) is (case.reported or case.title in OTHERS), keys
    elif keys:
        assert ("AKIA" in keys) is case.reported, keys
