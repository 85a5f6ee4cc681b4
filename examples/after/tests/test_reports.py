"""Each report has a title."""

import boto3
from moto import mock_aws

from shop.reports import BUCKET, months, title


@mock_aws
def test_title():
    s3 = boto3.client("s3", region_name="us-east-1")
    s3.create_bucket(Bucket=BUCKET)
    s3.put_object(Bucket=BUCKET, Key="May", Body=b"...")
    assert [title(month) for month in months()] == ["Sales of May"]  # silent: asked under the mock
