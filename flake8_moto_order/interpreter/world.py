"""The environment: every slot that a program can change, with fork and merge.

All writes go through `write` and `erase`. While a branch is open they are kept on a trail, so that
the branch can be taken back and its outcome joined with that of the other branches. What was made
inside the branch needs no trail: nobody else has it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import takewhile
from typing import TypeVar

from flake8_moto_order.interpreter.slots import (
    MISSING,
    OPEN,
    RECORDER,
    WHOLE,
    Slots,
    raw_get,
    raw_items,
    raw_open,
)
from flake8_moto_order.interpreter.values import (
    Bound,
    Choice,
    Collection,
    Covered,
    Fake,
    Function,
    Guard,
    Method,
    Unknown,
    Value,
)

T = TypeVar("T")
# How to do something, and how to take it back.
Act = tuple[Callable[[], object], Callable[[], object]]
# What stands beside the value of an item that a list has in some outcomes only.
ABSENT = Unknown("absent")
WIDEST_CHOICE = 6
DEEPEST_COMPARISON = 3
NESTED = (Unknown, Method, Bound, Covered, Fake, Guard, Choice)


class Environment:
    """The mutable state of one symbolic session.

    `modules` is sys.modules, `path` sys.path, `environ` os.environ, `overrides` what was assigned
    to attributes of libraries, `state` the flags and counts that library models keep, `mocks` the
    services that mocks of moto cover. `touched` are the owners of slots that other modules wrote
    to, or looked at, while they were run themselves.
    """

    def __init__(self) -> None:
        self.modules = Slots()
        self.path = Collection("list")
        self.environ = Collection("dict")
        self.overrides = Slots()
        self.state = Slots()
        self.mocks = Slots()
        self._trail: list[tuple[Slots, object, object]] = []
        self._places: dict[int, list[int]] = {}
        self._acts: list[Act] = []
        self._marks: list[tuple[int, int]] = []
        self._since = 0
        self.touched: set[int] = set()

    def write(self, slots: Slots, key: object, value: object) -> None:
        """Bind `key` to `value`."""
        if slots.born < self._since or (slots.owner and slots.owner != RECORDER.owner):
            self._log(slots, key, raw_get(slots, key, MISSING))
        slots.changed = RECORDER.now
        slots[key] = value

    def erase(self, slots: Slots, key: object) -> None:
        """Remove `key` if it is bound."""
        if key in slots:
            if slots.born < self._since or (slots.owner and slots.owner != RECORDER.owner):
                self._log(slots, key, raw_get(slots, key))
            slots.changed = RECORDER.now
            del slots[key]

    def open_up(self, slots: Slots) -> None:
        """Let there be further, unknown keys."""
        if not slots.open:
            if slots.born < self._since or (slots.owner and slots.owner != RECORDER.owner):
                self._log(slots, OPEN, False)
            slots.changed = RECORDER.now
            slots.open = True

    def bind_submodule(self, namespace: Slots, name: str, module: Value) -> None:
        """Bind a module in its package, which no module does itself."""
        owner, RECORDER.owner = RECORDER.owner, 0
        self.write(namespace, name, module)
        RECORDER.owner = owner

    def _log(self, slots: Slots, key: object, old: object) -> None:
        if slots.owner != RECORDER.owner and RECORDER.owner:
            self.touched.add(slots.owner)
        self._places.setdefault(id(slots), []).append(len(self._trail))
        self._trail.append((slots, key, old))

    def replace(self, slots: Slots, values: Sequence[object]) -> None:
        """Make a list of `slots`: these values by index."""
        for key in [key for key in slots if not (isinstance(key, int) and key < len(values))]:
            self.erase(slots, key)
        for index, value in enumerate(values):
            if raw_get(slots, index, MISSING) is not value:
                self.write(slots, index, value)

    def act(self, do: Callable[[], object], undo: Callable[[], object]) -> None:
        """Change something that is no slot, in a way that can be taken back."""
        RECORDER.act()
        do()
        self._acts.append((do, undo))

    def fork(self, branches: Sequence[Callable[[], T]]) -> list[T]:
        """Run each branch from the present state, then go on with the join of their outcomes."""
        outcomes: list[Outcome] = []
        results = []
        for branch in branches:
            result, outcome = self.attempt(branch)
            results.append(result)
            outcomes.append(outcome)
        self.merge(outcomes)
        return results

    def attempt(self, branch: Callable[[], T]) -> tuple[T, Outcome]:
        """Run a branch, take its writes back, and return them beside its result."""
        mark, since = self._mark(), self._since
        self.advance()
        try:
            result = branch()
        finally:
            self._marks.pop()
            self._since = since
            outcome = self._rewind(*mark)
        return result, outcome

    def trial(self, branch: Callable[[], T]) -> T:
        """Run a branch and take all it did back."""
        with self.taken_back():
            return branch()

    @contextmanager
    def taken_back(self) -> Iterator[None]:
        """Take back, at the end of the block, all that was done in it."""
        mark = self._mark()
        with self.logging():
            try:
                yield
            finally:
                self._marks.pop()
                self._take_back(*mark)

    def _mark(self) -> tuple[int, int]:
        mark = (len(self._trail), len(self._acts))
        self._marks.append(mark)
        return mark

    @contextmanager
    def logging(self) -> Iterator[int]:
        """Have all writes to what is older than the block on the trail; give the time it began."""
        since = self._since
        self.advance()
        try:
            yield RECORDER.now
        finally:
            self._since = since

    def advance(self) -> None:
        """Have all writes to what is there by now on the trail, to the end of the block around."""
        RECORDER.now += 1
        self._since = RECORDER.now

    @contextmanager
    def savepoint(self) -> Iterator[Callable[[], None]]:
        """Give what takes back all that was done since the block began."""
        mark = (len(self._trail), len(self._acts))
        with self.logging():
            yield partial(self._take_back, *mark)

    @property
    def branches(self) -> int:
        """How many branches are open."""
        return len(self._marks)

    @property
    def acted(self) -> int:
        """How many acts there are to take back."""
        return len(self._acts)

    def acts_since(self, count: int) -> list[Act]:
        """Return the acts since there were so many."""
        return self._acts[count:]

    @property
    def length(self) -> int:
        """How long the trail is."""
        return len(self._trail)

    def written(self, since: int) -> list[tuple[Slots, object, object]]:
        """Return what was written since the trail had this length: slots, key and what stood there.

        What a branch wrote that was taken back is not there.
        """
        return self._trail[since:]

    def places_of(self, slots: Slots, since: int) -> list[int]:
        """Return where on the trail slots were written since it had a length, the last first."""
        places = self._places.get(id(slots), ())
        return list(takewhile(lambda place: place >= since, reversed(places)))

    def settle(self, places: Iterable[int], is_settled: Callable[[Slots, object], bool]) -> None:
        """Have what was written at places of the trail stay there when all else is taken back."""
        for place in places:
            slots, key, _ = self._trail[place]
            if is_settled(slots, key):
                self._trail[place] = (slots, key, content(slots, key))

    def key_at(self, place: int) -> object:
        """Return the key that was written at a place of the trail."""
        return self._trail[place][1]

    def written_at(self, slots: Slots, key: object, since: int) -> int | None:
        """Return where on the trail `key` was last written since it had a length."""
        for place in reversed(self._places.get(id(slots), ())):
            if place < since:
                return None
            if self._trail[place][1] == key:
                return place
        return None

    def has_written(
        self, slots: Slots, since: int, until: int, key: object = WHOLE
    ) -> bool:
        """Tell whether `key` was written when the trail had a length from `since` to `until`."""
        for place in reversed(self._places.get(id(slots), ())):
            if place < since:
                break
            if place < until and (key is WHOLE or self._trail[place][1] == key):
                return True
        return False

    def before(self, slots: Slots, since: int) -> dict[object, object] | None:
        """Return all that stood in slots when the trail had a length; None if the order is lost."""
        found = dict(raw_items(slots))
        for place in reversed(self._places.get(id(slots), ())):
            if place < since:
                break
            _, key, old = self._trail[place]
            if old is MISSING:
                found.pop(key, None)
            elif key in found:
                found[key] = old
            elif key is not OPEN:
                return None
        return found

    @property
    def replaced(self) -> list[object]:
        """What the writes of the innermost open branch took the place of."""
        return [old for _, _, old in self._trail[self._marks[-1][0] :] if old is not MISSING]

    def merge(self, outcomes: Sequence[Outcome]) -> None:
        """Write the join of several outcomes of the present state."""
        touched = {slot: target for outcome in outcomes for slot, target in outcome.targets.items()}
        for slot, (slots, key) in touched.items():
            present = slots.open if key is OPEN else slots.get(key, MISSING)
            values = [outcome.values.get(slot, present) for outcome in outcomes]
            joined = values[0]
            for value in values[1:]:
                joined = join(joined, value)
            is_item = isinstance(key, int) and slots is not self.path.slots
            if is_item and isinstance(joined, Value) and MISSING in values:
                joined = choice((joined, ABSENT))
            if key is OPEN:
                self.open_up(slots)
            elif joined is MISSING:
                self.erase(slots, key)
            else:
                self.write(slots, key, joined)
        for outcome in outcomes:
            for do, undo in outcome.acts:
                self.act(do, undo)

    def _rewind(self, mark: int, acts: int) -> Outcome:
        outcome = Outcome(self._acts[acts:])
        for slots, key, _ in self._trail[mark:]:
            slot = (id(slots), key)
            outcome.targets[slot] = (slots, key)
            outcome.values[slot] = content(slots, key)
        self._take_back(mark, acts)
        return outcome

    def _take_back(self, mark: int, acts: int) -> None:
        while len(self._acts) > acts:
            self._acts.pop()[1]()
        while len(self._trail) > mark:
            slots, key, old = self._trail.pop()
            places = self._places[id(slots)]
            places.pop()
            if not places:
                del self._places[id(slots)]
            slots.changed = RECORDER.now
            if key is OPEN:
                slots.open = old is True
            elif old is MISSING:
                slots.pop(key, None)
            else:
                slots[key] = old


class Outcome:
    """What a branch wrote: the last value of every slot it touched, and its other acts."""

    def __init__(self, acts: Sequence[Act] = ()) -> None:
        self.acts = acts
        self.targets: dict[tuple[int, object], tuple[Slots, object]] = {}
        self.values: dict[tuple[int, object], object] = {}


def content(slots: Slots, key: object) -> object:
    """Return what stands under a key, without anybody being told; for `OPEN`, if it is so."""
    return raw_open(slots) if key is OPEN else raw_get(slots, key, MISSING)


def join(left: object, right: object) -> object:
    """Join two contents of a slot: flags and counts in the user's favour, values to a choice."""
    if right is MISSING or same(left, right):
        return left
    if left is MISSING:
        return right
    if isinstance(left, Value) and isinstance(right, Value):
        return choice((left, right))
    if isinstance(left, int) and isinstance(right, int):
        return max(left, right)
    return left


def choice(values: Sequence[Value]) -> Value:
    """Build the choice among `values`, flattened, without repeats, cut at `WIDEST_CHOICE`."""
    options: list[Value] = []
    for value in values:
        for option in value.options if isinstance(value, Choice) else (value,):
            if not any(same(option, known) for known in options):
                options.append(option)
                if len(options) == WIDEST_CHOICE:
                    return Choice(tuple(options))
    return options[0] if len(options) == 1 else Choice(tuple(options))


def _is_again(left: Function, right: Function) -> bool:
    """Tell whether a module that was run in two branches defined the same function in both."""
    own = (left.scopes, left.defaults, left.keyword_defaults)
    return left.node is right.node and left.module is right.module and not any(own)


def same(left: object, right: object, depth: int = DEEPEST_COMPARISON) -> bool:
    """Tell whether two contents of a slot are equal, as far as a short look inside shows."""
    if left is right:
        return True
    if type(left) is not type(right):
        return left == right
    if isinstance(left, tuple) and isinstance(right, tuple):
        return len(left) == len(right) and all(same(a, b, depth) for a, b in zip(left, right))
    if isinstance(left, Function) and isinstance(right, Function):
        return _is_again(left, right)
    if not isinstance(left, NESTED):
        return left == right
    fields = type(left).__slots__
    return depth > 0 and all(
        same(getattr(left, name), getattr(right, name), depth - 1) for name in fields
    )
