"""Which version of moto is in force, and what it does."""

from __future__ import annotations

import pytest
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from flake8_moto_order.models.moto.versions import (
    RELEASES,
    facts_of,
    has_one_mock,
    version_in_force,
)


@pytest.mark.parametrize(
    ("version", "on_import", "one_mock", "swaps"),
    [
        ("1.3.14", True, False, False),
        ("1.3.15", False, False, True),
        ("2.0", False, False, True),
        ("4.1.11", False, False, True),
        ("4.1.12", True, False, True),
        ("4.2", True, False, True),
        ("5.0.0a1", True, True, True),
        ("5", True, True, True),
        ("6.1.2.3", True, True, True),
    ],
)
def test_facts(version: str, on_import: bool, one_mock: bool, swaps: bool) -> None:
    """moto is lazy from 1.3.15 to 4.1.11, and has one mock from 5 on."""
    facts = facts_of(Version(version))
    assert (facts.registers_on_import, facts.one_mock) == (on_import, one_mock)
    assert facts.swaps_default_session is swaps


@pytest.mark.parametrize(
    ("option", "required", "mentions", "version"),
    [
        ("4.0.1", "<4", b"from moto import mock_aws", "4.0.1"),
        (None, None, b"", RELEASES[-1]),
        (None, None, b"from moto import mock_aws", RELEASES[-1]),
        (None, None, b"from moto import mock_s3", "4.2.14"),
        (None, None, b"import moto\nmoto.mock_s3()", "4.2.14"),
        (None, None, b"from moto import mock_all", RELEASES[-1]),
        (None, None, b"import moto\nm.mock_calls", RELEASES[-1]),
        (None, "<5", b"", "4.2.14"),
        (None, ">=4,<4.1", b"from moto import mock_s3", "4.0.13"),
        (None, ">=5", b"from moto import mock_s3", RELEASES[-1]),
        (None, "==4.1.3", b"", "4.1.3"),
        (None, "==9.9.*", b"", "9.9"),
        (None, "===strange", b"", RELEASES[-1]),
        (None, "===strange,==9.8", b"", "9.8"),
    ],
)
def test_version(option: str | None, required: str | None, mentions: bytes, version: str) -> None:
    """The option wins, then what files and names allow, then a pin, then the newest."""
    chosen = Version(option) if option else None
    specifiers = SpecifierSet(required) if required else None
    assert str(version_in_force(chosen, specifiers, mentions)) == version


@pytest.mark.parametrize(
    ("text", "one_mock"),
    [
        (b"from moto import mock_aws", True),
        (b"from moto import mock_s3", False),
        (b"from moto import (\n    mock_s3,\n)", False),
        (b"mock_s3", None),
        (b"import moto", None),
        (b"moto mock_open mock_calls", None),
    ],
)
def test_names(text: bytes, one_mock: bool | None) -> None:
    """The names that a file takes from moto tell versions apart."""
    assert has_one_mock(text) is one_mock
