"""Attributes: lookup along classes and modules, descriptors, assignment."""

from __future__ import annotations

import re
from functools import lru_cache, partial

from flake8_moto_order.interpreter.base import Arguments, Base
from flake8_moto_order.interpreter.slots import Slots
from flake8_moto_order.interpreter.values import (
    NONE,
    BotoSession,
    Bound,
    Choice,
    Class,
    Client,
    Collection,
    Constant,
    Fake,
    Function,
    Instance,
    Library,
    Mark,
    Method,
    Module,
    Native,
    PathText,
    Super,
    Unknown,
    Value,
    Wrapped,
)
from flake8_moto_order.interpreter.world import choice

HARMLESS = re.compile(
    r"(?i)log|^builtins\.(print|str|repr|isinstance|bool|id)|^(time|datetime|uuid)\."
)


# What a class body may assign that an attribute of the instance can take the place of.
DATA = (Constant, Collection, PathText, Choice)


def is_harmless(callee: Value) -> bool:
    """Tell whether a call that nothing is known of does not raise: it logs, or tells the time."""
    origin = callee.name if isinstance(callee, Library) else getattr(callee, "origin", "")
    return _is_harmless_name(origin)


@lru_cache(maxsize=4096)
def _is_harmless_name(origin: str) -> bool:
    return bool(HARMLESS.search(origin))


def linearize(cls: Class) -> tuple[Class, ...]:
    """Return the project classes in which an attribute is looked for, in order."""
    if not cls.order:
        cls.order = _linearized(cls)
    return cls.order


def _linearized(cls: Class) -> tuple[Class, ...]:
    order: list[Class] = []
    seen: set[Class] = set()
    stack = [(cls, False)]
    while stack:
        current, is_done = stack.pop()
        if is_done:
            order.append(current)
        elif current not in seen:
            seen.add(current)
            stack.append((current, True))
            stack.extend((base, False) for base in current.bases if isinstance(base, Class))
    return tuple(order[::-1])


def find_in_class(cls: Class, name: str, after: Class | None = None) -> Value | None:
    """Find a class attribute; with `after`, only in the classes that follow that one."""
    order = linearize(cls)
    if after in order:
        order = order[order.index(after) + 1 :]
    for owner in order:
        found = owner.namespace.get(name)
        if isinstance(found, Value):
            return found
    return None


class Attributes(Base):
    """The part of the interpreter that reads and writes attributes."""

    def attribute(self, value: Value, name: str) -> Value:
        """Look `name` up on `value`; unknown when it can't be resolved."""
        if isinstance(value, Choice):
            options = [option for option in value.options if option != NONE]
            return choice([self.attribute(option, name) for option in options])
        match value:
            case Module():
                return self._of_module(value, name)
            case Library():
                return self._of_library(value, name)
            case Instance():
                return self._of_instance(value, name)
            case Class():
                return self._of_class(value, name)
            case Super():
                return self._bind(self._super_attribute(value, name), value.receiver, name)
            case Fake():
                return self._of_fake(value, name)
            case Unknown():
                self.hazards += not is_harmless(value)
                return Unknown(value.origin)
        modelled = self.models.attribute(self, value, name)
        self.raised += self.weighs_raises and value == NONE and not hasattr(None, name)
        return modelled if modelled is not None else Method(value, name)

    def _of_module(self, module: Module, name: str) -> Value:
        if name == "__dict__":
            return Collection("dict", module.namespace, open=True)
        found = module.namespace.get(name)
        if isinstance(found, Value):
            return found
        loaded = self.environment.modules.get(f"{module.name}.{name}")
        if isinstance(loaded, Value):
            return loaded
        hook = module.namespace.get("__getattr__")
        if isinstance(hook, Function):
            return self.call(hook, Arguments((Constant(name),)))
        return Unknown(f"{module.name}.{name}")

    def _of_library(self, library: Library, name: str) -> Value:
        qualified = f"{library.name}.{name}"
        override = self.environment.overrides.get(qualified)
        if isinstance(override, Value):
            return override
        modelled = self.models.attribute(self, library, name)
        return modelled if modelled is not None else Library(qualified)

    def _of_fake(self, fake: Fake, name: str) -> Value:
        known = fake.slots.get(name)
        if isinstance(known, Value):
            return known
        if name in ("side_effect", "call_args"):
            return NONE
        part = Fake(fake.holds)
        self.environment.write(fake.slots, name, part)
        return part

    def _of_instance(self, instance: Instance, name: str) -> Value:
        own = instance.attributes.get(name)
        if isinstance(own, Value):
            return own
        if name == "__class__":
            return instance.cls
        if name == "__dict__":
            return Collection("dict", instance.attributes)
        found = find_in_class(instance.cls, name)
        if isinstance(found, DATA) and instance.attributes.open:
            return choice((found, Unknown(name)))
        if found is not None:
            return self._bind(found, instance, name)
        hook = find_in_class(instance.cls, "__getattr__")
        if isinstance(hook, Function):
            return self.call(hook, Arguments((instance, Constant(name))))
        return self._inherited(instance.cls, instance, name)

    def _inherited(self, cls: Class, receiver: Value, name: str) -> Value:
        for owner in linearize(cls):
            for base in owner.bases:
                if isinstance(base, Library):
                    return Method(receiver, f"{base.name}.{name}")
        return Unknown(f"{cls.name}.{name}")

    def _of_class(self, cls: Class, name: str) -> Value:
        if name == "__name__":
            return Constant(cls.name)
        if name == "__dict__":
            return Collection("dict", cls.namespace.copied())
        found = find_in_class(cls, name)
        if isinstance(found, Wrapped) and found.kind == "static":
            return found.callee
        if isinstance(found, Wrapped) and found.kind == "class":
            return Bound(found.callee, (cls,))
        if found is not None:
            return found
        inherited = self._inherited(cls, cls, name)
        is_known = isinstance(inherited, Method) and self.models.knows(inherited)
        return inherited if is_known else Unknown(f"{cls.name}.{name}")

    def _super_attribute(self, value: Super, name: str) -> Value | None:
        receiver = value.receiver
        cls = receiver if isinstance(receiver, Class) else None
        if isinstance(receiver, Instance):
            cls = receiver.cls
        return find_in_class(cls, name, after=value.cls) if cls else None

    def _bind(self, found: Value | None, receiver: Value, name: str) -> Value:
        match found:
            case None:
                return Method(receiver, f"super.{name}")
            case Wrapped(kind="static"):
                return found.callee
            case Wrapped(kind="class"):
                cls = receiver.cls if isinstance(receiver, Instance) else receiver
                return Bound(found.callee, (cls,))
            case Wrapped(kind="property"):
                return self.call(found.callee, Arguments((receiver,)))
            case Wrapped(kind="cached_property"):
                result = self.call(found.callee, Arguments((receiver,)))
                self.set_attribute(receiver, name, result)
                return result
            case Function() | Wrapped():
                return Bound(found, (receiver,))
        return self._bind_covered(found, receiver)

    def _bind_covered(self, found: Value, receiver: Value) -> Value:
        binds = type(found).__name__ == "Covered" or (
            isinstance(found, Bound) and not found.positional and isinstance(found.callee, Function)
        )
        return Bound(found, (receiver,)) if binds else found

    def set_attribute(self, owner: Value, name: str, value: Value | None) -> None:
        """Set an attribute on what can have one; on anything else it has no effect."""
        if isinstance(owner, Choice):
            for option in owner.options:
                self.set_attribute(option, name, value)
        if isinstance(owner, Function) and name == "__test__" and isinstance(value, Constant):
            found = Mark("wanted" if value.value else "skip")
            self.environment.act(partial(owner.marks.append, found), owner.marks.pop)
        if isinstance(owner, Instance) and name == "__dict__" and isinstance(value, Collection):
            put = partial(setattr, owner, "attributes")
            self.environment.act(partial(put, value.slots), partial(put, owner.attributes))
            return
        slot = self.slot_of(owner, name)
        if slot is not None and value is None:
            self.environment.erase(*slot)
        elif slot is not None:
            self.environment.write(*slot, value)

    def slot_of(self, owner: Value, name: str) -> tuple[Slots, object] | None:
        """Return where to set an own attribute: slots and key; None where there can be none."""
        match owner:
            case Module() | Class():
                return owner.namespace, name
            case Instance():
                return owner.attributes, name
            case Fake() | Native():
                return owner.slots, name
            case Library():
                return self.environment.overrides, f"{owner.name}.{name}"
            case Client() | BotoSession():
                return self.environment.overrides, (owner.serial, name)
        return None
