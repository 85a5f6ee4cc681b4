"""The test run: what pytest would run of one test file, in its order, in the symbolic session."""

from flake8_moto_order.session.running.run import run_tests
from flake8_moto_order.session.running.runner import Ran

__all__ = ["Ran", "run_tests"]
