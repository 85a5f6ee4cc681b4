"""What parametrize and fixtures with parameters give, and fixtures that are asked for by name."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.runs import requests_of, run

HEAD = """
import contextlib
def make(): return mock_aws()
ROWS = [(mock_aws(), 1), (mock_aws(), 2)]
@pytest.fixture
def mocked():
    with mock_aws():
        yield
@pytest.fixture
def plain(): pass
@pytest.fixture
def opened(request):
    with request.param:
        yield
@pytest.fixture(params=[mock_aws, mock_aws])
def either(request):
    with request.param():
        yield
@pytest.fixture(scope="module")
def wide(request):
    with request.param:
        yield
@pytest.fixture
def chosen(request):
    marker = request.node.get_closest_marker("use")
    return request.getfixturevalue(marker.args[0] if marker else "plain")
@pytest.fixture
def keyword(request):
    return request.getfixturevalue(request.node.get_closest_marker("use").kwargs["name"])
@pytest.fixture
def unknown(request):
    return request.getfixturevalue(request.node.name)
"""
IN = "(c):\n    with c: aws.a()\n"
CALLED = "(c):\n    with c(): aws.a()\n"
PLAIN = "():\n    aws.a()\n"
CASES = [
    ("parametrize('c', [mock_aws()])", IN, ""), ("parametrize('c', [mock_aws])", CALLED, ""),
    ("parametrize('c', [pytest.param(mock_aws(), id='a')])", IN, ""),
    ("parametrize('c', [mock_aws()])", "(c):\n    c.start()\n    aws.a()\n    c.stop()\n", ""),
    ("parametrize('c, n', ROWS)", "(c, n):\n    with c: aws.a()\n", ""),
    ("parametrize(['c'], [[mock_aws()]])", IN, ""), ("parametrize('c', [make()])", IN, ""),
    ("parametrize('c,n', [pytest.param(mock_aws(), 1)])", "(c, n):\n    with c: aws.a()\n", ""),
    ("parametrize(argnames='c', argvalues=[mock_aws()])", IN, ""),
    ("parametrize('c', [contextlib.nullcontext()])", IN, "a"),
    ("parametrize('n', [1])\n@pytest.mark.parametrize('c', [mock_aws()])",
     "(c, n):\n    with c: aws.a()\n", ""),
    ("parametrize('c', y)", IN, "a?"), ("parametrize('c', [mock_aws(), y])", IN, "a?"),
    ("parametrize('c, n', [y])", "(c, n):\n    with c: aws.a()\n", "a?"),
    ("parametrize('c', [pytest.param(1, marks=pytest.mark.skip), mock_aws()])", IN, ""),
    ("parametrize('c', [False])", "(c):\n    if not c: aws.a()\n", "a"),
    ("parametrize('c', [True])", "(c):\n    if not c: aws.a()\n", ""),
    ("parametrize('c', [True, False])", "(c):\n    if not c: aws.a()\n", "a?"),
    ("parametrize('c', [aws.b])", "(c):\n    c()\n", "b"),
    ("parametrize('c', ['mocked'])", "(c, request):\n    request.getfixturevalue(c)\n    aws.a()\n",
     ""),
    ("parametrize('opened', [mock_aws()], indirect=True)", "(opened):\n    aws.a()\n", ""),
    ("parametrize('wide', [mock_aws()], indirect=True)", "(wide):\n    aws.a()\n", "a?"),
    ("usefixtures('either')", PLAIN, ""), ("use('mocked')", "(chosen):\n    aws.a()\n", ""),
    ("use('plain')", "(chosen):\n    aws.a()\n", "a"), ("other", "(chosen):\n    aws.a()\n", "a"),
    ("use(name='mocked')", "(keyword):\n    aws.a()\n", ""),
    ("other", "(unknown):\n    aws.a()\n", "a?"),
    ("use('mocked')", "(request):\n    assert request.node.get_closest_marker('use').name\n", ""),
]  # fmt: skip


@pytest.mark.parametrize(("mark", "test", "calls"), CASES)
def test_given(tmp_path: Path, mark: str, test: str, calls: str) -> None:
    """A test has one of the values that are given; what comes of it is in doubt if they differ."""
    trace = run(tmp_path, f"{HEAD}@pytest.mark.{mark}\ndef test_it{test}")
    leaks = [each for each in requests_of(trace) if not each.covered]
    assert " ".join(each.operation + "?" * (not each.certain) for each in leaks) == calls
