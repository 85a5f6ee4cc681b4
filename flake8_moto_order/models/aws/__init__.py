"""boto3, botocore, and other ways to AWS."""
