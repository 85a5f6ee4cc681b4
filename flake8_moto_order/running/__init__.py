"""The test run: what pytest would run of one test file, in its order, in the symbolic session."""

from flake8_moto_order.running.run import run_tests
from flake8_moto_order.running.runner import Ran

__all__ = ["Ran", "run_tests"]
