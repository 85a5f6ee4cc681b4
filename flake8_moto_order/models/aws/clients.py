"""boto3 and botocore: sessions, clients, resources, and which of their methods send requests.

Sources: boto3/__init__.py, boto3/session.py (Session.client, Session.resource),
botocore/session.py (handlers are copied in Session.__init__), botocore/client.py.
"""

from __future__ import annotations

from dataclasses import replace

from flake8_moto_order.effects import CallPath, ObjectBuilt, RequestSent
from flake8_moto_order.interpreter.base import Arguments, Base
from flake8_moto_order.interpreter.contexts import MOCKING
from flake8_moto_order.interpreter.values import (
    NONE,
    BotoSession,
    Client,
    Collection,
    Constant,
    Deferred,
    Fake,
    Function,
    Guard,
    Library,
    Method,
    Unknown,
    Value,
)
from flake8_moto_order.models.aws.credentials import (
    CLIENT_POSITIONS,
    SESSION_POSITIONS,
    given_credentials,
    in_environment,
    known,
)
from flake8_moto_order.models.aws.resources import BATCH_ACTIONS, COLLECTIONS
from flake8_moto_order.models.model import Model
from flake8_moto_order.models.moto.services import covers, mock_of

DEFAULT_SESSION = "boto3.DEFAULT_SESSION"
SESSION_CLASSES = {"boto3.Session", "boto3.session.Session"}
BOTOCORE_SESSIONS = {"botocore.session.get_session", "botocore.session.Session"}
BUILDERS = {"client", "resource", "create_client"}
CLASSES: dict[type[Value], tuple[str, ...]] = {
    BotoSession: ("boto3.Session", "boto3.session.Session", "botocore.session.Session"),
    Client: ("botocore.client.BaseClient",),
}
LOCAL_METHODS = {
    "can_paginate", "close", "generate_presigned_post", "generate_presigned_url",
    "get_available_subresources", "exceptions",
}
LAZY_METHODS = {"get_paginator", "get_waiter", "batch_writer"}
LAZY_STEPS = {"all", "filter", "limit", "page_size", "paginate", "search", "pages"}
ENDPOINT_POSITION = 5
# Keys in the state of the world, with the serial of a client or session.
REPAIRED = "repaired"
STUBBED = "stubbed"
MADE_AT = "made at"
# Where a patch cuts the way of every request.
SENDERS = (
    "botocore.client.BaseClient._make_api_call", "botocore.client.BaseClient._make_request",
    "botocore.endpoint.Endpoint.make_request", "botocore.endpoint.Endpoint._send",
    "botocore.httpsession.URLLib3Session.send",
)
MADE_ENDPOINTS = "AWS_ENDPOINT_URL"


class AwsModel(Model):
    """The model of boto3 and botocore for one symbolic session."""

    libraries = ("boto3", "botocore")
    types = (BotoSession, Client, Deferred)
    guards = ("stubber",)

    def __init__(self, factories: frozenset[str], one_mock: bool) -> None:
        self.factories = factories
        self.one_mock = one_mock

    def mock_for(self, service: str) -> str:
        """Name the mock that covers a service."""
        return "mock_aws" if self.one_mock else mock_of(service)

    def call_configured(
        self, machine: Base, callee: Value, arguments: Arguments
    ) -> Value | None:
        """Call what the option names as a factory of clients; None when it is not named."""
        if not self.factories:
            return None
        name = callee.name if isinstance(callee, Library) else ""
        name = callee.qualified if isinstance(callee, Function) else name
        if name not in self.factories:
            return None
        return self._build(machine, self._default(machine), arguments, "client")

    def call(self, machine: Base, callee: Value, arguments: Arguments) -> Value | None:
        """Call a name of boto3 or botocore, or a method of one of their objects."""
        if isinstance(callee, Method) and self._register(machine, callee):
            return NONE
        match callee:
            case Library():
                return self._call_library(machine, callee.name, arguments)
            case Method(owner=BotoSession() as session) if callee.name in BUILDERS:
                return self._build(machine, session, arguments, callee.name)
            case Method(owner=Guard() as stubber):
                return self._call_stubber(machine, stubber, callee.name)
            case Method(owner=Client() as client):
                return self._call_client(machine, client, callee.name, arguments)
            case Method(owner=Deferred() as deferred):
                return self._call_deferred(machine, deferred, callee.name, arguments)
            case Method(owner=Method(owner=Client() as client)):
                return self._call_collection(machine, client, callee)
        return None

    def _register(self, machine: Base, callee: Method) -> bool:
        """Take a client or session as replaced that gets a handler of its own for its events.

        Source: botocore's documentation, "Extensibility guide" (`before-call`, `before-send`).
        """
        events = callee.owner
        owner = events
        while isinstance(owner, Method):
            owner = owner.owner
        of_events = isinstance(events, Method) and events.name == "events"
        registers = of_events and callee.name.startswith("register")
        if not registers or not isinstance(owner, (Client, BotoSession)):
            return False
        key = (STUBBED, owner.serial)
        machine.environment.write(machine.environment.state, key, True)
        return True

    def _call_library(self, machine: Base, name: str, arguments: Arguments) -> Value | None:
        if name in ("boto3.client", "boto3.resource"):
            return self._build(machine, self._default(machine), arguments, name[6:])
        if name in SESSION_CLASSES or name in BOTOCORE_SESSIONS:
            return self._build_session(machine, name, arguments)
        if name == "boto3.setup_default_session":
            self._new_default(machine)
            return NONE
        if name == "botocore.stub.Stubber" and (client := arguments.get(0, "client")):
            return Guard("stubber", machine.new_serial(), target=client)
        if name == "boto3._get_default_session":
            return self._default(machine)
        return None

    def _hooked(self, machine: Base) -> bool:
        return bool(machine.environment.state.get("hooked"))

    def _build_session(self, machine: Base, name: str, arguments: Arguments) -> Value:
        inner = arguments.get(4, "botocore_session")
        hooked = inner.hooked if isinstance(inner, BotoSession) else self._hooked(machine)
        given = given_credentials(arguments, SESSION_POSITIONS)
        session = BotoSession(machine.new_serial(), hooked, given)
        what = f"{name.partition('.')[0]} session"
        machine.emit(
            ObjectBuilt,
            serial=session.serial,
            what=what,
            hooked=hooked,
            aws=True,
            given=known(given),
        )
        return session

    def _default(self, machine: Base) -> BotoSession:
        present = machine.environment.overrides.get(DEFAULT_SESSION)
        return present if isinstance(present, BotoSession) else self._new_default(machine)

    def _new_default(self, machine: Base) -> BotoSession:
        hooked = self._hooked(machine)
        session = BotoSession(machine.new_serial(), hooked)
        if not hooked:
            key = (MADE_AT, session.serial)
            machine.environment.write(machine.environment.state, key, machine.call_path())
        machine.environment.write(machine.environment.overrides, DEFAULT_SESSION, session)
        return session

    def _build(
        self, machine: Base, session: BotoSession, arguments: Arguments, kind: str
    ) -> Value:
        service = arguments.get(0, "service_name")
        name = str(service.value) if isinstance(service, Constant) else ""
        kind = kind.replace("create_", "")
        given = given_credentials(arguments, CLIENT_POSITIONS)
        mocked = active_mocks(machine)
        client = Client(
            serial=machine.new_serial(),
            service=name,
            hooked=session.hooked,
            aws=goes_to_aws(machine, arguments, name),
            resource=kind == "resource",
            session=session.serial,
            credentials=bool(given or session.given or mocked) or in_environment(machine),
        )
        poisoned = self._hooked(machine) and not session.hooked
        machine.emit(
            ObjectBuilt,
            serial=client.serial,
            what=f"boto3 {kind} '{name}'" if name else f"a boto3 {kind}",
            hooked=client.hooked,
            aws=client.aws,
            poisoner=_made_at(machine, session) if poisoned else (),
            given=known(given),
            credentials=client.credentials,
        )
        return client

    def attribute(self, machine: Base, value: Value, name: str) -> Value | None:
        """Look up an attribute of a session, client or resource."""
        replaced = replaced_in_class(machine, value, name)
        if replaced is not None:
            return replaced
        match value:
            case Client() if name in ("exceptions", "_service_model"):
                return Unknown(name)
            case BotoSession() if name == "events":
                return Method(value, name)
            case Method(owner=Client() as client, name="meta"):
                if name == "events":
                    return Method(value, name)
                return replace(client, resource=False) if name == "client" else Unknown(name)
            case BotoSession() if name == "region_name":
                return region_of(machine)
            case BotoSession() if name not in BUILDERS:
                return Unknown(f"session.{name}")
            case Method(owner=Client()) | Client() | BotoSession() | Deferred():
                return Method(value, name)
        return None

    def _call_client(
        self, machine: Base, client: Client, name: str, arguments: Arguments
    ) -> Value:
        if name in LOCAL_METHODS or name.startswith("_"):
            return Unknown(name)
        if name in LAZY_METHODS:
            return Deferred(client, name)
        if client.resource and name[:1].isupper():
            return client
        return self._send_with(machine, client, name, arguments)

    def _call_deferred(
        self, machine: Base, deferred: Deferred, name: str, arguments: Arguments
    ) -> Value:
        if name in LAZY_STEPS:
            return deferred
        return self._send_with(machine, deferred.client, name, arguments)

    def _call_collection(self, machine: Base, client: Client, callee: Method) -> Value | None:
        owner = callee.owner
        name = owner.name if isinstance(owner, Method) else ""
        if client.resource and name in COLLECTIONS:
            if callee.name in LAZY_STEPS:
                return Deferred(client, name)
            if callee.name in BATCH_ACTIONS:
                return self.send(machine, client, f"{name}.{callee.name}")
        return Unknown(callee.name)

    def _call_stubber(self, machine: Base, stubber: Guard, name: str) -> Value:
        if name in ("activate", "deactivate") and isinstance(stubber.target, Client):
            key = (STUBBED, stubber.target.serial)
            machine.environment.write(machine.environment.state, key, name == "activate")
        return NONE

    def enter(self, machine: Base, manager: Value) -> Value | None:
        """Enter a stubber, which activates it; a client or batch writer is itself."""
        if isinstance(manager, Guard):
            self._call_stubber(machine, manager, "activate")
        return manager

    def leave(self, machine: Base, manager: Value) -> None:
        """Leave a stubber, which deactivates it."""
        if isinstance(manager, Guard):
            self._call_stubber(machine, manager, "deactivate")

    def iterate(self, machine: Base, value: Value) -> tuple[Value, ...] | None:
        """Iterating a paginator or collection sends its request."""
        if isinstance(value, Deferred):
            self.send(machine, value.client, value.operation)
            return ()
        return None

    def _send_with(
        self, machine: Base, client: Client, operation: str, arguments: Arguments
    ) -> Value:
        """Send a request, unless a fake among its arguments lets botocore refuse them first."""
        if not any(map(has_fake, arguments.values)):
            return self.send(machine, client, operation)
        with machine.doubtful():
            return self.send(machine, client, operation)

    def presume(self, machine: Base, callee: Value, arguments: Arguments) -> None:
        """Take clients as replaced that test code hands to a library whose name speaks of it."""
        if isinstance(callee, Library) and MOCKING.search(callee.name) and in_test_code(machine):
            for value in arguments.values:
                if isinstance(value, (Client, BotoSession)):
                    key = (STUBBED, value.serial)
                    machine.environment.write(machine.environment.state, key, True)

    def send(self, machine: Base, client: Client, operation: str) -> Value:
        """Send a request."""
        state = machine.environment.state
        mocks = active_mocks(machine)
        hooked = client.hooked or bool(state.get((REPAIRED, client.serial)))
        reached = "*" in mocks or any(covers(mock, client.service) for mock in mocks)
        mocked = hooked and (reached or (bool(mocks) and not client.service))
        patched = any(name in machine.environment.overrides for name in SENDERS)
        stubbed = any(state.get((STUBBED, s)) for s in (client.serial, client.session))
        elsewhere = not client.aws or patched or stubbed
        machine.emit(
            RequestSent,
            service=client.service,
            operation=operation,
            covered=elsewhere or mocked,
            serials=(client.serial, client.session),
            blind=not hooked,
            under_mock=bool(mocks),
            mock=self.mock_for(client.service),
            late=not client.credentials and in_environment(machine),
        )
        return Unknown("response")


def in_test_code(machine: Base) -> bool:
    """Tell whether the statement that is being executed stands in test code."""
    path = machine.statement[0] if machine.statement else None
    return path is not None and machine.finder.is_test_code(path)


def _made_at(machine: Base, session: BotoSession) -> CallPath:
    """Return where a default session was built."""
    path: CallPath = machine.environment.state.get((MADE_AT, session.serial), ())
    return path


def active_mocks(machine: Base) -> set[str]:
    """Return the suffixes of the mocks that are active, `*` for one of all services."""
    return set(map(str, machine.environment.mocks))


def replaced_in_class(machine: Base, value: Value, name: str) -> Value | None:
    """Return what a patch put in the place of a method of boto3's or botocore's classes."""
    classes = CLASSES.get(type(value), ())
    for cls in classes:
        replaced = machine.environment.overrides.get(f"{cls}.{name}")
        if isinstance(replaced, Value):
            return replaced
    return None


def has_fake(value: Value, depth: int = 3) -> bool:
    """Tell whether a value is a mock object or a collection that has one."""
    if isinstance(value, Collection) and depth:
        return any(has_fake(item, depth - 1) for item in value.items)
    return isinstance(value, Fake)


def region_of(machine: Base) -> Value:
    """Return the region that a session takes from the environment (botocore/configprovider.py)."""
    region = machine.environment.environ.slots.get("AWS_DEFAULT_REGION")
    return region if isinstance(region, Constant) else Unknown("session.region_name")


def goes_to_aws(machine: Base, arguments: Arguments, service: str) -> bool:
    """Tell whether a client built with these arguments talks to AWS: no endpoint of its own.

    Source: botocore's documentation, "Service-specific endpoints" (AWS_ENDPOINT_URL).
    """
    endpoint = arguments.get(ENDPOINT_POSITION, "endpoint_url") or NONE
    if arguments.open or endpoint != NONE:
        return isinstance(endpoint, Constant) and endpoint.value is None and not arguments.open
    environ = machine.environment.environ
    ignored = environ.slots.get("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS")
    if isinstance(ignored, Constant) and str(ignored.value).lower() == "true":
        return True
    suffix = service.upper().replace("-", "_").replace(" ", "_")
    names = (MADE_ENDPOINTS, f"{MADE_ENDPOINTS}_{suffix}")
    return not any(name in environ.slots for name in names)
