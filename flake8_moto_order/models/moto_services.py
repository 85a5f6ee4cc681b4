"""Which services a one-service mock of moto below 5 intercepts, in boto3's names.

Derived from moto 4.2.14's backend_index.py (URL patterns of every backend) and botocore's
endpoints: a mock intercepts the service of its own name, and those whose host it matches too.
"""

from __future__ import annotations

# Suffixes of mocks that are not the name of the service without its dashes.
RENAMED = {
    "awslambda": "lambda",
    "lambda_simple": "lambda",
    "batch_simple": "batch",
    "dynamodb2": "dynamodb",
}
# Hosts in common: such a mock may intercept these services as well.
SHARED = {
    "apigateway": {"apigatewayv2"},
    "apigatewayv2": {"apigateway"},
    "elb": {"elbv2"},
    "elbv2": {"elb"},
    "es": {"opensearch"},
    "greengrass": {"greengrassv2"},
    "kinesisvideo": {"kinesis-video-archived-media", "kinesis-video-media"},
    "opensearch": {"es"},
    "rds": {"docdb", "neptune"},
    "s3": {"s3outposts", "s3tables"},
    "ses": {"sesv2", "pinpoint-email"},
    "sesv2": {"ses", "pinpoint-email"},
}


def covers(suffix: str, service: str) -> bool:
    """Tell whether `mock_<suffix>` intercepts requests to a service, given by boto3's name."""
    own = RENAMED.get(suffix, suffix)
    plain = service.replace("-", "").replace("_", "")
    return own == plain or service in SHARED.get(own, ())


def mock_of(service: str) -> str:
    """Name the mock that a service needs."""
    return f"mock_{service.replace('-', '').replace('_', '')}" if service else "the mock"
