"""Code under test: how a client is built, what holds it, and how it sends a request."""

from __future__ import annotations

from typing import NamedTuple

from tests.fuzz.shapes.choices import Choices, fill, indented

HEAD = """\
import asyncio, contextlib, functools, itertools, os, random, threading, types
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import NamedTuple

import boto3, boto3.session, botocore.session
from boto3 import client as connect
from botocore.config import Config
from botocore.exceptions import ClientError

"""
SERVICES = {"s3": ("s3", "list_buckets"), "dynamodb": ("dynamodb", "list_tables")}
BUILDERS = {
    "client": 'boto3.client("SERVICE")',
    "keywords": 'boto3.client(service_name="SERVICE", region_name="us-east-1")',
    "imported name": 'connect("SERVICE")',
    "session": 'boto3.session.Session().client("SERVICE")',
    "session with region": 'boto3.Session(region_name="eu-west-1").client("SERVICE")',
    "resource": 'boto3.resource("SERVICE").meta.client',
    "resource of a session": 'boto3.Session().resource("SERVICE").meta.client',
    "botocore": 'botocore.session.get_session().create_client("SERVICE", "us-east-1")',
    "botocore class": 'botocore.session.Session().create_client("SERVICE", "us-east-1")',
    "default session": 'boto3._get_default_session().client("SERVICE")',
    "getattr": 'getattr(boto3, "client")("SERVICE")',
    "partial": 'functools.partial(boto3.client, "SERVICE")()',
    "config": 'boto3.client("SERVICE", config=Config(retries={"max_attempts": 1}))',
    "unpacked": 'boto3.client(**{"service_name": "SERVICE"})',
}


class Holder(NamedTuple):
    """Text at module level, and an expression for the client; `IN.` is the way to the module."""

    text: str
    client: str


HOLDERS = {
    "function": Holder("def get():\n    return BUILD", "IN.get()"),
    "module": Holder("client = BUILD", "IN.client"),
    "module, annotated": Holder("client: object = BUILD", "IN.client"),
    "module, in try": Holder(
        "try:\n    client = BUILD\nexcept ImportError:\n    client = None", "IN.client"
    ),
    "module, in both branches": Holder(
        "client = BUILD if random.random() < 0.5 else BUILD  # doubt: condition", "IN.client"
    ),
    "tuple": Holder("clients = (1, BUILD)", "IN.clients[1]"),
    "unpacked": Holder("first, client = 1, BUILD", "IN.client"),
    "dict": Holder('clients = {"tea": BUILD}', 'IN.clients["tea"]'),
    "namespace": Holder("box = types.SimpleNamespace(client=BUILD)", "IN.box.client"),
    "named tuple": Holder(
        "class Pair(NamedTuple):\n    client: object\n    number: int\n\n\npair = Pair(BUILD, 1)",
        "IN.pair.client",
    ),
    "class attribute": Holder("class Store:\n    client = BUILD", "IN.Store.client"),
    "instance": Holder(
        "class Store:\n    def __init__(self):\n        self.client = BUILD", "IN.Store().client"
    ),
    "instance of module": Holder(
        "class Store:\n    def __init__(self):\n        self.client = BUILD\n\n\nstore = Store()",
        "IN.store.client",
    ),
    "inherited": Holder(
        "class Base:\n    def __init__(self):\n        self.client = BUILD\n\n\n"
        "class Store(Base):\n    def __init__(self, name):\n        super().__init__()\n"
        "        self.name = name",
        'IN.Store("tea").client',
    ),
    "injected": Holder(
        "class Store:\n    def __init__(self, client=None):\n        self.client = client or BUILD",
        "IN.Store().client",
    ),
    "dataclass": Holder(
        "@dataclass\nclass Store:\n    client: object = field(default_factory=lambda: BUILD)",
        "IN.Store().client",
    ),
    "property": Holder(
        "class Store:\n    @property\n    def client(self):\n        return BUILD\n\n\n"
        "store = Store()",
        "IN.store.client",
    ),
    "cached property": Holder(
        "class Store:\n    @functools.cached_property\n    def client(self):\n        return BUILD"
        "\n\n\nstore = Store()",
        "IN.store.client",
    ),
    "lazy attribute": Holder(
        "class Store:\n    _client = None\n\n    @property\n    def client(self):\n"
        "        if self._client is None:\n            self._client = BUILD\n"
        "        return self._client\n\n\nstore = Store()",
        "IN.store.client",
    ),
    "lazy class": Holder(
        "class Store:\n    _client = None\n\n    @classmethod\n    def get(cls):\n"
        "        if cls._client is None:\n            cls._client = BUILD\n"
        "        return cls._client",
        "IN.Store.get()",
    ),
    "static method": Holder(
        "class Store:\n    @staticmethod\n    def get():\n        return BUILD", "IN.Store.get()"
    ),
    "singleton": Holder(
        "class Store:\n    one = None\n\n    def __new__(cls):\n        if cls.one is None:\n"
        "            cls.one = super().__new__(cls)\n            cls.one.client = BUILD\n"
        "        return cls.one",
        "IN.Store().client",
    ),
    "callable": Holder(
        "class Get:\n    def __call__(self):\n        return BUILD\n\n\nget = Get()", "IN.get()"
    ),
    "lru_cache": Holder(
        "@functools.lru_cache(maxsize=None)\ndef get():\n    return BUILD", "IN.get()"
    ),
    "cache by name": Holder("@functools.cache\ndef get(name):\n    return BUILD", 'IN.get("tea")'),
    "cache warmed": Holder("@functools.cache\ndef get():\n    return BUILD\n\n\nget()", "IN.get()"),
    "global": Holder(
        "_client = None\n\n\ndef get():\n    global _client\n    if _client is None:\n"
        "        _client = BUILD\n    return _client",
        "IN.get()",
    ),
    "global, falsy": Holder(
        "_client = None\n\n\ndef get():\n    global _client\n    if not _client:\n"
        "        _client = BUILD\n    return _client",
        "IN.get()",
    ),
    "dict cache": Holder(
        "_clients = {}\n\n\ndef get(name):\n    if name not in _clients:\n"
        "        _clients[name] = BUILD\n    return _clients[name]",
        'IN.get("tea")',
    ),
    "default argument": Holder("def get(client=BUILD):\n    return client", "IN.get()"),
    "lambda": Holder("get = lambda: BUILD", "IN.get()"),
    "partial": Holder(
        "def make(name):\n    return BUILD\n\n\nget = functools.partial(make, 'tea')", "IN.get()"
    ),
    "closure": Holder(
        "def make():\n    client = BUILD\n    return lambda: client\n\n\nget = make()", "IN.get()"
    ),
    "decorator": Holder(
        "def given(function):\n    @functools.wraps(function)\n    def wrapper(*args):\n"
        "        return function(BUILD, *args)\n    return wrapper\n\n\n"
        "@given\ndef get(client):\n    return client",
        "IN.get()",
    ),
    "generator": Holder("def clients():\n    yield BUILD", "next(IN.clients())"),
    "environment": Holder(
        'def get():\n    if os.environ.get("STAGE") == "local":\n'
        '        return boto3.client("SERVICE", endpoint_url="http://localhost:4566")\n'
        "    return BUILD",
        "IN.get()",
    ),
    "factories": Holder(
        'FACTORIES = {"tea": lambda: BUILD}\n\n\ndef get(name):\n    return FACTORIES[name]()',
        'IN.get("tea")',
    ),
    "thread local": Holder(
        "LOCAL = threading.local()\n\n\ndef get():  # doubt: local\n"
        '    if not hasattr(LOCAL, "client"):\n'
        "        LOCAL.client = BUILD\n    return LOCAL.client",
        "IN.get()",
    ),
    "getattr": Holder(
        "class Box:\n    number = 1\n\n\nBOX = Box()\n\n\ndef get():\n"
        '    if getattr(BOX, "client", None) is None:\n        BOX.client = BUILD\n'
        "    return BOX.client",
        "IN.get()",
    ),
    "AttributeError": Holder(
        "class Box:\n    number = 1\n\n\nBOX = Box()\n\n\ndef get():  # doubt: handler\n    try:\n"
        "        return BOX.client\n    except AttributeError:\n        BOX.client = BUILD\n"
        "        return BOX.client",
        "IN.get()",
    ),
    "KeyError": Holder(
        "CLIENTS = {}\n\n\ndef get():  # doubt: handler\n    try:\n        return CLIENTS['tea']\n"
        "    except KeyError:\n        return CLIENTS.setdefault('tea', BUILD)",
        "IN.get()",
    ),
    "map": Holder("def get():\n    return list(map(lambda name: BUILD, ['tea']))[0]", "IN.get()"),
}
SENDERS = {
    "call": "return CLIENT.OPERATION()",
    "variable": "held = CLIENT\nreturn held.OPERATION()",
    "bound method": "send = CLIENT.OPERATION\nsend()",
    "getattr": 'getattr(CLIENT, "OPERATION")()',
    "partial": "functools.partial(CLIENT.OPERATION)()",
    "paginator": 'for page in CLIENT.get_paginator("OPERATION").paginate():\n    str(page)',
    "full result": 'CLIENT.get_paginator("OPERATION").paginate().build_full_result()',
    "collection": 'list(boto3.resource("s3").buckets.all())',
    "limited collection": (
        'for bucket in boto3.resource("s3").buckets.limit(3):\n    print(bucket.name)'
    ),
    "comprehension": "return [CLIENT.OPERATION() for _ in range(2)]",
    "loop": "for number in (1, 2):\n    if number == 2:\n        CLIENT.OPERATION()",
    "while": "number = 0\nwhile number < 1:\n    CLIENT.OPERATION()\n    number += 1",
    "try": "try:\n    return CLIENT.OPERATION()\nexcept ClientError:\n    return None",
    "try again": (
        "for attempt in range(3):\n    try:\n        return CLIENT.OPERATION()\n"
        "    except ClientError:\n        continue"
    ),
    "else": "try:\n    number = 1\nexcept ValueError:\n    raise\nelse:\n    CLIENT.OPERATION()",
    "finally": "try:\n    number = 1\nfinally:\n    CLIENT.OPERATION()",
    "handler": "try:\n    raise ValueError\nexcept ValueError:\n    CLIENT.OPERATION()",
    "inner function": "def go():\n    return CLIENT.OPERATION()\n\nreturn go()",
    "argument": "def go(client):\n    return client.OPERATION()\n\nreturn go(CLIENT)",
    "unpacked": "def go(number, client):\n    client.OPERATION()\n\ngo(*[1, CLIENT])",
    "lambda": "return (lambda client: client.OPERATION())(CLIENT)",
    "map": "return list(map(lambda client: client.OPERATION(), [CLIENT]))",
    "generator": (
        "def pages():\n    yield CLIENT.OPERATION()\n\nfor page in pages():\n    str(page)"
    ),
    "yield from": (
        "def pages():\n    yield CLIENT.OPERATION()\n\ndef more():\n    yield from pages()\n\n"
        "return list(more())"
    ),
    "context manager": (
        "@contextlib.contextmanager\ndef opened():\n    yield CLIENT\n\n"
        "with opened() as held:\n    held.OPERATION()"
    ),
    "closing": "with contextlib.closing(CLIENT) as held:\n    held.OPERATION()",
    "match": (
        'match "tea":\n    case "tea":\n        CLIENT.OPERATION()\n    case _:\n        pass'
    ),
    "condition": "return CLIENT.OPERATION() if len('ab') == 2 else None",
    "both branches": "CLIENT.OPERATION() if random.random() < 0.5 else CLIENT.OPERATION()",
    "walrus": "if (held := CLIENT) is not None:\n    held.OPERATION()",
    "dispatch": "return {'go': lambda: CLIENT.OPERATION()}['go']()",
    "class": (
        "class Sender:\n    def __init__(self, client):\n        self.client = client\n\n"
        "    def __enter__(self):\n        return self\n\n"
        "    def __exit__(self, *args):\n        self.client.OPERATION()\n\n"
        "with Sender(CLIENT):\n    number = 1"
    ),
    "thread": (
        "held = CLIENT\nthread = threading.Thread(target=held.OPERATION)\n"
        "thread.start()\nthread.join()"
    ),
    "thread of function": (
        "def go():\n    CLIENT.OPERATION()\n\nthread = threading.Thread(target=go)\n"
        "thread.start()\nthread.join()"
    ),
    "submit": (
        "def go():\n    CLIENT.OPERATION()\n\nwith ThreadPoolExecutor() as pool:\n"
        "    return pool.submit(go).result()"
    ),
    "pool map": (
        "def go(number):\n    CLIENT.OPERATION()\n\nwith ThreadPoolExecutor() as pool:\n"
        "    return list(pool.map(go, [1]))"
    ),
    "coroutine": "async def go():\n    return CLIENT.OPERATION()\n\nreturn asyncio.run(go())",
    "awaited": (
        "async def inner():\n    return CLIENT.OPERATION()\n\nasync def go():\n"
        "    return await inner()\n\nreturn asyncio.run(go())"
    ),
    "gathered": (
        "async def inner():\n    return CLIENT.OPERATION()\n\nasync def go():\n"
        "    return await asyncio.gather(inner(), inner())\n\nreturn asyncio.run(go())"
    ),
    "to thread": (
        "async def go():\n    return await asyncio.to_thread(CLIENT.OPERATION)\n\n"
        "return asyncio.run(go())"
    ),
    "no request": 'return CLIENT.get_paginator("OPERATION")',
    "after return": "return None\nCLIENT.OPERATION()",
    "chance": "if random.random() < 2:  # doubt: condition\n    CLIENT.OPERATION()",
    "suppress": "with contextlib.suppress(ValueError):  # doubt: raise\n    CLIENT.OPERATION()",
}


class UnderTest(NamedTuple):
    """The code under test: text that gives a client, and text with the function `use`."""

    holder: str
    use: str


def under_test(choose: Choices, way: str) -> UnderTest:
    """Return code under test; `way` is how the second text gets at the first: `aws.`, or none."""
    service, operation = choose.shape("service", SERVICES)
    build = choose.shape("builder", BUILDERS)
    holder = choose.shape("holder", HOLDERS)
    sender = choose.shape("sender", SENDERS)
    client = holder.client.replace("IN.", way)
    words = {"BUILD": build.replace("SERVICE", service), "SERVICE": service}
    send = fill(sender, CLIENT=client, OPERATION=operation)
    text = fill(holder.text, **words)
    return UnderTest(HEAD + text, f"def use():\n{indented(send)}")
