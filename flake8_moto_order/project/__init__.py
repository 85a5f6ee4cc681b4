"""The project side: which files there are, how pytest sees them. It knows nothing of AWS."""

from flake8_moto_order.project.configuration import PytestConfiguration, find_configuration
from flake8_moto_order.project.finder import ModuleFile, find_module
from flake8_moto_order.project.layout import (
    Collected,
    collected_as,
    conftests,
    initial_conftests,
    initial_path,
)
from flake8_moto_order.project.requirements import required
from flake8_moto_order.project.sources import Linted, Sources
from flake8_moto_order.project.suite import is_test_file, test_files

__all__ = [
    "Collected",
    "Linted",
    "ModuleFile",
    "PytestConfiguration",
    "Sources",
    "collected_as",
    "conftests",
    "find_configuration",
    "find_module",
    "initial_conftests",
    "initial_path",
    "is_test_file",
    "required",
    "test_files",
]
