"""functools, contextlib, dataclasses, threads: who calls what they are given, what holds it."""

from __future__ import annotations

from flake8_moto_order.interpreter.attributes import find_in_class, linearize
from flake8_moto_order.interpreter.base import Arguments, Base, unknown
from flake8_moto_order.interpreter.values import (
    NONE,
    Bound,
    Covered,
    Function,
    Guard,
    Instance,
    Library,
    Method,
    Suspended,
    Value,
    Wrapped,
)
from flake8_moto_order.models.model import Model
from flake8_moto_order.models.python.wrapping import apply, call_around
from flake8_moto_order.models.records.fields import DEFAULT_METHOD

CACHES = {
    "functools.lru_cache", "functools.cache", "cachetools.cached", "cachetools.func.ttl_cache",
}
PROPERTIES = {"functools.cached_property", "cached_property.cached_property"}
CONTEXTS = {"contextlib.contextmanager", "contextlib.asynccontextmanager"}
EXECUTORS = {
    "concurrent.futures.ThreadPoolExecutor",
    "concurrent.futures.thread.ThreadPoolExecutor",
}
LEAVE = "contextlib.leave"
STACKED = "stack"
# A decorator that is given one of these is applied, not called with options.
CALLABLES = (Function, Bound, Wrapped, Covered)
STACKS = {"contextlib.ExitStack", "contextlib.AsyncExitStack"}
DECORATORS = {"contextlib.ContextDecorator", "contextlib.AsyncContextDecorator"}
# Contexts that give what they were made with.
GIVING = {"contextlib.closing", "contextlib.aclosing", "contextlib.nullcontext"}


class FunctionalModel(Model):
    """The model of what decorates, delays and starts calls."""

    libraries = (
        "functools", "contextlib", "threading", "concurrent", "cachetools", "cached_property",
    )
    types = (Wrapped, Suspended, Instance)
    guards = ("stack", "thread", "executor", "giving")

    def call(self, machine: Base, callee: Value, arguments: Arguments) -> Value | None:
        """Call a name of these libraries, or a method of what they made."""
        match callee:
            case Library():
                return self._call_library(machine, callee.name, arguments)
            case Wrapped(kind="context"):
                return self._open_context(machine, callee, arguments)
            case Wrapped(kind="decorator"):
                return apply(callee, arguments)
            case Wrapped(kind="around"):
                return call_around(machine, callee, arguments)
            case Method(owner=Guard() as guard):
                return self._call_guard(machine, guard, callee.name, arguments)
            case Method(owner=Suspended() as generator, name="close" | "aclose"):
                machine.leave(generator)
                return NONE
            case Instance() if derives(callee, DECORATORS):
                target = arguments.get(0, "func")
                return Covered(callee, target) if isinstance(target, CALLABLES) else None
            case Method(owner=Instance() as owner, name=name) if derives(owner, STACKS):
                stack = _stack_of(machine, owner)
                made = _call_stack(machine, stack, name.rpartition(".")[2], arguments)
                return owner if made is stack else made
            case Method(owner=Wrapped(kind="field") as field, name="default"):
                method = arguments.get(0) or NONE
                machine.environment.write(field.memory, DEFAULT_METHOD, method)
                return method
            case Method(owner=Wrapped() as wrapped, name="cache_clear"):
                for key in list(wrapped.memory):
                    machine.environment.erase(wrapped.memory, key)
                return NONE
        return None

    def _call_library(self, machine: Base, name: str, arguments: Arguments) -> Value | None:
        first = arguments.get(0)
        if name in CACHES:
            return Wrapped("cached", first) if isinstance(first, CALLABLES) else Library(name)
        if name in PROPERTIES and first is not None:
            return Wrapped("cached_property", first)
        if name in CONTEXTS and first is not None:
            return Wrapped("context", first)
        if name == "functools.partial" and first is not None:
            return arguments.bound()
        if name == "functools.wraps":
            return Bound(Library("functools.update_wrapper"), (), (("wrapped", first or NONE),))
        if name == "functools.update_wrapper":
            return _update_wrapper(arguments)
        if name == LEAVE and first is not None:
            machine.leave(first)
            return NONE
        return self._call_starter(machine, name, arguments)

    def _call_starter(self, machine: Base, name: str, arguments: Arguments) -> Value | None:
        serial = machine.new_serial
        if name == "threading.Thread":
            target = arguments.get(1, "target") or NONE
            given = arguments.get(3, "args")
            values = machine.iterate(given)[0] if given else ()
            return Guard("thread", serial(), target=Bound(target, values))
        if name in EXECUTORS:
            return Guard("executor", serial())
        if name in STACKS:
            return Guard("stack", serial())
        if name in GIVING:
            given = arguments.get(0, "thing") or arguments.get(0, "enter_result") or NONE
            return Guard("giving", serial(), target=given)
        return None

    def _open_context(
        self, machine: Base, wrapped: Wrapped, arguments: Arguments
    ) -> Value | None:
        made = machine.call(wrapped.callee, arguments)
        if isinstance(made, Suspended):
            keywords = tuple(arguments.keywords.items())
            made.started["again"] = Bound(wrapped, arguments.positional, keywords)
        return made

    def _call_guard(
        self, machine: Base, guard: Guard, name: str, arguments: Arguments
    ) -> Value | None:
        first = arguments.get(0)
        match guard.kind, name:
            case "thread", "start":
                return machine.call(guard.target, Arguments())
            case "executor", "submit" if first is not None:
                return unknown("future", machine.call(first, arguments.after(1)))
            case "executor", "map":
                return machine.call(Library("builtins.map"), arguments)
            case "stack", _:
                return _call_stack(machine, guard, name, arguments)
        return None

    def enter(self, machine: Base, manager: Value) -> Value | None:
        """Enter an exit stack or executor."""
        if isinstance(manager, Guard):
            return manager.target if manager.kind == "giving" else manager
        return None

    def leave(self, machine: Base, manager: Value) -> None:
        """Leave an exit stack: what was put on it is called, the last first."""
        if isinstance(manager, Instance) and derives(manager, STACKS):
            if find_in_class(manager.cls, "__exit__") is None:
                manager = _stack_of(machine, manager)
        if isinstance(manager, Guard) and manager.kind == "stack":
            for callback in reversed(_emptied(machine, manager)):
                machine.finish(machine.call(callback, Arguments()))


def derives(instance: Instance, names: set[str]) -> bool:
    """Tell whether the class of an instance is derived from one of these classes."""
    bases = (base for owner in linearize(instance.cls) for base in owner.bases)
    return any(isinstance(base, Library) and base.name in names for base in bases)


def _stack_of(machine: Base, instance: Instance) -> Guard:
    """Return the exit stack that an instance of a derived class is."""
    known = instance.attributes.get("(stack)")
    stack = known if isinstance(known, Guard) else Guard("stack", machine.new_serial())
    machine.environment.write(instance.attributes, "(stack)", stack)
    return stack


def _call_stack(machine: Base, stack: Guard, name: str, arguments: Arguments) -> Value | None:
    """Call a method of an exit stack."""
    first = arguments.get(0)
    match name:
        case "enter_context" | "enter_async_context" if first is not None:
            entered = machine.enter(first)
            _push(machine, stack, Bound(Library(LEAVE), (first,)))
            return entered
        case "callback" | "push_async_callback" if first is not None:
            _push(machine, stack, arguments.bound())
            return first
        case "close" | "aclose" | "__exit__" | "__aexit__":
            machine.leave(stack)
            return NONE
        case "__enter__" | "__aenter__":
            return stack
        case "pop_all":
            other = Guard("stack", machine.new_serial())
            for callback in _emptied(machine, stack):
                _push(machine, other, callback)
            return other
    return None


def _push(machine: Base, stack: Guard, callback: Value) -> None:
    state, key = machine.environment.state, (STACKED, stack.serial)
    machine.environment.write(state, key, (*_kept(machine, stack), callback))


def _emptied(machine: Base, stack: Guard) -> tuple[Value, ...]:
    """Take everything off an exit stack."""
    kept = _kept(machine, stack)
    machine.environment.erase(machine.environment.state, (STACKED, stack.serial))
    return kept


def _kept(machine: Base, stack: Guard) -> tuple[Value, ...]:
    kept = machine.environment.state.get((STACKED, stack.serial))
    return kept if isinstance(kept, tuple) else ()


def _update_wrapper(arguments: Arguments) -> Value | None:
    """Note which function a wrapper stands for (functools.update_wrapper, `__wrapped__`)."""
    wrapper, wrapped = arguments.get(0, "wrapper"), arguments.get(1, "wrapped")
    if isinstance(wrapper, Function) and wrapped is not None:
        wrapper.wraps = wrapped
    return wrapper
