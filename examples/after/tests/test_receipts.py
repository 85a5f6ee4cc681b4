"""An order has a receipt."""

import boto3
import pytest
from moto import mock_aws

from shop.receipts import BUCKET, keep


@pytest.fixture
def bucket():
    with mock_aws():
        s3 = boto3.client("s3", region_name="us-east-1")
        s3.create_bucket(Bucket=BUCKET)
        yield s3  # silent: the test runs inside the mock


def test_keep(bucket):
    keep("1", "tea 3.50")
    assert bucket.get_object(Bucket=BUCKET, Key="1")["Body"].read() == b"tea 3.50"


def test_keep_twice(bucket):
    keep("1", "tea 3.50")
    keep("1", "tea 4.00")
