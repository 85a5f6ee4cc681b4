"""os, os.path, sys, pathlib, importlib, typing: paths, environment variables, imports by name."""

from __future__ import annotations

import posixpath

from flake8_moto_order.interpreter.base import Arguments, Base, RaisedError
from flake8_moto_order.interpreter.machine import Machine
from flake8_moto_order.interpreter.values import (
    NONE,
    Collection,
    Constant,
    Library,
    Method,
    PathText,
    Unknown,
    Value,
)
from flake8_moto_order.models.model import Handler, Model
from flake8_moto_order.models.records.tuples import make_class

PATHS = {"pathlib.Path", "pathlib.PurePath", "pathlib.PosixPath", "pathlib.PurePosixPath"}


class SystemModel(Model):
    """The model of the standard library's modules around the process."""

    libraries = (
        "os", "sys", "pathlib", "importlib", "typing", "typing_extensions", "posixpath", "site",
    )

    def attribute(self, machine: Base, value: Value, name: str) -> Value | None:
        """Look up an attribute of a module."""
        environment = machine.environment
        match value, name:
            case Library("os"), "environ":
                return environment.environ
            case Library("sys"), "path":
                return environment.path
            case Library("sys"), "modules":
                return Collection("dict", environment.modules, open=True)
            case Library("sys"), "version_info":
                return Unknown("sys.version_info")
            case Library("typing" | "typing_extensions"), "TYPE_CHECKING":
                return Constant(False)
            case Library("os" | "os.path"), "sep":
                return Constant("/")
        return None

    def call(self, machine: Base, callee: Value, arguments: Arguments) -> Value | None:
        """Call a function of these modules."""
        name = callee.name if isinstance(callee, Library) else ""
        if name in PATHS:
            text = _joined(arguments)
            return PathText(text) if text is not None else None
        handler = HANDLERS.get(name)
        return handler(machine, arguments) if handler else None


def _text(value: Value | None) -> str | None:
    if isinstance(value, PathText):
        return value.text
    if isinstance(value, Constant) and isinstance(value.value, str):
        return value.value
    return None


def _joined(arguments: Arguments) -> str | None:
    texts = [_text(value) for value in arguments.positional]
    known = [text for text in texts if text is not None]
    return posixpath.join(*known) if known and len(known) == len(texts) else None


def _join(machine: Base, arguments: Arguments) -> Value | None:
    text = _joined(arguments)
    return Constant(text) if text is not None else None


def _normal(machine: Base, arguments: Arguments) -> Value | None:
    text = _text(arguments.get(0, "path"))
    return Constant(posixpath.normpath(text)) if text is not None else None


def _dirname(machine: Base, arguments: Arguments) -> Value | None:
    text = _text(arguments.get(0, "p"))
    return Constant(posixpath.dirname(text)) if text is not None else None


def _basename(machine: Base, arguments: Arguments) -> Value | None:
    text = _text(arguments.get(0, "p"))
    return Constant(posixpath.basename(text)) if text is not None else None


def _fspath(machine: Base, arguments: Arguments) -> Value | None:
    text = _text(arguments.get(0, "path"))
    return Constant(text) if text is not None else None


def _getcwd(machine: Base, arguments: Arguments) -> Value | None:
    folder = machine.environment.state.get("cwd")
    return Constant(folder) if isinstance(folder, str) else None


def _cwd_path(machine: Base, arguments: Arguments) -> Value | None:
    folder = machine.environment.state.get("cwd")
    return PathText(folder) if isinstance(folder, str) else None


def _getenv(machine: Base, arguments: Arguments) -> Value | None:
    return machine.call(Method(machine.environment.environ, "get"), arguments)


def _site_dir(machine: Base, arguments: Arguments) -> Value | None:
    folder = _text(arguments.get(0, "sitedir"))
    if folder is not None:
        append = Method(machine.environment.path, "append")
        machine.call(append, Arguments((Constant(folder),)))
    return NONE


def _import_module(machine: Base, arguments: Arguments) -> Value | None:
    name, package = _text(arguments.get(0, "name")), _text(arguments.get(1, "package"))
    if name is None or not isinstance(machine, Machine):
        return None
    return machine.import_by_name(name, package)


def _reload(machine: Base, arguments: Arguments) -> Value | None:
    module = arguments.get(0, "module")
    return machine.reload(module) if isinstance(machine, Machine) and module else None


def _cast(machine: Base, arguments: Arguments) -> Value | None:
    return arguments.get(1, "val")


def _exit(machine: Base, arguments: Arguments) -> Value | None:
    raise RaisedError


HANDLERS: dict[str, Handler] = {
    "os.path.join": _join,
    "os.path.abspath": _normal,
    "os.path.realpath": _normal,
    "os.path.normpath": _normal,
    "os.path.dirname": _dirname,
    "os.path.basename": _basename,
    "os.path.expanduser": _normal,
    "os.fspath": _fspath,
    "os.getcwd": _getcwd,
    "pathlib.Path.cwd": _cwd_path,
    "os.getenv": _getenv,
    "site.addsitedir": _site_dir,
    "importlib.import_module": _import_module,
    "importlib.reload": _reload,
    "typing.NamedTuple": make_class,
    "typing.cast": _cast,
    "sys.exit": _exit,
    "os._exit": _exit,
}
