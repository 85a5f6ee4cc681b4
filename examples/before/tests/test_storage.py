"""An image is kept in the bucket."""

from shop.storage import BUCKET, save  # error: MOT101

import boto3
from moto import mock_aws


@mock_aws
def test_save():
    s3 = boto3.client("s3", region_name="us-east-1")
    s3.create_bucket(Bucket=BUCKET)
    save("tea.png", b"...")
    assert s3.get_object(Bucket=BUCKET, Key="tea.png")["Body"].read() == b"..."
