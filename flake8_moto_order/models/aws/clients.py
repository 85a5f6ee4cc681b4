"""boto3 and botocore: which methods of sessions, clients and resources send requests."""

from __future__ import annotations

from dataclasses import replace

from flake8_moto_order.effects import RequestSent
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
from flake8_moto_order.models.aws.building import (
    STUBBED,
    active_mocks,
    build,
    build_from_default,
    build_session,
    default_session,
    new_default,
    region_of,
)
from flake8_moto_order.models.aws.chain import (
    API_CALL,
    BOTO3_CLASSES,
    BOTOCORE_SESSION,
    CLASSES,
    GET_DEFAULT,
    GET_SESSION,
    SET_DEFAULT,
    is_cut,
    is_tampered,
    method_name,
    operation_name,
    replaced_method,
)
from flake8_moto_order.models.aws.credentials import in_environment
from flake8_moto_order.models.aws.resources import BATCH_ACTIONS, COLLECTIONS
from flake8_moto_order.models.model import Model
from flake8_moto_order.models.moto.services import covers, mock_of

BUILDERS = {"client", "resource", "create_client"}
LOCAL_METHODS = {
    "can_paginate",
    "close",
    "generate_presigned_post",
    "generate_presigned_url",
    "get_available_subresources",
    "exceptions",
}
LAZY_METHODS = {"get_paginator", "get_waiter", "batch_writer"}
LAZY_STEPS = {"all", "filter", "limit", "page_size", "paginate", "search", "pages"}
# A key in the state of the world, with the serial of a client or session.
REPAIRED = "repaired"


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

    def call_configured(self, machine: Base, callee: Value, arguments: Arguments) -> Value | None:
        """Call what the option names as a factory of clients; None when it is not named."""
        if not self.factories:
            return None
        name = callee.name if isinstance(callee, Library) else ""
        name = callee.qualified if isinstance(callee, Function) else name
        if name not in self.factories:
            return None
        return build_from_default(machine, arguments, "client")

    def call(self, machine: Base, callee: Value, arguments: Arguments) -> Value | None:
        """Call a name of boto3 or botocore, or a method of one of their objects."""
        if isinstance(callee, Method) and self._register(machine, callee):
            return NONE
        match callee:
            case Library():
                return self._call_library(machine, callee.name, arguments)
            case Method(owner=BotoSession() as session) if callee.name in BUILDERS:
                return build(machine, session, arguments, callee.name)
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
        first = arguments.get(0, "self")
        if name in ("boto3.client", "boto3.resource"):
            return build_from_default(machine, arguments, name[6:])
        if name in BOTO3_CLASSES or name in (GET_SESSION, BOTOCORE_SESSION):
            return build_session(machine, name, arguments)
        if name == SET_DEFAULT:
            new_default(machine, arguments)
            return NONE
        if name == "botocore.stub.Stubber" and (client := arguments.get(0, "client")):
            return Guard("stubber", machine.new_serial(), target=client)
        if name == GET_DEFAULT:
            return default_session(machine)
        if name == API_CALL and isinstance(first, Client):
            return self._call_api(machine, first, arguments.get(1, "operation_name"))
        owner, _, method = name.rpartition(".")
        if isinstance(first, BotoSession) and owner in CLASSES[BotoSession] and method in BUILDERS:
            return build(machine, first, arguments.after(1), method)
        return None

    def attribute(self, machine: Base, value: Value, name: str) -> Value | None:
        """Look up an attribute of a session, client or resource."""
        if isinstance(value, (BotoSession, Client)):
            put_in = replaced_method(machine, value, name)
            if put_in is not None:
                return put_in
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

    def _call_client(self, machine: Base, client: Client, name: str, arguments: Arguments) -> Value:
        if name == "_make_api_call":
            return self._call_api(machine, client, arguments.get(0, "operation_name"))
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
        call = replaced_method(machine, client, "_make_api_call")
        if call is not None:
            return self._hand_on(machine, client, call, operation, arguments)
        if not any(map(has_fake, arguments.values)) and not is_tampered(machine):
            return self.send(machine, client, operation)
        with machine.doubtful():
            return self.send(machine, client, operation)

    def _hand_on(
        self, machine: Base, client: Client, call: Value, operation: str, arguments: Arguments
    ) -> Value:
        """Call what stands in for botocore's API call; it may hand on to that."""
        if isinstance(call, Fake):
            self.send(machine, client, operation, cut=True)
        name = Constant(operation_name(operation, call))
        given = Collection("dict", dict(arguments.keywords), arguments.open)
        return machine.call(call, Arguments((name, given)))

    def _call_api(self, machine: Base, client: Client, operation: Value | None) -> Value:
        name = operation.value if isinstance(operation, Constant) else ""
        return self.send(machine, client, method_name(str(name)))

    def presume(self, machine: Base, callee: Value, arguments: Arguments) -> None:
        """Take clients as replaced that test code hands to a library whose name speaks of it."""
        if isinstance(callee, Library) and MOCKING.search(callee.name) and in_test_code(machine):
            for value in arguments.values:
                if isinstance(value, (Client, BotoSession)):
                    key = (STUBBED, value.serial)
                    machine.environment.write(machine.environment.state, key, True)

    def send(self, machine: Base, client: Client, operation: str, cut: bool = False) -> Value:
        """Send a request; it does not leave if its way is `cut`."""
        state = machine.environment.state
        mocks = active_mocks(machine)
        hooked = client.hooked or bool(state.get((REPAIRED, client.serial)))
        reached = "*" in mocks or any(covers(mock, client.service) for mock in mocks)
        mocked = hooked and (reached or (bool(mocks) and not client.service))
        stubbed = any(state.get((STUBBED, s)) for s in (client.serial, client.session))
        elsewhere = cut or not client.aws or stubbed or is_cut(machine)
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


def has_fake(value: Value, depth: int = 3) -> bool:
    """Tell whether a value is a mock object or a collection that has one."""
    if isinstance(value, Collection) and depth:
        return any(has_fake(item, depth - 1) for item in value.items)
    return isinstance(value, Fake)
