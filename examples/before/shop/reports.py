"""The monthly reports."""

import boto3

BUCKET = "shop-reports"


def months():
    """List the months that have a report."""
    s3 = boto3.client("s3", region_name="eu-west-1")
    return [item["Key"] for item in s3.list_objects_v2(Bucket=BUCKET).get("Contents", [])]


def title(month):
    """Name the report of a month."""
    return f"Sales of {month}"
