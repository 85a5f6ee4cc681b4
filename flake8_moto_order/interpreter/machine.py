"""The machine: imports, and with them the whole of the interpreter."""

from __future__ import annotations

import ast
from functools import partial

from flake8_moto_order.effects import ModuleLoaded
from flake8_moto_order.interpreter.base import (
    Finder,
    Frame,
    MissingModuleError,
    Models,
    RaisedError,
)
from flake8_moto_order.interpreter.calls import RECURSION
from flake8_moto_order.interpreter.loading import LoadRecording, Loads
from flake8_moto_order.interpreter.slots import RECORDER
from flake8_moto_order.interpreter.statements import Statements
from flake8_moto_order.interpreter.values import (
    Collection,
    Constant,
    Fake,
    Library,
    Module,
    Unknown,
    Value,
)
from flake8_moto_order.interpreter.world import Environment
from flake8_moto_order.project import ModuleFile


class Machine(Statements):
    """The interpreter with imports: modules load once, in the order in which they are reached."""

    def __init__(self, finder: Finder, models: Models, environment: Environment) -> None:
        super().__init__(finder, models, environment)
        self.loads = Loads(self)
        self._libraries: dict[str, Library] = {}

    def load(self, name: str) -> Value:
        """Import a module by its absolute name, its parent packages first."""
        top = RECORDER.top
        if isinstance(top, LoadRecording):
            return top.imports(partial(self.load, name), self.environment.modules, name)
        known = self.environment.modules.get(name)
        if isinstance(known, Value):
            return known
        RECORDER.spoil()
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
        library = self._libraries.setdefault(name, Library(name))
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

    def load_file(self, found: ModuleFile, is_kept: bool = True) -> Value:
        """Run a module's body, unless it is loaded already; its parent learns of it.

        One that is kept is redone the next time, if that can be.
        """
        environment = self.environment
        known = environment.modules.get(found.name)
        if isinstance(known, Value):
            return known
        if self.thorough:
            self.emit(ModuleLoaded, path=found.path)
        if is_kept:
            module = self.loads.load(found, self.run_module)
        else:
            module = Module(found.name, found.path, found.search)
            environment.write(environment.modules, found.name, module)
            self.run_module(module)
        loaded = environment.modules.get(found.name, module)
        parent, _, name = found.name.rpartition(".")
        package = environment.modules.get(parent)
        if isinstance(package, Module) and isinstance(loaded, Value):
            environment.bind_submodule(package.namespace, name, loaded)
        return loaded if isinstance(loaded, Value) else module

    def run_module(self, module: Module) -> None:
        """Run the body of a module in its namespace, as import and reload do."""
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
            self.environment.write(frame.module.imports, member, True)
            with self.at(frame.module, node, member):
                value = self._import_member(module, alias.name)
            self.bind(ast.Name(alias.asname or alias.name), value, frame)

    def _load_for(self, name: str, frame: Frame) -> Value:
        self.environment.write(frame.module.imports, name, True)
        return self.load(name) if frame.tries else self._try_load(name)

    def _try_load(self, name: str) -> Value:
        try:
            return self.load(name)
        except MissingModuleError:
            return Unknown(name)

    def _import_member(self, module: Value, name: str) -> Value:
        if isinstance(module, Module):
            top = RECORDER.top
            if isinstance(top, LoadRecording):
                again = partial(self._import_member, module, name)
                return top.imports(again, module.namespace, name)
            found = module.namespace.get(name)
            if isinstance(found, Value):
                return found
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
