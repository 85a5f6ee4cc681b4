"""Libraries that make a decorator of a function that gets what it decorates, and its arguments.

Sources: the documentation of the packages decorator and wrapt ("Decorators"); Powertools for AWS
Lambda, "Middleware factory".
"""

from __future__ import annotations

from dataclasses import replace

from flake8_moto_order.interpreter.base import Arguments, Base
from flake8_moto_order.interpreter.slots import Slots
from flake8_moto_order.interpreter.values import (
    NONE,
    Bound,
    Class,
    Collection,
    Covered,
    Function,
    Library,
    Value,
    Wrapped,
)
from flake8_moto_order.models.model import Model

MIDDLEWARE = "aws_lambda_powertools.middleware_factory"
MAKERS = {
    "decorator.decorator": "extras",
    "wrapt.decorator": "packed",
    f"{MIDDLEWARE}.lambda_handler_decorator": "options",
    f"{MIDDLEWARE}.factory.lambda_handler_decorator": "options",
}
DECORATOR, AROUND = "decorator", "around"


class WrappingModel(Model):
    """The model of what makes decorators.

    The decorator is a `Wrapped` around the function that it was made of, and what it decorates one
    around that; the memory of both says in which form arguments are passed, and what was given.
    """

    libraries = ("decorator", "wrapt", "aws_lambda_powertools")

    def call(self, machine: Base, callee: Value, arguments: Arguments) -> Value | None:
        """Make a decorator."""
        name = callee.name if isinstance(callee, Library) else ""
        first = arguments.get(0)
        if name not in MAKERS or not isinstance(first, Function):
            return None
        made = Wrapped(DECORATOR, first, Slots({"form": MAKERS[name], "given": Arguments()}))
        return apply(made, arguments.after(1)) if len(arguments.positional) > 1 else made


def apply(decorator: Wrapped, arguments: Arguments) -> Value:
    """Decorate a callable, or give the decorator its options."""
    first = arguments.get(0)
    is_target = isinstance(first, (Function, Bound, Class, Covered, Wrapped))
    if is_target and first is not None and len(arguments.values) == 1:
        return Wrapped(AROUND, first, Slots({**decorator.memory, "caller": decorator.callee}))
    return Wrapped(DECORATOR, decorator.callee, Slots({**decorator.memory, "given": arguments}))


def call_around(machine: Base, around: Wrapped, arguments: Arguments) -> Value | None:
    """Call the function that a decorator was made of with what it decorates."""
    target, caller = around.callee, around.memory.get("caller")
    given = around.memory.get("given")
    if not isinstance(caller, Function) or not isinstance(given, Arguments):
        return None
    match around.memory.get("form"):
        case "packed":
            arguments = _packed(target, arguments)
        case "options":
            keywords = {**given.keywords, **arguments.keywords}
            arguments = replace(
                arguments, positional=(target, *arguments.positional), keywords=keywords
            )
        case _:
            extras = _extras(caller, given)
            arguments = replace(arguments, positional=(target, *extras, *arguments.positional))
    return machine.call(caller, arguments)


def _packed(target: Value, arguments: Arguments) -> Arguments:
    """Pass the target, bound to the instance if it is a method, that instance, and two packs."""
    instance: Value = NONE
    if isinstance(target, Function) and target.owner is not None and arguments.positional:
        instance = arguments.positional[0]
        target, arguments = Bound(target, (instance,)), arguments.after(1)
    rest = Collection("tuple", dict(enumerate(arguments.positional)), arguments.open)
    packs = (rest, Collection("dict", arguments.keywords, arguments.open))
    return Arguments((target, instance, *packs))


def _extras(caller: Function, given: Arguments) -> tuple[Value, ...]:
    """Return what goes between the target and its arguments: the options, by their defaults."""
    names = [argument.arg for argument in caller.node.args.args][1:]
    defaults = caller.defaults[-len(names) :] if names else ()
    named = names[len(names) - len(defaults) :]
    return tuple(
        given.get(index, name) or default
        for index, (name, default) in enumerate(zip(named, defaults))
    )
