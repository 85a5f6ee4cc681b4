"""Models of boto3, botocore and moto: what is built, with the handler or not, what is sent."""

from __future__ import annotations

import pytest

from flake8_moto_order.effects import (
    HandlerRegistered,
    MockWasted,
    MotoImported,
    ObjectBuilt,
    ObjectRepaired,
)
from flake8_moto_order.interpreter.machine import Machine
from flake8_moto_order.interpreter.values import Client, Constant, Unknown, Value
from tests.memory import NEWEST, built, machine_for, run, sent, value_of

BOTO = "import boto3, botocore.session, os\n"
MOCK = "from moto import mock_aws\n"
OLD, LAZY = "1.3.14", "4.0.13"


@pytest.mark.parametrize(
    ("source", "what"),
    [
        ("boto3.client('s3')", "boto3 client 's3'"),
        ("boto3.client(service_name='s3')", "boto3 client 's3'"),
        ("boto3.client(y)", "a boto3 client"),
        ("boto3.resource('s3')", "boto3 resource 's3'"),
        ("boto3.Session().client('s3')", "boto3 client 's3'"),
        ("boto3.session.Session().resource('s3')", "boto3 resource 's3'"),
        ("botocore.session.get_session().create_client('s3')", "boto3 client 's3'"),
        ("boto3.Session()", "boto3 session"),
        ("botocore.session.Session()", "botocore session"),
        ("boto3._get_default_session().client('s3')", "boto3 client 's3'"),
    ],
)
def test_built(source: str, what: str) -> None:
    """Every way to build a session, client or resource is seen, with its service."""
    assert built(run(f"{BOTO}{source}").effects)[-1] == (what, False, True)
    assert built(run(f"import moto\n{BOTO}{source}").effects)[-1] == (what, True, True)


@pytest.mark.parametrize(
    "source",
    ["boto3.setup_default_session()", "boto3.Session", "boto3.__version__", "botocore.x()",
     "boto3.Session().get_credentials()", "boto3.client('s3').exceptions.NoSuchKey",
     "boto3.client('s3').meta.region_name"],
)  # fmt: skip
def test_not_built(source: str) -> None:
    """Other names of boto3 and botocore build nothing more."""
    effects = run(f"{BOTO}{source}").effects
    assert len(built(effects)) <= 1
    assert not sent(effects)


@pytest.mark.parametrize(
    ("source", "hooked"),
    [
        ("s = boto3.Session()\nimport moto\ns.client('s3')", False),
        ("c = boto3.client('sqs')\nimport moto\nboto3.client('s3')", False),
        ("c = boto3.client('sqs')\nimport moto\nboto3.setup_default_session()\n"
         "boto3.client('s3')", True),
        ("c = boto3.client('sqs')\nfrom moto import mock_aws\nwith mock_aws(): boto3.client('s3')",
         True),
        ("s = botocore.session.get_session()\nimport moto\n"
         "boto3.Session(botocore_session=s).client('s3')", False),
        ("s = botocore.session.get_session()\nimport moto\n"
         "boto3.Session(None, None, None, None, s).client('s3')", False),
        ("import moto\ns = boto3.Session()\ns.client('s3')", True),
    ],
)  # fmt: skip
def test_handler(source: str, hooked: bool) -> None:
    """A client has the handler when its session was made after moto registered it."""
    assert built(run(BOTO + source).effects)[-1] == ("boto3 client 's3'", hooked, True)


def test_poisoner() -> None:
    """A client from a default session that is older than moto names where that was built."""
    effects = run(BOTO + "boto3.client('sqs')\nimport moto\nboto3.client('s3')").effects
    *_, last = [effect for effect in effects if isinstance(effect, ObjectBuilt)]
    assert [step.site.line for step in last.poisoner] == [2]


@pytest.mark.parametrize(
    ("source", "aws"),
    [
        ("boto3.client('s3')", True),
        ("boto3.client('s3', endpoint_url=None)", True),
        ("boto3.client('s3', endpoint_url='http://localhost')", False),
        ("boto3.client('s3', endpoint_url=y)", False),
        ("boto3.client('s3', **y)", False),
        ("boto3.client('s3', **{'region_name': 'x'})", True),
        ("os.environ['AWS_ENDPOINT_URL'] = 'x'\nboto3.client('s3')", False),
        ("os.environ['AWS_ENDPOINT_URL_S3'] = 'x'\nboto3.client('s3')", False),
        ("os.environ['AWS_ENDPOINT_URL_SQS'] = 'x'\nboto3.client('s3')", True),
        ("os.environ['AWS_ENDPOINT_URL_COGNITO_IDP'] = 'x'\nboto3.client('cognito-idp')", False),
        ("os.environ['AWS_IGNORE_CONFIGURED_ENDPOINT_URLS'] = 'true'\n"
         "os.environ['AWS_ENDPOINT_URL'] = 'x'\nboto3.client('s3')", True),
    ],
)  # fmt: skip
def test_endpoint(source: str, aws: bool) -> None:
    """A client with an endpoint of its own does not talk to AWS."""
    effects = run(BOTO + source).effects
    assert [e.aws for e in effects if isinstance(e, ObjectBuilt)] == [aws]


@pytest.mark.parametrize(
    ("source", "operations"),
    [
        ("c.list_buckets()", ["list_buckets"]),
        ("c.can_paginate('x')", []),
        ("c.close()", []),
        ("c.generate_presigned_url('x')", []),
        ("c._private()", []),
        ("c.list_buckets", []),
        ("c.get_paginator('list')", []),
        ("c.get_paginator('list').paginate()", []),
        ("list(c.get_paginator('list').paginate().search('x'))", ["get_paginator"]),
        ("for p in c.get_paginator('list').paginate(): pass", ["get_paginator"]),
        ("[p for p in c.get_paginator('list').paginate()]", ["get_paginator"]),
        ("c.get_waiter('x').wait()", ["wait"]),
        ("r.Bucket('x')", []),
        ("r.Bucket('x').create()", ["create"]),
        ("r.Bucket('x').objects.all()", []),
        ("list(r.Bucket('x').objects.all())", ["objects"]),
        ("r.Bucket('x').objects.filter().delete()", ["delete"]),
        ("r.Bucket('x').objects.delete()", ["objects.delete"]),
        ("r.Bucket('x').objects.nothing()", []),
        ("for o in r.Bucket('x').objects: pass", []),
        ("r.meta.client.list_buckets()", ["list_buckets"]),
        ("r.meta.region()", []),
        ("with r.Table('x').batch_writer() as b: b.put_item()", ["put_item"]),
        ("with c as d: d.list_buckets()", ["list_buckets"]),
        ("c.a.b()", []),
        ("c.exceptions.X()", []),
        ("functools.partial(c.list_buckets)()", ["list_buckets"]),
    ],
)
def test_requests(source: str, operations: list[str]) -> None:
    """Methods that talk to AWS send when they are called, lazy ones when they are used."""
    head = f"{BOTO}import functools\nc = boto3.client('s3')\nr = boto3.resource('s3')\n"
    assert [operation for operation, _, _ in sent(run(head + source).effects)] == operations


@pytest.mark.parametrize(
    ("source", "covered"),
    [
        ("c.a()", False),
        ("with mock_aws(): c.a()", True),
        ("with mock_aws(): pass\nc.a()", False),
        ("m = mock_aws()\nm.start()\nc.a()", True),
        ("m = mock_aws()\nm.start()\nm.stop()\nc.a()", False),
        ("mock_aws().__enter__()\nc.a()", True),
        ("m = mock_aws()\nm.start()\nm.start()\nm.stop()\nc.a()", True),
        ("m = mock_aws()\nm.stop()\nm.start()\nc.a()", True),
        ("m = mock_aws()\nm.reset()\nc.a()", False),
        ("import moto\nmoto.other()\nc.a()", False),
        ("f = mock_aws(lambda: c.a())\nf()", True),
        ("@mock_aws()\n@mock_aws()\ndef f(): c.a()\nf()", True),
        ("class A:\n b = 1\n @staticmethod\n def f(): pass\nmock_aws(A)\nc.a()", False),
        ("s = Stubber(y)\ns.activate()\nc.a()", False),
        ("Stubber()\nc.a()", False),
        ("@mock_aws\ndef f(): c.a()\nf()", True),
        ("@mock_aws()\ndef f(): c.a()\nf()", True),
        ("@mock_aws(config={})\ndef f(): c.a()\nf()", True),
        ("def f(): c.a()\nmock_aws(f)()", True),
        ("@mock_aws\nclass A:\n def f(self): c.a()\nA().f()", True),
        ("@mock_aws()\nclass A:\n def f(self): c.a()\nA().f()", True),
        ("s = Stubber(c)\ns.activate()\nc.a()", True),
        ("s = Stubber(c)\nc.a()", False),
        ("s = Stubber(c)\ns.activate()\ns.deactivate()\nc.a()", False),
        ("with Stubber(c) as s:\n s.add_response('a', {})\n c.a()", True),
        ("with Stubber(c): pass\nc.a()", False),
        ("from unittest.mock import patch\nwith patch('botocore.client.BaseClient._make_api_call'):"
         " c.a()", True),
        ("s = boto3.Session()\ns.events.unregister('before-send', y)\ns.client('s3').a()", False),
        ("import placebo\ns = boto3.Session()\nplacebo.attach(s, 'x')\ns.client('s3').a()", True),
        ("import placebo\nplacebo.attach('x')\nc.a()", False),
        ("if y: mock_aws().start()\nc.a()", True),
        ("boto3.client('s3', endpoint_url='x').a()", True),
    ],
)  # fmt: skip
def test_cover(source: str, covered: bool) -> None:
    """A request is covered while a mock, a stub or a patch intercepts it."""
    head = f"{MOCK}{BOTO}from botocore.stub import Stubber\nc = boto3.client('s3')\n"
    assert [is_covered for _, is_covered, _ in sent(run(head + source).effects)] == [covered]


@pytest.mark.parametrize(
    ("mock", "service", "covered"),
    [
        ("mock_s3", "s3", True),
        ("mock_s3", "sqs", False),
        ("mock_dynamodb2", "dynamodb", True),
        ("mock_cognitoidp", "cognito-idp", True),
        ("mock_all", "sqs", True),
        ("s3.mock_s3", "s3", True),
    ],
)
def test_mock_of_a_service(mock: str, service: str, covered: bool) -> None:
    """Below moto 5 a mock covers its own service."""
    source = f"import moto.s3, boto3\nwith moto.{mock}(): boto3.client('{service}').a()"
    assert [is_covered for _, is_covered, _ in sent(run(source, "4.2.14").effects)] == [covered]


@pytest.mark.parametrize(
    ("source", "moto", "registered"),
    [
        ("import moto", "5.0.0", True),
        ("import moto", "4.1.12", True),
        ("import moto", LAZY, False),
        ("from moto import mock_s3", LAZY, False),
        ("from moto import mock_s3\nmock_s3()", LAZY, True),
        ("from moto import mock_s3\n@mock_s3\ndef f(): pass", LAZY, True),
        ("from moto.s3 import mock_s3", LAZY, True),
        ("import moto.core", LAZY, True),
        ("import moto.settings", LAZY, False),
        ("import moto", OLD, True),
        ("import motor, moto_ext", "5.0.0", False),
    ],
)
def test_registration(source: str, moto: str, registered: bool) -> None:
    """The handler joins at the import of moto, in lazy versions at the first mock or backend."""
    effects = run(source, moto).effects
    assert any(isinstance(effect, HandlerRegistered) for effect in effects) is registered
    assert any(isinstance(effect, MotoImported) for effect in effects) is ("motor" not in source)


@pytest.mark.parametrize(
    ("name", "call"),
    [
        ("patch_client", "c"),
        ("patch_client", "client=c"),
        ("patch_resource", "c"),
        ("patch_resource", "resource=c"),
    ],
)
def test_repair(name: str, call: str) -> None:
    """A client that moto patches is covered under a mock from then on."""
    source = (
        f"{BOTO}c = boto3.client('s3')\nimport moto.core\nfrom moto import mock_aws\n"
        f"moto.core.{name}({call})\nmoto.core.{name}(y)\nwith mock_aws(): c.a()"
    )
    effects = run(source).effects
    [made] = [effect.serial for effect in effects if isinstance(effect, ObjectBuilt)]
    assert [e.serial for e in effects if isinstance(e, ObjectRepaired)] == [made]
    assert sent(effects) == [("a", True, True)]


def configured(source: str, **options: frozenset[str]) -> Machine:
    """Run `source` beside a module `own`, with options."""
    own = "import zzz\ndef make(name): return zzz.make(name)\ndef mocked(f=None): return zzz.m(f)"
    machine = machine_for({"main.py": source, "own.py": own}, NEWEST, **options)
    machine.load("main")
    return machine


@pytest.mark.parametrize("name", ["own.make", "zzz.make"])
def test_configured_factory(name: str) -> None:
    """What the option names as a factory builds a client."""
    source = "import own, zzz\nx = own.make('s3')"
    machine = configured(source, client_factories=frozenset({name}))
    assert isinstance(value_of(machine, "x"), Client)
    assert isinstance(value_of(configured(source), "x"), Unknown)
    other = configured(source, client_factories=frozenset({"other.make"}))
    assert isinstance(value_of(other, "x"), Unknown)


@pytest.mark.parametrize("name", ["own.mocked", "zzz.m"])
def test_configured_mock(name: str) -> None:
    """What the option names as a mock covers, and its module counts as moto."""
    source = "import own, zzz, boto3\nwith own.mocked(): boto3.client('s3').a()"
    machine = configured(source, mocks=frozenset({name}))
    assert sent(machine.effects) == [("a", True, True)]
    assert any(isinstance(effect, MotoImported) for effect in machine.effects) is (name[0] == "z")
    plain = configured(source, mocks=frozenset({"other.mocked"}))
    assert sent(plain.effects) == [("a", False, True)]


def test_values_are_kept() -> None:
    """Building gives a value that knows its service and kind."""
    machine = run(BOTO + "x = boto3.resource('s3')\ny = boto3.client('sqs').meta.client")
    values: list[Value | None] = [value_of(machine, name) for name in "xy"]
    facts = [(v.service, v.resource) for v in values if isinstance(v, Client)]
    assert facts == [("s3", True), ("sqs", False)]
    assert value_of(run("import moto\nx = moto.mock_aws(1)"), "x") == Constant(1)


@pytest.mark.parametrize(
    ("source", "region"),
    [
        ("os.environ['AWS_DEFAULT_REGION'] = 'eu'\nx = boto3.Session().region_name", "eu"),
        ("x = boto3.Session().region_name", None),
        ("os.environ['AWS_DEFAULT_REGION'] = y\nx = boto3.Session().region_name", None),
    ],
)
def test_region(source: str, region: str | None) -> None:
    """A session takes its region from the environment; without one it is not known."""
    found = value_of(run(BOTO + source), "x")
    assert found == Constant(region) if region else isinstance(found, Unknown)


@pytest.mark.parametrize(
    ("decorators", "name"),
    [
        ("@mock_aws\n@pytest.fixture", "f"),
        ("@mock_aws\n@contextlib.contextmanager", "f"),
        ("@mock_aws\n@mock_aws", "f"),
        ("@mock_aws", "f"),
    ],
)
def test_wasted(decorators: str, name: str) -> None:
    """A mock that decorates a generator in vain names what it decorates."""
    source = f"import contextlib, pytest\n{MOCK}{decorators}\ndef f(): yield"
    wasted = [effect for effect in run(source).effects if isinstance(effect, MockWasted)]
    assert {effect.name for effect in wasted} == {name}


@pytest.mark.parametrize(
    ("argument", "certain"),
    [
        ("Mock()", False),
        ("[Mock()]", False),
        ("{'a': [{'b': Mock()}]}", False),
        ("[1, {'a': 2}]", True),
        ("items", True),
    ],
)
def test_fake_among_the_arguments(argument: str, certain: bool) -> None:
    """A request that gets a mock object may fail before it is sent."""
    head = f"{BOTO}from unittest.mock import Mock\nc = boto3.client('s3')\n"
    effects = run(f"{head}items = []\nitems.append(items)\nc.a(Key={argument})").effects
    assert sent(effects) == [("a", False, certain)]
