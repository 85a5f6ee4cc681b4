"""Every example of every rule page gives what its markers say; and how a page must be written."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Iterator
from pathlib import Path

import pytest
from flake8.main.application import Application
from packaging.version import Version

from tests.pages import FOLDER, Case, Malformed, every_case, parse

VERSIONS = [Version(text) for text in ("4.0.13", "4.2.14", "5.0.0", "5.2.5")]
CASES = [
    pytest.param(case, version, id=f"{case.name}-{version}")
    for case in every_case()
    for version in VERSIONS
    if case.applies(version)
]
FORM = "%(path)s:%(row)d:%(code)s"
GOOD = """\
# MOT101 a-name

```python
not a case
```

## Reported

### One

`tests/test_one.py`:
```python
import app  # error: MOT101
```
`app.py`:
````python
import boto3
TEXT = '''
```
'''
````

### Two

Only on moto `>=4.1,<5`.
Below moto 5: `mock_sqs`.
Not run: the reason.

`test_two.py`:
```python
import app  # error: MOT101 on moto<4.1.12 # error: MOT103
from moto import mock_aws, mock_aws_too
```

## Silent

### Three!

It is so.
Really.

`test_three.py`:

```python
import app  # error: MOT102 on moto<5
```

## Notes

### Not a case
"""


@pytest.fixture(scope="module", autouse=True)
def installed() -> Iterator[None]:
    """Let flake8 look for its plugins once instead of once per case."""
    found = list(importlib.metadata.distributions())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(importlib.metadata, "distributions", lambda: found)
        yield


def flake8(folder: Path, output: Path, *arguments: str) -> list[tuple[str, int, str]]:
    """Run flake8 as its command does and return path, line and code of the plugin's findings."""
    Application().run([f"--format={FORM}", f"--output-file={output}", "-j1", *arguments, "."])
    lines = output.read_text(encoding="utf-8").splitlines() if output.exists() else []
    found = [tuple(line.split(":")) for line in lines]
    return sorted(
        (Path(path).as_posix(), int(row), code) for path, row, code in found if code[:3] == "MOT"
    )


@pytest.mark.parametrize(("case", "version"), CASES)
def test_case(
    case: Case,
    version: Version,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """flake8 reports exactly what is marked, and the plugin fails nowhere."""
    folder = tmp_path / "case"
    case.write(folder, version)
    monkeypatch.chdir(folder)
    arguments = (f"--moto-version={version}", f"--extend-select={case.page}")
    assert flake8(folder, tmp_path / "output.txt", *arguments) == case.expected(version)
    assert not [record for record in caplog.records if record.name == "flake8.moto_order"]


def test_every_rule_has_its_cases() -> None:
    """Each page has its code as its name and no fewer than twelve cases."""
    for page in sorted(FOLDER.glob("MOT*.md")):
        assert page.read_text(encoding="utf-8").startswith(f"# {page.stem} ")
        assert len([case for case in every_case() if case.page == page.stem]) >= 12
