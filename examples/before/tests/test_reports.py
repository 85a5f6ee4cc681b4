"""Each report has a title."""

import pytest
from moto import mock_aws

from shop.reports import months, title


@mock_aws
@pytest.mark.parametrize("month", months())  # error: MOT103
def test_title(month):
    assert title(month) == f"Sales of {month}"
