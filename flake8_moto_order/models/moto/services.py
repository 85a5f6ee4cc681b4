"""Which boto3 services each one-service mock of moto below 5 intercepts.

Source: the URL patterns of every backend (moto/*/urls.py, summed up in moto/backend_index.py) of
moto 1.3.16, 2.3.2, 3.1.19, 4.0.13 and 4.2.14, matched with the URL of every operation of the 436
services that botocore 1.44 knows, in two regions. A mock intercepts the service of its own name;
the tables below list what differs. An operation that moto does not implement may leave all the
same, and hosts that patterns of 1.3 match by accident are left out.

Only the last mock to stop takes the patterns away (moto/core/models.py, `stop`): until then the
services of those that stopped before stay intercepted.
"""

from __future__ import annotations

from flake8_moto_order.models.moto.names import added

# Services with a dash in their name; that of their mock has none.
DASHED = {
    service.replace("-", ""): service
    for service in """
    acm-pca application-autoscaling cognito-identity cognito-idp ec2-instance-connect emr-containers
    emr-serverless iot-data kinesis-video-archived-media mediastore-data rds-data redshift-data
    resource-groups sagemaker-runtime service-quotas sso-admin timestream-write
    """.split()
}
# Mocks whose name is not that of the service.
RENAMED = {
    "awslambda": "lambda",
    "batch_simple": "batch",
    "dynamodb2": "dynamodb",
    "lambda_simple": "lambda",
    "rds2": "rds",
}
# Services that a mock intercepts besides its own, as they share its host: all of their operations,
# or some. firehose was a part of the mock of kinesis before 2.2.7.
SHARED = {
    "apigateway": {"apigatewayv2"},
    "elb": {"elbv2"},
    "elbv2": {"elb"},
    "es": {"opensearch"},
    "kinesis": {"firehose"},
    "neptune": {"docdb", "rds"},
    "opensearch": {"es"},
    "rds": {"docdb", "neptune"},
    "s3": {"s3control", "s3outposts", "s3tables"},
}
# Services that have no mock of their own, and one that intercepts them.
ADOPTED = {"docdb": "rds", "s3outposts": "s3", "s3tables": "s3"}


def covered_by(suffix: str) -> frozenset[str]:
    """Return the boto3 services that `mock_<suffix>` intercepts."""
    suffix = suffix.removesuffix("_deprecated")
    own = DASHED.get(suffix) or RENAMED.get(suffix, suffix)
    return frozenset({own}) | SHARED.get(own, set())


def covers(suffix: str, service: str) -> bool:
    """Tell whether `mock_<suffix>` intercepts requests to a service, given by boto3's name."""
    return service in covered_by(suffix)


def mock_of(service: str) -> str:
    """Name the mock that a service needs below moto 5."""
    if not service:
        return "the mock"
    suffix = ADOPTED.get(service, service.replace("-", ""))
    return f"mock_{suffix}" if suffix in added() else "mock_aws of moto 5"
