"""The call chain of boto3: what is put in the place of a step decides what is reached."""

from __future__ import annotations

import pytest

from flake8_moto_order.interpreter.values import Unknown
from flake8_moto_order.models.aws.chain import method_name, operation_name
from tests.memory import run, sent, value_of

HEAD = """
import boto3, botocore.client, botocore.session
from unittest.mock import MagicMock, patch

call = botocore.client.BaseClient._make_api_call
client, create = boto3.session.Session.client, botocore.session.Session.create_client

def work(): return boto3.client('s3').list_buckets()
def queue(): return boto3.resource('sqs').create_queue(QueueName='q')
def alone(): return boto3.Session().client('s3').list_buckets()
def below(): return botocore.session.get_session().create_client('s3').list_buckets()
def hand_on(self, name, given): return call(self, name, given)
def hand_on_client(self, *given, **named): return client(self, *given, **named)
def answer(self, name, given): return {} if name == 'ListBuckets' else call(self, name, given)
def fake(self, *given, **named): return MagicMock()
"""
STEPS = [
    "boto3._get_default_session", "boto3.Session", "boto3.DEFAULT_SESSION",
    "boto3.session.Session.client", "boto3.Session.client", "botocore.session.get_session",
    "botocore.session.Session.create_client", "botocore.session.Session",
    "botocore.client.ClientCreator", "botocore.client.ClientCreator.create_client",
]  # fmt: skip


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("function", ["work()", "queue()"])
def test_building_is_cut(step: str, function: str) -> None:
    """A client that a replaced step gives sends nothing, nor does a resource on top of it."""
    effects = run(f"{HEAD}with patch('{step}'): {function}").effects
    assert all(covered for _, covered, _ in sent(effects))


@pytest.mark.parametrize(
    ("source", "operations"),
    [
        ("with patch('boto3.session.Session'): work()", ["list_buckets"]),
        ("with patch('boto3.Session'): alone()", []),
        ("with patch('boto3.session.Session.resource'): work()", ["list_buckets"]),
        ("with patch('boto3.session.Session.resource'): queue()", []),
        ("with patch('botocore.session.get_session'): alone()", []),
        ("with patch('botocore.session.Session'): below()", []),
        ("with patch('botocore.client.ClientCreator'): below()", []),
        ("with patch('botocore.session.Session.create_client', fake): below()", []),
        ("with patch('botocore.session.Session.create_client', fake): work()", []),
        ("with patch('botocore.client.ClientCreator.create_client', fake): work()", []),
        ("with patch('boto3.Session'): work()\nwork()", []),
        ("boto3.client('s3')\nwith patch('boto3.Session'): work()", ["list_buckets"]),
        ("boto3.DEFAULT_SESSION = MagicMock()\nwork()\nboto3.DEFAULT_SESSION = None\nwork()",
         ["list_buckets"]),
        ("with patch('boto3.setup_default_session'):\n try: work()\n except TypeError: pass", []),
        ("def setup(): boto3.DEFAULT_SESSION = MagicMock()\n"
         "with patch('boto3.setup_default_session', setup): work()", []),
        ("boto3.setup_default_session()\nwork()", ["list_buckets"]),
        ("with patch('boto3.session.Session.client', hand_on_client): work()", ["list_buckets"]),
        ("with patch('boto3.session.Session.client', hand_on_client): queue()", ["create_queue"]),
        ("with patch('boto3._get_default_session', boto3.Session): work()", ["list_buckets"]),
        ("with patch('botocore.client.BaseClient._make_api_call', hand_on): work()",
         ["list_buckets"]),
        ("with patch('botocore.client.BaseClient._make_api_call', answer): work()", []),
        ("with patch('botocore.client.BaseClient._make_api_call', answer): queue()",
         ["create_queue"]),
        ("with patch('botocore.client.BaseClient._make_api_call'): work()", []),
        ("boto3.client('s3')._make_api_call('ListBuckets', {})", ["list_buckets"]),
        ("boto3.client('s3')._make_api_call(name, {})", [""]),
        ("s3 = boto3.client('s3')\ns3._make_api_call = MagicMock()\ns3.list_buckets()", []),
        ("call(1, 2)", []),
        ("client(1, 's3')", []),
    ],
)  # fmt: skip
def test_requests(source: str, operations: list[str]) -> None:
    """Only what the steps that are left send leaves."""
    found = sent(run(f"{HEAD}{source}").effects)
    assert [operation for operation, covered, _ in found if not covered] == operations


@pytest.mark.parametrize("name", ["_make_request", "nothing"])
def test_senders(name: str) -> None:
    """A request is cut where a step behind the API call is replaced."""
    step = f"botocore.client.BaseClient.{name}"
    found = sent(run(f"{HEAD}with patch('{step}'): work()").effects)
    assert found == [("list_buckets", name == "_make_request", True)]


def test_parts() -> None:
    """Where something is replaced that prepares a request, nobody knows what comes of it."""
    step = "botocore.endpoint.EndpointCreator.create_endpoint"
    assert sent(run(f"{HEAD}with patch('{step}'): work()").effects) == [
        ("list_buckets", False, False)
    ]


@pytest.mark.parametrize(
    ("operation", "method"),
    [
        ("ListBuckets", "list_buckets"), ("DescribeDBInstances", "describe_db_instances"),
        ("GetObjectACL", "get_object_acl"), ("ListObjectsV2", "list_objects_v2"), ("", ""),
    ],
)  # fmt: skip
def test_names(operation: str, method: str) -> None:
    """Methods are named as botocore names them."""
    assert method_name(operation) == method


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("def f(n, g): return n == 'DescribeDBInstances'", "DescribeDBInstances"),
        ("def f(n, g): return n == 'Other'", "DescribeDbInstances"),
        ("s = lambda n, _: n == 'DescribeDBInstances'\nf = MagicMock(side_effect=s)",
         "DescribeDBInstances"),
        ("f = MagicMock()", "DescribeDbInstances"),
    ],
)
def test_capitals(source: str, name: str) -> None:
    """A function gets the name of the operation that it asks for."""
    found = value_of(run(f"{HEAD}{source}"), "f")
    assert operation_name("describe_db_instances", found or Unknown("f")) == name
