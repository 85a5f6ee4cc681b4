"""pytest and botocore's stubs, as far as collection meets them."""

from __future__ import annotations

from flake8_moto_order.domain import NONE, Constant, Library, Unknown, Value
from flake8_moto_order.interpreter.base import Arguments, Base, RaisedError
from flake8_moto_order.models.model import Model

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
        if callee.name == "pytest.importorskip":
            name = arguments.get(0, "modname")
            return machine.load(str(name.value)) if isinstance(name, Constant) else NONE
        return None
