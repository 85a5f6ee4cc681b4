"""Models of pydantic and what builds on it: fields, aliases, validators, settings.

Sources: pydantic's documentation, "Models", "Fields", "Validators", and "Settings Management" for
the order in which values are looked for; seen in runs of pydantic 2.14 and pydantic-settings 2.16.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from flake8_moto_order.interpreter.attributes import find_in_class, linearize
from flake8_moto_order.interpreter.base import Arguments, Base, RaisedError, unknown
from flake8_moto_order.interpreter.slots import Slots
from flake8_moto_order.interpreter.values import (
    NONE,
    Bound,
    Class,
    Collection,
    Constant,
    Function,
    Instance,
    Library,
    Value,
    Wrapped,
)
from flake8_moto_order.models.records.coercion import coerce, given_by
from flake8_moto_order.models.records.copies import fields_as_dict, replaced
from flake8_moto_order.models.records.fields import Field, doubtful, fields_of
from flake8_moto_order.models.records.options import (
    ELSEWHERE,
    Options,
    in_environment,
    is_on,
    names_given,
    options_of,
)

VALIDATOR = "validator"
DECORATOR = "pydantic.(decorator)"
# The decorators of validators; true for those of whole models.
VALIDATORS = {
    "field_validator": False, "validator": False, "model_validator": True, "root_validator": True,
}
FROM_DICT = {"model_validate", "parse_obj", "validate", "from_orm"}
FROM_TEXT = {"model_validate_json", "parse_raw"}
AS_DICT = {"model_dump", "dict"}
COPYING = {"model_copy", "copy"}
UNCHECKED = {"model_construct", "construct"}


def make_validator(name: str, arguments: Arguments) -> Value | None:
    """Make what decorates a validator, or the validator."""
    short = name.rpartition(".")[2]
    first = arguments.get(0)
    if name == DECORATOR and first is not None:
        return Wrapped(VALIDATOR, first, Slots(arguments.keywords))
    if short not in VALIDATORS:
        return None
    whole = Constant(VALIDATORS[short])
    if isinstance(first, (Function, Wrapped)):
        return Wrapped(VALIDATOR, first, Slots({"whole": whole, "mode": Constant("after")}))
    names = Collection("tuple", dict(enumerate(arguments.positional)))
    keywords = {**arguments.keywords, "names": names, "whole": whole}
    if "pre" in keywords:
        keywords["mode"] = Constant("before")
    return Bound(Library(DECORATOR), (), tuple(keywords.items()))


def construct(machine: Base, instance: Instance, arguments: Arguments) -> Value:
    """Construct an instance of a `BaseModel`."""
    return Making(machine, instance, arguments).run()


def construct_settings(machine: Base, instance: Instance, arguments: Arguments) -> Value:
    """Construct an instance of `BaseSettings`, whose values the environment has, too."""
    return Making(machine, instance, arguments, from_environment=True).run()


@dataclass
class Making:
    """The construction of one instance."""

    machine: Base
    instance: Instance
    arguments: Arguments
    from_environment: bool = False

    def __post_init__(self) -> None:
        self.cls = self.instance.cls
        self.options: Options = options_of(self.cls)
        self.given = dict(self.arguments.keywords)
        self.is_open = self.arguments.open
        # SQLModel validates nothing in what stands for a table.
        self.is_checked = not is_on(self.options, "table")

    def run(self) -> Value:
        """Construct the instance: what pydantic does, in its order."""
        self._change_given()
        for field in fields_of(self.cls):
            self.machine.set_attribute(self.instance, field.name, self._value(field))
        if self.options.get("extra") == Constant("allow"):
            self._set_all(self.given)
        hook = find_in_class(self.cls, "model_post_init")
        if hook is not None:
            self.machine.call(Bound(hook, (self.instance,)), Arguments((NONE,)))
        self._check_instance()
        return self.instance

    def _set_all(self, values: Mapping[str, Value]) -> None:
        for name, value in values.items():
            self.machine.set_attribute(self.instance, name, value)

    def _validators(self, whole: bool) -> Iterator[tuple[Wrapped, str]]:
        """Yield the validators of fields, or of the whole, each with when it runs."""
        for owner in reversed(linearize(self.cls)) if self.is_checked else ():
            for value in owner.namespace.values():
                if isinstance(value, Wrapped) and value.kind == VALIDATOR:
                    mode = value.memory.get("mode", Constant("after"))
                    if value.memory.get("whole") == Constant(whole):
                        yield value, str(getattr(mode, "value", "wrap"))

    def _change_given(self) -> None:
        """Have validators change what is given, before any field is looked at."""
        for validator, when in self._validators(True):
            if when == "wrap":
                self.is_open = True
            elif when == "before":
                data = Collection("dict", self.given, self.is_open)
                changed = given_by(self._validated(validator, data))
                self.given, self.is_open = dict(changed.keywords), changed.open

    def _check_instance(self) -> None:
        """Have validators look at the instance, and change it; older ones get a dict of it."""
        for validator, when in self._validators(True):
            if when == "after" and len(names_of(validator)) == 1:
                self.machine.call(validator, Arguments((self.instance,)))
            elif when == "after":
                values = fields_as_dict(self.machine, self.instance)
                self._set_all(given_by(self._validated(validator, values)).keywords)

    def _validated(self, validator: Wrapped, value: Value) -> Value:
        """Call a validator: with the class, the value and, if it takes more, what is unknown."""
        count = len(names_of(validator))
        more = [unknown("info")] * (count - 2)
        given = (self.cls, value, *more) if count > 1 else (value,)
        return self.machine.call(function_of(validator), Arguments(given))

    def _value(self, field: Field) -> Value:
        """Return the value of a field."""
        if field.name.startswith("_"):
            return self._default(field)
        names = names_given(field, self.options)
        found = next((name for name in names or [field.name] if name in self.given), None)
        if found is not None:
            value = self._checked(field, self.given.pop(found))
            return value if names else doubtful(field.name, value)
        present = None
        if self.from_environment:
            present = in_environment(self.machine, field, self.options)
        if present is not None:
            return self._checked(field, present)
        value = self._default(field)
        always = any(is_for_defaults(validator) for validator, _ in self._of(field))
        if self.from_environment or field.is_marked("validate_default") or always:
            value = self._checked(field, value)
        return doubtful(field.name, value) if self.is_open or names is None else value

    def _default(self, field: Field) -> Value:
        """Return the default of a field, or raise if it has none."""
        default = field.default(self.machine, self.instance)
        if not self.from_environment:
            if default is None and not self.is_open and not field.words & {"Optional", "None"}:
                raise RaisedError
            return default or unknown(field.name)
        if isinstance(default, Constant) and not ELSEWHERE & self.options.keys():
            return Constant(default.value, assumed=True)
        return doubtful(field.name, default)

    def _of(self, field: Field) -> list[tuple[Wrapped, str]]:
        """Return the validators of a field, each with when it runs."""
        return [each for each in self._validators(False) if is_for(each[0], field.name)]

    def _checked(self, field: Field, value: Value) -> Value:
        """Return what validation makes of a value."""
        if not self.is_checked:
            return value
        validators = self._of(field)
        if any(when not in ("before", "after") for _, when in validators):
            return doubtful(field.name, value)
        for validator, _ in [each for each in validators if each[1] == "before"]:
            value = self._validated(validator, value)
        value = coerce(self.machine, self.cls, field, value)
        for validator, _ in [each for each in validators if each[1] == "after"]:
            value = self._validated(validator, value)
        return value


def is_for(validator: Wrapped, name: str) -> bool:
    """Tell whether a validator is one of a field."""
    names = validator.memory.get("names")
    known = names.items if isinstance(names, Collection) else ()
    return any(item in (Constant(name), Constant("*")) for item in known)


def is_for_defaults(validator: Wrapped) -> bool:
    """Tell whether a validator looks at defaults, too."""
    return bool(validator.memory.get("always") == Constant(True))


def function_of(validator: Wrapped) -> Value:
    """Return the function that a validator is made of, without `classmethod` around it."""
    inner = validator.callee
    return inner.callee if isinstance(inner, Wrapped) else inner


def names_of(validator: Wrapped) -> list[str]:
    """Return the names of the parameters of a validator."""
    function = function_of(validator)
    arguments = function.node.args.args if isinstance(function, Function) else ()
    return [argument.arg for argument in arguments]


def call_method(
    machine: Base, owner: Instance | Class, name: str, arguments: Arguments
) -> Value | None:
    """Call a method that a model inherits."""
    first = arguments.get(0)
    if isinstance(owner, Instance):
        if name in AS_DICT:
            exact = not arguments.values and not arguments.open
            whole = fields_as_dict(machine, owner)
            return whole if exact else unknown(name, *whole.items)
        update = arguments.get(0, "update")
        changes = given_by(update) if update is not None else Arguments()
        return replaced(owner, changes.keywords) if name in COPYING else None
    if name in UNCHECKED:
        return machine.call(owner, Arguments((), arguments.keywords, arguments.open))
    if name in FROM_TEXT and first is not None:
        first = machine.call(Library("json.loads"), Arguments((first,)))
    if name in FROM_DICT | FROM_TEXT and first is not None:
        return first if isinstance(first, Instance) else machine.call(owner, given_by(first))
    return None
