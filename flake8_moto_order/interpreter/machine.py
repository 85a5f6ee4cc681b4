"""The machine: imports, and with them the whole of the interpreter."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

from flake8_moto_order.effects import ModuleLoaded
from flake8_moto_order.interpreter.base import (
    Finder,
    Frame,
    MissingModuleError,
    Models,
    RaisedError,
)
from flake8_moto_order.interpreter.calls import RECURSION
from flake8_moto_order.interpreter.plain import Plain
from flake8_moto_order.interpreter.slots import RECORDER
from flake8_moto_order.interpreter.statements import Statements
from flake8_moto_order.interpreter.values import (
    Collection,
    Constant,
    Fake,
    Library,
    Module,
    Promise,
    Unknown,
    Value,
)
from flake8_moto_order.interpreter.world import Environment
from flake8_moto_order.project import ModuleFile


class Edge(NamedTuple):
    """What an import statement of a plain module names: a module, names in it, their full names."""

    node: ast.Import | ast.ImportFrom
    name: str
    members: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()


class Machine(Statements):
    """The interpreter with imports: modules load once, in the order in which they are reached."""

    def __init__(self, finder: Finder, models: Models, environment: Environment) -> None:
        super().__init__(finder, models, environment)
        self._filling = 0
        self._edges_of: dict[str, tuple[Edge, ...]] = {}
        self._members_of: dict[str, frozenset[str]] = {}

    def load(self, name: str) -> Value:
        """Import a module by its absolute name, its parent packages first."""
        known = self.environment.modules.get(name)
        if isinstance(known, Value):
            return known
        parent, _, _ = name.rpartition(".")
        if self.models.owns(name):
            if parent:
                self.load(parent)
            return self._load_library(name)
        if not parent:
            return self._load_top(name)
        package = self.load(parent)
        if isinstance(package, Module):
            return self._load_from(package, name)
        if isinstance(package, Library):
            return self._load_library(name)
        if isinstance(package, (Constant, Fake)):
            raise MissingModuleError(Unknown(f"ImportError: {name}"))
        return package

    def _load_library(self, name: str) -> Value:
        library = Library(name)
        self.hazards += not self.models.owns(name)
        self.environment.write(self.environment.modules, name, library)
        self.models.imported(self, name)
        return library

    def _load_top(self, name: str) -> Value:
        found = self.finder.find(name, self.search_path())
        return self.load_file(found) if found else self._load_library(name)

    def _load_from(self, package: Module, name: str) -> Value:
        found = self.finder.find(name, package.search) if package.search else None
        if found is None:
            raise MissingModuleError
        return self.load_file(found)

    def search_path(self) -> tuple[str, ...]:
        """Return sys.path as far as it is known."""
        path = self.environment.overrides.get("sys.path", self.environment.path)
        items = path.items if isinstance(path, Collection) else ()
        return tuple(str(item.value) for item in items if isinstance(item, Constant))

    def load_file(self, found: ModuleFile, collected: bool = False) -> Value:
        """Run a module's body, unless it is loaded already; its parent learns of it.

        A plain module that is not `collected` runs when it is looked at.
        """
        known = self.environment.modules.get(found.name)
        if isinstance(known, Value):
            return known
        module = Module(found.name, found.path, found.search)
        self.environment.write(self.environment.modules, found.name, module)
        plain = self.finder.plain(found.path) if found.path and not collected else None
        if plain and not self.thorough:
            self._load_plainly(module, plain)
            return module
        if self.thorough:
            self.emit(ModuleLoaded, path=found.path)
        self.run_module(module)
        loaded = self.environment.modules.get(found.name, module)
        parent, _, name = found.name.rpartition(".")
        package = self.environment.modules.get(parent)
        if isinstance(package, Module) and isinstance(loaded, Value) and not package.fill:
            self.environment.write(package.namespace, name, loaded)
        return loaded if isinstance(loaded, Value) else module

    def _load_plainly(self, module: Module, plain: Plain) -> None:
        """Follow the imports of a plain module; let the rest wait until somebody looks at it."""
        self.spend()
        module.fill, module.names = partial(self._fill, module), plain.names
        around = self.statement
        try:
            for edge in self._edges(module, plain):
                if not self._is_followed(edge):
                    self.statement = (module.path, edge.node)
                    self._follow(edge, module)
        except RaisedError:
            self.environment.erase(self.environment.modules, module.name)
            raise
        finally:
            self.statement = around

    def _edges(self, module: Module, plain: Plain) -> tuple[Edge, ...]:
        path = module.path or ""
        if path not in self._edges_of:
            self._edges_of[path] = tuple(edges_of(plain, module))
        return self._edges_of[path]

    def _is_followed(self, edge: Edge) -> bool:
        """Tell whether all that an import statement may load is loaded."""
        modules = self.environment.modules
        target = modules.get(edge.name)
        if target is None or not isinstance(target, Module):
            return target is not None
        for name, member in zip(edge.members, edge.paths):
            if member not in modules and (target.fill is None or name not in target.names):
                return False
        return True

    def _follow(self, edge: Edge, module: Module) -> None:
        """Load what an import statement names."""
        modules = self.environment.modules
        if edge.name not in modules:
            with self.at(module, edge.node, edge.name):
                self._try_load(edge.name)
        target = modules.get(edge.name)
        if edge.members and isinstance(target, Module):
            for name in edge.members:
                if target.fill is None or name not in target.names:
                    self._follow_member(edge, module, target, name)

    def _follow_member(self, edge: Edge, module: Module, target: Module, name: str) -> None:
        """Load a submodule that an import statement may name."""
        member = f"{target.name}.{name}"
        if member in self.environment.modules:
            return
        if target.fill is None or "__getattr__" in target.names:
            with self.at(module, edge.node, member):
                self._import_member(target, name)
        elif target.search:
            with self.at(module, edge.node, member):
                self._try_load(member)

    def _fill(self, module: Module) -> None:
        """Run a plain module that was loaded before: nothing but its namespace changes.

        That stays whatever becomes of the branch that is the first to look at it.
        """
        fill, known, module.fill = module.fill, dict(module.slots), None
        self._filling += 1
        try:
            with self.apart(), self.environment.lasting(), RECORDER.aside():
                self.run_module(module)
        except BaseException:
            module.fill = fill
            module.slots.clear()
            module.slots.update(known)
            raise
        finally:
            self._filling -= 1

    def wake(self, member: str = "") -> None:
        """Run the modules that wait and import `member` by name, or all: it is about to change."""
        for module in list(self.environment.modules.values()):
            if isinstance(module, Module) and (not member or member in self._members(module)):
                self.settle(module)

    def _members(self, module: Module) -> frozenset[str]:
        """Return the names that a plain module imports from others."""
        path = module.path or ""
        if path not in self._members_of:
            plain = self.finder.plain(path) if path and not self.thorough else None
            edges = self._edges(module, plain) if plain else ()
            self._members_of[path] = frozenset(path for edge in edges for path in edge.paths)
        return self._members_of[path]

    def settle(self, module: Module) -> None:
        """Put values in the place of promises."""
        for name, value in list(module.namespace.items()):
            if isinstance(value, Promise):
                self.environment.write(module.namespace, name, self.resolve(value))

    def run_module(self, module: Module) -> None:
        """Run the body of a module in its namespace, as import and reload do."""
        RECORDER.spoil()
        write = self.environment.write
        write(module.namespace, "__name__", Constant(module.name))
        if module.path is None:
            return
        write(module.namespace, "__file__", Constant(module.path))
        tree = self.finder.tree(module.path)
        if tree is None or self.active.count(tree) >= RECURSION:
            return
        self.active.append(tree)
        try:
            self.execute(tree.body, Frame(module, module.namespace))
        except RaisedError:
            self.environment.erase(self.environment.modules, module.name)
            raise
        finally:
            self.active.pop()

    def reload(self, module: Value) -> Value:
        """Run a module again, as importlib.reload does."""
        if isinstance(module, Module):
            self.wake()
            self.run_module(module)
        return module

    def exec_Import(self, node: ast.Import, frame: Frame) -> None:
        """An `import`."""
        for alias in node.names:
            with self.at(frame.module, node, alias.name):
                loaded: object = self._load_for(alias.name, frame)
                top, dot, _ = alias.name.partition(".")
                if dot and not alias.asname:
                    loaded = self.environment.modules.get(top, Unknown(top))
            if isinstance(loaded, Value):  # pragma: no branch
                self.bind(ast.Name(alias.asname or top), loaded, frame)

    def exec_ImportFrom(self, node: ast.ImportFrom, frame: Frame) -> None:
        """A `from ... import`."""
        name = absolute_name(node, frame.module)
        with self.at(frame.module, node, name):
            module = self._load_for(name, frame)
        for alias in node.names:
            if alias.name == "*":
                self._import_star(module, frame)
                continue
            member = f"{name}.{alias.name}"
            self.note_import(frame.module, member)
            with self.at(frame.module, node, member):
                value = self._import_member(module, alias.name)
            self.bind(ast.Name(alias.asname or alias.name), value, frame)

    def note_import(self, module: Module, name: str) -> None:
        """Note that a module imports another."""
        key = (module.name, name)
        if key not in self.imports:
            self.environment.write(self.imports, key, True)

    def _load_for(self, name: str, frame: Frame) -> Value:
        self.note_import(frame.module, name)
        return self.load(name) if frame.tries else self._try_load(name)

    def _try_load(self, name: str) -> Value:
        try:
            return self.load(name)
        except MissingModuleError:
            return Unknown(name)

    def _import_member(self, module: Value, name: str) -> Value:
        if isinstance(module, Module):
            if self._filling and module.fill and name in module.names:
                return Promise(module, name)
            found = module.namespace.get(name)
            if isinstance(found, Value):
                return self.resolve(found)
            if module.search and self.finder.find(f"{module.name}.{name}", module.search):
                return self.load(f"{module.name}.{name}")
        elif isinstance(module, Library):
            self.models.imported(self, f"{module.name}.{name}")
        return self.attribute(module, name)

    def _import_star(self, module: Value, frame: Frame) -> None:
        if not isinstance(module, Module):
            return
        listed = module.namespace.get("__all__")
        names = [name for name in module.namespace if not str(name).startswith("_")]
        if isinstance(listed, Collection) and not listed.open:
            names = [item.value for item in listed.items if isinstance(item, Constant)]
        for name in names:
            value = self._import_member(module, str(name))
            self.environment.write(frame.scope, name, value)

    def import_by_name(self, name: str, package: str | None = None) -> Value:
        """Import as importlib.import_module does, relative names against `package`."""
        if name.startswith("."):
            level = len(name) - len(name.lstrip("."))
            base = (package or "").split(".")
            kept = base[: len(base) - level + 1]
            name = ".".join([*kept, name.lstrip(".")]).strip(".")
        return self.load(name) if name else Unknown("import")


def absolute_name(node: ast.ImportFrom, module: Module) -> str:
    """Resolve the module of a `from` import against the module it stands in."""
    if not node.level:
        return node.module or ""
    parts = module.name.split(".")
    if module.search:
        parts.append("")
    base = parts[: len(parts) - node.level]
    return ".".join([*base, node.module] if node.module else base)


def edges_of(plain: Plain, module: Module) -> Iterator[Edge]:
    """Yield what the import statements of a plain module name."""
    for node in plain.imports:
        if isinstance(node, ast.Import):
            yield from (Edge(node, alias.name) for alias in node.names)
        else:
            name, members = absolute_name(node, module), tuple(each.name for each in node.names)
            yield Edge(node, name, members, tuple(f"{name}.{member}" for member in members))
