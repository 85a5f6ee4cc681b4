"""Memory: a call whose inputs are as they were the last time is not run again.

The outcome of the call that was recorded is applied: what it wrote, what it sent and built, what it
returned or raised. A summary stands for a call when

- function and arguments are those of the recorded call, but for which mutable objects they are made
  of (`Renaming`), and so is all that it read of what was there before it, keys that were missing
  included (`Recording`);
- what the machine itself knows is the same: whether raising is weighed, whether a `try` is open,
  how often the functions inside are active (recursion ends at a count), how deep it may go;
- nothing happened that is no write to slots and no effect (`Recorder.spoil`): a call of an object
  whose model keeps its state elsewhere, a module that was loaded.

It is replayed by copying what was made inside (`Copier`); steps, doubts and serials are applied as
differences, effects are told below the present call path.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass, field, fields
from itertools import islice
from typing import NamedTuple

from flake8_moto_order.effects import CallPath, Effect
from flake8_moto_order.interpreter.base import DEEPEST, Arguments, Base, RaisedError
from flake8_moto_order.interpreter.copying import Copier, NotCopiedError, Snapshot, snapshot
from flake8_moto_order.interpreter.recording import Found, Read, Reads, Recording
from flake8_moto_order.interpreter.renaming import Renaming
from flake8_moto_order.interpreter.slots import (
    MISSING,
    OPEN,
    RECORDER,
    WHOLE,
    Slots,
    raw_get,
    raw_items,
)
from flake8_moto_order.interpreter.values import (
    NONE,
    Collection,
    Constant,
    Function,
    Instance,
    Library,
    Unknown,
    Value,
)
from flake8_moto_order.interpreter.world import content
from flake8_moto_order.project import Seen

# So many summaries at most are kept for calls that look alike, and so many groups of such calls.
MOST_SUMMARIES = 16
MOST_GROUPS = 8_000
# What happens once is not worth to be recorded: the call among those that look alike that is.
RECORDED_FROM = 2
# What comparing or replaying a call costs at least, in steps of the budget.
LEAST = 8
# Where so many summaries were of no use, only every so manieth call is recorded.
FEW = 4
SELDOM = 8
# How many items of a collection tell whether calls look alike.
LOOKED_AT = 8
# An activation may go deeper by its own expressions than by the calls in it.
ROOM = 100


class Told(NamedTuple):
    """An effect of a recorded call, with the doubts that it was in beside those of the call."""

    effect: Effect
    doubts: int


@dataclass(slots=True)
class Counts:
    """What a machine counts, or how much it counted meanwhile."""

    steps: int
    hazards: int
    raised: int
    serial: int


@dataclass(slots=True)
class Summary:
    """What a recorded call took in, and what came of it.

    `seen` is what it asked of the disk, `price` what it costs to replay it, in steps of the budget,
    `hint` the read that last told that it can't stand for a call.
    """

    function: Function
    arguments: Arguments
    reads: list[Reads]
    writes: list[Read]
    told: list[Told]
    result: Value
    raises: bool
    fresh: dict[int, Snapshot]
    counts: Counts
    serial: int
    path: CallPath
    nodes: frozenset[ast.AST]
    active: dict[ast.AST, int]
    depth: int
    seen: Seen
    price: int = LEAST
    hint: Read | None = None

    def is_ruled_out(self) -> bool:
        """Tell whether what kept the summary from standing for another call does so again."""
        if self.hint is None:
            return False
        slots, key, old = self.hint
        return not Renaming().match(old, raw_get(slots, key, MISSING))


@dataclass(slots=True)
class Group:
    """Calls that look alike: how many there were, how many were replayed, their summaries."""

    calls: int = 0
    hits: int = 0
    summaries: list[Summary] = field(default_factory=list)

    def is_worthwhile(self) -> bool:
        """Tell whether a call is worth to be recorded: where nothing comes again, few are."""
        return bool(self.hits) or len(self.summaries) < FEW or self.calls % SELDOM == 0


class Memory:
    """The summaries of the calls of one machine."""

    def __init__(self, machine: Base) -> None:
        self._machine = machine
        self._groups: dict[object, Group] = {}

    def call(self, function: Function, arguments: Arguments, run: Callable[[], Value]) -> Value:
        """Return what a call gives: from memory if that can be, else by running it."""
        machine, top = self._machine, RECORDER.top
        if not MOST_SUMMARIES or RECORDER.owner:
            return run()
        if isinstance(top, Recording):
            top.deepest = max(top.deepest, machine.depth)
            top.nodes.add(function.node)
        alike = (
            function.node,
            machine.tries > 0,
            machine.weighs_raises,
            tuple(map(shape, arguments.positional)),
            tuple(map(shape, arguments.keywords.values())),
        )
        group = self._groups.pop(alike) if alike in self._groups else Group()
        self._groups[alike] = group
        if len(self._groups) > MOST_GROUPS:
            del self._groups[next(iter(self._groups))]
        group.calls += 1
        for index, summary in enumerate(group.summaries):
            machine.spend(LEAST)
            renaming = Renaming()
            found = self._matches(summary, renaming, function, arguments)
            if found is not None:
                group.hits += 1
                if index:
                    group.summaries.insert(0, group.summaries.pop(index))
                return self._replay(summary, renaming, found)
        if group.calls < RECORDED_FROM or not group.is_worthwhile():
            return run()
        return self._record(function, arguments, run, group.summaries)

    def _matches(
        self, summary: Summary, renaming: Renaming, function: Function, arguments: Arguments
    ) -> list[tuple[Slots, Found]] | None:
        """Return what a summary read as it stands now; None if it can't stand for a call."""
        given, machine = summary.arguments, self._machine
        is_same = (
            not summary.is_ruled_out()
            and machine.depth + summary.depth + ROOM < DEEPEST
            and renaming.match(summary.function, function)
            and given.open == arguments.open
            and renaming.match_all(given.positional, arguments.positional)
            and list(given.keywords) == list(arguments.keywords)
            and renaming.match_all(
                tuple(given.keywords.values()), tuple(arguments.keywords.values())
            )
            and active_counts(machine.active, summary.nodes) == summary.active
        )
        return _present(summary, renaming) if is_same else None

    def _replay(
        self, summary: Summary, renaming: Renaming, found: list[tuple[Slots, Found]]
    ) -> Value:
        """Do what a recorded call did."""
        machine, counts = self._machine, summary.counts
        top = RECORDER.top
        if isinstance(top, Recording):
            top.nodes |= summary.nodes
            top.deepest = max(top.deepest, machine.depth + summary.depth)
            length = machine.environment.length
            for slots, values in found:
                top.take(slots, values, length)
        machine.spend_all(min(counts.steps, summary.price))
        machine.finder.note(summary.seen)
        copier = Copier(renaming, summary.fresh)
        copier.base, copier.shift = summary.serial, machine.serial - summary.serial
        if summary.path:
            copier.before, copier.after = summary.path, machine.call_path()
        for slots, key, value in summary.writes:
            self._write(copier.copy(slots), copier.key(key), value, copier)
        before = machine.doubt + machine.raised
        for effect, doubts in summary.told:
            machine.tell(_retold(effect, copier, before + doubts), before + doubts)
        machine.hazards += counts.hazards
        machine.raised += counts.raised
        machine.serial += counts.serial
        if summary.raises:
            raise RaisedError
        result: Value = copier.copy(summary.result)
        return result

    def _write(self, slots: Slots, key: object, value: object, copier: Copier) -> None:
        environment = self._machine.environment
        if key is OPEN:
            environment.open_up(slots)
        elif value is MISSING:
            environment.erase(slots, key)
        else:
            environment.write(slots, key, copier.copy(value))

    def _record(
        self,
        function: Function,
        arguments: Arguments,
        run: Callable[[], Value],
        known: list[Summary],
    ) -> Value:
        """Run a call and remember it."""
        machine, outer = self._machine, RECORDER.top
        result: Value = NONE
        raises = is_over = False
        start, before, doubt = len(machine.effects), counted(machine), machine.doubt
        doubts = machine.doubt + machine.raised
        active = active_counts(machine.active, frozenset(machine.active))
        with machine.environment.logging() as now, machine.finder.noting() as seen:
            length = machine.environment.length
            recording = Recording(machine.environment, now, length, function.node, machine.depth)
            RECORDER.top = recording
            try:
                result = run()
                is_over = True
            except RaisedError as error:
                is_over = raises = type(error) is RaisedError and not error.args
                raise
            finally:
                RECORDER.top = outer
                RECORDER.now += 1
                is_sound = is_over and not recording.is_spoiled and machine.doubt == doubt
                if is_sound:
                    for reads in recording.reads.values():
                        reads.close(recording.start)
                    summary = Summary(
                        function,
                        arguments,
                        list(recording.reads.values()),
                        _outer_writes(machine, recording),
                        [],
                        result,
                        raises,
                        {},
                        differences(before, counted(machine)),
                        before.serial,
                        (),
                        frozenset(recording.nodes),
                        {node: active[node] for node in recording.nodes if node in active},
                        recording.deepest - machine.depth,
                        seen,
                    )
                    if _complete(summary, machine, start, doubts, now):
                        known.insert(0, summary)
                        del known[MOST_SUMMARIES:]
                if isinstance(outer, Recording):
                    outer.include(recording)
        return result


def shape(value: object, depth: int = 2) -> object:
    """Return what calls that look alike have in common in an argument."""
    match value:
        case Constant():
            return (type(value.value), value.value)
        case Instance():
            return value.cls
        case Collection() if depth:
            items = islice(raw_items(value.slots), LOOKED_AT)
            return (value.kind, *((str(key), shape(item, depth - 1)) for key, item in items))
        case Library():
            return value
        case Unknown():
            return value.origin
        case Function():
            return value.node
    return type(value)


def active_counts(active: list[ast.AST], nodes: frozenset[ast.AST]) -> dict[ast.AST, int]:
    """Count how often functions are active."""
    counts: dict[ast.AST, int] = {}
    for node in active:
        if node in nodes:
            counts[node] = counts.get(node, 0) + 1
    return counts


def counted(machine: Base) -> Counts:
    """Return what a machine has counted."""
    return Counts(machine.steps, machine.hazards, machine.raised, machine.serial)


def differences(before: Counts, after: Counts) -> Counts:
    """Return how much was counted between."""
    return Counts(
        after.steps - before.steps,
        after.hazards - before.hazards,
        after.raised - before.raised,
        after.serial - before.serial,
    )


def _present(summary: Summary, renaming: Renaming) -> list[tuple[Slots, Found]] | None:
    """Return what a summary read as it stands now; None if it is another."""
    found: list[tuple[Slots, Found]] = []
    for reads in summary.reads:
        now = renaming.slots_for(reads.slots)
        if now is None:
            return None
        is_unchanged = now is reads.slots and reads.is_unchanged()
        present = _compared(summary, reads, now, renaming, is_unchanged)
        if present is None:
            return None
        found.append((now, reads.found if is_unchanged else present))
    return found


def _compared(
    summary: Summary, reads: Reads, now: Slots, renaming: Renaming, is_unchanged: bool
) -> Found | None:
    """Return what stands in slots now, where something was read; None if it is another."""
    found: Found = {}
    is_same = now is reads.slots
    for key, old in (reads.renamed if is_unchanged else reads.found).items():
        if key is WHOLE:
            found[WHOLE] = items = tuple(raw_items(now))
            if not _same_items(old, items, renaming):
                return None
            is_same = is_same and WHOLE not in reads.renamed
            continue
        renamed = key if type(key) is str else renaming.key(key)
        found[renamed] = present = content(now, renamed)
        if not renaming.match(old, present):
            if now is reads.slots and key is not OPEN:
                summary.hint = (now, key, old)
            return None
        is_same = is_same and (present is old or key not in reads.renamed)
    if is_same:
        reads.confirm()
    return found


def _same_items(old: object, new: tuple[tuple[object, object], ...], renaming: Renaming) -> bool:
    assert isinstance(old, tuple)
    return len(old) == len(new) and all(
        renaming.key(mine) == other and renaming.match(value, now)
        for (mine, value), (other, now) in zip(old, new)
    )


def _outer_writes(machine: Base, recording: Recording) -> list[Read]:
    """Return what an activation left in slots that are older: slots, key and value."""
    writes: dict[tuple[int, object], Read] = {}
    for slots, key, _ in machine.environment.written(recording.length):
        if slots.born < recording.start and (id(slots), key) not in writes:
            writes[id(slots), key] = (slots, key, raw_get(slots, key, MISSING))
    return list(writes.values())


def _complete(
    summary: Summary, machine: Base, start: int, doubts: int, now: int
) -> bool:
    """Add what was told and made; tell whether all of it can be told and made again."""
    if start < len(machine.effects) or summary.counts.serial:
        summary.path = machine.call_path()
    steps = len(summary.path)
    for index in range(start, len(machine.effects)):
        effect = machine.effects[index]
        if effect.call_path[:steps] != summary.path:
            return False
        summary.told.append(Told(effect, machine.doubts_of(index) - doubts))
    made = [summary.result, *(value for _, _, value in summary.writes if value is not MISSING)]
    try:
        summary.fresh = snapshot(made, now)
    except NotCopiedError:
        return False
    summary.price += sum(len(reads.found) for reads in summary.reads)
    summary.price += 2 * len(summary.writes) + 4 * len(summary.told)
    return True


def _retold(effect: Effect, copier: Copier, doubts: int) -> Effect:
    """Return an effect below the present call path, with the serials of what was made now."""
    values = {each.name: copier.copy(getattr(effect, each.name)) for each in fields(effect)}
    return type(effect)(**{**values, "certain": doubts == 0})
