"""Models of libraries: what their names do to the world. A new library is a new model here."""

from __future__ import annotations

from flake8_moto_order.interpreter.base import Arguments, Base
from flake8_moto_order.interpreter.values import Class, Guard, Instance, Library, Method, Value
from flake8_moto_order.models.aws.clients import AwsModel
from flake8_moto_order.models.aws.elsewhere import ElsewhereModel
from flake8_moto_order.models.model import Model
from flake8_moto_order.models.moto.mocks import MotoModel
from flake8_moto_order.models.moto.versions import MotoFacts
from flake8_moto_order.models.owned import LOADED_BY_PYTEST
from flake8_moto_order.models.python.asynchronous import AsyncioModel
from flake8_moto_order.models.python.builtin import BuiltinModel
from flake8_moto_order.models.python.containers import ContainerModel
from flake8_moto_order.models.python.data import DataModel
from flake8_moto_order.models.python.functional import STACKS, FunctionalModel, derives
from flake8_moto_order.models.python.patterns import ReModel
from flake8_moto_order.models.python.system import SystemModel
from flake8_moto_order.models.python.wrapping import WrappingModel
from flake8_moto_order.models.records import model as records
from flake8_moto_order.models.testing.mocking import MockingModel
from flake8_moto_order.models.testing.pytest import TestingModel
from flake8_moto_order.models.testing.unittest import UnittestModel
from flake8_moto_order.settings import Settings


class LibraryModels:
    """All models, asked by the library a name belongs to or by the type of a value."""

    def __init__(self, settings: Settings, facts: MotoFacts) -> None:
        self.aws = AwsModel(settings.client_factories, facts.one_mock)
        self.moto = MotoModel(facts, settings.mocks)
        self.unittest = UnittestModel()
        self.records = records.RecordModel()
        models: tuple[Model, ...] = (
            self.aws,
            self.moto,
            AsyncioModel(),
            BuiltinModel(),
            ContainerModel(),
            DataModel(),
            ReModel(),
            ElsewhereModel(),
            FunctionalModel(),
            MockingModel(),
            SystemModel(),
            TestingModel(),
            self.records,
            self.unittest,
            WrappingModel(),
        )
        self._by_library = {name: model for model in models for name in model.libraries}
        self._by_type = {kind: model for model in models for kind in model.types}
        self._guards = {kind: model for model in models for kind in model.guards}

    def _model(self, value: Value) -> Model | None:
        if isinstance(value, Library):
            return self._by_library.get(value.name.partition(".")[0])
        if isinstance(value, Method):
            if isinstance(value.owner, Instance) and derives(value.owner, STACKS):
                return self._model(value.owner)
            if isinstance(value.owner, (Instance, Class)):
                return self.records if self.records.knows(value) else self.unittest
            return self._model(value.owner)
        if isinstance(value, Guard):
            return self._guards.get(value.kind)
        return self._by_type.get(type(value))

    def owns(self, name: str) -> bool:
        """Tell whether a module name is never the project's."""
        return name.partition(".")[0] in LOADED_BY_PYTEST

    def imported(self, machine: Base, name: str) -> None:
        """Note that a library module was imported."""
        model = self._by_library.get(name.partition(".")[0])
        if model is not None:
            model.imported(machine, name)
        self.moto.imported_elsewhere(machine, name)

    def attribute(self, machine: Base, value: Value, name: str) -> Value | None:
        """Return an attribute of a library value, None to let the default stand."""
        model = self._model(value)
        return model.attribute(machine, value, name) if model else None

    def call(self, machine: Base, callee: Value, arguments: Arguments) -> Value | None:
        """Call a library value; None when no model knows it."""
        configured = self.aws.call_configured(machine, callee, arguments)
        if configured is None:
            configured = self.moto.call_configured(machine, callee, arguments)
        if configured is not None:
            return configured
        model = self._model(callee)
        result = model.call(machine, callee, arguments) if model else None
        if result is None:
            self.aws.presume(machine, callee, arguments)
        return result

    def construct(self, machine: Base, instance: Instance, arguments: Arguments) -> Value:
        """Construct an instance of a class that has no constructor in the project."""
        return records.construct(machine, instance, arguments)

    def knows(self, method: Method) -> bool:
        """Tell whether a method that a class inherits of a library is modelled."""
        return "TestCase." in method.name or self.records.knows(method)

    def builtin(self, name: str) -> Value | None:
        """Return a built-in name."""
        return Library(f"builtins.{name}") if name in BuiltinModel.names else None

    def enter(self, machine: Base, manager: Value) -> Value | None:
        """Enter a context manager; None when no model knows it."""
        model = self._model(manager)
        return model.enter(machine, manager) if model else None

    def leave(self, machine: Base, manager: Value) -> None:
        """Leave a context manager."""
        model = self._model(manager)
        if model:
            model.leave(machine, manager)

    def iterate(self, machine: Base, value: Value) -> tuple[Value, ...] | None:
        """Return what iteration gives; None when that is not known."""
        model = self._model(value)
        return model.iterate(machine, value) if model else None


__all__ = ["LibraryModels"]
