"""Where sessions and clients get their credentials from, and when: as they are built.

Sources: boto3/session.py (Session), botocore/session.py (Session.create_client),
botocore/credentials.py (EnvProvider, SharedCredentialProvider).
"""

from __future__ import annotations

from collections.abc import Mapping

from flake8_moto_order.interpreter.base import Arguments, Base
from flake8_moto_order.interpreter.values import Constant

CREDENTIALS = (
    "AWS_ACCESS_KEY_ID", "AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_SHARED_CREDENTIALS_FILE",
    "AWS_CONFIG_FILE",
)
SESSION_POSITIONS = {"profile_name": 5, "aws_access_key_id": 0}
CLIENT_POSITIONS = {"aws_access_key_id": 6}
# Credentials that may be given: nothing is known of them.
UNKNOWN = "?"


def given_credentials(arguments: Arguments, positions: Mapping[str, int]) -> str:
    """Name the credentials among the arguments of a session or client, `UNKNOWN` if it may be."""
    given = {name: arguments.get(position, name) for name, position in positions.items()}
    for name, value in given.items():
        if isinstance(value, Constant) and value.value:
            return name
    is_unknown = any(value and not isinstance(value, Constant) for value in given.values())
    return UNKNOWN if is_unknown or arguments.open else ""


def known(given: str) -> str:
    """Return the name of credentials that certainly are given."""
    return "" if given == UNKNOWN else given


def in_environment(machine: Base) -> bool:
    """Tell whether the environment has credentials, or names where they are."""
    environ = machine.environment.environ
    return environ.open or any(name in environ.slots for name in CREDENTIALS)
