"""The price comes from the table of products."""

import boto3
from moto import mock_aws

from shop.catalog import price


@mock_aws
def test_price():
    table = boto3.resource("dynamodb", region_name="eu-west-1").create_table(
        TableName="products",
        KeySchema=[{"AttributeName": "name", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "name", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    table.put_item(Item={"name": "tea", "cents": 350})
    assert price("tea") == 350
