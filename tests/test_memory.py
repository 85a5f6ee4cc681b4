"""Every example of the rule pages is traced alike whatever the memory of calls remembers."""

from __future__ import annotations

from pathlib import Path

import pytest

from flake8_moto_order.effects import Trace
from flake8_moto_order.project import Sources, find_configuration, is_test_file
from flake8_moto_order.session.tracing import trace_file
from flake8_moto_order.settings import Settings
from tests.examples import EXAMPLES, version_of, write
from tests.pages import Case
from tests.runs import in_all_ways


def traces(folder: Path, case: Case) -> list[Trace]:
    """Trace the test files of an example, one after the other in one run of the plugin."""
    sources, settings = Sources(), Settings(moto_version=version_of(case))
    found = []
    for path in sorted(name for name in case.files if name.endswith(".py")):
        file = str(folder / path)
        configuration = find_configuration(sources, file, str(folder))
        if is_test_file(sources, configuration, file, ()):
            found.append(trace_file(file, sources, settings, str(folder), thorough=True))
    return found


@pytest.mark.parametrize("case", EXAMPLES, ids=[case.name for case in EXAMPLES])
def test_examples(tmp_path: Path, case: Case) -> None:
    """A trace without memory is that with one that remembers each call."""
    write(tmp_path, case, case.files)
    in_all_ways(lambda: traces(tmp_path, case))
