"""The model of libraries whose classes are written by their fields."""

from __future__ import annotations

from collections.abc import Callable

from flake8_moto_order.interpreter.attributes import linearize
from flake8_moto_order.interpreter.base import Arguments, Base
from flake8_moto_order.interpreter.slots import Slots
from flake8_moto_order.interpreter.values import (
    Class,
    Collection,
    Instance,
    Library,
    Method,
    Module,
    Value,
    Wrapped,
)
from flake8_moto_order.models.model import Handler, Model
from flake8_moto_order.models.records import tuples, validated
from flake8_moto_order.models.records.constructors import (
    construct_plainly,
    fill,
    names_of_bases,
    set_keywords,
)
from flake8_moto_order.models.records.copies import as_dict, replace
from flake8_moto_order.models.records.fields import make_field

Constructor = Callable[[Base, Instance, Arguments], Value]
Caller = Callable[[Base, Instance, str, Arguments], "Value | None"]

# What makes a class out of what it decorates, and what a class body assigns to a field.
DATACLASSES = {
    "dataclasses.dataclass", "pydantic.dataclasses.dataclass",
    "attr.s", "attr.attrs", "attr.attributes", "attr.dataclass",
    *(f"{top}.{name}" for top in ("attr", "attrs") for name in ("define", "mutable", "frozen")),
}
FIELDS = {
    "dataclasses.field", "attr.ib", "attr.attrib", "attr.field", "attrs.field", "pydantic.Field",
    "pydantic.fields.Field", "pydantic.PrivateAttr", "pydantic.v1.Field", "sqlmodel.Field",
    "sqlmodel.main.Field",
}
FACTORIES = {"attr.Factory", "attrs.Factory"}
# Calls that only put their keywords together.
KEYWORDS = {
    "pydantic.ConfigDict", "pydantic.config.ConfigDict", "pydantic_settings.SettingsConfigDict",
}
# Who constructs the instances of classes with these bases.
MODELS = {
    "pydantic.BaseModel", "pydantic.main.BaseModel", "pydantic.v1.BaseModel",
    "pydantic.generics.GenericModel", "sqlmodel.SQLModel", "sqlmodel.main.SQLModel",
}
SETTINGS = {
    "pydantic.BaseSettings", "pydantic.v1.BaseSettings", "pydantic_settings.BaseSettings",
    "pydantic_settings.main.BaseSettings",
}
TUPLES = {"typing.NamedTuple"}
NAMESPACES = {"types.SimpleNamespace", "argparse.Namespace"}
DICTS = {"typing.TypedDict", "typing_extensions.TypedDict"}


def _make_dict(machine: Base, instance: Instance, arguments: Arguments) -> Value:
    """Construct a dict whose class tells what is in it."""
    return machine.call(Library("builtins.dict"), arguments)


CONSTRUCTORS: dict[str, Constructor] = {
    **dict.fromkeys(MODELS, validated.construct),
    **dict.fromkeys(SETTINGS, validated.construct_settings),
    **dict.fromkeys(TUPLES, fill),
    **dict.fromkeys(NAMESPACES, set_keywords),
    **dict.fromkeys(DICTS, _make_dict),
}


class RecordModel(Model):
    """The model of dataclasses, attrs, pydantic, named tuples and their like."""

    libraries = (
        "dataclasses", "attr", "attrs", "pydantic", "pydantic_settings", "sqlmodel", "collections",
        "types", "argparse",
    )

    def knows(self, method: Method) -> bool:
        """Tell whether a method is one that classes inherit from what is modelled here."""
        return method.name.rpartition(".")[0] in CONSTRUCTORS

    def call(self, machine: Base, callee: Value, arguments: Arguments) -> Value | None:
        """Call a name of these libraries, or what a class inherits of them."""
        if isinstance(callee, Method):
            return _call_method(machine, callee.owner, callee.name, arguments)
        name = callee.name if isinstance(callee, Library) else ""
        return _call_library(machine, name, arguments)


def construct(machine: Base, instance: Instance, arguments: Arguments) -> Value:
    """Construct an instance of a class that has no constructor in the project."""
    cls = instance.cls
    if any(owner.dataclass for owner in linearize(cls)):
        return fill(machine, instance, arguments)
    found = (CONSTRUCTORS.get(name) for name in names_of_bases(cls))
    constructor = next((each for each in found if each), construct_plainly)
    return constructor(machine, instance, arguments)


def _call_method(
    machine: Base, owner: Value, name: str, arguments: Arguments
) -> Value | None:
    """Call what a class inherits."""
    base, _, short = name.rpartition(".")
    if (base in MODELS or base in SETTINGS) and isinstance(owner, (Instance, Class)):
        return validated.call_method(machine, owner, short, arguments)
    if base in TUPLES and isinstance(owner, Instance):
        return tuples.call_method(machine, owner, short, arguments)
    return None


def _call_library(machine: Base, name: str, arguments: Arguments) -> Value | None:
    first = arguments.get(0)
    if name in DATACLASSES:
        return _dataclass(name, first)
    if name in FIELDS:
        return make_field(name, arguments)
    if name in FACTORIES and first is not None:
        return Wrapped("factory", first)
    if name in KEYWORDS:
        return Collection("dict", arguments.keywords, arguments.open)
    if name.startswith("pydantic."):
        return validated.make_validator(name, arguments)
    handler = HANDLERS.get(name)
    return handler(machine, arguments) if handler else None


def _dataclass(name: str, first: Value | None) -> Value:
    if isinstance(first, Class):
        first.dataclass = True
        return first
    return Library(name)


def _namespace(machine: Base, arguments: Arguments) -> Value:
    cls = Class("SimpleNamespace", Module("types", None, ()), (), Slots())
    return set_keywords(machine, Instance(cls), arguments)


HANDLERS: dict[str, Handler] = {
    "attr.asdict": as_dict,
    "attr.evolve": replace,
    "attrs.asdict": as_dict,
    "attrs.evolve": replace,
    "collections.namedtuple": tuples.make_class,
    "dataclasses.asdict": as_dict,
    "dataclasses.replace": replace,
    "types.SimpleNamespace": _namespace,
    "argparse.Namespace": _namespace,
}
