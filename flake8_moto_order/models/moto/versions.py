"""Which moto version is in force, and what that version does.

Sources: moto's CHANGELOG.md and moto/__init__.py (lazy_load), moto/core/models.py of each version.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from flake8_moto_order.record import record

if TYPE_CHECKING:
    from packaging.specifiers import SpecifierSet
    from packaging.version import Version

# The last release of every series, oldest first.
RELEASES = (
    "1.3.14", "1.3.16", "2.0.11", "2.1.0", "2.2.20", "2.3.2", "3.0.7", "3.1.19", "4.0.13",
    "4.1.11", "4.1.15", "4.2.14", "5.0.28", "5.1.22", "5.2.5",
)
MENTION = re.compile(rb"\bmock_[a-z0-9_]+\b")
SERVICE_MOCK = re.compile(
    rb"from moto import [^#]{0,4000}?\bmock_(?!aws\b|all\b)\w|moto\.mock_(?!aws|all)\w"
)
ONE_MOCK = (5,)
NOT_A_SERVICE = {b"mock_calls", b"mock_open", b"mock_all", b"mock_add_spec"}


@record(frozen=True, slots=True)
class MotoFacts:
    """What a moto version does: when the handler joins, how many mocks there are, what they wrap.

    `allowed` are the releases that the project allows, none when nothing says so.
    """

    version: str
    registers_on_import: bool
    one_mock: bool
    swaps_default_session: bool
    wraps_inherited: bool
    allowed: tuple[tuple[int, ...], ...] = ()


def facts_of(version: Version) -> MotoFacts:
    """Return the facts of a version."""
    release = (*version.release, 0, 0)[:3]
    lazy = (1, 3, 15) <= release <= (4, 1, 11)
    return MotoFacts(
        str(version), not lazy, release >= ONE_MOCK, release >= (1, 3, 15), release < (3,)
    )


@cache
def releases() -> tuple[Version, ...]:
    """Return the known releases, oldest first."""
    from packaging.version import Version

    return tuple(map(Version, RELEASES))


@lru_cache(maxsize=64)
def allowed_releases(
    option: Version | None, required: SpecifierSet | None
) -> tuple[tuple[int, ...], ...]:
    """Return the releases that may be installed, none when that is not known."""
    if option is not None:
        return (option.release,)
    if required is None or not str(required):
        return ()
    found = tuple(version.release for version in releases() if required.contains(version))
    exact = pinned(required)
    return found or ((exact.release,) if exact else ())


def version_in_force(
    option: Version | None, required: SpecifierSet | None, mentions: bytes
) -> Version:
    """Choose the version: the option, else the newest release that requirement and names allow.

    `required` is what the project's files say, `mentions` the text of the test files: `mock_aws`
    exists from 5.0 on, `mock_<service>` below.
    """
    return _chosen(required, has_one_mock(mentions)) if option is None else option


@lru_cache(maxsize=64)
def _chosen(required: SpecifierSet | None, one_mock: bool | None) -> Version:
    allowed = [v for v in releases() if required is None or required.contains(v)]
    by_name = [v for v in allowed if one_mock is None or one_mock is (v.release >= ONE_MOCK)]
    for candidates in (by_name, allowed):
        if candidates:
            return candidates[-1]
    return pinned(required) or releases()[-1]


def has_one_mock(mentions: bytes) -> bool | None:
    """Tell whether a text takes the one mock of moto 5 or those of services; None if neither."""
    if b"moto" not in mentions:
        return None
    names = set(MENTION.findall(mentions)) - NOT_A_SERVICE
    if b"mock_aws" in names:
        return True
    return False if names and imports_service_mock(mentions) else None


def imports_service_mock(text: bytes) -> bool:
    """Tell whether a text takes a one-service mock from moto."""
    return bool(SERVICE_MOCK.search(text))


def pinned(required: SpecifierSet | None) -> Version | None:
    """Return the version that a requirement outside the known releases names."""
    from packaging.version import InvalidVersion, Version

    for specifier in required or ():
        try:
            return Version(specifier.version.removesuffix(".*"))
        except InvalidVersion:
            continue
    return None
