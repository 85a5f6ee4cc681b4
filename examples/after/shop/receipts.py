"""The receipts of orders."""

import boto3

BUCKET = "shop-receipts"


def keep(order, text):
    """Keep the receipt of an order."""
    boto3.client("s3", region_name="us-east-1").put_object(Bucket=BUCKET, Key=order, Body=text)
