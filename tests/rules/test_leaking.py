"""The rules about requests and mocks of tests, with effects made by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from flake8_moto_order.effects import (
    CallPath,
    Effect,
    MockLeft,
    MockMissing,
    MockWasted,
    MotoImported,
    ObjectBuilt,
    RequestSent,
    Role,
    Site,
    Step,
    TestRun,
    Trace,
    VictimFound,
    WastedMockUsed,
)
from flake8_moto_order.rules import check

FILE, APP, CONFTEST = "/p/tests/test_x.py", "/p/app.py", "/p/tests/conftest.py"
A = Step(Site(FILE, 10, 0), "test_a", Role.TEST)
B = Step(Site(FILE, 20, 0), "test_b", Role.TEST)
FIXTURE = Step(Site(FILE, 2, 0), "bucket", Role.FIXTURE)
OUTER = Step(Site(CONFTEST, 3, 0), "table", Role.FIXTURE)
SETUP = Step(Site(FILE, 6, 4), "setUp", Role.SETUP)
CALL = Step(Site(FILE, 12, 8), "load", Role.CALL, Site(FILE, 11, 4))
DEEPER = Step(Site(APP, 7, 4), "s3.get")
LAZY = Step(Site(FILE, 13, 4), "app", Role.IMPORT, Site(FILE, 13, 4))
SENT = RequestSent((A, CALL), True, "s3", "get", False)
UNDER = replace(SENT, under_mock=True)
BARE, MOCKED = TestRun(A, False), TestRun(A, True)
CLASS = Site(FILE, 9, 0)
INHERITED, LEFT_OUT = TestRun(A, False, CLASS), TestRun(A, False, CLASS, True)
OTHER = TestRun(B, False)
Found = list[tuple[str, int, int]]


def trace(tests: list[TestRun], *run: Effect) -> Trace:
    """Make the trace of a run."""
    return Trace(FILE, "/p", (), tuple(tests), run)


def found(made: Trace) -> Found:
    """Return code, line and column of what the rules find."""
    return [(d.code, d.line, d.column) for d in check(made)]


def message(made: Trace) -> str:
    """Return the one message that the rules give."""
    (diagnostic,) = check(made)
    return diagnostic.message


def through(*path: Step) -> RequestSent:
    """Make a request with a call path."""
    return replace(SENT, call_path=path)


@pytest.mark.parametrize(
    ("test", "request_", "expected"),
    [
        (BARE, SENT, ("MOT201", 10, 0)),
        (BARE, through(A), ("MOT201", 10, 0)),
        (BARE, through(A, FIXTURE, CALL), ("MOT202", 11, 4)),
        (MOCKED, through(A, FIXTURE, CALL), ("MOT202", 11, 4)),
        (INHERITED, through(A, FIXTURE, CALL), ("MOT202", 11, 4)),
        (BARE, through(A, SETUP, CALL), ("MOT202", 11, 4)),
        (BARE, through(A, SETUP, replace(CALL, statement=None)), ("MOT202", 12, 8)),
        (BARE, through(A, OUTER, FIXTURE, CALL), ("MOT202", 11, 4)),
        (BARE, through(A, OUTER, DEEPER), ("MOT202", 10, 0)),
        (BARE, through(A, OUTER, DEEPER, CALL), ("MOT202", 10, 0)),
        (BARE, through(A, FIXTURE), ("MOT202", 10, 0)),
        (MOCKED, SENT, ("MOT203", 11, 4)),
        (MOCKED, through(A, LAZY, DEEPER), ("MOT203", 13, 4)),
        (MOCKED, through(A, DEEPER), ("MOT203", 10, 0)),
        (MOCKED, through(A), ("MOT203", 10, 0)),
        (MOCKED, replace(UNDER, blind=True), ("MOT203", 11, 4)),
        (INHERITED, SENT, ("MOT204", 10, 0)),
        (LEFT_OUT, SENT, ("MOT205", 9, 0)),
        (replace(LEFT_OUT, decorated=Site(APP, 9, 0)), SENT, ("MOT205", 10, 0)),
        (replace(INHERITED, mocked=True), SENT, ("MOT203", 11, 4)),
        (MOCKED, UNDER, ("MOT206", 11, 4)),
        (MOCKED, replace(UNDER, call_path=(A, FIXTURE, CALL)), ("MOT206", 11, 4)),
    ],
)
def test_code(test: TestRun, request_: RequestSent, expected: tuple[str, int, int]) -> None:
    """Where a request stands, and how its test stands to mocks, says which rule speaks of it."""
    assert found(trace([test], request_)) == [expected]


@pytest.mark.parametrize(
    "effect",
    [
        replace(SENT, certain=False),
        replace(SENT, covered=True),
        replace(SENT, call_path=()),
        replace(SENT, call_path=(B, CALL)),
        replace(SENT, call_path=(CALL,)),
    ],
)
def test_silent(effect: RequestSent) -> None:
    """What is in doubt, what a mock covers and what no test sends is not reported."""
    assert found(trace([BARE], effect)) == []


@pytest.mark.parametrize(
    ("requests", "expected"),
    [
        ([SENT, replace(SENT, operation="put")], [("MOT201", 10, 0)]),
        ([SENT, replace(SENT, call_path=(B, CALL))], [("MOT201", 10, 0), ("MOT201", 20, 0)]),
        ([through(A, FIXTURE, CALL), through(B, FIXTURE, CALL)], [("MOT202", 11, 4)]),
        ([through(A, FIXTURE, CALL), through(A, SETUP, LAZY)],
         [("MOT202", 11, 4), ("MOT202", 13, 4)]),
        ([through(A, FIXTURE, CALL), SENT], [("MOT201", 10, 0), ("MOT202", 11, 4)]),
        ([UNDER, replace(UNDER, call_path=(A, LAZY))], [("MOT206", 11, 4)]),
    ],
)  # fmt: skip
def test_once(requests: list[RequestSent], expected: Found) -> None:
    """A rule reports a test once, and a fixture once for all its tests."""
    assert found(trace([BARE, OTHER], *requests)) == expected


def test_one_mistake_of_several() -> None:
    """A certain request behind one in doubt is the one reported."""
    doubt = replace(SENT, call_path=(A, LAZY), certain=False, operation="put")
    assert "s3.get" in message(trace([BARE], doubt, SENT))


BLIND = ObjectBuilt((Step(Site(FILE, 1, 0), "app", Role.IMPORT),), True, 5, "client", False, True)
MOTO = MotoImported((), True)
VICTIM = VictimFound((), True, 5, "/p/tests/test_y.py")


@pytest.mark.parametrize(
    ("effects", "is_reported"),
    [
        ((BLIND, MOTO), False),
        ((BLIND, VICTIM), False),
        ((BLIND,), True),
        ((replace(BLIND, serial=6), MOTO), True),
        ((replace(BLIND, certain=False), MOTO), True),
        ((replace(BLIND, hooked=True), MOTO), True),
        ((replace(BLIND, aws=False), MOTO), True),
        ((MOTO,), True),
    ],
)
@pytest.mark.parametrize("serials", [(5, 1), (1, 5)])
def test_reported_elsewhere(
    effects: tuple[Effect, ...], is_reported: bool, serials: tuple[int, ...]
) -> None:
    """A request of a client that a rule for imports speaks of is not reported again."""
    blind = replace(UNDER, blind=True, serials=serials)
    made = replace(trace([MOCKED], blind), effects=effects)
    assert ("MOT203" in {code for code, _, _ in found(made)}) is is_reported


@pytest.mark.parametrize(
    ("made", "parts"),
    [
        (trace([BARE], SENT),
         ["test_a sends AWS request s3.get (line 12) without a moto mock; decorate it with "
          "@mock_aws"]),
        (trace([BARE], replace(SENT, mock="mock_sqs")), ["decorate it with @mock_sqs"]),
        (trace([BARE], replace(SENT, service="")), ["AWS request get (line 12) without"]),
        (trace([BARE], through(A)), ["AWS request s3.get (line 10) without"]),
        (trace([BARE], through(A, CALL, DEEPER)), ["s3.get (app.py:7, via load)"]),
        (trace([BARE], through(A, CALL, FIXTURE)), ["s3.get (line 12) without"]),
        (trace([BARE], through(A, LAZY, DEEPER)), ["s3.get (app.py:7, via app)"]),
        (trace([BARE], through(A, CALL, LAZY, CALL, CALL, DEEPER)),
         ["(app.py:7, via load > ... > load)"]),
        (trace([BARE], through(A, FIXTURE, CALL)),
         ["fixture 'bucket' of test_a sends AWS request s3.get (line 12) without a moto mock; "
          "start the mock in a fixture that comes first"]),
        (trace([MOCKED], through(A, FIXTURE, CALL)), ["(line 12) outside its mock; start"]),
        (trace([BARE], through(A, SETUP, CALL)), ["setUp() of test_a sends"]),
        (trace([BARE], through(A, OUTER, FIXTURE, CALL)), ["fixture 'bucket' of test_a"]),
        (replace(trace([BARE], through(A, FIXTURE, CALL)), requesters={FIXTURE.site: 3}),
         ["fixture 'bucket' of 3 tests sends"]),
        (replace(trace([BARE], through(A, FIXTURE, CALL)), requesters={FIXTURE.site: 1}),
         ["fixture 'bucket' of test_a sends"]),
        (trace([MOCKED], SENT),
         ["test_a sends AWS request s3.get (line 12) while its moto mock is not active"]),
        (trace([MOCKED], replace(UNDER, blind=True)),
         ["by a client built before moto hooked botocore; build it under the mock"]),
        (trace([INHERITED], SENT), ["the class decorator (line 9) wraps only its own methods"]),
        (trace([replace(INHERITED, decorated=Site(APP, 9, 0))], SENT),
         ["the class decorator (app.py:9) wraps"]),
        (trace([LEFT_OUT], SENT),
         ["does not wrap 'test_a', no plain method of the class, which sends AWS request s3.get"]),
        (trace([MOCKED], replace(UNDER, mock="mock_s3")),
         ["only mocks of other services are active; add mock_s3"]),
    ],
)  # fmt: skip
def test_message(made: Trace, parts: list[str]) -> None:
    """A message says who sends what, from where, why nothing covers it, and what to do."""
    text = message(made)
    for part in parts:
        assert part in text


DECORATOR = Step(Site(FILE, 3, 1), "mock_aws")
WASTED = MockWasted((DECORATOR,), True, 1, "an async function", "test_a")
USED = WastedMockUsed((A,), True, 1, False)


@pytest.mark.parametrize(
    ("effects", "run", "expected"),
    [
        ([WASTED], [], [("MOT205", 3, 1)]),
        ([WASTED], [USED], [("MOT205", 3, 1)]),
        ([WASTED], [replace(USED, under_mock=True)], []),
        ([WASTED], [USED, replace(USED, under_mock=True)], [("MOT205", 3, 1)]),
        ([WASTED], [replace(USED, under_mock=True, serial=2)], [("MOT205", 3, 1)]),
        ([WASTED], [USED, SENT], [("MOT205", 3, 1)]),
        ([WASTED], [replace(USED, call_path=()), SENT], [("MOT205", 3, 1), ("MOT201", 10, 0)]),
        ([WASTED], [replace(USED, under_mock=True), SENT], [("MOT201", 10, 0)]),
        ([replace(WASTED, certain=False)], [], []),
        ([replace(WASTED, call_path=(Step(Site(CONFTEST, 3, 1), "mock_aws"),))], [], []),
        ([replace(WASTED, call_path=(LAZY, DECORATOR))], [], []),
        ([], [replace(WASTED, call_path=(A, DECORATOR))], [("MOT205", 3, 1)]),
        ([WASTED, replace(WASTED, serial=2)], [], [("MOT205", 3, 1)]),
    ],
)
def test_wasted(effects: list[Effect], run: list[Effect], expected: Found) -> None:
    """A mock in vain is reported where it decorates, unless another mock is there each time."""
    assert found(replace(trace([BARE], *run), effects=tuple(effects))) == expected


def test_wasted_message() -> None:
    """The message says what a mock decorates in vain."""
    made = replace(trace([]), effects=(WASTED,))
    assert "the moto mock does not cover 'test_a', an async function: it has" in message(made)


START = Step(Site(FILE, 15, 4), "mock.start")


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ((A, START), [("MOT207", 15, 4)]),
        ((A, FIXTURE, START), [("MOT207", 15, 4)]),
        ((A, CALL, START), [("MOT207", 15, 4)]),
        ((A, CALL, DEEPER), [("MOT207", 12, 8)]),
        ((A, OUTER, DEEPER), []),
        ((A, LAZY, DEEPER), []),
        ((A,), []),
    ],
)
def test_left(path: CallPath, expected: Found) -> None:
    """A mock that is left active is reported at the innermost call in the file."""
    assert found(trace([BARE], MockLeft(path, True))) == expected


IMPORT = Step(Site(FILE, 1, 0), "moto.mock_s3", Role.IMPORT)
MISSING = MockMissing((IMPORT,), True, "mock_s3", "mock_aws", "5.2.5")


@pytest.mark.parametrize(
    ("effect", "expected"),
    [
        (MISSING, [("MOT304", 1, 0)]),
        (replace(MISSING, certain=False), []),
        (replace(MISSING, call_path=()), []),
        (replace(MISSING, call_path=(IMPORT, DEEPER)), []),
        (replace(MISSING, call_path=(A, CALL)), [("MOT304", 12, 8)]),
        (replace(MISSING, call_path=(DEEPER,)), []),
    ],
)
@pytest.mark.parametrize("is_run", [False, True])
def test_missing(effect: MockMissing, expected: Found, is_run: bool) -> None:
    """A mock that is not there is reported in the file that names it."""
    made = Trace(FILE, "/p", () if is_run else (effect,), (), (effect,) if is_run else ())
    assert found(made) == expected


def test_missing_message() -> None:
    """The message names the version and what takes the place of the mock."""
    made = Trace(FILE, "/p", (MISSING,))
    assert message(made) == "moto 5.2.5 has no mock_s3; use mock_aws"
