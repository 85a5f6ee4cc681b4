"""unittest.mock: fakes, and patches that are entered, started or decorate.

Source: Python's documentation, unittest.mock, "The patchers" and "The Mock Class".
"""

from __future__ import annotations

from typing import ClassVar

from flake8_moto_order.interpreter.attributes import linearize
from flake8_moto_order.interpreter.base import Arguments, Base, unknown
from flake8_moto_order.interpreter.values import (
    NONE,
    Bound,
    Class,
    Collection,
    Constant,
    Covered,
    Fake,
    Function,
    Guard,
    Library,
    Method,
    Unknown,
    Value,
    Wrapped,
)
from flake8_moto_order.models.model import Model
from flake8_moto_order.models.testing.replacing import (
    Contents,
    put_back,
    replace_attribute,
    resolve_name,
)

FAKES = {"Mock", "MagicMock", "AsyncMock", "NonCallableMock", "create_autospec", "PropertyMock"}
NOT_ATTRIBUTES = {"spec", "spec_set", "name", "wraps", "unsafe", "autospec", "create", "instance"}
DEFAULTS = {"unittest.mock.DEFAULT", "mock.DEFAULT", "unittest.mock.sentinel.DEFAULT"}
TEST_PREFIX = "test"
PATCHED = "patched"
# Arguments of the patchers that are nothing of the fake they put in, or of what they replace.
OF_PATCH = {"target", "attribute", "new", "new_callable"}
OF_MULTIPLE = {"target", "spec", "create", "spec_set", "autospec", "new_callable"}
OF_DICT = {"in_dict", "values", "clear"}


class MockingModel(Model):
    """The model of unittest.mock and its backport."""

    libraries = ("mock",)
    types: ClassVar[tuple[type[Value], ...]] = (Fake,)
    guards: ClassVar[tuple[str, ...]] = ("patch", "patch.dict", "patch.multiple")

    def call(self, machine: Base, callee: Value, arguments: Arguments) -> Value | None:
        """Call a name of unittest.mock, a patch, or a method of one."""
        match callee:
            case Library():
                return self._call_library(machine, callee.name, arguments)
            case Guard():
                return _decorate(machine, callee, arguments)
            case Method(owner=Guard() as guard, name="start" | "__enter__"):
                return self.enter(machine, guard)
            case Method(owner=Guard() as guard, name="stop" | "__exit__"):
                self.leave(machine, guard)
                return NONE
        return None

    def _call_library(self, machine: Base, name: str, arguments: Arguments) -> Value | None:
        short = name.removeprefix("unittest.").removeprefix("mock.")
        if short in FAKES:
            return make_fake(arguments.keywords, arguments.positional)
        if short == "patch.stopall":
            _stop_all(self, machine)
            return NONE
        return make_patch(machine, short, arguments)

    def enter(self, machine: Base, manager: Value) -> Value | None:
        """Start a patch: a string target imports its module at this moment."""
        if isinstance(manager, Fake):
            return machine.call(machine.attribute(manager, "__enter__"), Arguments())
        if not isinstance(manager, Guard):
            return None
        undo = _started(machine, manager)
        machine.environment.write(machine.environment.state, (PATCHED, manager.serial), undo)
        return manager.replacement

    def leave(self, machine: Base, manager: Value) -> None:
        """Stop a patch: what was there before comes back."""
        if isinstance(manager, Guard):
            key = (PATCHED, manager.serial)
            for slot in reversed(_slots_of(machine.environment.state.get(key))):
                put_back(machine, slot)
            machine.environment.erase(machine.environment.state, key)


def _slots_of(undo: object) -> tuple[object, ...]:
    return undo if isinstance(undo, tuple) else ()


def _stop_all(model: MockingModel, machine: Base) -> None:
    for key in reversed(list(machine.environment.state)):
        if isinstance(key, tuple) and key[0] == PATCHED:
            model.leave(machine, Guard("patch", key[1]))


def make_fake(keywords: dict[str, Value], held: tuple[Value, ...] = ()) -> Fake:
    """Make a mock object with what its constructor was told of its attributes."""
    slots: dict[object, object] = {
        name: value for name, value in keywords.items() if name not in NOT_ATTRIBUTES
    }
    if "wraps" in keywords:
        slots.setdefault("side_effect", keywords["wraps"])
    for path in [str(key) for key in slots if "." in str(key)]:
        _set_deep(slots, path.split("."), slots.pop(path))
    return Fake(unknown("", *held).holds, slots)


def _set_deep(slots: dict[object, object], names: list[str], value: object) -> None:
    """Set what a dotted keyword of a mock names, such as `method.return_value`."""
    for name in names[:-1]:
        part = slots.setdefault(name, Fake())
        if not isinstance(part, Fake):
            return
        slots = part.slots
    slots[names[-1]] = value


def make_patch(machine: Base, name: str, arguments: Arguments) -> Value | None:
    """Make the patch that `patch`, `patch.object`, `patch.dict` or `patch.multiple` stands for."""
    serial = machine.new_serial()
    first = arguments.get(0, "in_dict" if name == "patch.dict" else "target")
    if first is None:
        return None
    match name:
        case "patch":
            text = first.value if isinstance(first, Constant) else None
            if not isinstance(text, str):
                return Unknown("mock.patch")
            new, passes = _replacement(machine, arguments, 1)
            return Guard("patch", serial, name=text, replacement=new, passes=passes)
        case "patch.object":
            attribute = arguments.get(1, "attribute")
            text = attribute.value if isinstance(attribute, Constant) else None
            if not isinstance(text, str):
                return Unknown("mock.patch")
            new, passes = _replacement(machine, arguments, 2)
            return Guard(
                "patch", serial, target=first, name=text, replacement=new, passes=passes
            )
        case "patch.multiple":
            return _multiple(serial, first, arguments)
        case "patch.dict":
            return _dict(serial, first, arguments)
    return None


def _replacement(machine: Base, arguments: Arguments, index: int) -> tuple[Value, bool]:
    """Return what a patch puts in place, and whether it passes it to what it decorates."""
    new = arguments.get(index, "new")
    if new is not None and not _is_default(new):
        return new, False
    factory = arguments.keywords.get("new_callable")
    if isinstance(factory, (Function, Class, Bound)):
        return machine.call(factory, Arguments()), True
    keywords = {k: v for k, v in arguments.keywords.items() if k not in OF_PATCH}
    return make_fake(keywords), True


def _is_default(value: Value) -> bool:
    return isinstance(value, Library) and value.name in DEFAULTS


def _multiple(serial: int, target: Value, arguments: Arguments) -> Value:
    news: dict[object, object] = {
        name: Fake() if _is_default(value) else value
        for name, value in arguments.keywords.items()
        if name not in OF_MULTIPLE
    }
    passes = any(map(_is_default, arguments.keywords.values()))
    given = Collection("dict", news)
    return Guard("patch.multiple", serial, target=target, replacement=given, passes=passes)


def _dict(serial: int, target: Value, arguments: Arguments) -> Value:
    values = arguments.get(1, "values")
    slots: dict[object, object] = dict(values.slots) if isinstance(values, Collection) else {}
    slots.update({k: v for k, v in arguments.keywords.items() if k not in OF_DICT})
    clear = arguments.get(2, "clear") == Constant(True)
    return Guard(
        "patch.dict", serial, target=target, replacement=Collection("dict", slots),
        name="clear" if clear else "",
    )


def _decorate(machine: Base, guard: Guard, arguments: Arguments) -> Value | None:
    target = arguments.get(0)
    if isinstance(target, (Function, Covered, Wrapped, Bound)):
        return Covered(guard, target)
    if not isinstance(target, Class):
        return None
    names = {name: member for owner in linearize(target)[::-1] for name, member in
             owner.namespace.items() if str(name).startswith(TEST_PREFIX)}
    for name, member in names.items():
        if isinstance(member, (Function, Covered, Wrapped, Bound)):
            machine.set_attribute(target, str(name), Covered(guard, member))
    return target


def _started(machine: Base, guard: Guard) -> tuple[object, ...]:
    """Put the replacement in place; return what puts back what was there."""
    if guard.kind == "patch.dict":
        return _fill(machine, guard)
    owner: Value | None = guard.target
    if guard.target == NONE:
        path, _, _ = guard.name.rpartition(".")
        owner = resolve_name(machine, path) if path else None
    elif isinstance(owner, Constant):
        owner = resolve_name(machine, str(owner.value))
    if owner is None:
        return ()
    if guard.kind == "patch.multiple" and isinstance(guard.replacement, Collection):
        news = list(guard.replacement.slots.items())
    else:
        news = [(guard.name.rpartition(".")[2], guard.replacement)]
    return tuple(
        replace_attribute(machine, owner, str(name), value)
        for name, value in news
        if isinstance(value, Value)
    )


def _fill(machine: Base, guard: Guard) -> tuple[object, ...]:
    target = guard.target
    if isinstance(target, Constant):
        target = resolve_name(machine, str(target.value)) or target
    if not isinstance(target, Collection) or not isinstance(guard.replacement, Collection):
        return ()
    environment = machine.environment
    before = Contents(target.slots, target.slots.copied())
    if guard.name == "clear":
        for key in list(target.slots):
            environment.erase(target.slots, key)
    for key, value in guard.replacement.slots.items():
        environment.write(target.slots, key, value)
    return (before,)
