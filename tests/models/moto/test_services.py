"""Which services each mock of moto below 5 intercepts."""

from __future__ import annotations

import pytest

from flake8_moto_order.models.moto.names import added
from flake8_moto_order.models.moto.services import DASHED, covered_by, covers, mock_of

OLD_NAMES = {"all", "dynamodb2", "rds2", "xray_client"}


@pytest.mark.parametrize(
    ("suffix", "services"),
    [
        ("sqs", {"sqs"}),
        ("cognitoidp", {"cognito-idp"}),
        ("applicationautoscaling", {"application-autoscaling"}),
        ("iotdata", {"iot-data"}),
        ("lambda", {"lambda"}),
        ("awslambda", {"lambda"}),
        ("lambda_simple", {"lambda"}),
        ("dynamodb2", {"dynamodb"}),
        ("s3_deprecated", covered_by("s3")),
        ("nothing", {"nothing"}),
    ],
)
def test_own_service(suffix: str, services: set[str]) -> None:
    """A mock intercepts the service of its name, without its dashes; a few have another name."""
    assert covered_by(suffix) == services


@pytest.mark.parametrize(
    ("suffix", "service"),
    [
        ("elb", "elbv2"),
        ("elbv2", "elb"),
        ("rds2", "neptune"),
        ("neptune", "rds"),
        ("opensearch", "es"),
        ("s3", "s3control"),
        ("apigateway", "apigatewayv2"),
    ],
)
def test_shared_host(suffix: str, service: str) -> None:
    """A mock intercepts a service at the same host as well."""
    assert covers(suffix, service)


@pytest.mark.parametrize(
    ("suffix", "service"),
    [
        ("s3", "sqs"),
        ("s3control", "s3"),
        ("ses", "sesv2"),
        ("sesv2", "ses"),
        ("apigatewayv2", "apigateway"),
        ("dynamodb", "dynamodbstreams"),
        ("cognitoidp", "cognito-identity"),
        ("iot", "iot-data"),
        ("greengrass", "greengrassv2"),
        ("firehose", "kinesis"),
    ],
)
def test_other_path(suffix: str, service: str) -> None:
    """A similar name, or the same host with other paths, is not enough."""
    assert not covers(suffix, service)


@pytest.mark.parametrize(
    ("service", "mock"),
    [
        ("s3", "mock_s3"),
        ("cognito-idp", "mock_cognitoidp"),
        ("dynamodb", "mock_dynamodb"),
        ("docdb", "mock_rds"),
        ("s3tables", "mock_s3"),
        ("bedrock-runtime", "mock_aws of moto 5"),
        ("", "the mock"),
    ],
)
def test_mock_of_service(service: str, mock: str) -> None:
    """A service without a mock of its own needs one that intercepts it, or moto 5."""
    assert mock_of(service) == mock


@pytest.mark.parametrize("suffix", sorted({*added()} - OLD_NAMES))
def test_mock_of_own_service(suffix: str) -> None:
    """The mock named for a service intercepts it."""
    for service in covered_by(suffix):
        assert covers(mock_of(service).removeprefix("mock_"), service)


def test_dashed() -> None:
    """Each service with a dash has a mock."""
    assert {*DASHED} <= {*added()}
