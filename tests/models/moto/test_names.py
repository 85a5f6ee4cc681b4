"""Which mocks moto has by release, and what stands for one that is gone."""

from __future__ import annotations

import pytest

from flake8_moto_order.models.moto.names import (
    EACH_SERVICE,
    FOR_BOTO,
    Release,
    added,
    exists,
    replacement,
)


@pytest.mark.parametrize(
    ("name", "there", "gone"),
    [
        ("mock_s3", (4, 2, 14), (5, 0, 0)),
        ("mock_aws", (5, 0), (4, 2, 14)),
        ("mock_aws", (6, 1), (4,)),
        ("mock_dynamodb2", (3, 1, 19), (4, 0)),
        ("mock_rds2", (3, 1, 19), (4,)),
        ("mock_dynamodb", (4, 0, 0), (5,)),
        ("mock_s3_deprecated", (2, 3, 2), (3, 0, 0)),
        ("mock_all", (2, 2, 14), (2, 2, 13)),
        ("mock_all", (4, 2, 14), (5, 0, 0)),
        ("mock_sesv2", (4, 1, 9), (4, 1, 8)),
        ("mock_ecr", (1, 0, 1), (1, 0, 0)),
        ("mock_batch_simple", (3, 1, 8), (5, 2, 5)),
        ("mock_lambda_simple", (4, 2, 8), (4, 2)),
        ("mock_xray_client", (4, 2, 14), (5,)),
        ("mock_ses", (4, 2, 14, 1), (5, 0, 0, 1)),
    ],
)
def test_exists(name: str, there: Release, gone: Release) -> None:
    """A mock is there from the release that brought it to the one that took it away."""
    assert exists(name, there) is True
    assert exists(name, gone) is False


@pytest.mark.parametrize(
    ("name", "release"),
    [
        ("mock_typo", (4, 2, 14)),
        ("mock_s3", (0, 4, 31)),
        ("mock_typo_deprecated", (2, 0)),
        ("mock_events_deprecated", (2, 0)),
    ],
)
def test_not_known(name: str, release: Release) -> None:
    """Of a name that moto never had, or of an older moto, nothing is said."""
    assert exists(name, release) is None


@pytest.mark.parametrize("name", ["core", "settings", "XRaySegment", "__version__"])
def test_no_mock(name: str) -> None:
    """Other names of moto are not doubted."""
    assert exists(name, (5, 2, 5)) is True


def test_nothing_but_mock_aws_from_five_on() -> None:
    """moto 5 has one mock, so any other name is gone, one that never was there too."""
    assert not any(exists(f"mock_{service}", (5, 0, 0)) for service in (*added(), "typo"))


def test_mocks_of_known_releases() -> None:
    """The table has as many mocks as moto itself had, counted in its own __init__.py."""
    counts = {
        (1, 3, 14): 82, (1, 3, 16): 92, (2, 0, 11): 102, (2, 3, 2): 121, (3, 0, 7): 98,
        (3, 1, 19): 106, (4, 0, 13): 111, (4, 1, 15): 120, (4, 2, 14): 127, (5, 2, 5): 1,
    }
    names = ["aws", *added(), *(f"{service}_deprecated" for service in FOR_BOTO)]
    for release, count in counts.items():
        assert sum(exists(f"mock_{name}", release) is True for name in names) == count


@pytest.mark.parametrize(
    ("name", "release", "instead"),
    [
        ("mock_s3", (5, 0, 3), "mock_aws"),
        ("mock_all", (5,), "mock_aws"),
        ("mock_dynamodb2", (5, 2, 5), "mock_aws"),
        ("mock_s3_deprecated", (5, 2, 5), "mock_aws"),
        ("mock_lambda_simple", (5, 0), 'mock_aws(config={"lambda": {"use_docker": False}})'),
        ("mock_batch_simple", (5, 0), 'mock_aws(config={"batch": {"use_docker": False}})'),
        ("mock_xray_client", (5, 0), "mock_xray_client from moto.xray"),
        ("mock_dynamodb2", (4, 0), "mock_dynamodb"),
        ("mock_rds2", (4, 2, 14), "mock_rds"),
        ("mock_s3_deprecated", (3, 0), "mock_s3"),
        ("mock_rds2_deprecated", (4, 1), "mock_rds"),
        ("mock_dynamodb_deprecated", (3, 0, 7), "mock_dynamodb2"),
        ("mock_dynamodb2_deprecated", (3, 0, 7), "mock_dynamodb2"),
        ("mock_dynamodb_deprecated", (3, 1), "mock_dynamodb"),
        ("mock_sesv2", (4, 0, 13), "mock_sesv2 of moto 4.1.9 or later"),
        ("mock_sesv2", (4, 1), "mock_sesv2 of moto 4.1.9 or later"),
        ("mock_sesv2_deprecated", (4, 1, 9), "mock_sesv2"),
        ("mock_aws", (4, 2, 14), EACH_SERVICE),
        ("mock_all", (2, 0), EACH_SERVICE),
        ("mock_typo", (4, 2, 14), EACH_SERVICE),
    ],
)
def test_replacement(name: str, release: Release, instead: str) -> None:
    """What to write instead is a name that this release has, or says which one has it."""
    assert replacement(name, release) == instead


def test_replacements_exist() -> None:
    """Each mock that a release does not have is replaced by what it has, or by a later moto."""
    for release in ((2, 0, 0), (3, 0, 7), (3, 1, 0), (4, 0, 13), (4, 2, 14), (5, 2, 5)):
        for service in (*added(), *(f"{service}_deprecated" for service in FOR_BOTO)):
            if exists(f"mock_{service}", release) is False:
                instead = replacement(f"mock_{service}", release).partition("(")[0]
                known = exists(instead, release) or " of moto " in instead
                assert known or "moto.xray" in instead or instead == EACH_SERVICE
