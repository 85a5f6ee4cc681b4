"""The oracle: what a real run with pytest, boto3 and moto says of an example."""
