"""A label is text only: no mock is needed here, but test_prices.py needs one."""

from shop.catalog import label  # error: MOT102


def test_label():
    assert label("tea", 350) == "tea: 3.50"
