"""Product images."""

from shop.aws import s3

BUCKET = "shop-images"


def save(name, data):
    """Keep an image under a name."""
    s3.put_object(Bucket=BUCKET, Key=name, Body=data)
