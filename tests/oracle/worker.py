"""Run example projects under real pytest, boto3 and moto, offline, and tell what they sent to AWS.

Called as a script (`python -I worker.py`), it reads a JSON list of runs from standard input, each
an object with `folder` (the example), `targets` (files to give to pytest; empty for the whole
suite) and `trace` (whether to tell the lines that ran), and writes a JSON list of results in the
same order:

    leaks    requests that would have left for AWS: `host`; the lines of the example that were
             `sent` from, or that `built` the client or its session; the `phase` (collection, setup,
             call or teardown) and the `test` in it, and where that is `defined`; how many `mocks`
             were active, and whether the test was `mocked` at any point up to here
    starts   mocks that were started: the `test`, and the lines on the stack
    left     tests after which more mocks are active than before them, to the end of the session
    lines    those that ran under a mock (`covered`) and those that ran without one (`bare`)
    passed   how many tests passed
    failed   tests that failed, with `leaked` telling whether a request of theirs was recorded
    errors   files that could not be collected, in the same form
    exit     pytest's exit code
    output   what pytest printed

Each run is a child forked from this process, which has imported all that is slow to import except
moto: an example decides itself when moto is imported. The child runs pytest as `python -m pytest`
in the example's folder; a folder `src` there counts as installed in development mode.
"""

from __future__ import annotations

import importlib
import importlib.machinery
import inspect
import json
import os
import signal
import socket
import sys
import tempfile
import threading
import traceback
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import FrameType, ModuleType
from typing import Any, NoReturn

ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_SESSION_TOKEN": "testing",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
    "PYTHONDONTWRITEBYTECODE": "1",
}
IMPORTED_BEFORE = (
    "boto3", "botocore.session", "botocore.httpsession", "s3transfer.manager", "pytest",
    "requests", "responses", "werkzeug", "werkzeug.routing", "jinja2", "yaml", "xmltodict",
    "xml.dom.minidom", "unittest.mock", "asyncio", "cryptography.hazmat.primitives.asymmetric.rsa",
)
SECONDS = 60
MOCKS = "moto.core.models"
PHASES = {
    "call_fixture_func": "setup", "_callSetUp": "setup",
    "_teardown_yield_fixture": "teardown", "finish": "teardown",
    "_callTearDown": "teardown", "_callCleanup": "teardown", "doCleanups": "teardown",
}


def main() -> None:
    """Read the runs from standard input and write their results to standard output."""
    runs = json.load(sys.stdin)
    prepare()
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        results = list(pool.map(in_child, runs))
    json.dump(results, sys.stdout)


def prepare() -> None:
    """Make this process the parent of all runs: its environment, and the imports they share."""
    for name in [name for name in os.environ if name.startswith(("AWS_", "PYTEST_", "PYTHON"))]:
        del os.environ[name]
    os.environ.update(ENVIRONMENT)
    sys.dont_write_bytecode = True
    for name in IMPORTED_BEFORE:
        try:
            importlib.import_module(name)
        except ModuleNotFoundError:
            print(f"worker: {name} is not installed", file=sys.stderr)


def in_child(run: Mapping[str, Any]) -> Any:
    """Carry out one run in a forked child and return its result."""
    with tempfile.TemporaryDirectory() as folder:
        result, output = Path(folder, "result.json"), Path(folder, "output.txt")
        child = os.fork()
        if not child:
            be_child(run, result, output)
        os.waitpid(child, 0)
        told = json.loads(result.read_text()) if result.exists() else {**UNTOLD}
        return {**told, "output": output.read_text(errors="replace")}


UNTOLD = {
    "leaks": [], "starts": [], "left": [], "lines": {"covered": [], "bare": []},
    "passed": 0, "failed": [], "errors": [], "exit": "did not end",
}


def be_child(run: Mapping[str, Any], result: Path, output: Path) -> NoReturn:
    """Run pytest, write the result and leave; the last that a child does."""
    code = 1
    try:
        signal.alarm(SECONDS)
        with output.open("wb") as file:
            os.dup2(file.fileno(), 1)
            os.dup2(file.fileno(), 2)
        result.write_text(json.dumps(run_pytest(run)))
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def run_pytest(run: Mapping[str, Any]) -> dict[str, Any]:
    """Run pytest in a folder, recording what it sends."""
    folder = run["folder"]
    os.chdir(folder)
    sys.path[:0] = [folder, *(str(path) for path in [Path(folder, "src")] if path.is_dir())]
    recorder = Recorder(folder)
    recorder.install()
    if run["trace"]:
        recorder.trace_lines()
    watcher = Watcher(recorder)
    pytest: Any = importlib.import_module("pytest")
    code = pytest.main(["-p", "no:cacheprovider", "-q", *run["targets"]], plugins=[watcher])
    sys.settrace(None)
    return {
        "leaks": recorder.leaks,
        "starts": recorder.starts,
        "left": watcher.left(),
        "lines": {name: sorted(lines) for name, lines in recorder.ran.items()},
        "passed": watcher.passed,
        "failed": watcher.failed,
        "errors": watcher.errors,
        "exit": int(code),
    }


class Leak(Exception):
    """A request was about to leave; botocore retries no exception that it does not know."""


class Recorder:
    """Stands where botocore sends, and remembers who built what."""

    def __init__(self, folder: str) -> None:
        """Record requests of the example in `folder`."""
        self.prefix = folder.rstrip(os.sep) + os.sep
        self.now: dict[str, Any] = {"test": "", "phase": "collection", "defined": None}
        self.mocked = False
        self.leaks: list[dict[str, Any]] = []
        self.starts: list[dict[str, Any]] = []
        self.ran: dict[str, set[tuple[str, int]]] = {"covered": set(), "bare": set()}
        self.built: dict[int, tuple[object, list[tuple[str, int]]]] = {}

    def install(self) -> None:
        """Replace botocore's send, watch constructions, and let no other connection out."""
        http: Any = importlib.import_module("botocore.httpsession")
        sessions: Any = importlib.import_module("botocore.session")
        http.URLLib3Session.send = lambda _, request: self.send(request)
        self.watch_constructions(sessions.Session)
        self.watch_threads()
        sys.meta_path.insert(0, MockFinder(self.started))
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

    def started(self) -> None:
        """Note that a mock is being started."""
        self.mocked = True
        self.starts.append({"test": self.now["test"], "lines": self.lines()})

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
        if not host.endswith((".amazonaws.com", ".amazonaws.com.cn", ".api.aws")):
            requests: Any = importlib.import_module("botocore.awsrequest")
            return requests.AWSResponse(request.url, 200, {}, Empty())
        built = self.built.get(id(sender()), (None, []))[1]
        where = {"sent": self.lines(), "built": built, "phase": self.phase()}
        mocks = {"mocks": active_mocks(), "mocked": self.mocked}
        self.leaks.append({"host": host, **self.now, **where, **mocks})
        raise Leak(f"a request would have left for {host}")

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
    """Finds the module of moto's mocks, and has its `start` methods tell of each start."""

    def __init__(self, started: Callable[[], None]) -> None:
        """Call `started` at each start."""
        self.started = started

    def find_spec(self, name: str, path: Any = None, _: object = None) -> Any:
        """Find that module, and no other."""
        if name != MOCKS:
            return None
        spec: Any = importlib.machinery.PathFinder.find_spec(name, path)
        execute = spec.loader.exec_module

        def exec_module(module: ModuleType) -> None:
            execute(module)
            for value in [*vars(module).values()]:
                if isinstance(value, type) and value.__module__ == MOCKS and "start" in vars(value):
                    self.watch(value)

        spec.loader.exec_module = exec_module
        return spec

    def watch(self, mocks: Any) -> None:
        """Have the `start` method of a class tell of each start."""
        start = mocks.start

        def tell(mock: Any, *args: Any, **kwargs: Any) -> Any:
            self.started()
            return start(mock, *args, **kwargs)

        mocks.start = tell


class Empty:
    """The body of an answer with nothing in it."""

    def stream(self, **_: Any) -> list[bytes]:
        """Return no chunk at all."""
        return []


def sender() -> Any:
    """Return the client whose request is on the stack, or None."""
    frame: FrameType | None = sys._getframe()
    while frame is not None:
        if frame.f_code.co_name == "_make_api_call":
            return frame.f_locals.get("self")
        frame = frame.f_back
    return None


class Watcher:
    """A pytest plugin that counts outcomes and pairs failures with recorded requests."""

    def __init__(self, recorder: Recorder) -> None:
        """Tell the recorder when collection ends."""
        self.recorder = recorder
        self.passed = 0
        self.failed: list[dict[str, Any]] = []
        self.errors: list[dict[str, Any]] = []
        self.known = 0
        self.active: list[tuple[str, int, int]] = []

    def leaked(self) -> bool:
        """Tell whether a request was recorded since the file or test in progress was begun."""
        return len(self.recorder.leaks) > self.known

    def pytest_collectstart(self) -> None:
        """A folder, file or class is about to be collected."""
        self.known = len(self.recorder.leaks)

    def pytest_runtest_protocol(self, item: Any) -> None:
        """A test is about to run."""
        self.known = len(self.recorder.leaks)
        self.recorder.begin(item)
        self.active.append((item.nodeid, active_mocks(), 0))

    def pytest_runtest_call(self) -> None:
        """A test has been set up."""
        self.recorder.now["phase"] = "call"

    def pytest_runtest_teardown(self) -> None:
        """A test has been called."""
        self.recorder.now["phase"] = "teardown"

    def pytest_runtest_logfinish(self) -> None:
        """A test has been torn down."""
        test, before, _ = self.active[-1]
        self.active[-1] = (test, before, active_mocks())

    def pytest_collectreport(self, report: Any) -> None:
        """Note a file that could not be collected."""
        if report.failed:
            self.errors.append(self.failure(report))

    def pytest_runtest_logreport(self, report: Any) -> None:
        """Count a test that passed, note a phase of one that failed."""
        if report.failed:
            self.failed.append(self.failure(report))
        elif report.when == "call" and report.passed:
            self.passed += 1

    def left(self) -> list[str]:
        """Return the tests after which, to the end, more mocks are active than before them."""
        return [
            test
            for index, (test, before, _) in enumerate(self.active)
            if min(after for _, _, after in self.active[index:]) > before
        ]

    def failure(self, report: Any) -> dict[str, Any]:
        """Describe what failed, and whether it sent a request."""
        text = str(report.longrepr)
        return {"name": report.nodeid, "leaked": self.leaked(), "text": text}


if __name__ == "__main__":
    main()
