"""What stands in names can't reach a terminal as more than text."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flake8_moto_order.effects import Site, Trace
from flake8_moto_order.project import Sources
from flake8_moto_order.rules import check
from flake8_moto_order.rules.rule import Found, Rule
from flake8_moto_order.session.tracing import trace_file
from flake8_moto_order.settings import Settings
from tests.robustness.checking import write

ESCAPES = "\x1b]0;title\x07\x1b[31m\r\n\u202e\x9b"


@given(st.text(st.characters(), min_size=1))
def test_printable(text: str) -> None:
    """Whatever a rule says, its message is one printable line."""
    rule = Rule("MOT999", "any", lambda _: iter([Found(Site("/p/test_x.py", 1, 0), text, ())]))
    (found,) = rule.diagnose(Trace("/p/test_x.py", "/p", ()))
    assert found.message.isprintable()
    assert (found.message == text) is text.isprintable()


@pytest.mark.parametrize(
    "source",
    [
        f"import boto3\nboto3.client({ESCAPES!r}).list_things()\n",
        f"import boto3\ngetattr(boto3.client('s3'), {ESCAPES!r})()\n",
    ],
)
def test_names_in_texts(source: str, tmp_path: Path) -> None:
    """Names that a program makes up are shown without their control characters."""
    write(tmp_path, {"test_x.py": source, "pkg/__init__.py": ""})
    settings = Settings(scope="all")
    trace = trace_file(str(tmp_path / "test_x.py"), Sources(), settings, str(tmp_path))
    (found,) = check(trace)
    assert "\\x1b" in found.message
    assert found.message.isprintable()
