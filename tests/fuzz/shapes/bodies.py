"""Bodies of tests and of setup functions: statements, in blocks that activate mocks or do not."""

from __future__ import annotations

from collections.abc import Sequence

from tests.fuzz.shapes.choices import Choices, fill
from tests.fuzz.shapes.fixtures import Fixture
from tests.fuzz.shapes.mocks import BLOCKS, CONTEXTS, DECORATORS

STATEMENTS = {
    "use": "USE()",
    "nothing": "number = 1",
    "client": 'boto3.client("s3").list_buckets()',
    "client of a session": 'boto3.Session(region_name="us-east-1").client("s3").list_buckets()',
    "other service": 'boto3.client("dynamodb").list_tables()',
    "built under the mock": (
        "with CONTEXT:\n    clientNEW = boto3.client('s3')\nclientNEW.list_buckets()"
    ),
    "built before the mock": (
        "clientNEW = boto3.client('s3')\nwith CONTEXT:\n    clientNEW.list_buckets()"
    ),
    "argument": "def goNEW(client):\n    return client.list_buckets()\n\ngoNEW(boto3.client('s3'))",
    "callback": "(lambda function: function())(USE)",
    "helper": "helper()",
    "mocked helper": "mocked_helper()",
    "patch": "with patch('MODULE.use'):\n    USE()",
    "patch.object": "with patch.object(app, 'use'):\n    USE()",
    "patch with new": "with patch('MODULE.use', new=lambda: None):\n    USE()",
    "patch boto3": "with patch('boto3.client') as fake:\n    USE()",
    "patcher": "patcherNEW = patch('MODULE.use')\npatcherNEW.start()\nUSE()\npatcherNEW.stop()",
    "patch, after": "with patch('MODULE.use'):\n    USE()\nUSE()",
    "patch of the send": (
        "with patch('botocore.client.BaseClient._make_api_call', return_value={}):\n    USE()"
    ),
    "Stubber": (
        "clientNEW = boto3.client('s3')\nwith Stubber(clientNEW) as stubberNEW:\n"
        "    stubberNEW.add_response('list_buckets', {})\n    clientNEW.list_buckets()"
    ),
    "patch_client": (
        "with CONTEXT:\n    clientNEW = boto3.client('s3')\n    patch_client(clientNEW)\n"
        "    clientNEW.list_buckets()"
    ),
    "reload": "importlib.reload(app)\nUSE()",
    "reload, mocked": "with CONTEXT:\n    importlib.reload(app)\n    app.use()",
    "default session": "boto3.setup_default_session()\nUSE()",
    "start, left on": "mockNEW = mock_aws()\nmockNEW.start()\nUSE()",
    "skip": "pytest.skip('tea')",
    "return": "return",
    "raises": "with pytest.raises(ValueError):\n    raise ValueError",
    "thread": "threadNEW = threading.Thread(target=USE)\nthreadNEW.start()\nthreadNEW.join()",
    "coroutine": "async def goNEW():\n    AWAITED\n\nasyncio.run(goNEW())",
    "coroutine, mocked": "@mock_aws\nasync def goNEW():\n    AWAITED\n\nasyncio.run(goNEW())",
    "coroutine of a mock": (
        "async def goNEW():\n    with CONTEXT:\n        AWAITED\n    AWAITED\n\n"
        "asyncio.run(goNEW())"
    ),
    "generator, mocked": (
        "@mock_aws\ndef goNEW():\n    USE()\n    yield 1\n\nlist(goNEW())"
    ),
    "raises around": (
        "with pytest.raises(ValueError):  # doubt: raise\n    USE()\n    raise ValueError"
    ),
    "condition": "if random.random() < 2:  # doubt: condition\n    USE()",
    "environment": "if os.environ.get('STAGE') != 'live':\n    USE()",
    "assert": "assert USE is not None",
}
GIVEN = {"client": "NAME.list_buckets()", "function": "NAME()", "object": "NAME.send()"}
LAST = ("return", "pytest.skip(")


def body(choose: Choices, given: Sequence[Fixture] = (), most: int = 2) -> str:
    """Return the statements of a body, which may use what fixtures give."""
    pieces = [piece(choose, given, 2) for _ in range(choose.number(1, most))]
    return "".join(pieces)


def piece(choose: Choices, given: Sequence[Fixture], deepest: int) -> str:
    """Return a statement, or a block with more of them."""
    if deepest and choose.chance(40):
        block = choose.shape("block", BLOCKS)
        inner = piece(choose, given, deepest - 1)
        if inner.startswith(LAST):
            inner = "USE()"
        words = {"DECORATOR": choose.shape("inner decorator", DECORATORS)}
        return finished(choose, fill(block, HERE=inner, **words))
    useful = [one for one in given if one.gives]
    if useful and choose.chance(60):
        one = useful[choose.number(0, len(useful) - 1)]
        return fill(GIVEN[one.gives], NAME=one.name)
    return finished(choose, fill(choose.shape("statement", STATEMENTS)))


def finished(choose: Choices, text: str) -> str:
    """Return the text with a context of its own, and with names that nothing else has."""
    number = f"{choose.name('x')}"
    return fill(text, CONTEXT=choose.shape("context", CONTEXTS)).replace("NEW", f"_{number}")
