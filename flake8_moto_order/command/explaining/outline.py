"""From a trace to an outline: what is imported, built, mocked and sent, each where it happens."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from flake8_moto_order.command.explaining.wording import describe, describe_step, joined
from flake8_moto_order.effects import (
    Effect,
    HandlerRegistered,
    ModuleLoaded,
    MotoImported,
    ObjectKept,
    ObjectRepaired,
    Role,
    Site,
    Step,
    TestRun,
    Trace,
    VictimFound,
)
from flake8_moto_order.rules.rule import Diagnostic, printable

ABOUT_OBJECTS = (ObjectKept, ObjectRepaired, VictimFound)
QUIET = frozenset({"step", "module"})
NO_TESTS = "no test is judged here: none runs, or the file sees no moto (--moto-order-scope=all)"
HARM = frozenset({"blind", "leak"})


@dataclass(frozen=True)
class Node:
    """A line of the outline: its kind (`leak`, `mock`, `test`, ...), text, place and details.

    `place` is that for a reader, `path` the file as seen from the project's root.
    """

    kind: str
    text: str
    place: str = ""
    path: str = ""
    site: Site | None = None
    children: list[Node] = field(default_factory=list)
    step: Step | None = None

    def walk(self) -> Iterator[Node]:
        """Yield this node and all below it."""
        yield self
        for child in self.children:
            yield from child.walk()


class Outline:
    """Builds the outline of one trace; `everything` shows imports that lead to nothing as well."""

    def __init__(
        self, trace: Trace, findings: Sequence[Diagnostic], everything: bool = False
    ) -> None:
        self._trace = trace
        self._findings = list(findings)
        self._everything = everything

    def build(self, tests: Sequence[TestRun]) -> Node:
        """Return the whole outline, with these of the tests."""
        trace = self._trace
        collection = Node("phase", "pytest collects")
        self._grow(collection, trace.effects, 0)
        running = Node("phase", f"pytest runs {joined(len(tests), 'test')}" if tests else NO_TESTS)
        running.children.extend(map(self._test, tests))
        root = Node("file", self._relative(trace.path), children=[collection, running])
        if trace.cut_short:
            text = "the budget of steps was used up here: what follows is not looked at"
            root.children.append(Node("doubt", text))
        root.children.extend(map(self._finding, self._findings))
        return root if self._everything else _without_quiet(root)

    def _test(self, test: TestRun) -> Node:
        own = [effect for effect in self._trace.run if effect.call_path[:1] == (test.step,)]
        node = self._node("test", test.step.what, test.step.site)
        if test.fixtures:
            node.children.append(Node("fixtures", f"gets {', '.join(test.fixtures)}"))
        self._grow(node, own, 1)
        return node

    def _grow(self, root: Node, effects: Iterable[Effect], depth: int) -> None:
        for effect in effects:
            told = describe(effect, self._trace)
            if told is None or isinstance(effect, ABOUT_OBJECTS):
                continue
            steps = effect.call_path[depth:]
            says_itself = isinstance(effect, (MotoImported, HandlerRegistered))
            if steps and (steps[-1].role is Role.CALL or (says_itself and steps[-1].imports)):
                steps = steps[:-1]
            node = root
            for step in steps:
                node = self._below(node, step)
            is_placed = effect.call_path and not isinstance(effect, ModuleLoaded)
            site = effect.call_path[-1].site if is_placed else None
            leaf = self._node(told.kind, told.text, site)
            node.children.append(leaf)
            if told.kind in HARM:
                leaf.children.extend(self._take_findings(effect))

    def _below(self, node: Node, step: Step) -> Node:
        """Return the node of a step below another: the last one there, or a new one."""
        if node.children and node.children[-1].step == step:
            return node.children[-1]
        made = replace(self._node("step", describe_step(step), step.site), step=step)
        node.children.append(made)
        return made

    def _take_findings(self, effect: Effect) -> Iterator[Node]:
        for finding in [found for found in self._findings if found.chain == effect.call_path]:
            self._findings.remove(finding)
            yield self._finding(finding)

    def _finding(self, found: Diagnostic) -> Node:
        site = Site(self._trace.path, found.line, found.column)
        return self._node("finding", finding_text(found), site)

    def _node(self, kind: str, text: str, site: Site | None) -> Node:
        if site is None:
            return Node(kind, printable(text))
        path = self._relative(site.path)
        is_here = site.path == self._trace.path
        place = f"line {site.line}" if is_here else f"{path}:{site.line}"
        return Node(kind, printable(text), place, path, site)

    def _relative(self, path: str) -> str:
        return printable(os.path.relpath(path, self._trace.root).replace(os.sep, "/"))


def finding_text(found: Diagnostic) -> str:
    """Return what an outline says of a finding."""
    return f"{found.code} {found.message}"


def _without_quiet(node: Node) -> Node:
    """Return a node without the steps and modules below it that lead to nothing."""
    kept = [_without_quiet(child) for child in node.children]
    node.children[:] = [child for child in kept if child.kind not in QUIET or child.children]
    return node


def at_line(root: Node, path: str, line: int) -> Node:
    """Return the part of an outline that has to do with a line of a file."""

    def is_there(node: Node) -> bool:
        return node.site is not None and (node.site.path, node.site.line) == (path, line)

    def prune(node: Node) -> Node | None:
        if is_there(node):
            return node
        kept = [child for each in node.children if (child := prune(each)) is not None]
        node.children[:] = kept
        return node if kept else None

    return prune(root) or Node(root.kind, root.text)
