"""asyncio: what runs coroutines, and what hands functions to threads.

Source: Python's documentation, asyncio, "Coroutines and Tasks" and "Event Loop".
"""

from __future__ import annotations

from flake8_moto_order.interpreter.base import Arguments, Base
from flake8_moto_order.interpreter.values import Collection, Library, Method, Suspended, Value
from flake8_moto_order.models.model import Model

LOOPS = {"get_event_loop", "new_event_loop", "get_running_loop", "Runner", "TaskGroup"}
LOOP = Library("asyncio.loop")
# These run their first argument, a coroutine, or pass on what it gives.
RUNNERS = {
    "run", "run_until_complete", "create_task", "ensure_future", "wait_for", "shield",
    "run_coroutine_threadsafe",
}
# These call a function with the arguments that follow it: the index of the function.
CALLERS = {"to_thread": 0, "run_in_executor": 1, "call_soon": 0, "call_later": 1}
MANY = {"gather", "wait", "as_completed"}


class AsyncioModel(Model):
    """The model of asyncio: a coroutine runs where someone is told to run it."""

    libraries = ("asyncio",)

    def call(self, machine: Base, callee: Value, arguments: Arguments) -> Value | None:
        """Call a name of asyncio or a method of a loop, runner or task group."""
        name = callee.name.rpartition(".")[2] if isinstance(callee, Library) else ""
        if name in LOOPS:
            return LOOP
        if name in RUNNERS and arguments.positional:
            return machine.finish(arguments.positional[0])
        if name in CALLERS and len(arguments.positional) > CALLERS[name]:
            index = CALLERS[name]
            return machine.call(arguments.positional[index], arguments.after(index + 1))
        if name in MANY:
            return _finish_all(machine, arguments)
        return None

    def enter(self, machine: Base, manager: Value) -> Value | None:
        """Enter a runner or task group."""
        return manager if manager == LOOP else None


def _finish_all(machine: Base, arguments: Arguments) -> Value:
    """Run coroutines that are given one by one or in a list."""
    results: list[Value] = []
    for value in arguments.positional:
        is_list = isinstance(value, (Collection, Method))
        items = machine.iterate(value)[0] if is_list else (value,)
        results.extend(machine.finish(i) if isinstance(i, Suspended) else i for i in items)
    return Collection("list", dict(enumerate(results)), arguments.open)
