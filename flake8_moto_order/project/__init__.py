"""The project side: which files there are, how pytest sees them. It knows nothing of AWS."""

from flake8_moto_order.project.configuration import (
    REPOSITORY,
    PytestConfiguration,
    find_configuration,
    is_below,
    upward,
)
from flake8_moto_order.project.finder import ModuleFile, find_module
from flake8_moto_order.project.layout import (
    Collected,
    collected_as,
    conftests,
    initial_conftests,
    initial_path,
)
from flake8_moto_order.project.mentions import is_mentioned
from flake8_moto_order.project.parsing import Deferred
from flake8_moto_order.project.requirements import required
from flake8_moto_order.project.seen import LINK, Listing, Seen, Wanted
from flake8_moto_order.project.sources import (
    Linted,
    Sources,
    Stamp,
    folder_stamp,
    read_text,
)
from flake8_moto_order.project.suite import is_test_code, is_test_file, test_files
from flake8_moto_order.project.territory import Territory, confine
from flake8_moto_order.project.text import ALL, Text

__all__ = [
    "ALL",
    "Deferred",
    "LINK",
    "REPOSITORY",
    "Collected",
    "Linted",
    "Listing",
    "ModuleFile",
    "PytestConfiguration",
    "Seen",
    "Sources",
    "Stamp",
    "Territory",
    "Text",
    "Wanted",
    "collected_as",
    "confine",
    "conftests",
    "find_configuration",
    "find_module",
    "folder_stamp",
    "initial_conftests",
    "initial_path",
    "is_below",
    "is_mentioned",
    "is_test_code",
    "is_test_file",
    "read_text",
    "required",
    "test_files",
    "upward",
]
