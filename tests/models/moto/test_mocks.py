"""Models of moto: what is no mock, mocks that options name, and decorated classes."""

from __future__ import annotations

import pytest

from flake8_moto_order.effects import HandlerRegistered, MockStarted, MotoImported
from tests.memory import constant, machine_for, run, sent

LAZY = "4.0.13"


def test_not_called() -> None:
    """A mock that is not called is no context manager, and starts nothing."""
    effects = run("from moto import mock_aws\nwith mock_aws: pass").effects
    assert not any(isinstance(effect, MockStarted) for effect in effects)


@pytest.mark.parametrize("source", ["settings.is_test_proxy_mode()", "settings.TEST_SERVER_MODE"])
def test_settings(source: str) -> None:
    """Tests run without moto's server and proxy."""
    assert constant(f"from moto import settings\nx = {source}") is False


@pytest.mark.parametrize(("source", "registered"), [("import own", False), ("own.m()", True)])
def test_configured_mock_of_a_lazy_moto(source: str, registered: bool) -> None:
    """In lazy versions the handler joins when a mock of one's own is made, not at its import."""
    machine = machine_for({"main.py": f"import own\n{source}"}, LAZY, mocks=frozenset({"own.m"}))
    machine.load("main")
    assert any(isinstance(effect, MotoImported) for effect in machine.effects)
    found = any(isinstance(effect, HandlerRegistered) for effect in machine.effects)
    assert found is registered


METHODS = """
import boto3, functools
from moto import mock_aws
def bare(f):
    def wrapper(*a): return f(*a)
    return wrapper
def kept(f):
    @functools.wraps(f)
    def wrapper(*a): return f(*a)
    return wrapper
c = boto3.client('s3')
@mock_aws
class A:
    def _own(self): c.x()
    @bare
    def test_bare(self): c.x()
    @kept
    def test_kept(self): c.x()
    @kept
    @bare
    def test_kept_and_bare(self): c.x()
    @bare
    @kept
    def test_bare_and_kept(self): c.x()
    test_alias = kept(lambda self: c.x())
    test_cached = functools.lru_cache(test_kept)
    test_partial = functools.partial(c.x)
    def test_plain(self): c.x()
"""


@pytest.mark.parametrize(
    ("method", "covered"),
    [
        ("_own", False),
        ("test_bare", False),
        ("test_kept", True),
        ("test_kept_and_bare", False),
        ("test_bare_and_kept", False),
        ("test_alias", False),
        ("test_cached", False),
        ("test_partial", False),
        ("test_plain", True),
    ],
)
def test_methods_of_a_mocked_class(method: str, covered: bool) -> None:
    """moto wraps the methods that it finds in the class by their own name."""
    assert sent(run(f"{METHODS}A().{method}()").effects) == [("x", covered, True)]
