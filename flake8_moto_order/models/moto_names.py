"""Which mocks moto has by version, and what to write instead of one that is gone.

Sources: moto/__init__.py of the releases 1.3.14 to 5.2.5; moto's CHANGELOG.md, "5.0.0" (one
`mock_aws` for all services) and "3.1.0", "4.0.0", "4.1.0" (renamed mocks).
"""

from __future__ import annotations

Release = tuple[int, ...]
ONE_MOCK = (5,)
NOT_OURS = {"mock_xray_client"}
SIMPLE = {"mock_lambda_simple": "lambda", "mock_batch_simple": "batch"}


def exists(name: str, release: Release) -> bool:
    """Tell whether a release has the mock `name`, as far as the rules below say."""
    if name in NOT_OURS or not name.startswith("mock_"):
        return True
    if name == "mock_aws":
        return release >= ONE_MOCK
    return release < ONE_MOCK


def replacement(name: str) -> str:
    """Say what to write instead of a mock that does not exist."""
    if name in SIMPLE:
        service = SIMPLE[name]
        return f'mock_aws(config={{"{service}": {{"use_docker": False}}}})'
    if name == "mock_aws":
        return "the mock of each service in use, such as mock_s3"
    return "mock_aws"
