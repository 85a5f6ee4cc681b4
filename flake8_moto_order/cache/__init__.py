"""Verdicts on disk: kept with everything they depend on, recalled while nothing of that changed.

A test file's verdict depends on its text, on the options and on what the disk answered: which
files there are and what they hold. The first are its key, the answers are kept beside it.
"""

from flake8_moto_order.cache.cache import Cache
from flake8_moto_order.cache.keys import Case

__all__ = ["Cache", "Case"]
