"""The comparison finds every way in which the plugin and a real run can disagree."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from packaging.version import Version

from tests.fuzz.comparing import compare
from tests.fuzz.linting import Said, lint
from tests.pages import Case

MOTO = Version("5.2.5")
FILES = {
    "app.py": (
        'import boto3\n\n\ndef use():\n    boto3.client("s3").list_buckets()\n\n\n'
        "def doubtful(number):  # doubt: condition\n    use()\n\n\ndef other():\n    use()\n"
    ),
    "test_b.py": (
        "import moto\nimport pytest\nfrom app import *\n\n\n"
        "@pytest.fixture\ndef sent():\n    use()\n\n\n"
        "def test_sent(sent):\n    use()\n\n\n"
        "@moto.mock_aws\ndef test_safe():\n    use()\n\n\n"
        "def test_left():\n    moto.mock_aws().start()\n"
    ),
}
CASE = Case("fuzz", "fuzz", True, FILES, (), "")
SETUP = [["app.py", 5], ["test_b.py", 8]]
CALL = [["app.py", 5], ["test_b.py", 12]]
SAFE = [["app.py", 5], ["test_b.py", 17]]
LEFT = {"test": "test_b.py::test_left", "lines": [["test_b.py", 21]], "stopped": False}


def leak(test: str, phase: str, sent: list[list[Any]], mocked: bool = False) -> dict[str, Any]:
    """Return a request that left, as the recorder tells it."""
    return {
        "test": f"test_b.py::{test}" if test else "", "phase": phase, "sent": sent,
        "built": [["app.py", 5]], "defined": None, "mocked": mocked, "mocks": 0,
    }


def ran(*leaks: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """Return the result of a run."""
    tests = [f"test_b.py::{name}" for name in ("test_sent", "test_safe", "test_left")]
    return {
        "leaks": [*leaks], "starts": [LEFT], "ran": tests, "left": [], "blind": [],
        "lines": {"covered": [], "bare": []}, "failed": [], "errors": [], "exit": 0, "output": "",
        **changes,
    }


LEAKS = (leak("test_sent", "setup", SETUP), leak("test_sent", "call", CALL))
HAPPENED = ran(*LEAKS)


@pytest.fixture
def said(tmp_path: Path) -> dict[str, Said]:
    """Return what the plugin says of the project."""
    CASE.write(tmp_path, MOTO)
    return lint(tmp_path, MOTO)


def kinds(said: dict[str, Said], **results: dict[str, Any]) -> list[str]:
    """Return the kinds of disagreement with runs of the file alone and of all."""
    names = {"alone": "test_b.py", "together": ""}
    verdict = compare(CASE, said, {names[name]: result for name, result in results.items()})
    return [one.kind for one in verdict.wrong]


def test_agreement(said: dict[str, Said]) -> None:
    """What happens is found, at the line where it happens."""
    assert [code for _, code, _ in said["test_b.py"].findings] == ["MOT202", "MOT201", "MOT207"]
    assert not kinds(said, alone=HAPPENED, together=HAPPENED)


@pytest.mark.parametrize(
    ("result", "expected"),
    [
        (ran(LEAKS[0]), ["not sent", "false alarm"]),
        (ran(LEAKS[1]), ["not sent", "false alarm"]),
        (ran(*LEAKS, leak("test_safe", "call", SAFE)), ["not expected", "no finding"]),
        (ran(*LEAKS, leak("", "collection", [["test_b.py", 3]])), ["not expected", "no finding"]),
        (ran(*LEAKS, leak("", "collection", [])), ["not expected", "no finding"]),
        (ran(*LEAKS, starts=[{**LEFT, "stopped": True}]), ["false alarm"]),
        (ran(*LEAKS, starts=[LEFT, {**LEFT, "lines": [["test_b.py", 17]]}]), ["mock left"]),
        (ran(*LEAKS, exit=3), ["does not run"]),
        (ran(LEAKS[0], leak("test_sent", "call", [["app.py", 6], ["test_b.py", 12]])),
         ["not sent", "not expected"]),
        (ran(LEAKS[0], leak("test_sent", "call", [["app.py", 5], ["test_b.py", 11]])),
         ["not sent", "not expected"]),
    ],
)
def test_disagreement(
    said: dict[str, Said], result: dict[str, Any], expected: list[str]
) -> None:
    """A wrong test, phase, line or mock is a disagreement."""
    assert kinds(said, alone=result) == expected


def test_default(said: dict[str, Said]) -> None:
    """A run by default that finds other things than a thorough one is a disagreement."""
    changed = {"test_b.py": said["test_b.py"]._replace(thorough=[])}
    assert kinds(changed, alone=HAPPENED) == ["default"]


def test_doubt(said: dict[str, Said]) -> None:
    """A request from a place that the documentation calls doubtful is excused, and counted."""
    doubtful = leak("test_safe", "call", [["app.py", 9], ["test_b.py", 17]])
    verdict = compare(CASE, said, {"test_b.py": ran(*LEAKS, doubtful)})
    assert not verdict.wrong
    assert verdict.excused == {"condition": 1}
    other = leak("test_safe", "call", [["app.py", 13], ["test_b.py", 17]])
    assert kinds(said, alone=ran(*LEAKS, other)) == ["not expected", "no finding"]


def test_out_of_sight(said: dict[str, Said]) -> None:
    """What a file sends that does not see moto is excused, and counted."""
    unseen = said["test_b.py"]._replace(findings=[], thorough=[], requests=[], sees_moto=False)
    verdict = compare(CASE, {"test_b.py": unseen}, {"test_b.py": ran(*LEAKS, starts=[])})
    assert not verdict.wrong
    assert verdict.excused == {"moto is not in sight": 2}


def test_failed(said: dict[str, Said]) -> None:
    """A test that fails for another reason need not send what was expected of it."""
    failed = [{"name": "test_b.py::test_sent", "text": "TypeError", "leaked": False}]
    left = {**LEFT, "test": "test_b.py::test_sent", "lines": [["test_b.py", 12]]}
    result = ran(LEAKS[0], failed=failed, starts=[LEFT, left])
    verdict = compare(CASE, said, {"test_b.py": result})
    assert verdict.excused == {"the test fails of itself": 3}


def test_together(said: dict[str, Said]) -> None:
    """What only several files together send is explained if a client was built blind for it."""
    more = leak("test_safe", "call", SAFE)
    assert not kinds(said, alone=HAPPENED, together=ran(*LEAKS, more))
    blind = ran(*LEAKS, more, blind=[more["built"]])
    assert kinds(said, alone=HAPPENED, together=blind) == ["no finding, together"]
    by_name = FILES["test_b.py"].replace("from app import *", '__import__("app")')
    case = replace(CASE, files={**FILES, "test_b.py": by_name})
    verdict = compare(case, said, {"test_b.py": HAPPENED, "": blind})
    assert verdict.excused == {"imported by name": 1}


def test_blind(tmp_path: Path) -> None:
    """A client that is built too early is borne out by a client without moto's handler."""
    files = {
        "app.py": 'import boto3\n\nS3 = boto3.client("s3")\n',
        "test_b.py": "import app\nimport moto\n",
    }
    case = replace(CASE, files=files)
    case.write(tmp_path, MOTO)
    about = lint(tmp_path, MOTO)
    assert [code for _, code, _ in about["test_b.py"].findings] == ["MOT101"]
    wrong = compare(case, about, {"test_b.py": ran(starts=[])}).wrong
    assert [one.kind for one in wrong] == ["false alarm"]
    seen = ran(starts=[], blind=[[["app.py", 3], ["test_b.py", 1]]])
    assert not compare(case, about, {"test_b.py": seen}).wrong


def test_finding_in_failed_test(said: dict[str, Said]) -> None:
    """What is reported of a test that fails for another reason is excused, and counted."""
    names = ("test_b.py::no", "test_c.py::test_sent", "test_b.py::test_sent")
    failed = [{"name": name, "text": "", "leaked": False} for name in names]
    verdict = compare(CASE, said, {"test_b.py": ran(LEAKS[0], failed=failed)})
    assert not verdict.wrong
    assert verdict.excused == {"the test fails of itself": 2}


def test_repair(said: dict[str, Said]) -> None:
    """A request of a blind client is excused where something in the project repairs clients."""
    more = leak("test_safe", "call", SAFE)
    result = ran(*LEAKS, more, blind=[more["built"]])
    case = replace(CASE, files={**FILES, "conftest.py": "importlib.reload(app)\n"})
    verdict = compare(case, said, {"test_b.py": result})
    assert [one.kind for one in verdict.wrong] == ["not expected"]
    assert verdict.excused == {"a repair anywhere counts": 1}


def test_parameters(said: dict[str, Said]) -> None:
    """What an earlier run of the same test leaves to a later one by a reload is excused."""
    later = leak("test_safe[2]", "setup", SAFE)
    case = replace(CASE, files={**FILES, "conftest.py": "importlib.reload(app)\n"})
    verdict = compare(case, said, {"test_b.py": ran(*LEAKS, later)})
    assert not verdict.wrong
    assert verdict.excused == {"one run for all parameters": 2}
    assert kinds(said, alone=ran(*LEAKS, later)) == ["not expected", "no finding"]


def test_repaired_and_not_blind(said: dict[str, Said]) -> None:
    """No repair excuses what a hooked client of a test without parameters sends."""
    case = replace(CASE, files={**FILES, "conftest.py": "importlib.reload(app)\n"})
    verdict = compare(case, said, {"test_b.py": ran(*LEAKS, leak("test_safe", "call", SAFE))})
    assert [one.kind for one in verdict.wrong] == ["not expected", "no finding"]


def test_got_late(said: dict[str, Said]) -> None:
    """A fixture that a test gets by name is explained by the statement that does so."""
    late = leak("test_safe", "teardown", [["app.py", 5], ["app.py", 13]])
    result = ran(*LEAKS, late)
    assert kinds(said, alone=result) == ["not expected", "no finding"]
    findings = [*said["test_b.py"].findings, (17, "MOT202", "")]
    told = {"test_b.py": said["test_b.py"]._replace(findings=findings, thorough=findings)}
    assert kinds(told, alone=result) == ["not expected"]


def test_cut_short(said: dict[str, Said]) -> None:
    """So is what stands behind a line of a function at which a test fails."""
    for line, excused in ((7, True), (8, False), (11, False)):
        text = f"AttributeError\n\ntest_b.py:{line}: AttributeError"
        failed = [{"name": "test_b.py::other", "text": text, "leaked": False}]
        verdict = compare(CASE, said, {"test_b.py": ran(LEAKS[1], failed=failed)})
        assert verdict.excused == ({"the test fails of itself": 1} if excused else {})


def test_stopped_twice(said: dict[str, Said]) -> None:
    """A stop too many makes the next mock one in vain, so what is sent then is excused."""
    text = "RuntimeError: Called stop() before start()."
    failed = [{"name": "test_b.py::other", "text": text, "leaked": False}]
    more = leak("test_safe", "call", SAFE)
    verdict = compare(CASE, said, {"test_b.py": ran(*LEAKS, more, failed=failed)})
    assert not verdict.wrong
    assert verdict.excused == {"a mock is stopped once too often": 1}


def test_failure_before_reload(said: dict[str, Said]) -> None:
    """What a test that fails would have reloaded is excused in those behind it."""
    failed = [{"name": "test_b.py::other", "text": "TypeError", "leaked": False}]
    result = ran(*LEAKS, leak("test_safe", "call", SAFE), failed=failed)
    case = replace(CASE, files={**FILES, "conftest.py": "importlib.reload(app)\n"})
    verdict = compare(case, said, {"test_b.py": result})
    assert not verdict.wrong
    assert verdict.excused == {"a test fails before its reload": 1}
    assert kinds(said, alone=result) == ["not expected", "no finding"]
