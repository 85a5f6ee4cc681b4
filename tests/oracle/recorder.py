"""Stands where botocore sends, and remembers what the example did until then."""

from __future__ import annotations

import importlib
import importlib.machinery
import inspect
import os
import socket
import sys
import threading
import traceback
from collections.abc import Callable
from types import FrameType, ModuleType
from typing import Any

MOCKS = "moto.core.models"
PHASES = {
    "call_fixture_func": "setup", "_callSetUp": "setup",
    "_teardown_yield_fixture": "teardown", "finish": "teardown",
    "_callTearDown": "teardown", "_callCleanup": "teardown", "doCleanups": "teardown",
}


class Leak(Exception):
    """A request was about to leave; botocore retries no exception that it does not know."""


class Recorder:
    """Stands where botocore sends, and remembers who built what."""

    def __init__(self, folder: str, answers: bool) -> None:
        """Record requests of the example in `folder`; AWS may answer them, with nothing."""
        self.answers = answers
        self.prefix = folder.rstrip(os.sep) + os.sep
        self.now: dict[str, Any] = {"test": "", "phase": "collection", "defined": None}
        self.mocked = False
        self.leaks: list[dict[str, Any]] = []
        self.starts: list[dict[str, Any]] = []
        self.running: list[tuple[Any, dict[str, Any]]] = []
        self.ran: dict[str, set[tuple[str, int]]] = {"covered": set(), "bare": set()}
        self.built: dict[int, tuple[object, list[tuple[str, int]]]] = {}

    def install(self) -> None:
        """Replace botocore's send, watch constructions, and let no other connection out."""
        http: Any = importlib.import_module("botocore.httpsession")
        sessions: Any = importlib.import_module("botocore.session")
        http.URLLib3Session.send = lambda _, request: self.send(request)
        self.watch_constructions(sessions.Session)
        self.watch_threads()
        sys.meta_path.insert(0, MockFinder(self.started, self.stopped))
        connect = socket.socket.connect

        def refuse(self: socket.socket, address: Any) -> None:
            if self.family != socket.AF_UNIX:
                raise OSError(f"no network: {address}")
            connect(self, address)

        setattr(socket.socket, "connect", refuse)

    def watch_constructions(self, session_class: Any) -> None:
        """Note from which lines sessions and clients are built."""
        initialise, create = session_class.__init__, session_class.create_client

        def init(session: Any, *args: Any, **kwargs: Any) -> None:
            self.built[id(session)] = (session, self.lines())
            initialise(session, *args, **kwargs)

        def create_client(session: Any, *args: Any, **kwargs: Any) -> Any:
            client = create(session, *args, **kwargs)
            lines = [*self.lines(), *self.built.get(id(session), (None, []))[1]]
            self.built[id(client)] = (client, lines)
            return client

        session_class.__init__ = init
        session_class.create_client = create_client

    def watch_threads(self) -> None:
        """Let a thread know the stack that it was started from."""
        start = threading.Thread.start

        def remember(thread: threading.Thread) -> None:
            setattr(thread, "started_from", stack())
            start(thread)

        setattr(threading.Thread, "start", remember)

    def trace_lines(self) -> None:
        """Note which lines of the example run while a mock is active, and which without one."""

        def trace(frame: FrameType, event: str, _: Any) -> Any:
            path = frame.f_code.co_filename
            if not path.startswith(self.prefix):
                return None
            if event == "line":
                line = (os.path.relpath(path, self.prefix), frame.f_lineno)
                self.ran["covered" if active_mocks() else "bare"].add(line)
            return trace

        threading.settrace(trace)
        sys.settrace(trace)

    def started(self, mock: Any) -> None:
        """Note that a mock is being started."""
        self.mocked = True
        self.starts.append({"test": self.now["test"], "lines": self.lines(), "stopped": False})
        self.running.append((mock, self.starts[-1]))

    def stopped(self, mock: Any) -> None:
        """Note that a mock has been stopped: the last start of this one, or of any other."""
        own = [pair for pair in self.running if pair[0] is mock] or self.running
        if own:
            own[-1][1]["stopped"] = True
            self.running = [pair for pair in self.running if pair is not own[-1]]

    def begin(self, item: Any) -> None:
        """Note that a test is about to be set up."""
        self.now = {"test": item.nodeid, "phase": "setup", "defined": self.defined(item)}
        self.mocked = active_mocks() > 0

    def defined(self, item: Any) -> tuple[str, int] | None:
        """Return path and line of the function of a test, where its first decorator stands."""
        function = getattr(item.cls or item.module, item.originalname, None)
        code = getattr(inspect.unwrap(function), "__code__", None) if function else None
        return code and (os.path.relpath(code.co_filename, self.prefix), code.co_firstlineno)

    def phase(self) -> str:
        """Return the phase of the test, where setUp and late fixtures are no part of the call."""
        own = [frame.name for frame in stack() if not frame.filename.startswith(self.prefix)]
        named = [PHASES[name] for name in own if name in PHASES]
        known: str = self.now["phase"]
        return named[0] if named and known == "call" else known

    def send(self, request: Any) -> Any:
        """Record a request to AWS and refuse it; answer any other with an empty document."""
        host = request.url.split("/")[2]
        if host.endswith((".amazonaws.com", ".amazonaws.com.cn", ".api.aws")):
            built = self.built.get(id(sender()), (None, []))[1]
            where = {"sent": self.lines(), "built": built, "phase": self.phase()}
            mocks = {"mocks": active_mocks(), "mocked": self.mocked}
            self.leaks.append({"host": host, **self.now, **where, **mocks})
            if not self.answers:
                raise Leak(f"a request would have left for {host}")
        requests: Any = importlib.import_module("botocore.awsrequest")
        return requests.AWSResponse(request.url, 200, {}, Empty())

    def blind(self) -> list[list[tuple[str, int]]]:
        """Return from which lines each client that has not moto's handler was built."""
        clients = [pair for pair in self.built.values() if hasattr(pair[0], "_make_api_call")]
        return [lines for client, lines in clients if not hooked(client)]

    def lines(self) -> list[tuple[str, int]]:
        """Return the lines of the example on the stack, innermost first."""
        return [
            (os.path.relpath(frame.filename, self.prefix), frame.lineno or 0)
            for frame in stack()
            if frame.filename.startswith(self.prefix)
        ]


def stack() -> list[traceback.FrameSummary]:
    """Return the frames on the stack, innermost first, and those that started this thread."""
    walk = traceback.walk_stack(sys._getframe())
    here = list(traceback.StackSummary.extract(walk, lookup_lines=False))
    return [*here, *getattr(threading.current_thread(), "started_from", [])]


def active_mocks() -> int:
    """Return how many mocks of moto are active; their classes count them."""
    models = vars(sys.modules.get(MOCKS, sys)).values()
    classes = {value for value in models if isinstance(value, type)}
    own = [vars(one) for one in classes]
    return sum(names.get("_nested_count", names.get("nested_count", 0)) for names in own)


class MockFinder:
    """Finds the module of moto's mocks, and has its methods tell of each start and stop."""

    def __init__(self, started: Callable[[Any], None], stopped: Callable[[Any], None]) -> None:
        """Call one with each mock that has started, the other with each that has stopped."""
        self.told = {"start": started, "stop": stopped}

    def find_spec(self, name: str, path: Any = None, _: object = None) -> Any:
        """Find that module, and no other."""
        if name != MOCKS:
            return None
        spec: Any = importlib.machinery.PathFinder.find_spec(name, path)
        execute = spec.loader.exec_module

        def exec_module(module: ModuleType) -> None:
            execute(module)
            for value in {value for value in vars(module).values() if isinstance(value, type)}:
                if value.__module__ == MOCKS and "start" in vars(value):
                    self.watch(value)

        spec.loader.exec_module = exec_module
        return spec

    def watch(self, mocks: Any) -> None:
        """Have the methods of a class tell when they have started or stopped a mock."""
        for name, told in self.told.items():
            setattr(mocks, name, telling(getattr(mocks, name), told))


def telling(method: Callable[..., Any], told: Callable[[Any], None]) -> Callable[..., Any]:
    """Return the method of a mock, which tells when it has changed how many are active."""

    def tell(mock: Any, *args: Any, **kwargs: Any) -> Any:
        before = active_mocks()
        result = method(mock, *args, **kwargs)
        if active_mocks() != before:
            told(mock)
        return result

    return tell


class Empty:
    """The body of an answer with nothing in it."""

    def stream(self, **_: Any) -> list[bytes]:
        """Return no chunk at all."""
        return []


def hooked(client: Any) -> bool:
    """Tell whether moto hears of the requests of a client."""
    handlers = client.meta.events._emitter._handlers.prefix_search("before-send.s3.ListBuckets")
    return any(type(handler).__module__.startswith("moto.") for handler in handlers)


def sender() -> Any:
    """Return the client whose request is on the stack, or None."""
    frame: FrameType | None = sys._getframe()
    while frame is not None:
        if frame.f_code.co_name == "_make_api_call":
            return frame.f_locals.get("self")
        frame = frame.f_back
    return None
