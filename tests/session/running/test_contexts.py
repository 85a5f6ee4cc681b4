"""Context managers of a project: classes derived from contextlib's, exit stacks, patches."""

from __future__ import annotations

from pathlib import Path

from packaging.version import Version

from flake8_moto_order.effects import MockLeft, MockWasted
from flake8_moto_order.project import Sources
from flake8_moto_order.rules import check
from flake8_moto_order.session.tracing import trace_file
from flake8_moto_order.settings import Settings
from tests.memory import NEWEST
from tests.runs import calls_of, covers_of, of, run

MAKERS = """\
import contextlib
class Decorating(contextlib.ContextDecorator):
    def __enter__(self):
        self.mock = mock_aws()
        self.mock.start()
    def __exit__(self, *args):
        self.mock.stop()
class Stacked(contextlib.ExitStack):
    def __enter__(self):
        super().__enter__()
        self.enter_context(mock_aws())
        return self
class Closing(Stacked):
    def __exit__(self, *args):
        aws.closing()
        super().__exit__(*args)
@contextlib.contextmanager
def opened():
    with mock_aws():
        yield
    aws.behind()
@contextlib.contextmanager
def safely():
    mock = mock_aws()
    mock.start()
    try:
        yield
    finally:
        mock.stop()
@contextlib.contextmanager
def nested():
    with safely():
        yield
"""


def test_context_decorator(tmp_path: Path) -> None:
    """An instance of a class derived from ContextDecorator is entered around what it decorates."""
    source = "@Decorating()\ndef test_a():\n    aws.a()\ndef test_b():\n    aws.b()\n"
    assert covers_of(run(tmp_path, MAKERS + source)) == {"a": True, "b": False}


def test_derived_stack(tmp_path: Path) -> None:
    """A class derived from ExitStack leaves what it entered when it is left."""
    source = """\
def test_it():
    with Stacked():
        aws.a()
    aws.b()
    with Closing() as stack:
        stack.callback(aws.called)
        aws.c()
    aws.d()
    other = Stacked()
    other.enter_context(mock_aws())
    aws.e()
    other.close()
    aws.f()
"""
    trace = run(tmp_path, MAKERS + source)
    assert calls_of(trace) == "a b c closing called d e f"
    safe = {name for name, covered in covers_of(trace).items() if covered}
    assert safe == {"a", "c", "closing", "called", "e"}


def test_giving(tmp_path: Path) -> None:
    """`closing` and `nullcontext` give what they were made with."""
    source = """\
def test_it():
    with contextlib.closing(aws) as held:
        held.a()
    with contextlib.nullcontext(aws) as held:
        held.b()
    with contextlib.nullcontext():
        aws.c()
"""
    assert calls_of(run(tmp_path, MAKERS + source)) == "a b c"


def test_stack_left_under_another_mock(tmp_path: Path) -> None:
    """What a stack entered is stopped once, and a mock that is left on is the only one."""
    source = """\
def test_left():
    mock_aws().start()
def test_closed():
    stack = contextlib.ExitStack()
    stack.enter_context(opened())
    stack.enter_context(safely())
    stack.enter_context(nested())
    stack.close()
"""
    trace = run(tmp_path, MAKERS + source)
    assert of(trace, MockLeft) == [2 + (MAKERS + source).splitlines().index("def test_left():") + 1]


def test_stack_within_mocks(tmp_path: Path) -> None:
    """Mocks around a stack stay active when it is closed."""
    source = """\
@mock_aws
def test_it():
    with mock_aws():
        stack = contextlib.ExitStack()
        stack.enter_context(nested())
        stack.close()
    aws.a()
"""
    assert covers_of(run(tmp_path, MAKERS + source)) == {"a": True}


def test_patched_coroutine(tmp_path: Path) -> None:
    """A patch of an `async def` lasts until it has been awaited; a mock hides that it is one."""
    source = """\
from unittest.mock import patch
class TestIt(unittest.IsolatedAsyncioTestCase):
    @patch("os.getcwd")
    @patch("os.getpid", new=lambda: 1)
    async def test_patched(self, fake):
        aws.a()
    @patch("os.getcwd")
    @mock_aws
    async def test_mocked(self, fake):
        aws.b()
"""
    trace = run(tmp_path, source)
    assert calls_of(trace) == "a"


def test_wrapped_coroutine(tmp_path: Path) -> None:
    """A coroutine that a wrapper returns is not awaited."""
    source = """\
import functools
def under(function):
    @functools.wraps(function)
    def wrapper(*args):
        return function(*args)
    return wrapper
class TestIt(unittest.IsolatedAsyncioTestCase):
    @under
    async def test_it(self):
        aws.a()
"""
    assert calls_of(run(tmp_path, source)) == ""


def test_boxes(tmp_path: Path) -> None:
    """A SimpleNamespace and a NamedTuple hold what they are given."""
    source = """\
import types
from typing import NamedTuple
class Pair(NamedTuple):
    client: object
    number: int = 1
BOX = types.SimpleNamespace(client=aws)
PAIR = Pair(aws)
def test_it():
    BOX.client.a()
    PAIR.client.b()
"""
    assert calls_of(run(tmp_path, source)) == "a b"


def test_either_session(tmp_path: Path) -> None:
    """What every branch builds is certain: the client too, not just the session behind it."""
    client = 'boto3.Session().client("s3")'
    (tmp_path / "late.py").write_text(
        f"import boto3, random\nclient = {client} if random.random() < 1 else {client}\n"
    )
    (tmp_path / "test_late.py").write_text("import late\nimport moto\n")
    settings = Settings(moto_version=Version(NEWEST))
    trace = trace_file(str(tmp_path / "test_late.py"), Sources(), settings, str(tmp_path))
    assert [(one.line, one.code) for one in check(trace)] == [(1, "MOT101")]


def test_wasted_within_test(tmp_path: Path) -> None:
    """A mock in vain within a test is reported where it decorates."""
    source = "def test_it():\n    @mock_aws\n    async def go():\n        pass\n"
    trace = run(tmp_path, source)
    assert of(trace, MockWasted) == [3]
    assert [(one.line, one.code) for one in check(trace)] == [(3, "MOT205")]


def test_start_in_a_loop(tmp_path: Path) -> None:
    """A mock that a loop over a generator starts is started."""
    source = """\
def steps():
    yield 1
@mock_aws
def test_it():
    for step in steps():
        mock_aws().start()
"""
    assert [one.code for one in check(run(tmp_path, source))] == ["MOT207"]


def test_package_scope(tmp_path: Path) -> None:
    """The teardown of a fixture for a package is in doubt: it may come earlier or later."""
    source = """\
@pytest.fixture(scope="package")
def table():
    aws.made()
    yield
    aws.dropped()
def test_it(table):
    aws.used()
"""
    assert calls_of(run(tmp_path, source)) == "made used dropped?"


def test_module_run_within_a_branch(tmp_path: Path) -> None:
    """A plain module whose first use is within a branch is the same module behind it."""
    (tmp_path / "aws.py").write_text("import boto3\ndef clients():\n    yield boto3.client('s3')\n")
    (tmp_path / "app.py").write_text(
        "import aws, random\ndef use():\n    next(aws.clients()).a() if random.random() < 1"
        " else next(aws.clients()).a()\n"
    )
    source = "import app\ndef test_a():\n    app.use()\ndef test_b():\n    app.use()\n"
    assert [one.line for one in check(run(tmp_path, source))] == [3, 5]


def test_wider_scope_asked_for_late(tmp_path: Path) -> None:
    """A fixture that a later test asks for first outlasts the narrower ones that were there."""
    source = """\
@pytest.fixture(scope="SCOPE")
def mocked():
    with mock_aws():
        yield
def teardown_module():
    aws.dropped()
def test_a():
    aws.a()
def test_b(mocked):
    aws.b()
"""
    for scope, covered in (("session", True), ("package", True), ("module", False)):
        trace = run(tmp_path, source.replace("SCOPE", scope))
        assert covers_of(trace) == {"a": False, "b": True, "dropped": covered}


def test_cleanup_added_under_a_mock(tmp_path: Path) -> None:
    """What setUp adds under a mock of the class is called without it."""
    source = """\
def drop():
    aws.drop()
@mock_aws
class TestIt(unittest.TestCase):
    def setUp(self):
        self.addCleanup(drop)
    def test_it(self):
        aws.a()
"""
    assert [one.code for one in check(run(tmp_path, source))] == ["MOT202"]


LEAVING = """\
@contextlib.contextmanager
def noted(name):
    yield
    getattr(aws, name)()
def inner():
    with mock_aws(), noted("i1"):
        yield
        aws.i2()
    aws.i3()
@pytest.fixture
def f():
    with noted("a"), mock_aws():
        try:
            with opened(), noted("b"):
                yield
                aws.c()
            aws.d()
        except ValueError:
            pass
        else:
            aws.e()
        finally:
            aws.g()
        aws.h()
    aws.i()
@pytest.fixture
def k():
    with noted("k1"):
        yield from inner()
    aws.k3()
@pytest.fixture
def raising():
    with mock_aws():
        yield
        raise ValueError
    aws.never()
"""


def test_late_teardown_leaves_one_by_one(tmp_path: Path) -> None:
    """A generator left at its yield leaves what it entered where the `with` ends, as it was."""
    source = MAKERS + LEAVING + """\
def test_f(f, raising): pass
def test_k(k): pass
def test_late_f(request):
    for name in ("f", "raising"):
        request.getfixturevalue(name)
def test_late_k(request):
    request.getfixturevalue("k")
"""
    trace = run(tmp_path, source)
    each = "c b behind d e g h a i i2 i1 i3 k1 k3"
    assert calls_of(trace).replace("?", "") == f"{each} {each}"
    safe = {name for name, covered in covers_of(trace).items() if covered}
    assert safe == set("i1 i2 c b behind d e g h".split())


def test_no_yield(tmp_path: Path) -> None:
    """A stack that enters a generator which does not yield raises, so what follows is in doubt."""
    source = """\
@contextlib.contextmanager
def empty():
    if False:
        yield
def test_it():
    with contextlib.ExitStack() as stack:
        stack.enter_context(empty())
        aws.a()
def test_with():
    with empty():
        aws.b()
"""
    assert calls_of(run(tmp_path, "import contextlib\n" + source)) == "a? b?"
