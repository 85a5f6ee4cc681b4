"""The order of a run: fixtures, setup, tests and teardown, as pytest and unittest have it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.runs import calls_of, covers_of, run

FIXTURES = {
    "before and after": (
        """
@pytest.fixture
def f():
    aws.setup()
    yield
    aws.teardown()
def test_a(f): aws.a()
def test_b(f): aws.b()
""",
        "setup a teardown setup b teardown",
    ),
    "in the order of the arguments, torn down the other way round": (
        """
@pytest.fixture
def f(): aws.f(); yield; aws.f_end()
@pytest.fixture
def g(): aws.g(); yield; aws.g_end()
def test_a(g, f): aws.a()
""",
        "g f a f_end g_end",
    ),
    "wider scopes first": (
        """
@pytest.fixture
def f(): aws.f(); yield; aws.f_end()
@pytest.fixture(scope="class")
def c(): aws.c(); yield; aws.c_end()
@pytest.fixture(scope="module")
def m(): aws.m(); yield; aws.m_end()
@pytest.fixture(scope="package")
def p(): aws.p(); yield; aws.p_end()
@pytest.fixture(scope="session")
def s(): aws.s(); yield; aws.s_end()
class TestA:
    def test_a(self, f, c, m, p, s): aws.a()
    def test_b(self, f, c, m, p, s): aws.b()
""",
        "s p m c f a f_end f b f_end c_end m_end p_end? s_end",
    ),
    "autouse fixtures first, by name": (
        """
@pytest.fixture
def a(): aws.fa()
@pytest.fixture(autouse=True)
def c(): aws.fc()
@pytest.fixture(autouse=True)
def b(): aws.fb()
def test_a(a): aws.a()
""",
        "fb fc fa a",
    ),
    "what an autouse fixture asks for is set up before it": (
        """
@pytest.fixture
def z(): aws.z()
@pytest.fixture(autouse=True)
def a(z): aws.fa()
@pytest.fixture
def b(): aws.fb()
def test_a(b): aws.a()
""",
        "z fa fb a",
    ),
    "usefixtures before arguments": (
        """
@pytest.fixture
def f(): aws.f()
@pytest.fixture
def g(): aws.g()
@pytest.mark.usefixtures("g")
def test_a(f): aws.a()
""",
        "g f a",
    ),
    "a fixture is set up once for a test": (
        """
@pytest.fixture
def f(): aws.f()
@pytest.fixture
def g(f): aws.g()
@pytest.fixture
def h(f): aws.h()
def test_a(h, g, f): aws.a()
""",
        "f h g a",
    ),
    "a fixture of a module is set up by the first test that asks": (
        """
@pytest.fixture(scope="module")
def m(): aws.m(); yield; aws.m_end()
def test_a(): aws.a()
def test_b(m): aws.b()
def test_c(): aws.c()
""",
        "a m b c m_end",
    ),
    "a fixture of a class is set up for each class": (
        """
@pytest.fixture(scope="class")
def k(): aws.k(); yield; aws.k_end()
class TestA:
    def test_a(self, k): aws.a()
    def test_b(self, k): aws.b()
class TestC:
    def test_c(self, k): aws.c()
""",
        "k a b k_end k c k_end",
    ),
    "a fixture of class scope lasts for one function outside classes": (
        """
@pytest.fixture(scope="class")
def k(): aws.k(); yield; aws.k_end()
def test_a(k): aws.a()
def test_b(k): aws.b()
""",
        "k a k_end k b k_end",
    ),
    "finalizers, the last first": (
        """
@pytest.fixture
def f(request):
    request.addfinalizer(lambda: aws.first())
    request.addfinalizer(lambda: aws.second())
    aws.f()
def test_a(f): aws.a()
""",
        "f a second first",
    ),
    "finalizers of a test": (
        """
@pytest.fixture
def f(): yield; aws.f_end()
def test_a(f, request):
    request.addfinalizer(aws.final)
    aws.a()
""",
        "a final f_end",
    ),
    "a fixture of a wide scope asked for by a narrow one": (
        """
@pytest.fixture(scope="module")
def m(): aws.m()
@pytest.fixture
def f(): aws.f()
@pytest.fixture
def g(m): aws.g()
def test_a(f, g): aws.a()
""",
        "m f g a",
    ),
    "a fixture by getfixturevalue": (
        """
@pytest.fixture
def g(): aws.g()
@pytest.fixture
def f(g): aws.f(); yield; aws.f_end()
def test_a(request):
    aws.a()
    request.getfixturevalue("f")
    aws.b()
""",
        "a g f b f_end",
    ),
    "the value of a fixture that is set up is not made twice": (
        """
@pytest.fixture
def f(): aws.f()
def test_a(f, request):
    request.getfixturevalue("f")
    aws.a()
""",
        "f a",
    ),
    "a fixture that asks by getfixturevalue": (
        """
@pytest.fixture
def g(): aws.g(); yield; aws.g_end()
@pytest.fixture
def f(request): aws.f(); request.getfixturevalue("g"); yield; aws.f_end()
def test_a(f): aws.a()
""",
        "f g a f_end g_end",
    ),
    "a wide fixture stays when a test by getfixturevalue asks": (
        """
@pytest.fixture(scope="module")
def m(): aws.m(); yield; aws.m_end()
def test_a(request): request.getfixturevalue("m"); aws.a()
def test_b(m): aws.b()
""",
        "m a b m_end",
    ),
    "a test that fails is torn down": (
        """
@pytest.fixture
def f(): aws.f(); yield; aws.f_end()
def test_a(f): raise ValueError
def test_b(): aws.b()
""",
        "f f_end b",
    ),
    "a fixture that fails ends its test only": (
        """
@pytest.fixture
def g(): aws.g(); yield; aws.g_end()
@pytest.fixture
def f(): aws.f(); raise ValueError
def test_a(g, f): aws.a()
def test_b(g): aws.b()
""",
        "g f g_end g b g_end",
    ),
    "a fixture of a module that fails is not set up again": (
        """
@pytest.fixture(scope="module")
def m(): aws.m(); raise ValueError
def test_a(m): aws.a()
def test_b(m): aws.b()
def test_c(): aws.c()
""",
        "m c",
    ),
    "a fixture that skips": (
        """
@pytest.fixture
def f(): aws.f(); pytest.skip("")
def test_a(f): aws.a()
def test_b(): aws.b()
""",
        "f b",
    ),
    "a teardown that fails": (
        """
@pytest.fixture
def g(): yield; aws.g_end()
@pytest.fixture
def f(): yield; aws.f_end(); raise ValueError
def test_a(g, f): aws.a()
""",
        "a f_end g_end",
    ),
    "a generator that never yields": (
        """
@pytest.fixture
def f():
    aws.f()
    return
    yield
def test_a(f): aws.a()
""",
        "f",
    ),
    "a fixture that returns a generator": (
        """
def g(): aws.g(); yield
@pytest.fixture
def f(): return g()
def test_a(f): aws.a()
""",
        "a",
    ),
    "a fixture with two yields fails at the second": (
        """
@pytest.fixture
def f(): aws.f(); yield; aws.one(); yield; aws.two()
def test_a(f): aws.a()
""",
        "f a one",
    ),
    "a fixture of a module that is first asked for in a class outlasts it": (
        """
@pytest.fixture(scope="module")
def m(): aws.m(); yield; aws.m_end()
class TestA:
    @pytest.fixture(scope="class", autouse=True)
    def k(self): aws.k(); yield; aws.k_end()
    def test_a(self): aws.a()
    def test_b(self, m): aws.b()
def test_d(m): aws.d()
""",
        "k a m b k_end d m_end",
    ),
    "a fixture of a module that fails in a class is not set up again": (
        """
@pytest.fixture(scope="module")
def m(): aws.m(); raise ValueError
class TestA:
    @pytest.fixture(scope="class", autouse=True)
    def k(self): aws.k(); yield; aws.k_end()
    def test_a(self): aws.a()
    def test_b(self, m): aws.b()
def test_d(m): aws.d()
""",
        "k a m k_end",
    ),
    "getfixturevalue twice": (
        """
@pytest.fixture
def g(request): aws.g(); request.addfinalizer(aws.final)
def test_a(request):
    request.getfixturevalue("g")
    request.getfixturevalue("g")
    aws.a()
def test_b(request): request.getfixturevalue("g")
""",
        "g a final g final",
    ),
    "getfixturevalue of a method": (
        """
class TestA:
    @pytest.fixture
    def f(self): self.client = aws
    def test_a(self, request): request.getfixturevalue("f"); self.client.a()
""",
        "a",
    ),
    "getfixturevalue in a fixture of a module": (
        """
@pytest.fixture(scope="module")
def g(): aws.g(); yield; aws.g_end()
@pytest.fixture(scope="module")
def f(request): request.getfixturevalue("g"); aws.f(); yield; aws.f_end()
def test_a(f): aws.a()
def test_b(f): aws.b()
""",
        "g f a b f_end g_end",
    ),
    "methods are fixtures of their class": (
        """
class TestA:
    @pytest.fixture(autouse=True)
    def f(self): self.x = 1; aws.f(); yield; aws.f_end()
    def test_a(self):
        if self.x: aws.a()
class TestB:
    def test_b(self): aws.b()
""",
        "f a f_end b",
    ),
}  # fmt: skip
XUNIT = {
    "a module": (
        """
def setup_module(module): aws.module()
def teardown_module(): aws.module_end()
def setup_function(): aws.function()
def teardown_function(function): aws.function_end()
def test_a(): aws.a()
class TestB:
    def test_b(self): aws.b()
""",
        "module function a function_end b module_end",
    ),
    "a class": (
        """
class TestA:
    @classmethod
    def setup_class(cls): aws.klass()
    @classmethod
    def teardown_class(cls): aws.klass_end()
    def setup_method(self, method): aws.method()
    def teardown_method(self): aws.method_end()
    def test_a(self): aws.a()
    def test_b(self): aws.b()
def test_c(): aws.c()
""",
        "klass method a method_end method b method_end klass_end c",
    ),
    "the instance of a method": (
        """
class TestA:
    def setup_method(self): self.client = aws
    def test_a(self): self.client.a()
    def teardown_method(self): self.client.end()
""",
        "a end",
    ),
    "the class": (
        """
class TestA:
    @classmethod
    def setup_class(cls): cls.client = aws
    def test_a(self): self.client.a()
    @classmethod
    def teardown_class(cls): cls.client.end()
""",
        "a end",
    ),
    "inherited": (
        """
class Base:
    def setup_method(self): aws.base()
class TestA(Base):
    def setup_method(self): super().setup_method(); aws.own()
    def test_a(self): aws.a()
class TestB(Base):
    def test_b(self): aws.b()
""",
        "base own a base b",
    ),
    "a teardown without a setup": (
        """
def teardown_module(): aws.module_end()
class TestA:
    def teardown_method(self): aws.method_end()
    def test_a(self): aws.a()
""",
        "a method_end module_end",
    ),
    "a setup that fails": (
        """
class TestA:
    def setup_method(self): aws.method(); raise ValueError
    def teardown_method(self): aws.method_end()
    def test_a(self): aws.a()
def test_b(): aws.b()
""",
        "method b",
    ),
    "before fixtures of a scope": (
        """
@pytest.fixture(scope="module", autouse=True)
def m(): aws.m()
def setup_module(): aws.module()
class TestA:
    def setup_method(self): aws.method()
    @pytest.fixture(autouse=True)
    def f(self): aws.f()
    def test_a(self): aws.a()
""",
        "module m method f a",
    ),
    "other names for a module": (
        """
def setUpModule(): aws.module()
def tearDownModule(): aws.module_end()
def test_a(): aws.a()
""",
        "module a module_end",
    ),
    "a setup of a name that a fixture has": (
        """
@pytest.fixture
def setup_module(): aws.module()
class TestA:
    @pytest.fixture
    def setup_method(self): aws.method()
    def test_a(self): aws.a()
""",
        "a",
    ),
}  # fmt: skip
UNITTEST = {
    "a case": (
        """
def setUpModule(): aws.module()
def tearDownModule(): aws.module_end()
class A(unittest.TestCase):
    @classmethod
    def setUpClass(cls): aws.klass()
    @classmethod
    def tearDownClass(cls): aws.klass_end()
    def setUp(self): aws.setup()
    def tearDown(self): aws.teardown()
    def test_a(self): aws.a()
    def test_b(self): aws.b()
""",
        "module klass setup a teardown setup b teardown klass_end module_end",
    ),
    "cleanups run after tearDown, the last first": (
        """
class A(unittest.TestCase):
    def setUp(self):
        self.addCleanup(aws.first, Bucket="x")
        self.addCleanup(aws.second)
    def tearDown(self): aws.teardown()
    def test_a(self): aws.a()
""",
        "a teardown second first",
    ),
    "a cleanup that adds another": (
        """
class A(unittest.TestCase):
    def clean(self): aws.clean(); self.addCleanup(aws.more)
    def test_a(self): self.addCleanup(self.clean); aws.a()
""",
        "a clean more",
    ),
    "cleanups of a class run after tearDownClass": (
        """
class A(unittest.TestCase):
    @classmethod
    def setUpClass(cls): cls.addClassCleanup(aws.clean)
    @classmethod
    def tearDownClass(cls): aws.klass_end()
    def test_a(self): aws.a()
    def test_b(self): aws.b()
""",
        "a b klass_end clean",
    ),
    "a cleanup of a class from a test": (
        """
class A(unittest.TestCase):
    def test_a(self): self.addClassCleanup(aws.clean); aws.a()
    def test_b(self): aws.b()
""",
        "a b clean",
    ),
    "a setUp that fails leaves tearDown out": (
        """
class A(unittest.TestCase):
    def setUp(self): self.addCleanup(aws.clean); aws.setup(); raise ValueError
    def tearDown(self): aws.teardown()
    def test_a(self): aws.a()
""",
        "setup clean",
    ),
    "a test that fails is torn down": (
        """
class A(unittest.TestCase):
    def tearDown(self): aws.teardown()
    def test_a(self): aws.a(); raise ValueError
    def test_b(self): aws.b(); self.fail("")
    def test_c(self): aws.c(); self.skipTest(""); aws.d()
""",
        "a teardown b teardown c teardown",
    ),
    "a setUpClass that fails": (
        """
class A(unittest.TestCase):
    @classmethod
    def setUpClass(cls): aws.klass(); raise ValueError
    def test_a(self): aws.a()
def test_b(): aws.b()
""",
        "klass b",
    ),
    "a setUp that skips": (
        """
class A(unittest.TestCase):
    def setUp(self): aws.setup(); self.skipTest("")
    def test_a(self): aws.a()
""",
        "setup",
    ),
    "inherited setup": (
        """
class Base(unittest.TestCase):
    def setUp(self): aws.base(); self.client = aws
class A(Base):
    def setUp(self): super().setUp(); aws.setup()
    def test_a(self): self.client.a()
""",
        "base setup a",
    ),
    "contexts": (
        """
from contextlib import contextmanager
@contextmanager
def around(): aws.enter(); yield aws; aws.leave()
class A(unittest.TestCase):
    def setUp(self): self.client = self.enterContext(around())
    def test_a(self): self.client.a()
    def tearDown(self): aws.teardown()
""",
        "enter a teardown leave",
    ),
    "contexts of a class": (
        """
from contextlib import contextmanager
@contextmanager
def around(): aws.enter(); yield; aws.leave()
class A(unittest.TestCase):
    @classmethod
    def setUpClass(cls): cls.enterClassContext(around())
    def test_a(self): aws.a()
    def test_b(self): aws.b()
""",
        "enter a b leave",
    ),
    "a coroutine case": (
        """
class A(unittest.IsolatedAsyncioTestCase):
    def setUp(self): aws.setup()
    async def asyncSetUp(self): aws.async_setup(); self.addAsyncCleanup(self.clean)
    async def clean(self): aws.clean()
    async def asyncTearDown(self): aws.async_teardown()
    def tearDown(self): aws.teardown()
    async def test_a(self): aws.a()
    def test_b(self): aws.b()
""",
        "setup async_setup a async_teardown teardown clean"
        " setup async_setup b async_teardown teardown clean",
    ),
    "a coroutine in a plain case never runs": (
        """
class A(unittest.TestCase):
    async def test_a(self): aws.a()
""",
        "",
    ),
    "fixtures of pytest come before setUp": (
        """
@pytest.fixture(autouse=True)
def f(): aws.f(); yield; aws.f_end()
class A(unittest.TestCase):
    @pytest.fixture(autouse=True)
    def g(self): aws.g(); self.client = aws
    def setUp(self): self.client.setup()
    def test_a(self): aws.a()
""",
        "f g setup a f_end",
    ),
    "setup_method of a case": (
        """
class A(unittest.TestCase):
    def setup_method(self, method): aws.method()
    def teardown_method(self, method): aws.method_end()
    def setUp(self): aws.setup()
    def test_a(self): aws.a()
""",
        "method setup a method_end",
    ),
}  # fmt: skip
CASES = {**FIXTURES, **{f"xunit: {k}": v for k, v in XUNIT.items()}, **UNITTEST}


@pytest.mark.parametrize(("source", "calls"), CASES.values(), ids=CASES)
def test_order(tmp_path: Path, source: str, calls: str) -> None:
    """Everything around a test runs when pytest and unittest say so."""
    assert calls_of(run(tmp_path, source)) == calls


CONFTEST = """
@pytest.fixture(autouse=True)
def z(): aws.z()
@pytest.fixture(scope="session", autouse=True)
def s(): aws.s(); yield; aws.s_end()
"""


def test_conftest_first(tmp_path: Path) -> None:
    """Fixtures of a conftest come before those of the module, within their scope."""
    source = (
        "@pytest.fixture(autouse=True)\ndef a(): aws.fa()\n"
        "@pytest.fixture(autouse=True, scope='module')\ndef m(): aws.m()\n"
        "def test_a(): aws.a()\ndef test_b(): aws.b()"
    )
    trace = run(tmp_path, source, {"conftest.py": CONFTEST})
    assert calls_of(trace) == "s m z fa a z fa b s_end"


def test_late_teardown_in_doubt(tmp_path: Path) -> None:
    """A late fixture of a wide scope may be torn down before the wide one it was set up in."""
    source = """\
@pytest.fixture(scope="module")
def mocked():
    with mock_aws():
        yield
@pytest.fixture(scope="module")
def late():
    yield
    aws.dropped()
@pytest.fixture(scope="class")
def ended():
    yield
    aws.ended()
def test_a(mocked, request):
    request.getfixturevalue("late")
    request.getfixturevalue("ended")
def test_b(request):
    request.getfixturevalue("ended")
    aws.b()
"""
    assert calls_of(run(tmp_path, source)) == "ended b ended dropped?"


def test_suspended_under_a_mock(tmp_path: Path) -> None:
    """What is called under a mock and goes on without it is seen all the same."""
    source = """\
async def coroutine(): aws.a()
def generator():
    yield 1
    aws.b()
def test_a():
    with mock_aws():
        waiting = [coroutine(), generator()]
    asyncio.run(waiting[0])
    for one in waiting[1]:
        pass
"""
    trace = run(tmp_path, "import asyncio\n" + source)
    assert covers_of(trace) == {"a": False, "b": False}
