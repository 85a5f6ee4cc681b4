"""Compares what the plugin says of a project with what happens in real runs of it.

Nothing may be reported that does not happen, and nothing be missed that does, unless it is in
doubt for a reason that the documentation has. Such reasons are counted, none is silent.
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from typing import Any, NamedTuple

from tests.fuzz.linting import Request, Said
from tests.oracle.explanations import (
    ON_STATEMENT,
    Finding,
    Result,
    defined_in,
    first,
    for_session,
    last,
)
from tests.pages import Case

AT_BUILD = ("MOT101", "MOT102")
DOUBT = re.compile(r"# doubt: (\w+)")
BY_NAME = re.compile(r"^app = importlib\.import_module\(|^__import__\(", re.MULTILINE)
REPAIR = re.compile(r"importlib\.reload\(app\)")
Leak = dict[str, Any]


class Disagreement(NamedTuple):
    """The plugin says one thing of a project, the real run another."""

    kind: str
    text: str


class Verdict(NamedTuple):
    """The disagreements about a project, and how often a documented doubt excuses silence."""

    wrong: list[Disagreement]
    excused: Counter[str]
    requests: int


def compare(case: Case, said: dict[str, Said], results: dict[str, Result]) -> Verdict:
    """Compare all that is said with runs of each file of tests alone and, as "", of all."""
    verdict = Verdict([], Counter(), sum(len(result["leaks"]) for result in results.values()))
    for result in results.values():
        check_sound(result, verdict)
    for path, about in said.items():
        if about.findings != about.thorough:
            text = f"{path}: {about.findings}, thorough: {about.thorough}"
            verdict.wrong.append(Disagreement("default", text))
    for path, result in results.items():
        if path:
            compare_requests(case, said[path], result, verdict)
    findings = [
        Finding(case, path, line, code)
        for path, about in said.items()
        for line, code, _ in about.findings
    ]
    compare_findings(findings, results, verdict)
    for path, result in results.items():
        if path:
            compare_explained(case, findings, said[path], result, verdict)
            compare_left(case, findings, result, verdict)
    if "" in results:
        compare_together(case, findings, results, verdict)
    return verdict


def check_sound(result: Result, verdict: Verdict) -> None:
    """See that the project runs."""
    if result["exit"] not in (0, 1, 5):
        verdict.wrong.append(Disagreement("does not run", result["output"][-2000:]))


def compare_requests(case: Case, said: Said, result: Result, verdict: Verdict) -> None:
    """Compare the requests that the plugin follows with those of a run of the file alone."""
    leaks = [(name_of(leak["test"]), places(leak["sent"]), leak) for leak in result["leaks"]]
    failed = {name_of(one["name"]): one["text"] for one in (*result["failed"], *result["errors"])}
    sure = [one for one in said.requests if one.certain and not one.covered]
    for one in sure:
        if any(fits(one, test, sent) for test, sent, _ in leaks):
            continue
        if one.test in failed:
            verdict.excused["the test fails of itself"] += 1
        else:
            verdict.wrong.append(Disagreement("not sent", f"{one.test} {one.lines}"))
    if not said.sees_moto:
        verdict.excused["moto is not in sight"] += len(leaks)
        return
    for test, sent, leak in leaks:
        if not any(fits(one, test, sent) for one in sure):
            reason = doubt(case, leak) or after_failure(case, result) or once(case, leak)
            if reason:
                verdict.excused[reason] += 1
            else:
                verdict.wrong.append(Disagreement("not expected", f"{test} {leak['phase']} {sent}"))


def fits(request: Request, test: str, sent: list[tuple[str, int]]) -> bool:
    """Tell whether a request that left is the one that was expected."""
    if not request.lines or not sent:
        return request.lines == tuple(sent)
    first, last = request.lines[0], request.lines[-1]
    return (request.around or request.test == test) and first in sent and last == sent[0]


def doubt(case: Case, leak: Leak) -> str:
    """Return the documented reason why the plugin is silent about a request, or nothing."""
    for path, line in [*places(leak["sent"]), *places(leak["built"])]:
        lines = case.files[path].splitlines()[:line]
        top = max(index for index, text in enumerate(lines) if text and not text.startswith(" "))
        if found := DOUBT.findall("\n".join(lines[top:])):
            return str(found[-1])
    return ""


def after_failure(case: Case, result: Result) -> str:
    """Return the reason for silence if a test that fails leaves something to those behind it.

    When a mock is stopped once too often, moto raises and does not notice the next start
    (moto.core.models, `MockAWS.stop`). A test that ends early may miss its reload.
    """
    failures = (*result["failed"], *result["errors"])
    if any("Called stop() before start()" in one["text"] for one in failures):
        return "a mock is stopped once too often"
    of_itself = any(not one["leaked"] for one in result["failed"])
    if of_itself and any(map(REPAIR.search, case.files.values())):
        return "a test fails before its reload"
    return ""


def once(case: Case, leak: Leak) -> str:
    """Return the reason for silence if an earlier run of the same test may have reloaded things."""
    reloads = any(map(REPAIR.search, case.files.values()))
    return "one run for all parameters" if reloads and "[" in leak["test"] else ""


def compare_findings(
    findings: list[Finding], results: dict[str, Result], verdict: Verdict
) -> None:
    """See that what each finding says happens."""
    for one in findings:
        borne_out = any(
            happens(one, result)
            or any(explains(one, each) for leak in result["leaks"] for each in alike(leak, result))
            or (one.code in AT_BUILD and blind(one, result))
            for result in results.values()
        )
        if not borne_out and any(in_failed(one, result) for result in results.values()):
            verdict.excused["the test fails of itself"] += 1
        elif not borne_out:
            verdict.wrong.append(Disagreement("false alarm", f"{one.path}:{one.line} {one.code}"))


def in_failed(finding: Finding, result: Result) -> bool:
    """Tell whether the finding stands in a test that fails for another reason.

    Or behind the line of a function at which one did.
    """
    return any(
        stands_in(finding, failure["name"]) or is_cut_short(finding, failure["text"])
        for failure in result["failed"]
    )


def is_cut_short(finding: Finding, text: str) -> bool:
    """Tell whether a traceback goes through the function of a finding, before that."""
    raised = re.findall(rf"^{re.escape(finding.path)}:(\d+): ", text, re.MULTILINE)
    return any(
        first(node) <= int(line) < finding.line <= last(node)
        for line in raised
        for node in defined_in(finding.tree)
        if not isinstance(node, ast.ClassDef)
    )


def stands_in(finding: Finding, test: str) -> bool:
    """Tell whether the finding stands in a test, or on it."""
    path, *names = test.partition("[")[0].split("::")
    return path == finding.path and any(
        node.name == names[-1] and first(node) <= finding.line <= last(node)
        for node in defined_in(finding.tree)
    )


def happens(finding: Finding, result: Result) -> bool:
    """Tell whether a run bears out the finding without a request that leaves."""
    if finding.code == "MOT207":
        return any(not start["stopped"] and finding.leaves(start) for start in result["starts"])
    return finding.happens(result)


def explains(finding: Finding, leak: Leak) -> bool:
    """Tell whether the finding explains a request that left, if only by its test."""
    codes = ON_STATEMENT if leak["phase"] == "call" else ("MOT202", *ON_STATEMENT)
    in_vain = finding.code == "MOT205" and stands_in(finding, leak["test"])
    of_inherited = finding.code == "MOT202" and finding.fits(leak)
    if of_inherited and stands_in(finding, leak["test"]):
        return True
    return in_vain or (finding.code in codes and finding.holds(leak)) or finding.sends(leak)


def blind(finding: Finding, result: Result) -> bool:
    """Tell whether a client without moto's handler was built from there."""
    return any([finding.path, finding.line] in lines for lines in result["blind"])


def compare_explained(
    case: Case,
    findings: list[Finding],
    said: Said,
    result: Result,
    verdict: Verdict,
) -> None:
    """See that a finding explains the first request that leaves in each phase of a test."""
    seen: set[tuple[str, str]] = set()
    for leak in result["leaks"]:
        phase = (leak["test"], leak["phase"])
        if phase in seen or any(
            explains(one, each) for each in alike(leak, result) for one in findings
        ):
            seen.add(phase)
            continue
        if not said.sees_moto or doubt(case, leak) or after_failure(case, result):
            continue
        if any(map(REPAIR.search, case.files.values())):
            if leak["built"] in result["blind"]:
                verdict.excused["a repair anywhere counts"] += 1
                continue
            if reason := once(case, leak):
                verdict.excused[reason] += 1
                continue
        text = f"{leak['test']} {leak['phase']} {leak['sent']}"
        verdict.wrong.append(Disagreement("no finding", text))


def compare_together(
    case: Case, findings: list[Finding], results: dict[str, Result], verdict: Verdict
) -> None:
    """See that a finding explains what only happens when several files are run together.

    Of that only what imports leave behind is followed, not what the tests of other files do.
    """
    alone = [key_of(leak) for path in results if path for leak in results[path]["leaks"]]
    blind = results[""]["blind"]
    for leak in results[""]["leaks"]:
        if key_of(leak) in alone or any(one.sends(leak) for one in findings):
            continue
        if BY_NAME.search(case.files[leak["test"].partition("::")[0]]):
            verdict.excused["imported by name"] += 1
        elif leak["built"] in blind:
            verdict.wrong.append(Disagreement("no finding, together", str(key_of(leak))))
        else:
            verdict.excused["each file as if run alone"] += 1


def key_of(leak: Leak) -> tuple[str, str, str]:
    """Return what tells a request from others."""
    return leak["test"], leak["phase"], str(leak["sent"])


def alike(leak: Leak, result: Result) -> list[Leak]:
    """Return a request as that of any test of the file, if one that is set up for them sends it."""
    file = leak["test"].partition("::")[0]
    same = [test for test in result["ran"] if test.partition("::")[0] == file]
    return [leak, *({**leak, "test": test} for test in same if leak["phase"] != "call")]


def compare_left(
    case: Case, findings: list[Finding], result: Result, verdict: Verdict
) -> None:
    """See that a finding speaks of each mock that a test leaves on."""
    failed = {name_of(one["name"]) for one in result["failed"]}
    for start in result["starts"]:
        explained = for_session(case, start) or any(one.leaves(start) for one in findings)
        if not start["test"] or start["stopped"] or explained:
            continue
        if name_of(start["test"]) in failed:
            verdict.excused["the test fails of itself"] += 1
        else:
            verdict.wrong.append(Disagreement("mock left", f"{start['test']} {start['lines']}"))


def name_of(test: str) -> str:
    """Return the name that the plugin gives a test."""
    return test.partition("[")[0].partition("::")[2].replace("::", ".")


def places(lines: list[Any]) -> list[tuple[str, int]]:
    """Return places as the plugin has them."""
    return [(path, line) for path, line in lines]
