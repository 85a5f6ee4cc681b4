"""Fixtures: what they do, for how long, and in which order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from tests.fuzz.shapes.choices import Choices, fill, indented
from tests.fuzz.shapes.mocks import CONTEXTS

SCOPES = ("function", "class", "module", "package", "session")
FREQUENT = {
    **{f"function{number or ''}": "function" for number in range(5)},
    **{scope: scope for scope in SCOPES[1:]},
}


class Shape(NamedTuple):
    """A body, what the fixture gives to a test, and what else stands around it."""

    body: str
    gives: str = ""
    needs: str = ""
    below: str = ""
    widest: str = "session"


class Fixture(NamedTuple):
    """A fixture of a project: `gives` a client, a function, an object that sends, or nothing.

    A test case of unittest can have none with `params`. One from `above` may be overridden.
    """

    name: str
    scope: str
    gives: str
    params: bool = False
    above: bool = False


KINDS = {
    "plain": Shape("return 1"),
    "with": Shape("with CONTEXT:\n    yield"),
    "with, gives client": Shape('with CONTEXT:\n    yield boto3.client("s3")', "client"),
    "with, sends": Shape('with CONTEXT:\n    USE()\n    yield USE', "function"),
    "start": Shape("mock = mock_aws()\nmock.start()\nyield mock\nmock.stop()"),
    "start, try": Shape(
        "mock = mock_aws()\nmock.start()\ntry:\n    yield mock\nfinally:\n    mock.stop()"
    ),
    "finalizer": Shape(
        "mock = mock_aws()\nmock.start()\nrequest.addfinalizer(mock.stop)\nreturn mock",
        needs="request",
    ),
    "finalizer, sends": Shape("request.addfinalizer(USE)\nreturn 1", needs="request"),
    "ExitStack": Shape(
        "with ExitStack() as stack:\n    stack.enter_context(CONTEXT)\n    yield stack"
    ),
    "ExitStack, left": Shape(
        "with ExitStack() as stack:\n    stack.enter_context(CONTEXT)\nyield stack"
    ),
    "delegated": Shape("yield from mocking()"),
    "left mock": Shape('with CONTEXT:\n    return boto3.client("s3")', "client"),
    "decorated": Shape('return boto3.client("s3")', "client", below="mock_aws"),
    "decorated, sends": Shape("USE()\nreturn 1", below="mock_aws"),
    "own decorator": Shape('USE()\nreturn boto3.client("s3")', "client", below="under"),
    "sends": Shape("USE()\nreturn 1"),
    "sends, yields": Shape("USE()\nyield 1"),
    "sends after": Shape("yield 1\nUSE()"),
    "sends after, try": Shape("try:\n    yield 1\nfinally:\n    USE()"),
    "mock before, sends after": Shape("with CONTEXT:\n    yield 1\nUSE()"),
    "client": Shape('return boto3.client("s3")', "client"),
    "client, yielded": Shape('client = boto3.client("s3")\nyield client\nclient.close()', "client"),
    "function": Shape("return USE", "function"),
    "inner function": Shape("def go():\n    return USE()\n\nreturn go", "function"),
    "function that mocks": Shape(
        "def go():\n    with CONTEXT:\n        USE()\n\nreturn go", "function"
    ),
    "object": Shape(
        "class Sender:\n    def send(self):\n        USE()\n\nreturn Sender()", "object"
    ),
    "patch": Shape('with patch("MODULE.use") as fake:\n    yield fake'),
    "patch boto3": Shape('with patch("boto3.client"):\n    yield'),
    "patcher": Shape(
        'patcher = patch("MODULE.use")\npatcher.start()\nyield\npatcher.stop()'
    ),
    "monkeypatch": Shape(
        'monkeypatch.setattr(app, "use", lambda: None)', needs="monkeypatch", widest="function"
    ),
    "monkeypatch by name": Shape(
        'monkeypatch.setattr("MODULE.use", lambda: None)',
        needs="monkeypatch", widest="function",
    ),
    "environment": Shape(
        'monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")',
        needs="monkeypatch", widest="function",
    ),
    "own monkeypatch": Shape(
        'with pytest.MonkeyPatch.context() as patcher:\n'
        '    patcher.setattr(app, "use", lambda: None)\n    yield'
    ),
    "default session": Shape("boto3.setup_default_session()\nreturn 1"),
    "reload": Shape("importlib.reload(app)\nreturn 1"),
    "reload, mocked": Shape("with CONTEXT:\n    importlib.reload(app)\n    yield"),
    "getfixturevalue": Shape('request.getfixturevalue("OTHER")\nreturn 1', needs="request"),
}


def fixture(
    choose: Choices, known: Sequence[Fixture], widest: str = "session", within: bool = False
) -> tuple[Fixture, str]:
    """Return a fixture and its text; `within` a class, it is a method."""
    shape = choose.shape("fixture", KINDS)
    if "OTHER" in shape.body and not known:
        shape = KINDS["plain"]
    if shape.needs == "request":
        widest = min(widest, "module", key=SCOPES.index)
    most = min(SCOPES.index(widest), SCOPES.index(shape.widest))
    scope = SCOPES[min(SCOPES.index(choose.shape("scope", FREQUENT)), most)]
    autouse = choose.chance(25)
    usable = [one for one in known if SCOPES.index(one.scope) >= SCOPES.index(scope)]
    usable = [one for one in usable if not (autouse and one.params)]
    if "OTHER" in shape.body:
        other = usable[choose.number(0, len(usable) - 1)].name if usable else ""
        shape = shape._replace(body=shape.body.replace("OTHER", other)) if other else KINDS["plain"]
    name = choose.name("fixture")
    overridden = [one for one in usable if one.above and one.scope == scope and not within]
    if overridden and shape.needs != "request" and choose.chance(20):
        usable = [overridden[choose.number(0, len(overridden) - 1)]]
        name = usable[0].name
    others = [one for one in choose.some(usable, 2) if one.name != name or choose.chance(50)]
    asked = [one.name for one in others]
    text = fill(shape.body, CONTEXT=choose.shape("context", CONTEXTS))
    called, options = _options(choose, name, scope, autouse)
    head = f"@pytest.fixture({', '.join(options)})\n" if options else "@pytest.fixture\n"
    below = f"@{shape.below}\n" if shape.below else ""
    params = any(option.startswith("params") for option in options)
    needs = [need for need in (shape.needs, "request" if params else "") if need]
    arguments = ", ".join([*(["self"] if within else []), *asked, *dict.fromkeys(needs)])
    doubt = "  # doubt: package" if scope == "package" else ""
    text = f"{head}{below}def {called}({arguments}):{doubt}\n{indented(text)}"
    params = params or any(one.params for one in others)
    return Fixture(name, scope, shape.gives, params), text


def _options(
    choose: Choices, name: str, scope: str, autouse: bool
) -> tuple[str, list[str]]:
    """Return the name of the function, and the arguments of the decorator."""
    options = {
        f'scope="{scope}"': scope != "function",
        "autouse=True": autouse,
        "params=[1, 2]": not autouse and scope == "function" and choose.chance(12),
        f'name="{name}"': choose.chance(7),
    }
    written = [text for text, used in options.items() if used]
    called = f"make_{name}" if f'name="{name}"' in written else name
    return called, written
