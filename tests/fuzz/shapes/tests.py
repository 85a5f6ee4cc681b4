"""Tests: functions and methods, what decorates them, classes and what is set up around them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from tests.fuzz.shapes.bodies import body
from tests.fuzz.shapes.choices import Choices, fill, indented
from tests.fuzz.shapes.fixtures import Fixture, fixture
from tests.fuzz.shapes.mocks import CONTEXTS, DECORATORS

MARKS = {
    "patch": ('patch("MODULE.use")', True),
    "patch of boto3": ('patch("MODULE.boto3", create=True)', True),
    "patch.object": ('patch.object(app, "use")', True),
    "patch boto3.client": ('patch("boto3.client")', True),
    "patch elsewhere": ('patch("os.getcwd")', True),
    "patch with new": ('patch("MODULE.use", new=lambda: None)', False),
    "patch.dict": ('patch.dict(os.environ, {"STAGE": "test"})', False),
    "mark": ("pytest.mark.slow", False),
    "skip": ('pytest.mark.skip(reason="tea")', False),
    "skipif false": ('pytest.mark.skipif(False, reason="tea")', False),
    "xfail": ("pytest.mark.xfail", False),
}
CLASS_DECORATORS = {
    "nothing": "",
    "mock": "@mock_aws\n",
    "mock, called": "@mock_aws()\n",
    "patch": '@patch("MODULE.use", new=lambda: None)\n',
    "usefixtures": "@pytest.mark.usefixtures(FIXTURES)\n",
}


class Around(NamedTuple):
    """What stands in a function before and after tests; `OWNER` is what keeps the mock."""

    up: str = ""
    down: str = ""
    only_cases: bool = False


AROUND = {
    "sends": Around("USE()"),
    "mock": Around("OWNER.mockNEW = mock_aws()\nOWNER.mockNEW.start()", "OWNER.mockNEW.stop()"),
    "sends after": Around("", "USE()"),
    "sends before and after": Around("USE()", "USE()"),
    "mock, sends": Around(
        "OWNER.mockNEW = mock_aws()\nOWNER.mockNEW.start()\nUSE()", "USE()\nOWNER.mockNEW.stop()"
    ),
    "mock, sends late": Around(
        "USE()\nOWNER.mockNEW = mock_aws()\nOWNER.mockNEW.start()", "OWNER.mockNEW.stop()\nUSE()"
    ),
    "client": Around('OWNER.client = boto3.client("s3")', "OWNER.client.list_buckets()"),
    "class": Around("OWNER.mockNEW = Opened()\nOWNER.mockNEW.__enter__()",
                    "OWNER.mockNEW.__exit__(None, None, None)"),
    "patcher": Around(
        'OWNER.patchNEW = patch("MODULE.use")\nOWNER.patchNEW.start()', "OWNER.patchNEW.stop()"
    ),
}
CLEANUPS = {
    "addCleanup": Around("mock = mock_aws()\nmock.start()\nself.addCleanup(mock.stop)"),
    "addCleanup, sends": Around("self.addCleanup(USE)"),
    "addCleanup first": Around(
        "mock = mock_aws()\nself.addCleanup(USE)\nmock.start()\nself.addCleanup(mock.stop)"
    ),
    "enterContext": Around("self.enterContext(CONTEXT)"),
    "patcher": Around(
        'patcher = patch("MODULE.use")\npatcher.start()\nself.addCleanup(patcher.stop)'
    ),
}

NAMES = {
    "plain": {
        "method": ("setup_method", "teardown_method"), "class": ("setup_class", "teardown_class")
    },
    "case": {"method": ("setUp", "tearDown"), "class": ("setUpClass", "tearDownClass")},
}
MODULE_NAMES = {
    "pytest": ("setup_module", "teardown_module"),
    "unittest": ("setUpModule", "tearDownModule"),
    "pytest, functions": ("setup_function", "teardown_function"),
}
PARENTS = {
    "plain": {"nothing": "", "mixin": "Starting"},
    "case": {
        "nothing": "unittest.TestCase",
        "mixin": "Starting, unittest.TestCase",
        "base": "StartingCase",
        "asynchronous": "unittest.IsolatedAsyncioTestCase",
    },
}
BASES = {
    "nothing": "",
    "test": "    def test_base(self):\n        USE()\n",
    "mocked test": "    @mock_aws\n    def test_base(self):\n        USE()\n",
    "helper": "    def go(self):\n        USE()\n",
}


def function(choose: Choices, known: Sequence[Fixture], owner: str = "", lines: str = "") -> str:
    """Return a test function, or a method if its first argument is `owner`."""
    above, arguments = decorators(choose, known if owner != "case" else ())
    asked = choose.some(known, 2) if owner != "case" else []
    static = owner == "self" and not above and not lines and choose.chance(10)
    if static:
        above = "@staticmethod\n"
    first = ["self"] if owner and not static else []
    every = ", ".join([*first, *arguments, *dict.fromkeys(one.name for one in asked)])
    text, define = lines or body(choose, asked), "def"
    if owner == "case" and choose.chance(7):
        text, define = "AWAITED\n", "async def"
    return f"{above}{define} {choose.name('test').join(('test_', ''))}({every}):\n{indented(text)}"


def decorators(choose: Choices, known: Sequence[Fixture]) -> tuple[str, list[str]]:
    """Return the decorators of a test, and the arguments that they add."""
    lines: list[str] = []
    arguments: list[str] = []
    for _ in range(choose.number(0, 2)):
        if known and choose.chance(15):
            name = known[choose.number(0, len(known) - 1)].name
            lines.append(f'@pytest.mark.usefixtures("{name}")\n')
        elif choose.chance(40):
            text, adds = choose.shape("mark", MARKS)
            lines.append(f"@{text}\n")
            arguments += [f"fake{len(arguments)}"] if adds else []
        else:
            lines.append(f"@{choose.shape('decorator', DECORATORS)}\n")
    return "".join(lines), arguments


def around(choose: Choices, names: tuple[str, str], owner: str, inherited: str = "") -> str:
    """Return setup and teardown functions; what `inherited` defines may be called."""
    shapes = {**AROUND, **(CLEANUPS if names == NAMES["case"]["method"] else {})}
    shape = choose.shape("around", shapes)
    stem, functions = choose.name("kept"), []
    words = {"OWNER": owner, "CONTEXT": choose.shape("context", CONTEXTS)}
    ends = list(zip(names, (shape.up, shape.down), strict=True))
    for name, template in ends:
        after = [f"super().{name}()"] if f"def {name}(" in inherited and choose.chance(75) else []
        lines = fill(template, **words).replace("NEW", f"_{stem}").splitlines()
        lines = [*after, *lines] if name == names[0] else [*lines, *after]
        if template:
            argument = "" if owner == "STATE" else owner
            argument += ", method=None" if name in NAMES["plain"]["method"] else ""
            above = "@classmethod\n" if owner == "cls" else ""
            text = "".join(f"{line}\n" for line in lines)
            functions.append(f"{above}def {name}({argument}):\n{indented(text)}")
    return "\n".join(functions)


def class_of_tests(choose: Choices, known: Sequence[Fixture]) -> str:
    """Return a class of tests, perhaps with a base class of its own."""
    kind = choose.shape("class", {"plain": "plain", "case": "case"})
    parents = choose.shape(f"parents of {kind}", PARENTS[kind])
    name, base = choose.name("Tests").title().replace("_", ""), ""
    if choose.chance(30):
        base = inside(choose, kind, "", BASES)
        head = _class_decorator(choose, known)
        base = f"{head}class Base{name}{_bases(parents)}:\n    number = 1\n\n{base}"
        parents = f"Base{name}"
    own: list[Fixture] = []
    members = [inside(choose, kind, base, {"nothing": ""})]
    if kind == "plain" and choose.chance(30):
        widest = ("class", "function")[choose.number(0, 1)]
        one, text = fixture(choose, known, widest, within=True)
        own = [one]
        members.append(indented(text))
    for _ in range(choose.number(1, 2)):
        lines = "self.go()\n" if "def go(" in base and choose.chance(50) else ""
        if "Starting" in parents + base and not lines:
            lines = _begun(choose, parents + base)
        owner = "self" if kind == "plain" else "case"
        members.append(indented(function(choose, [*known, *own], owner, lines)))
    head = _class_decorator(choose, known)
    text = f"{head}class Test{name}{_bases(parents)}:\n    kind = 1\n\n" + "\n".join(members)
    return f"{base}\n\n{text}" if base else text


def inside(choose: Choices, kind: str, inherited: str, tests: dict[str, str]) -> str:
    """Return the setup and teardown functions of a class, and perhaps a test for subclasses."""
    texts = []
    if choose.chance(35):
        texts.append(around(choose, NAMES[kind]["method"], "self", inherited))
    if choose.chance(15):
        texts.append(around(choose, NAMES[kind]["class"], "cls", inherited))
    return "\n".join([indented("\n".join(texts)), choose.shape("base", tests)])


def _begun(choose: Choices, parents: str) -> str:
    """Return the body of a test that has its mock from a mixin."""
    end = "" if "StartingCase" in parents else "self.end()\n"
    return f"self.begin()\nUSE()\n{end}" if choose.chance(50) else ""


def _bases(parents: str) -> str:
    return f"({parents})" if parents else ""


def _class_decorator(choose: Choices, known: Sequence[Fixture]) -> str:
    text = choose.shape("class decorator", CLASS_DECORATORS)
    names = [one.name for one in known if not one.params]
    if "FIXTURES" not in text:
        return text
    return text.replace("FIXTURES", f'"{names[0]}"') if names else ""
