"""Python's built-in functions, as far as they pass values on."""

from __future__ import annotations

import builtins
from collections.abc import Callable, Sequence
from typing import Any

from flake8_moto_order.interpreter.attributes import linearize
from flake8_moto_order.interpreter.base import Arguments, Base
from flake8_moto_order.interpreter.kinds import has_attribute
from flake8_moto_order.interpreter.operations import collect, may_be_absent, truth
from flake8_moto_order.interpreter.plain import NotPlainError, assumed, compute, plain
from flake8_moto_order.interpreter.values import (
    Class,
    Collection,
    Constant,
    Instance,
    Library,
    PathText,
    Super,
    Suspended,
    Unknown,
    Value,
    Wrapped,
)
from flake8_moto_order.interpreter.world import choice
from flake8_moto_order.models.model import Handler, Model
from flake8_moto_order.models.python.types import (
    call_callable,
    call_hasattr,
    call_isinstance,
    call_issubclass,
    call_type,
)

MOST_NUMBERS = 64
WRAPPERS = {"staticmethod": "static", "classmethod": "class", "property": "property"}
# What is made of an iterable, and the kind of collection that stands for it.
COLLECTIONS = {
    "list": "list", "tuple": "tuple", "set": "set", "frozenset": "frozenset", "sorted": "list",
    "reversed": "iterator",
}


# Functions that compute, and those for which the order of a set has no say.
PURE: dict[str, Callable[..., Any]] = {
    each.__name__: each
    for each in (
        abs, ascii, bin, chr, divmod, float, hex, int, max, min, oct, ord,
        repr, round, str, sum,
    )
}
ORDERLESS = {"max", "min", "sum"}


class BuiltinModel(Model):
    """The model of the builtins module."""

    libraries = ("builtins",)
    names = frozenset(dir(builtins)) - {"__name__", "__doc__", "__spec__", "__loader__"}

    def call(self, machine: Base, callee: Value, arguments: Arguments) -> Value | None:
        """Call a built-in."""
        name = callee.name.partition(".")[2] if isinstance(callee, Library) else ""
        if name in WRAPPERS and arguments.positional:
            return Wrapped(WRAPPERS[name], arguments.positional[0])
        if name in COLLECTIONS:
            return _collect(machine, name, arguments)
        if name in PURE and not arguments.keywords and not arguments.open:
            orderless, values = name in ORDERLESS, arguments.positional
            values = tuple(map(_gathered, values)) if orderless else values
            known = compute(PURE[name], *values, sets=orderless)
            if known is not None:
                return known
        handler = HANDLERS.get(name)
        return handler(machine, arguments) if handler else None


def _gathered(value: Value) -> Value:
    """Return what an iterator or view gives as a tuple."""
    if isinstance(value, Collection) and value.kind in ("iterator", "view"):
        return collect("tuple", value.items, value.open)
    return value


def _collect(machine: Base, name: str, arguments: Arguments) -> Value:
    if not arguments.positional:
        return Collection(COLLECTIONS[name])
    items, complete = machine.iterate(arguments.positional[0])
    if name == "sorted":
        items = _sort(machine, arguments, items)
    if name == "reversed":
        items = items[::-1]
    return collect(COLLECTIONS[name], items, not complete)


def _sort(machine: Base, arguments: Arguments, items: tuple[Value, ...]) -> tuple[Value, ...]:
    """Sort plain data; where the order is not known, items stay as they are."""
    _call_key(machine, arguments, items)
    down = arguments.keywords.get("reverse", Constant(False))
    if "key" in arguments.keywords or not isinstance(down, Constant):
        return items
    try:
        keys = [plain(item) for item in items]
        order = sorted(range(len(items)), key=keys.__getitem__, reverse=bool(down.value))
    except (NotPlainError, TypeError):
        return items
    return tuple(items[place] for place in order)


def _call_key(machine: Base, arguments: Arguments, items: tuple[Value, ...]) -> None:
    """Call the `key` function of `sorted`, `min` or `max`."""
    for item in items[:MOST_NUMBERS] if "key" in arguments.keywords else ():
        machine.call(arguments.keywords["key"], Arguments((item,)))


def _any(machine: Base, arguments: Arguments) -> Value | None:
    return _decided(machine, arguments, True)


def _all(machine: Base, arguments: Arguments) -> Value | None:
    return _decided(machine, arguments, False)


def _decided(machine: Base, arguments: Arguments, decisive: bool) -> Value | None:
    """Tell whether one of the items is `decisive`, or none is; None if that is not known."""
    if not arguments.positional:
        return None
    items, complete = machine.iterate(arguments.positional[0])
    known = {truth(item) for item in items if not may_be_absent(item)}
    if decisive in known:
        return Constant(decisive)
    is_known = complete and None not in known and not any(map(may_be_absent, items))
    return Constant(not decisive) if is_known else None


def _extreme(machine: Base, arguments: Arguments) -> Value | None:
    items = arguments.positional
    if len(items) == 1:
        items = machine.iterate(items[0])[0]
    _call_key(machine, arguments, items)
    return choice(items) if items else None


def _listed(items: Sequence[Value], complete: bool) -> Value:
    """Build what an iterator gives; it has all items if it is `complete`."""
    return collect("iterator", items, not complete)


def _filter(machine: Base, arguments: Arguments) -> Value | None:
    """`filter`, taken as iterated where it stands."""
    if len(arguments.positional) != 2:
        return None
    function, source = arguments.positional
    items, _ = machine.iterate(source)
    for item in items[:MOST_NUMBERS] if function != Constant(None) else ():
        machine.call(function, Arguments((item,)))
    return _listed(items, False)


def _dict(machine: Base, arguments: Arguments) -> Value:
    slots: dict[object, object] = {}
    is_open = arguments.open
    source = arguments.get(0)
    if isinstance(source, Collection) and source.kind == "dict":
        slots.update(source.slots)
        is_open |= source.open
    elif source is not None:
        is_open = True
    slots.update(arguments.keywords)
    return Collection("dict", slots, is_open)


def _getattr(machine: Base, arguments: Arguments) -> Value | None:
    owner, name = arguments.get(0), arguments.get(1)
    if owner is None or not isinstance(name, Constant):
        return None
    default = arguments.get(2)
    if default is not None and has_attribute(machine, owner, str(name.value)) is False:
        return default
    found = machine.attribute(owner, str(name.value))
    return choice([found, default]) if default and isinstance(found, Unknown) else found


def _vars(machine: Base, arguments: Arguments) -> Value | None:
    owner = arguments.get(0)
    has_dict = isinstance(owner, (Instance, Class))
    return machine.attribute(owner, "__dict__") if has_dict and owner is not None else None


def _dir(machine: Base, arguments: Arguments) -> Value | None:
    owner = arguments.get(0)
    if not isinstance(owner, Class):
        return None
    names = {str(name) for each in linearize(owner) for name in each.namespace}
    return _listed([Constant(name) for name in sorted(names)], True)


def _delattr(machine: Base, arguments: Arguments) -> Value | None:
    owner, name = arguments.get(0), arguments.get(1)
    if owner is not None and isinstance(name, Constant):
        machine.set_attribute(owner, str(name.value), None)
    return Constant(None)


def _setattr(machine: Base, arguments: Arguments) -> Value | None:
    owner, name = arguments.get(0), arguments.get(1)
    if owner is not None and isinstance(name, Constant):
        machine.set_attribute(owner, str(name.value), arguments.get(2))
    elif isinstance(owner, Instance):
        machine.environment.open_up(owner.attributes)
    return Constant(None)


def _import(machine: Base, arguments: Arguments) -> Value | None:
    name = arguments.get(0, "name")
    if not isinstance(name, Constant):
        return None
    machine.load(str(name.value))
    top = machine.environment.modules.get(str(name.value).partition(".")[0])
    return top if isinstance(top, Value) else None


def _str(machine: Base, arguments: Arguments) -> Value | None:
    value = arguments.get(0)
    return Constant(value.text) if isinstance(value, PathText) else None


def _int(machine: Base, arguments: Arguments) -> Value | None:
    """`int` of what is no number, as far as is known: it raises."""
    value = arguments.get(0)
    if isinstance(value, Constant) and not value.assumed and len(arguments.values) == 1:
        given: Any = value.value
        try:
            int(given)
        except (TypeError, ValueError, OverflowError):
            machine.raised += machine.weighs_raises
    return None


def _bool(machine: Base, arguments: Arguments) -> Value | None:
    value = arguments.get(0)
    known = truth(value) if value else False
    return None if known is None else Constant(known, assumed(value))


def _len(machine: Base, arguments: Arguments) -> Value | None:
    value = arguments.get(0)
    if isinstance(value, Instance):
        return machine.call(machine.attribute(value, "__len__"), Arguments())
    if isinstance(value, Constant) and isinstance(value.value, (str, bytes)):
        return Constant(len(value.value))
    if not isinstance(value, Collection) or value.open or any(map(may_be_absent, value.items)):
        return None
    if value.kind not in ("set", "frozenset"):
        return Constant(len(value.slots))
    known = all(isinstance(item, Constant) for item in value.items)
    return Constant(len(set(value.items))) if known else None


def _range(machine: Base, arguments: Arguments) -> Value | None:
    bounds = [v.value for v in arguments.positional if isinstance(v, Constant)]
    numbers = [bound for bound in bounds if isinstance(bound, int)]
    if not numbers or len(numbers) != len(arguments.positional) or 0 in numbers[2:]:
        return None
    steps = range(*numbers[:3])
    return _listed([Constant(n) for n in steps[:MOST_NUMBERS]], len(steps) <= MOST_NUMBERS)


def _map(machine: Base, arguments: Arguments) -> Value | None:
    """`map`, taken as iterated where it stands."""
    if len(arguments.positional) != 2:
        return None
    function, source = arguments.positional
    items, complete = machine.iterate(source)
    results = [machine.call(function, Arguments((item,))) for item in items[:MOST_NUMBERS]]
    return _listed(results, complete and len(items) <= MOST_NUMBERS)


def _zip(machine: Base, arguments: Arguments) -> Value | None:
    columns = [machine.iterate(value) for value in arguments.positional]
    rows = zip(*(items for items, _ in columns))
    tuples = [Collection("tuple", dict(enumerate(row))) for row in rows]
    return _listed(tuples, all(done for _, done in columns))


def _enumerate(machine: Base, arguments: Arguments) -> Value | None:
    if not arguments.positional:
        return None
    items, complete = machine.iterate(arguments.positional[0])
    pairs = [Collection("tuple", {0: Constant(i), 1: item}) for i, item in enumerate(items)]
    return _listed(pairs, complete)


def _next(machine: Base, arguments: Arguments) -> Value | None:
    source = arguments.get(0)
    if isinstance(source, Suspended):
        return _advance(machine, source)
    items = machine.iterate(source)[0] if source else ()
    return items[0] if items else None


def _advance(machine: Base, generator: Suspended) -> Value | None:
    """Run a generator to its first yield; asked again, it goes on and leaves what it entered."""
    if "done" not in generator.started:
        return machine.enter(generator)
    machine.leave(generator)
    return None


def _super(machine: Base, arguments: Arguments) -> Value | None:
    cls, receiver = arguments.get(0), arguments.get(1)
    return Super(cls, receiver) if isinstance(cls, Class) and receiver else None


def _new(machine: Base, arguments: Arguments) -> Value | None:
    cls = arguments.get(0)
    return Instance(cls) if isinstance(cls, Class) else None


HANDLERS: dict[str, Handler] = {
    "dict": _dict,
    "getattr": _getattr,
    "setattr": _setattr,
    "hasattr": call_hasattr,
    "delattr": _delattr,
    "vars": _vars,
    "dir": _dir,
    "__import__": _import,
    "str": _str,
    "bool": _bool,
    "int": _int,
    "len": _len,
    "range": _range,
    "map": _map,
    "zip": _zip,
    "filter": _filter,
    "max": _extreme,
    "min": _extreme,
    "enumerate": _enumerate,
    "next": _next,
    "isinstance": call_isinstance,
    "issubclass": call_issubclass,
    "any": _any,
    "all": _all,
    "super": _super,
    "type": call_type,
    "callable": call_callable,
    "object.__new__": _new,
    "object.__setattr__": _setattr,
    "object.__delattr__": _delattr,
}
