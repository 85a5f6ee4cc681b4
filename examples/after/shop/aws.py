"""The AWS clients of the shop, built once and reused, as AWS recommends."""

import boto3

REGION = "eu-west-1"

s3 = boto3.client("s3", region_name=REGION)
