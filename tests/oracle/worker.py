"""Run example projects under real pytest, boto3 and moto, offline, and tell what they sent to AWS.

`main` reads JSON lists of runs from standard input, one a line. Each run is an object with `folder`
(the example), `targets` (files to give to pytest; empty for the whole suite), `trace` (whether to
tell the lines that ran) and, if requests to AWS are to be answered with nothing instead of refused,
`answered`. For each list it writes a line with a JSON list of results in the same order:

    leaks    requests that would have left for AWS: `host`; the lines of the example that were
             `sent` from, or that `built` the client or its session; the `phase` (collection, setup,
             call or teardown) and the `test` in it, and where that is `defined`; how many `mocks`
             were active, and whether the test was `mocked` at any point up to here
    starts   mocks that were started: the `test`, the lines on the stack, and whether `stopped`
    ran      the tests that were begun
    left     tests after which more mocks are active than before them, to the end of the session
    blind    the lines from which each client was built that has no handler of moto when collection
             is over
    left_at_end  whether more mocks are active at the end than when collection had finished
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

import gc
import importlib
import json
import os
import signal
import sys
import tempfile
import traceback
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NoReturn

from tests.oracle.recorder import Recorder, active_mocks

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
    "cryptography.x509", "_strptime",
)
READ_BEFORE = ("s3", "dynamodb")
SECONDS = 60


def main() -> None:
    """Read the runs from standard input and write their results to standard output."""
    prepare()
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for line in sys.stdin:
            print(json.dumps(list(pool.map(in_child, json.loads(line)))), flush=True)


def prepare() -> None:
    """Make this process the parent of all runs: its environment, and the imports they share."""
    for name in [name for name in sys.modules if name.partition(".")[0] == "tests"]:
        del sys.modules[name]
    for name in [name for name in os.environ if name.startswith(("AWS_", "PYTEST_", "PYTHON"))]:
        del os.environ[name]
    os.environ.update(ENVIRONMENT)
    sys.dont_write_bytecode = True
    for name in IMPORTED_BEFORE:
        try:
            importlib.import_module(name)
        except ModuleNotFoundError:
            print(f"worker: {name} is not installed", file=sys.stderr)
    read_models()
    gc.collect()
    gc.freeze()


def read_models() -> None:
    """Have botocore keep what it reads of its data, and read that of the usual services."""
    loaders: Any = importlib.import_module("botocore.loaders")
    keep(loaders.JSONFileLoader, "load_file", lambda _: None)
    keep(loaders.Loader, "list_available_services", lambda loader: loader.search_paths)
    session: Any = importlib.import_module("boto3.session").Session()
    for name in READ_BEFORE:
        session.resource(name)


def keep(owner: Any, name: str, state: Callable[[Any], Any]) -> None:
    """Have a method keep its results, by its arguments and the state of its object."""
    method = getattr(owner, name)
    known: dict[str, Any] = {}

    def kept(self: Any, *args: Any, **kwargs: Any) -> Any:
        key = repr((state(self), args, kwargs))
        if key not in known:
            known[key] = method(self, *args, **kwargs)
        return known[key]

    setattr(owner, name, kept)


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
    "leaks": [], "starts": [], "ran": [], "left": [], "left_at_end": False, "blind": [],
    "lines": {"covered": [], "bare": []},
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
    recorder = Recorder(folder, run.get("answered", False))
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
        "ran": [test for test, _, _ in watcher.active],
        "left": watcher.left(),
        "left_at_end": active_mocks() > watcher.collected,
        "blind": watcher.blind,
        "lines": {name: sorted(lines) for name, lines in recorder.ran.items()},
        "passed": watcher.passed,
        "failed": watcher.failed,
        "errors": watcher.errors,
        "exit": int(code),
    }


class Watcher:
    """A pytest plugin that counts outcomes and pairs failures with recorded requests."""

    def __init__(self, recorder: Recorder) -> None:
        """Tell the recorder when collection ends."""
        self.recorder = recorder
        self.passed = 0
        self.failed: list[dict[str, Any]] = []
        self.errors: list[dict[str, Any]] = []
        self.known = 0
        self.collected = 0
        self.blind: list[list[tuple[str, int]]] = []
        self.active: list[tuple[str, int, int]] = []

    def leaked(self) -> bool:
        """Tell whether a request was recorded since the file or test in progress was begun."""
        return len(self.recorder.leaks) > self.known

    def pytest_collectstart(self) -> None:
        """A folder, file or class is about to be collected."""
        self.known = len(self.recorder.leaks)

    def pytest_collection_finish(self) -> None:
        """All files are collected."""
        self.collected = active_mocks()
        self.blind = self.recorder.blind()

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
