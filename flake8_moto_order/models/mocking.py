"""unittest.mock, as module-level code uses it: fakes, and patches that are started."""

from __future__ import annotations

from flake8_moto_order.domain import (
    NONE,
    Class,
    Constant,
    Covered,
    Fake,
    Function,
    Guard,
    Library,
    Method,
    Module,
    Value,
)
from flake8_moto_order.interpreter.base import Arguments, Base, RaisedError
from flake8_moto_order.interpreter.machine import Machine
from flake8_moto_order.models.model import Model

FAKES = {"Mock", "MagicMock", "AsyncMock", "NonCallableMock", "create_autospec", "PropertyMock"}


class MockingModel(Model):
    """The model of unittest.mock and its backport."""

    libraries = ("unittest", "mock")
    types = (Fake,)
    guards = ("patch",)

    def call(self, machine: Base, callee: Value, arguments: Arguments) -> Value | None:
        """Call a name of unittest.mock, a patch, or a method of one."""
        match callee:
            case Library():
                return self._call_library(machine, callee.name, arguments)
            case Guard():
                return self._decorate(callee, arguments)
            case Method(owner=Guard() as guard, name="start" | "__enter__"):
                return self.enter(machine, guard)
            case Method(owner=Guard() as guard, name="stop" | "__exit__"):
                self.leave(machine, guard)
                return NONE
        return None

    def _call_library(self, machine: Base, name: str, arguments: Arguments) -> Value | None:
        short = name.removeprefix("unittest.").removeprefix("mock.")
        if short in FAKES:
            return Fake(arguments.values)
        if short == "patch":
            return self._patch(machine, arguments)
        if short == "patch.object":
            return self._patch_object(machine, arguments)
        if short == "patch.dict":
            return self._patch_dict(machine, arguments)
        return None

    def _patch(self, machine: Base, arguments: Arguments) -> Value | None:
        target = arguments.get(0, "target")
        if not isinstance(target, Constant) or not isinstance(target.value, str):
            return None
        new = arguments.get(1, "new") or Fake()
        return Guard("patch", machine.new_serial(), name=target.value, replacement=new)

    def _patch_object(self, machine: Base, arguments: Arguments) -> Value | None:
        target, name = arguments.get(0, "target"), arguments.get(1, "attribute")
        if target is None or not isinstance(name, Constant):
            return None
        new = arguments.get(2, "new") or Fake()
        serial = machine.new_serial()
        return Guard("patch", serial, target=target, name=str(name.value), replacement=new)

    def _patch_dict(self, machine: Base, arguments: Arguments) -> Value | None:
        target = arguments.get(0, "in_dict")
        if isinstance(target, Constant) and target.value == "os.environ":
            target = machine.environment.environ
        values = arguments.get(1, "values")
        if target is None or values is None:
            return None
        return Guard("patch", machine.new_serial(), target=target, replacement=values)

    def _decorate(self, guard: Guard, arguments: Arguments) -> Value | None:
        target = arguments.get(0, "func")
        if isinstance(target, (Function, Covered)):
            return Covered(guard, target)
        return target if isinstance(target, Class) else None

    def enter(self, machine: Base, manager: Value) -> Value | None:
        """Start a patch: a string target imports its module at this moment."""
        if isinstance(manager, Fake):
            return manager
        if not isinstance(manager, Guard):
            return None
        if not manager.name:
            update = Method(manager.target, "update")
            return machine.call(update, Arguments((manager.replacement,)))
        owner, name = self._resolve(machine, manager)
        if owner is not None:
            before = machine.attribute(owner, name)
            state = machine.environment.state
            machine.environment.write(state, f"patched:{manager.serial}", before)
            machine.set_attribute(owner, name, manager.replacement)
        return manager.replacement

    def _resolve(self, machine: Base, guard: Guard) -> tuple[Value | None, str]:
        if guard.target != NONE:
            return guard.target, guard.name
        path, _, name = guard.name.rpartition(".")
        return (resolve_name(machine, path) if path else None), name

    def leave(self, machine: Base, manager: Value) -> None:
        """Stop a patch: what was there before comes back."""
        if not isinstance(manager, Guard) or not manager.name:
            return
        before = machine.environment.state.get(f"patched:{manager.serial}")
        owner, name = self._resolve(machine, manager)
        if owner is None or not isinstance(before, Value):
            return
        library = isinstance(owner, Library)
        machine.set_attribute(owner, name, None if library else before)


def resolve_name(machine: Base, path: str) -> Value | None:
    """Import what a dotted path names, as pkgutil.resolve_name does."""
    if not isinstance(machine, Machine):
        return None
    first, *rest = path.split(".")
    try:
        value = machine.load(first)
        for index, name in enumerate(rest):
            found = machine.attribute(value, name)
            loaded = isinstance(value, Module) and name not in value.namespace
            if loaded:
                found = machine.load(".".join([first, *rest[: index + 1]]))
            value = found
    except RaisedError:
        return None
    return value
