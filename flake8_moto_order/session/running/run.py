"""From a collected file to what its tests do."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from flake8_moto_order.effects import (
    CallPath,
    Effect,
    MockLeft,
    MockMissing,
    MockStarted,
    MockStopped,
    Role,
    Site,
)
from flake8_moto_order.interpreter.values import NONE, Module
from flake8_moto_order.interpreter.world import Environment
from flake8_moto_order.models.moto.mocks import HANDED, TOTAL
from flake8_moto_order.session.collection import Session
from flake8_moto_order.session.running.fixtures import Definition, Registry
from flake8_moto_order.session.running.items import Item, find_items
from flake8_moto_order.session.running.marks import is_skipped
from flake8_moto_order.session.running.runner import Ran, Runner
from flake8_moto_order.session.running.selection import Hooks, is_left_out, is_selected

Counts = dict[object, object]


def run_tests(session: Session, path: str) -> Ran:
    """Run the tests of a collected file; those that are skipped or meant to reach AWS do not run.

    The fixtures of a conftest run one by one, to see which mocks they leave active: the requests
    they send are a matter of the tests that get them.
    """
    module = session.module_at(path)
    if module is None:
        return Ran()
    project = session.project
    outer = [m for conftest in project.conftests(path) if (m := session.module_at(conftest))]
    always = project.configuration.usefixtures
    registry = Registry([*session.plugins, *outer], module, always)
    is_conftest = path.endswith("conftest.py")
    if is_conftest:
        items = [_item_for(found, module) for found in registry.of_module(module)]
    else:
        items = list(_items(session, module, path))
    if is_conftest:
        effects = _run(session, registry, items).effects
        return Ran(effects=[e for e in effects if isinstance(e, (MockLeft, MockMissing))])
    return _run(session, registry, items)


def _run(session: Session, registry: Registry, items: list[Item]) -> Ran:
    """Run the tests, and see which mocks they leave active."""
    machine = session.machine
    before, start = dict(session.environment.state), len(machine.effects)
    machine.steps = 0
    machine.weighs_raises = True
    runner = Runner(session, registry, items)
    runner.run()
    effects = machine.effects[start:]
    effects.extend(_left(effects, before, session.environment, _lasting(registry, items)))
    return Ran(runner.tests, effects, _requesters(registry, items), runner.cut_short)


def _items(session: Session, module: Module, path: str) -> Iterator[Item]:
    """Yield the tests of a file that a run takes and that are not meant to reach AWS."""
    project = session.project
    live = project.settings.live_marks
    if is_left_out(session, path):
        return
    hooks = Hooks(session, path)
    for item in find_items(module, project.configuration):
        is_live = any(mark.name in live for mark in item.marks)
        is_run = is_selected(item, project.configuration) and not is_skipped(item.marks)
        if is_run and not is_live and not hooks.may_change(item):
            yield item


def _item_for(definition: Definition, module: Module) -> Item:
    """Make a test that does nothing but ask for one fixture."""
    node = definition.node or ast.Pass(lineno=1, col_offset=0)
    return Item(
        definition.name, NONE, module, node, (), False, (), (definition.name,), {}, ()
    )


def _requesters(registry: Registry, items: list[Item]) -> dict[Site, int]:
    """Count the tests that get a fixture or setup function, by the place of its definition."""
    counts: dict[Site, int] = {}
    for item in items:
        for definition in registry.plan(item).definitions:
            site = site_of(definition)
            if site is not None:
                counts[site] = counts.get(site, 0) + 1
    return counts


def site_of(definition: Definition) -> Site | None:
    """Return where a fixture or setup function is defined."""
    module, node = definition.module, definition.node
    if module is None or module.path is None or node is None:
        return None
    return Site(module.path, node.lineno, node.col_offset)


def _lasting(registry: Registry, items: list[Item]) -> set[Site]:
    """Return the places of fixtures whose scope is the session: what they start may last."""
    found = {d for item in items for d in registry.plan(item).definitions}
    sites = {site_of(d) for d in found if d.scope in ("session", "package")}
    return {site for site in sites if site is not None}


def _left(
    effects: list[Effect], before: Counts, environment: Environment, lasting: set[Site]
) -> Iterator[Effect]:
    """Yield the starts of mocks that nobody stops."""
    state = environment.state
    if _number(state.get(TOTAL)) <= _number(before.get(TOTAL)):
        return
    for start in _unmatched(effects):
        handed = _number(state.get((HANDED, start.serial))) > 0
        if start.certain and not handed and not _in_fixture(start.call_path, lasting):
            yield MockLeft(start.call_path, True)


def _unmatched(effects: list[Effect]) -> list[MockStarted]:
    """Pair starts and stops, of the same mock object where there is one; return the others."""
    open_starts: list[MockStarted] = []
    for effect in effects:
        if isinstance(effect, MockStarted):
            open_starts.append(effect)
        elif isinstance(effect, MockStopped) and open_starts:
            own = [start for start in open_starts if start.serial == effect.serial]
            open_starts.remove((own or open_starts)[-1])
    return open_starts


def _in_fixture(path: CallPath, sites: set[Site]) -> bool:
    return any(step.role is Role.FIXTURE and step.site in sites for step in path)


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0
