"""The symbolic test session: what pytest imports for one test file, in its order."""

from __future__ import annotations

import ast
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from copy import copy
from dataclasses import replace
from functools import partial

from flake8_moto_order.interpreter.base import Arguments, RaisedError
from flake8_moto_order.interpreter.machine import Machine
from flake8_moto_order.interpreter.slots import Slots
from flake8_moto_order.interpreter.values import (
    Collection,
    Constant,
    Function,
    Module,
    Native,
    Unknown,
    Value,
)
from flake8_moto_order.interpreter.world import Environment
from flake8_moto_order.models import LibraryModels
from flake8_moto_order.models.moto.versions import (
    MotoFacts,
    allowed_releases,
    facts_of,
    version_in_force,
)
from flake8_moto_order.models.testing.replacing import monkeypatch
from flake8_moto_order.project import (
    ModuleFile,
    PytestConfiguration,
    Seen,
    Sources,
    collected_as,
    confine,
    conftests,
    find_configuration,
    find_module,
    initial_path,
    is_test_code,
    required,
)
from flake8_moto_order.settings import Settings

# Variables that a run has, whatever the project says.
ALWAYS_SET = ("HOME", "PATH", "USER", "PWD", "LANG", "SHELL", "TMPDIR", "CI", "HOSTNAME")
HOOKS = ("pytest_configure", "pytest_sessionstart")


class ProjectFinder:
    """Finds and parses the modules that the interpreter asks for."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._sources = project.sources

    def find(self, name: str, search: tuple[str, ...]) -> ModuleFile | None:
        """Find the module `name` on `search`."""
        sources = self._sources
        return sources.derive((name, search), lambda: find_module(sources, name, search))

    def tree(self, path: str) -> ast.Module | None:
        """Return the syntax tree of a file, None when it can't be had."""
        return self._sources.tree(path)

    def noting(self) -> AbstractContextManager[Seen]:
        """Give what will have been asked of the disk when the block is over."""
        return self._sources.asking()

    def note(self, seen: Seen) -> None:
        """Note what was asked of the disk before, and is relied on again."""
        self._sources.note(seen)

    def is_test_code(self, path: str) -> bool:
        """Tell whether a file is a test file or a helper of such."""
        project = self._project
        patterns = project.settings.test_files
        return is_test_code(self._sources, project.configuration, path, patterns)


class Project:
    """What a session needs to know of the project of one file."""

    def __init__(self, path: str, sources: Sources, settings: Settings, folder: str) -> None:
        self.path = path
        self.sources = sources
        self.settings = settings
        self.folder = folder
        self.configuration: PytestConfiguration = find_configuration(sources, path, folder)
        confine(sources, self.configuration, path, folder, settings.roots)

    def beside(self, path: str) -> Project:
        """Return the same for another test file of the suite."""
        other = copy(self)
        other.path = path
        return other

    def facts(self) -> MotoFacts:
        """Return what the moto version in force does."""
        settings, root = self.settings, self.configuration.rootdir
        if settings.moto_version is not None:
            version = settings.moto_version
            return replace(facts_of(version), allowed=allowed_releases(version, None))
        specifiers = required(self.sources, root, "moto")
        if specifiers is None and self.folder != root:
            specifiers = required(self.sources, self.folder, "moto")
        files = (self.path, *self.conftests(self.path))
        mentions = b"\n".join(self.sources.bytes(file) or b"" for file in files)
        facts = facts_of(version_in_force(None, specifiers, mentions))
        return replace(facts, allowed=allowed_releases(None, specifiers))

    def conftests(self, path: str) -> tuple[str, ...]:
        """Return the conftest files that pytest loads before `path`, outermost first."""
        return tuple(
            conftest
            for conftest in conftests(self.sources, self.configuration, path)
            if conftest != path
        )


class Session:
    """One symbolic session: plugins, conftests and test files, imported into one world."""

    def __init__(self, project: Project, facts: MotoFacts, thorough: bool = False) -> None:
        self.project = project
        environment = Environment()
        configuration = project.configuration
        roots = project.settings.roots
        search = initial_path(project.sources, configuration, roots, project.folder)
        environment.path.slots.update(enumerate(Constant(folder) for folder in search))
        environment.environ.slots.update({name: Unknown(name) for name in ALWAYS_SET})
        environment.environ.slots.update({k: Constant(v) for k, v in configuration.env.items()})
        environment.state["cwd"] = configuration.rootdir
        models = LibraryModels(project.settings, facts)
        self.machine = Machine(ProjectFinder(project), models, environment)
        self.machine.thorough = thorough
        self.held = Slots()
        self._collected = Slots()
        self._plugins = Slots()
        self._hooked = Slots()
        self.config = Native("config", {})

    @property
    def environment(self) -> Environment:
        """The world of this session."""
        return self.machine.environment

    @property
    def plugins(self) -> list[Module]:
        """The modules that were loaded as plugins, in their order."""
        return [module for module in self._plugins.values() if isinstance(module, Module)]

    def start(self, path: str) -> None:
        """Load what pytest loads before it collects `path`: plugins, then conftests."""
        for name in self.project.configuration.plugins:
            self._load_plugin(name)
        chain = [p for p in self.project.conftests(path) if p not in self._collected]
        for conftest in chain:
            self.collect(conftest)
        for conftest in (*chain, ""):
            self.run_hooks(conftest)

    def collect(self, path: str) -> None:
        """Import a conftest or test file as pytest does.

        A file outside packages takes over the name that another file of its name had.
        """
        self.environment.write(self._collected, path, True)
        collected = collected_as(self.project.sources, self.project.configuration, path)
        if collected.insert is not None:
            self._extend_path(collected.insert, collected.append)
        is_package = path.endswith("__init__.py")
        search = (path.rpartition("/")[0],) if is_package else ()
        files = [*collected.parents, ModuleFile(collected.name, path, search)]
        if not collected.parents:
            self.environment.erase(self.environment.modules, collected.name)
        self._guard(partial(self._import_files, files))
        module = self.environment.modules.get(collected.name)
        if isinstance(module, Module):
            self.environment.write(self.held, path, module)
        self._load_plugins(self.module_at(path))

    def _import_files(self, files: list[ModuleFile]) -> None:
        """Import a file and the packages around it; a test file is imported for itself alone."""
        for found in files:
            name = os.path.basename(found.path or "")
            self.machine.load_file(found, is_kept=name in ("conftest.py", "__init__.py"))

    def _extend_path(self, folder: str, append: bool) -> None:
        path = self.environment.path
        items = [item for item in path.items if item != Constant(folder)]
        present = Constant(folder) in path.items
        if not present:
            items = [*items, Constant(folder)] if append else [Constant(folder), *items]
            self.environment.replace(path.slots, items)

    def module_at(self, path: str) -> Module | None:
        """Return the module of a collected file: pytest holds it, whatever sys.modules says."""
        module = self.held.get(path)
        return module if isinstance(module, Module) else None

    def _load_plugins(self, module: Module | None) -> None:
        """Load what `pytest_plugins` of a conftest, test module or plugin names."""
        named = module.namespace.get("pytest_plugins") if module else None
        names = [named] if isinstance(named, Constant) else []
        if isinstance(named, Collection):
            names = [item for item in named.items if isinstance(item, Constant)]
        if module is None or not names:
            return
        node = self._assignment(module, "pytest_plugins")
        for name in names:
            self.machine.environment.write(module.imports, str(name.value), True)
            with self.machine.at(module, node, str(name.value)):
                self._load_plugin(str(name.value))

    def load(self, name: str) -> None:
        """Import a module by its name, if that can be done."""
        self._guard(partial(self.machine.load, name))

    def _load_plugin(self, name: str) -> None:
        self.load(name)
        plugin = self.environment.modules.get(name)
        if isinstance(plugin, Module) and plugin not in self.plugins:
            self.environment.write(self._plugins, name, plugin)
            self._load_plugins(plugin)

    def _assignment(self, module: Module, name: str) -> ast.stmt:
        tree = self.project.sources.tree(module.path) if module.path else None
        for node in tree.body if tree else ():
            for target in getattr(node, "targets", ()):
                if isinstance(target, ast.Name) and target.id == name:
                    return node
        return ast.Pass(lineno=1, col_offset=0)

    def run_hooks(self, path: str) -> None:
        """Call the hooks of a conftest, and of plugins, that pytest calls before it collects."""
        module = self.module_at(path)
        for owner in (*self.plugins, *([module] if module else [])):
            if owner.path not in self._hooked:
                self.environment.write(self._hooked, owner.path, True)
                self._run_hooks_of(owner)

    def _run_hooks_of(self, module: Module) -> None:
        for name in HOOKS:
            hook = module.namespace.get(name)
            if isinstance(hook, Function) and isinstance(hook.node, ast.FunctionDef):
                with self.machine.at(module, hook.node, name):
                    self._guard(partial(self.run_to_end, hook))

    def run_to_end(self, function: Value) -> None:
        """Call a function whose arguments are unknown; a generator is run through."""
        fixtures: dict[str, Value] = {
            "monkeypatch": monkeypatch(self.machine, []),
            "config": self.config,
            "session": Native("session", {}, {"config": self.config}),
        }
        self.machine.finish(self.machine.call(function, Arguments((), fixtures, open=True)))

    def _guard(self, action: Callable[[], object]) -> None:
        try:
            action()
        except RaisedError:
            self.machine.doubt = 0


def mentions_moto(session: Session) -> bool:
    """Tell whether the text of a module that was loaded mentions moto."""
    sources = session.project.sources
    paths = {module.path for module in loaded_modules(session.environment.modules)}
    return any(sources.mentions(path, b"moto") for path in paths if path)


def loaded_modules(modules: Slots) -> Iterator[Module]:
    """Yield the loaded modules that have a file."""
    for value in list(modules.values()):
        if isinstance(value, Module) and value.path:
            yield value
