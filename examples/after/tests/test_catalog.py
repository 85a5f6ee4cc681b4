"""A label is text only: no mock is needed here, but test_prices.py needs one."""


def test_label():
    from shop.catalog import label  # silent: by now every test file was imported, and moto with them

    assert label("tea", 350) == "tea: 3.50"
