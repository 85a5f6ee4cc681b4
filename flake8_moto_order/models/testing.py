"""pytest, as far as collection and the repairs that fixtures make need it."""

from __future__ import annotations

from flake8_moto_order.domain import NONE, Collection, Constant, Library, Unknown, Value
from flake8_moto_order.interpreter.base import Arguments, Base, RaisedError
from flake8_moto_order.models.mocking import resolve_name
from flake8_moto_order.models.model import Handler, Model

ENDS = {"pytest.skip", "pytest.fail", "pytest.exit", "pytest.xfail"}


class TestingModel(Model):
    """The model of pytest's functions that module-level code calls."""

    __test__ = False
    libraries = ("pytest", "_pytest")

    def call(self, machine: Base, callee: Value, arguments: Arguments) -> Value | None:
        """Call a name of pytest."""
        if not isinstance(callee, Library):
            return None
        if callee.name in ENDS:
            raise RaisedError(Unknown(callee.name))
        if callee.name in ("pytest.MonkeyPatch", "_pytest.monkeypatch.MonkeyPatch"):
            return Library("pytest.monkeypatch")
        if callee.name == "pytest.importorskip":
            name = arguments.get(0, "modname")
            return machine.load(str(name.value)) if isinstance(name, Constant) else NONE
        handler = HANDLERS.get(callee.name.rpartition(".")[2])
        is_patch = callee.name.startswith("pytest.monkeypatch.")
        return handler(machine, arguments) if handler and is_patch else None


def _setattr(machine: Base, arguments: Arguments) -> Value | None:
    target, name, value = (arguments.get(index, key) for index, key in enumerate(SETATTR))
    if isinstance(target, Constant) and name is not None:
        path, _, attribute = str(target.value).rpartition(".")
        owner = resolve_name(machine, path) if path else None
        target, name, value = owner, Constant(attribute), name
    if target is not None and isinstance(name, Constant) and value is not None:
        machine.set_attribute(target, str(name.value), value)
    return NONE


def _setitem(machine: Base, arguments: Arguments) -> Value | None:
    mapping, key, value = (arguments.get(index, name) for index, name in enumerate(SETITEM))
    if isinstance(mapping, Collection) and isinstance(key, Constant) and value is not None:
        machine.environment.write(mapping.slots, key.value, value)
    return NONE


def _delitem(machine: Base, arguments: Arguments) -> Value | None:
    mapping, key = arguments.get(0, "dic"), arguments.get(1, "name")
    if isinstance(mapping, Collection) and isinstance(key, Constant):
        machine.environment.erase(mapping.slots, key.value)
    return NONE


def _setenv(machine: Base, arguments: Arguments) -> Value | None:
    environ = machine.environment.environ
    return _setitem(machine, Arguments((environ, *arguments.positional)))


def _delenv(machine: Base, arguments: Arguments) -> Value | None:
    environ = machine.environment.environ
    return _delitem(machine, Arguments((environ, *arguments.positional)))


SETATTR = ("target", "name", "value")
SETITEM = ("dic", "name", "value")
HANDLERS: dict[str, Handler] = {
    "setattr": _setattr,
    "setitem": _setitem,
    "delitem": _delitem,
    "setenv": _setenv,
    "delenv": _delenv,
}
