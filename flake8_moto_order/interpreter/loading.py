"""Loads that are not run again: the body of a module is redone from a record of its last run.

What a module made when it ran stays as it is: the same objects are loaded again. A record is a
list of steps: what was imported, and between the imports what was read of what others made, and
what was written. It is redone step by step, as long as all reads are as they were and every import
gives what it gave; so the modules that it imports may be loaded already, be redone or run, in
whatever order. While a module runs, what it reads is told to its `LoadRecording`; functions that it
calls have no recordings of their own.

Slots belong to the load that made them (`Slots.owner`). Everything that is written to them after
their load, or after an import within it, is on the trail: it is taken back with the branch, and
redone in its place.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from flake8_moto_order.interpreter.base import Base, RaisedError
from flake8_moto_order.interpreter.memory import Told
from flake8_moto_order.interpreter.provenance import Place
from flake8_moto_order.interpreter.recording import WIDEST, Read
from flake8_moto_order.interpreter.renaming import FIELDS
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
    BotoSession,
    Bound,
    Choice,
    Client,
    Constant,
    Library,
    Method,
    Module,
    PathText,
    Unknown,
    Value,
)
from flake8_moto_order.interpreter.world import Act, content
from flake8_moto_order.project import ModuleFile, Seen

# So many records at most are kept of one module.
MOST_RECORDS = 8


class Import(NamedTuple):
    """An import within a module: what does it again, where it stands, and what it gave.

    What is imported stands in `slots` under `key` once it is there.
    """

    again: Callable[[], Value]
    slots: Slots
    key: str
    places: tuple[Place, ...]
    tries: int
    gave: object


class Segment(NamedTuple):
    """What a module did from one import to the next."""

    reads: list[Read]
    writes: list[Read]
    acts: list[Act]
    told: list[Told]


@dataclass(slots=True)
class Record:
    """How a module was loaded; `seen` is what it asked of the disk itself.

    `needs` are modules that ran at that time, so that only what becomes of them tells whether the
    record holds.
    """

    module: Module
    height: int
    seen: Seen
    steps: list[Segment | Import] = field(default_factory=list)
    needs: set[Module] = field(default_factory=set)
    hazards: int = 0
    raised: int = 0


class LoadRecording:
    """Writes the record of a module that is running: it is told what the module reads.

    Of what the module wrote itself it needs no note, but of what an import within it wrote.
    """

    def __init__(
        self,
        machine: Base,
        module: Module,
        start: int,
        seen: Seen,
        kept: Callable[[object, set[Module]], bool],
    ) -> None:
        world = machine.environment
        self.start = self.owner = start
        self.nodes: set[ast.AST] = set()
        self.record = Record(module, machine.height, seen)
        self.is_spoiled = False
        self._kept = kept
        self._machine = machine
        self._doubts = machine.doubt + machine.raised
        self._steps = len(machine.call_path())
        self._first = world.length
        self._branches = world.branches
        self._nested: list[range] = []
        self._begin()

    def _begin(self) -> None:
        machine, world = self._machine, self._machine.environment
        self._reads: dict[tuple[int, object], Read] = {}
        self._written, self._acted = world.length, world.acted
        self._told = len(machine.effects)
        self._hazards, self._raised = machine.hazards, machine.raised

    def note(self, slots: Slots, key: object, found: object) -> None:
        """Note that `key` was looked up, and what was found."""
        self._machine.environment.touched.add(slots.owner)
        place = (id(slots), key)
        if place not in self._reads:
            at = self._machine.environment.written_at(slots, key, self._first)
            if at is None or self._is_nested(at):
                self._reads[place] = (slots, key, found)

    def note_all(self, slots: Slots) -> None:
        """Note that all keys and values were looked at."""
        self._machine.environment.touched.add(slots.owner)
        if (id(slots), WHOLE) in self._reads:
            return
        written = self._machine.environment.places_of(slots, self._first)
        items = tuple(raw_items(slots))
        if len(items) > WIDEST or not all(map(self._is_nested, written)):
            self.is_spoiled = True
        self._reads[id(slots), WHOLE] = (slots, WHOLE, items)

    def _is_nested(self, place: int) -> bool:
        return any(place in span for span in reversed(self._nested))

    def spoil(self) -> None:
        """Note that something happened that can't be redone."""
        self.is_spoiled = True

    def act(self) -> None:
        """Note that something was changed that is no slot: it can be changed again."""

    def _end_segment(self) -> None:
        """Note what was done since the last import."""
        machine, world = self._machine, self._machine.environment
        writes = {
            (id(slots), key): (slots, key, content(slots, key))
            for slots, key, _ in world.written(self._written)
        }
        told = [
            Told(
                replace(effect, call_path=effect.call_path[self._steps :]),
                machine.doubts_of(index) - self._doubts,
            )
            for index, effect in enumerate(machine.effects[self._told :], self._told)
        ]
        self.is_spoiled |= world.branches != self._branches
        self.record.hazards += machine.hazards - self._hazards
        self.record.raised += machine.raised - self._raised
        acts = world.acts_since(self._acted)
        if self._reads or writes or acts or told:
            reads = list(self._reads.values())
            self.record.steps.append(Segment(reads, list(writes.values()), acts, told))

    def imports(self, again: Callable[[], Value], slots: Slots, key: str) -> Value:
        """Import something, which goes into records of its own, and note what that gave.

        It stands in `slots` under `key` once it is there.
        """
        machine, world = self._machine, self._machine.environment
        places = tuple(machine.places(self.record.height))
        self._end_segment()
        start, tries = world.length, machine.tries
        RECORDER.top = None
        gave: object = MISSING
        try:
            value = again()
            gave = value
            return value
        except RaisedError as error:
            gave = type(error)
            raise
        finally:
            RECORDER.top = self
            self.is_spoiled |= gave is MISSING or not self._kept(gave, self.record.needs)
            self.record.steps.append(Import(again, slots, key, places, tries, gave))
            self._nested.append(range(start, world.length))
            world.advance()
            self._begin()

    def finish(self) -> Record | None:
        """Return the record of a module that ran to its end, None if it can't be redone."""
        self._end_segment()
        if self.is_spoiled:
            return None
        if self.owner not in self._machine.environment.touched:
            self._settle()
        return self.record

    def _settle(self) -> None:
        """Have what the module wrote to its own slots stay there, so that it isn't written again.

        Nobody else looked at it meanwhile, and nobody will until the module is loaded again. But
        where a submodule was bound in its package, what comes of it depends on the order.
        """
        world, namespace = self._machine.environment, self.record.module.namespace
        bound = {
            world.key_at(place)
            for place in world.places_of(namespace, self._first)
            if self._is_nested(place)
        }

        def is_settled(slots: Slots, key: object) -> bool:
            return slots.owner == self.owner and not (slots is namespace and key in bound)

        starts = [self._first, *(span.stop for span in self._nested)]
        ends = [*(span.start for span in self._nested), world.length]
        for start, end in zip(starts, ends):
            world.settle(range(start, end), is_settled)
        for step in self.record.steps:
            if isinstance(step, Segment):
                step.writes[:] = [each for each in step.writes if not is_settled(*each[:2])]
        self.record.steps = [
            step for step in self.record.steps if isinstance(step, Import) or any(step)
        ]


class Loads:
    """The records of one machine, by name and file of the module.

    A module that was loaded in this session, and taken out of sys.modules, can't be redone: it may
    still be in use.
    """

    def __init__(self, machine: Base) -> None:
        self._machine = machine
        self._records: dict[object, list[Record]] = {}
        self._kept: dict[Module, Record] = {}
        self._running: set[Module] = set()
        self._loaded = Slots()

    def load(self, found: ModuleFile, run: Callable[[Module], None]) -> Module:
        """Load a module: redo it if that can be, else run it; return the one that is loaded.

        Raises what the body of the module raises.
        """
        machine = self._machine
        known = self._records.setdefault((found, machine.weighs_raises, machine.tries > 0), [])
        around = RECORDER.top
        RECORDER.top = None
        try:
            for index, record in enumerate(known):
                if self._redo(record):
                    known.insert(0, known.pop(index))
                    return record.module
            return self._run(found, run, known)
        finally:
            RECORDER.top = around

    def _run(
        self, found: ModuleFile, run: Callable[[Module], None], known: list[Record]
    ) -> Module:
        machine, world, owner = self._machine, self._machine.environment, RECORDER.owner
        doubt = machine.doubt
        with world.logging() as now, machine.finder.noting() as seen:
            RECORDER.owner = now
            try:
                module = Module(found.name, found.path, found.search)
                world.write(world.modules, found.name, module)
                world.write(self._loaded, module, True)
                self._running.add(module)
                recording = LoadRecording(machine, module, now, seen, self._is_kept)
                RECORDER.top = recording
                run(module)
                record = recording.finish()
            finally:
                self._running.discard(module)
                RECORDER.owner = owner
                RECORDER.top = None
        if record and machine.doubt == doubt:
            self._keep(record, known)
        else:
            self._drop(module)
        return module

    def _is_kept(self, imported: object, needs: set[Module]) -> bool:
        """Tell whether what was imported can be redone, as far as is known; say what it needs.

        Where it can't, whatever imports it can't either: it would be run again and again.
        """
        if not isinstance(imported, Module):
            return True
        if imported in self._running:
            needs.add(imported)
            self._machine.environment.touched.add(imported.namespace.owner)
        elif imported in self._kept:
            needs |= self._kept[imported].needs & self._running
        else:
            return False
        return True

    def _keep(self, record: Record, known: list[Record]) -> None:
        record.needs.discard(record.module)
        self._kept[record.module] = record
        known.insert(0, record)
        for old in known[MOST_RECORDS:]:
            del self._kept[old.module]
        del known[MOST_RECORDS:]

    def _drop(self, module: Module) -> None:
        """Forget what was recorded while a module ran that can't be redone, and needs it."""
        lost = {id(record) for record in self._kept.values() if module in record.needs}
        for records in self._records.values() if lost else ():
            records[:] = [record for record in records if id(record) not in lost]
        self._kept = {m: record for m, record in self._kept.items() if id(record) not in lost}

    def _redo(self, record: Record) -> bool:
        """Load a module from a record; tell whether that could be done: else nothing happened."""
        machine, world = self._machine, self._machine.environment
        if raw_get(self._loaded, record.module) or not all(map(self._is_running, record.needs)):
            return False
        start, doubts = len(machine.effects), machine.doubt + machine.raised
        steps, hazards, raised = machine.steps, machine.hazards, machine.raised
        with world.savepoint() as take_back:
            world.write(world.modules, record.module.name, record.module)
            world.write(self._loaded, record.module, True)
            if self._redo_steps(record.steps, doubts):
                machine.hazards += record.hazards
                machine.raised += record.raised
                machine.finder.note(record.seen)
                return True
            take_back()
        machine.forget_effects(start)
        machine.steps, machine.hazards, machine.raised = steps, hazards, raised
        return False

    def _is_running(self, module: Module) -> bool:
        """Tell whether a module is loaded now, in part at least."""
        return raw_get(self._machine.environment.modules, module.name) is module

    def _redo_steps(self, steps: Sequence[Segment | Import], before: int) -> bool:
        self._machine.spend(len(steps))
        for step in steps:
            if isinstance(step, Import):
                if raw_get(step.slots, step.key) is not step.gave and not self._import(step):
                    return False
            elif not self._redo_segment(step, before):
                return False
        return True

    def _redo_segment(self, segment: Segment, before: int) -> bool:
        machine, world = self._machine, self._machine.environment
        machine.spend(len(segment.reads) + len(segment.writes))
        if not all(map(_is_unchanged, segment.reads)):
            return False
        for slots, key, value in segment.writes:
            if key is OPEN:
                world.open_up(slots)
            elif value is MISSING:
                world.erase(slots, key)
            else:
                world.write(slots, key, value)
        for do, undo in segment.acts:
            world.act(do, undo)
        for effect, doubts in segment.told:
            machine.tell_below(effect, before + doubts)
        return True

    def _import(self, then: Import) -> bool:
        """Import what a module imports; tell whether that gave what it gave."""
        machine = self._machine
        tries, machine.tries = machine.tries, then.tries
        gave: object
        try:
            with machine.below(then.places):
                gave = then.again()
        except RaisedError as error:
            gave = type(error)
        finally:
            machine.tries = tries
        return is_same(then.gave, gave)


def _is_unchanged(read: Read) -> bool:
    """Tell whether what was read is still there."""
    slots, key, old = read
    if key is WHOLE:
        new = tuple(raw_items(slots))
        return is_same(old, new)
    return is_same(old, content(slots, key))


def is_same(old: object, new: object) -> bool:
    """Tell whether two contents of a slot are the same: objects by identity, others by value."""
    if old is new:
        return True
    if type(old) is not type(new):
        return False
    match old:
        case Constant():
            return type(old.value) is type(getattr(new, "value")) and old == new
        case Library() | PathText() | Client() | BotoSession():
            return old == new
        case Unknown(holds=()) | Method() | Choice() | Bound():
            names = FIELDS[type(old)]
            return all(is_same(getattr(old, name), getattr(new, name)) for name in names)
        case tuple():
            assert isinstance(new, tuple)
            return len(old) == len(new) and all(map(is_same, old, new))
        case Value():
            return False
    return old == new
