"""A project in memory for tests of the interpreter: paths below /p, one source root."""

from __future__ import annotations

import ast
from contextlib import AbstractContextManager, nullcontext

from packaging.version import Version

from flake8_moto_order.effects import Effect, ObjectBuilt, RequestSent
from flake8_moto_order.interpreter.machine import Machine
from flake8_moto_order.interpreter.values import Constant, Module, Value
from flake8_moto_order.interpreter.world import Environment
from flake8_moto_order.models import LibraryModels
from flake8_moto_order.models.moto.versions import facts_of
from flake8_moto_order.project import ModuleFile, Seen
from flake8_moto_order.settings import Settings

NEWEST = "5.2.5"


class MemoryFinder:
    """Finds modules among texts by path."""

    def __init__(self, files: dict[str, str]) -> None:
        self.files = {f"/p/{path}": text for path, text in files.items()}

    def find(self, name: str, search: tuple[str, ...]) -> ModuleFile | None:
        """Find a package or module."""
        last = name.rpartition(".")[2]
        for folder in search:
            if f"{folder}/{last}/__init__.py" in self.files:
                return ModuleFile(name, f"{folder}/{last}/__init__.py", (f"{folder}/{last}",))
            if f"{folder}/{last}.py" in self.files:
                return ModuleFile(name, f"{folder}/{last}.py", ())
        return None

    def tree(self, path: str) -> ast.Module | None:
        """Parse a text; a broken one has no tree."""
        try:
            return ast.parse(self.files[path])
        except SyntaxError:
            return None

    def noting(self) -> AbstractContextManager[Seen]:
        """Note nothing."""
        return nullcontext(Seen())

    def note(self, seen: Seen) -> None:
        """Note nothing."""

    def is_test_code(self, path: str) -> bool:
        """Take a file for test code, unless its name says that it is of the application."""
        return "app" not in path


def machine_for(files: dict[str, str], moto: str = NEWEST, **options: frozenset[str]) -> Machine:
    """Make a machine that sees `files`, relative to the one source root."""
    environment = Environment()
    environment.path.slots[0] = Constant("/p")
    settings = Settings(
        client_factories=options.get("client_factories", frozenset()),
        mocks=options.get("mocks", frozenset()),
    )
    return Machine(
        MemoryFinder(files), LibraryModels(settings, facts_of(Version(moto))), environment
    )


def run(source: str, moto: str = NEWEST, **files: str) -> Machine:
    """Run `source` as the module `main`; further modules by name, `__` for a slash."""
    others = {f"{name.replace('__', '/')}.py": text for name, text in files.items()}
    machine = machine_for({"main.py": source, **others}, moto)
    machine.load("main")
    return machine


def value_of(machine: Machine, name: str) -> Value | None:
    """Return what a name of `main` is bound to."""
    module = machine.environment.modules["main"]
    assert isinstance(module, Module)
    found = module.namespace.get(name)
    return found if isinstance(found, Value) else None


def constant(source: str, name: str = "x") -> object:
    """Run `source` and return the constant that `name` is bound to, the value itself otherwise."""
    value = value_of(run(source), name)
    return value.value if isinstance(value, Constant) else value


def built(effects: list[Effect]) -> list[tuple[str, bool, bool]]:
    """List what was built: what, with the handler or not, certainly or not."""
    return [(e.what, e.hooked, e.certain) for e in effects if isinstance(e, ObjectBuilt)]


def sent(effects: list[Effect]) -> list[tuple[str, bool, bool]]:
    """List the requests: operation, covered or not, certain or not."""
    return [(e.operation, e.covered, e.certain) for e in effects if isinstance(e, RequestSent)]
