"""The rules, with effects made by hand."""

from __future__ import annotations

import pytest

from flake8_moto_order.effects import (
    CallPath,
    Effect,
    HandlerRegistered,
    MotoImported,
    ObjectBuilt,
    ObjectKept,
    ObjectRepaired,
    RequestSent,
    Role,
    Site,
    Step,
    Trace,
    VictimFound,
)
from flake8_moto_order.rules import all_rules, check
from flake8_moto_order.rules.without_handler import shorten

TEST, APP, LIB = "/p/tests/test_x.py", "/p/app.py", "/p/lib.py"
IMPORT = Step(Site(TEST, 1, 0), "app", Role.IMPORT)
DEEPER = Step(Site(APP, 2, 4), "lib", Role.IMPORT)
CALL = Step(Site(APP, 3, 5), "boto3.client")
CHAIN = (IMPORT, CALL)
HERE = (Step(Site(TEST, 4, 8), "boto3.client"),)
MOTO = MotoImported((Step(Site(TEST, 9, 0), "moto", Role.IMPORT),), True)
KEPT = ObjectKept((), True, 1)


def blind(path: CallPath = CHAIN, poisoner: CallPath = ()) -> ObjectBuilt:
    """Make the effect of building a client without the handler."""
    return ObjectBuilt(path, True, 1, "boto3 client 's3'", False, True, poisoner)


def found(*effects: Effect) -> list[tuple[str, int, int]]:
    """Return code, line and column of what the rules find."""
    trace = Trace(TEST, "/p", effects)
    return [(d.code, d.line, d.column) for d in check(trace)]


def message(*effects: Effect) -> str:
    """Return the one message that the rules give."""
    (diagnostic,) = check(Trace(TEST, "/p", effects))
    return diagnostic.message


def test_rules() -> None:
    """Every rule is found, in the order of their codes, each with a name of its own."""
    codes = [*range(101, 105), *range(201, 209), *range(301, 306)]
    assert [rule.code for rule in all_rules()] == [f"MOT{code}" for code in codes]
    assert len({rule.slug for rule in all_rules()}) == len(codes)


@pytest.mark.parametrize(
    ("effects", "expected"),
    [
        ([blind(), MOTO, KEPT], [("MOT101", 1, 0)]),
        ([blind(HERE), MOTO, KEPT], [("MOT101", 4, 8)]),
        ([blind(), MOTO], []),
        ([blind(), KEPT], []),
        ([blind(), MOTO, KEPT, ObjectRepaired((), True, 1)], []),
        ([blind(), MOTO, ObjectKept((), True, 2)], []),
        ([ObjectBuilt(CHAIN, False, 1, "c", False, True), MOTO, KEPT], []),
        ([ObjectBuilt(CHAIN, True, 1, "c", True, True), MOTO, KEPT], []),
        ([ObjectBuilt(CHAIN, True, 1, "c", False, False), MOTO, KEPT], []),
        ([blind((CALL,)), MOTO, KEPT], []),
        ([blind(()), MOTO, KEPT], []),
        ([blind(), KEPT, VictimFound((), True, 1, "/p/tests/test_y.py")], [("MOT102", 1, 0)]),
        ([blind(), KEPT, VictimFound((), True, 2, "/p/tests/test_y.py")], []),
        ([blind(), KEPT, MOTO, VictimFound((), True, 1, "/p/y.py")], [("MOT101", 1, 0)]),
        ([RequestSent(HERE, True, "s3", "get", False)], [("MOT103", 4, 8)]),
        ([RequestSent(HERE, True, "s3", "get", True)], []),
        ([RequestSent(HERE, False, "s3", "get", False)], []),
        ([RequestSent((CALL,), True, "s3", "get", False)], []),
        ([RequestSent((), True, "s3", "get", False)], []),
        ([RequestSent(HERE, True, "s3", name, False) for name in "ab"], [("MOT103", 4, 8)]),
        ([], []),
    ],
)
def test_found(effects: list[Effect], expected: list[tuple[str, int, int]]) -> None:
    """A rule reports what has a certain chain from the linted file, once for each place."""
    assert found(*effects) == expected


@pytest.mark.parametrize(
    ("effects", "parts"),
    [
        ([blind(), MOTO, KEPT], ["'app' builds boto3 client 's3' at import (app.py:3)",
                                 "before moto is imported on line 9; import moto first"]),
        ([blind((IMPORT, DEEPER, Step(Site(LIB, 7, 0), "f"))), MOTO, KEPT],
         ["(lib.py:7, via app > lib)"]),
        ([blind((IMPORT, *[DEEPER] * 4, CALL)), MOTO, KEPT], ["via app > ... > lib"]),
        ([blind(HERE), MOTO, KEPT], ["boto3 client 's3' is built here before moto"]),
        ([blind((*HERE, CALL)), MOTO, KEPT], ["is built here (app.py:3) before moto"]),
        ([blind(CHAIN, HERE), MOTO, KEPT],
         ["at import (app.py:3) from the default session of line 4 before moto"]),
        ([MOTO, blind(), HandlerRegistered(HERE, True), KEPT],
         ["before this moto version hooks botocore, on its first mock call (line 4);"]),
        ([MOTO, blind(), HandlerRegistered((), True), KEPT], ["on its first mock call;"]),
        ([MOTO, blind(), KEPT],
         ["on its first mock call; start a mock first or use patch_client"]),
        ([MotoImported((CALL,), True), blind(CHAIN, HERE), KEPT],
         ["before moto is imported in app.py:3"]),
        ([blind(), MotoImported((), True), KEPT], ["before moto is imported later"]),
        ([MotoImported((CALL,), True, deferred=True), blind(), KEPT], ["imported in app.py:3"]),
        ([blind(), KEPT, VictimFound((), True, 1, "/p/tests/test_y.py")],
         ["without moto, and tests/test_y.py, which uses moto, gets it"]),
        ([RequestSent(HERE, True, "s3", "get", False)],
         ["AWS request s3.get is sent while pytest collects this file, outside a mock; "
          "send it inside a test or fixture"]),
        ([RequestSent(HERE, True, "", "get", False)], ["AWS request get is sent"]),
        ([RequestSent((*HERE, CALL), True, "s3", "get", False)],
         ["collects this file, by boto3.client() (app.py:3), outside a mock"]),
        ([RequestSent(CHAIN, True, "s3", "get", False)],
         ["importing 'app' sends AWS request s3.get (app.py:3) outside a mock"]),
        ([RequestSent((IMPORT, DEEPER, CALL), True, "s3", "get", False)], [", via app > lib)"]),
        ([RequestSent((IMPORT, Step(Site("/p/a\nb.py", 1, 0), "f")), True, "", "get", False)],
         [r"(a\nb.py:1)"]),
        ([RequestSent((IMPORT, Step(Site("/p/ü.py", 1, 0), "f")), True, "", "get", False)],
         ["(ü.py:1)"]),
    ],
)  # fmt: skip
def test_message(effects: list[Effect], parts: list[str]) -> None:
    """A message says what happens, where, and what to do."""
    text = message(*effects)
    for part in parts:
        assert part in text


@pytest.mark.parametrize(
    ("chain", "text"),
    [(["a"], "a"), (["a", "b", "c"], "a > b > c"), (["a", "b", "c", "d"], "a > ... > d")],
)
def test_shorten(chain: list[str], text: str) -> None:
    """A chain shows three links at the most."""
    assert shorten(chain) == text
