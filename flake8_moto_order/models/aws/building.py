"""Sessions, clients and resources of boto3 and botocore: when they are built, and from what.

Sources: boto3/__init__.py, boto3/session.py, botocore/session.py (handlers are copied in
Session.__init__), botocore/client.py.
"""

from __future__ import annotations

from flake8_moto_order.effects import CallPath, ObjectBuilt
from flake8_moto_order.interpreter.base import Arguments, Base, RaisedError
from flake8_moto_order.interpreter.values import (
    NONE,
    BotoSession,
    Client,
    Constant,
    Library,
    Unknown,
    Value,
)
from flake8_moto_order.models.aws.chain import (
    BOTO3_CLASSES,
    BOTOCORE_SESSION,
    CREATOR,
    DEFAULT_SESSION,
    GET_DEFAULT,
    GET_SESSION,
    SET_DEFAULT,
    bound,
    replaced,
)
from flake8_moto_order.models.aws.credentials import (
    CLIENT_POSITIONS,
    SESSION_POSITIONS,
    given_credentials,
    in_environment,
    known,
)

ENDPOINT_POSITION = 5
MADE_ENDPOINTS = "AWS_ENDPOINT_URL"
# Keys in the state of the world, with the serial of a client or session. INNER: the replaced
# session of botocore that a session of boto3 builds on.
STUBBED = "stubbed"
MADE_AT = "made at"
INNER = "inner"


def build_from_default(machine: Base, arguments: Arguments, kind: str) -> Value:
    """Build a client or resource from boto3's default session, as `boto3.client` does."""
    getter = replaced(machine, GET_DEFAULT)
    session = machine.call(getter, Arguments()) if getter else default_session(machine)
    return machine.call(machine.attribute(session, kind), arguments)


def _is_hooked(machine: Base) -> bool:
    return bool(machine.environment.state.get("hooked"))


def build_session(machine: Base, name: str, arguments: Arguments) -> Value:
    """Build a session by the class or function `name`."""
    inner = arguments.get(4, "botocore_session") if name in BOTO3_CLASSES else None
    if inner is None and name != BOTOCORE_SESSION:
        inner = _build_inner(machine, name)
    hooked = inner.hooked if isinstance(inner, BotoSession) else _is_hooked(machine)
    given = given_credentials(arguments, SESSION_POSITIONS)
    session = BotoSession(machine.new_serial(), hooked, given)
    if inner is not None and not isinstance(inner, BotoSession):
        key = (INNER, session.serial)
        machine.environment.write(machine.environment.state, key, inner)
    what = f"{name.partition('.')[0]} session"
    machine.emit(
        ObjectBuilt, serial=session.serial, what=what, hooked=hooked, aws=True, given=known(given)
    )
    return session


def _build_inner(machine: Base, name: str) -> Value | None:
    """Return the session of botocore that a replaced step makes, None where none is replaced.

    Source: boto3/session.py, `Session.__init__`; botocore/session.py, `get_session`.
    """
    steps = (GET_SESSION, BOTOCORE_SESSION) if name in BOTO3_CLASSES else (BOTOCORE_SESSION,)
    maker = replaced(machine, *steps)
    return machine.call(maker, Arguments()) if maker else None


def default_session(machine: Base) -> Value:
    """Return boto3's default session, or what was put in its place."""
    present = replaced(machine, DEFAULT_SESSION)
    if present is not None and present != NONE:
        return present
    setter = replaced(machine, SET_DEFAULT)
    if setter is None:
        return new_default(machine, Arguments())
    machine.call(setter, Arguments())
    present = replaced(machine, DEFAULT_SESSION)
    if present is None or present == NONE:
        raise RaisedError
    return present


def new_default(machine: Base, arguments: Arguments) -> Value:
    """Give boto3 a new default session, as `setup_default_session` does."""
    maker = replaced(machine, "boto3.Session")
    session = machine.call(maker, arguments) if maker else _plain_default(machine)
    machine.environment.write(machine.environment.overrides, DEFAULT_SESSION, session)
    return session


def _plain_default(machine: Base) -> BotoSession:
    hooked = _is_hooked(machine)
    session = BotoSession(machine.new_serial(), hooked)
    inner = _build_inner(machine, "boto3.Session")
    state = machine.environment.state
    if inner is not None:
        machine.environment.write(state, (INNER, session.serial), inner)
    if not hooked:
        machine.environment.write(state, (MADE_AT, session.serial), machine.call_path())
    return session


def build(machine: Base, session: BotoSession, arguments: Arguments, kind: str) -> Value:
    """Build a client or resource, or let a replaced step on the way do so.

    A resource sends by a client that its session gives, so it sends nothing where that is
    replaced (boto3/session.py, `Session.resource`).
    """
    made = _made_elsewhere(machine, session, arguments, kind)
    if made is None:
        return _build_client(machine, session, arguments, kind)
    if kind != "resource":
        return made
    resource = _build_client(machine, session, arguments, kind)
    if not isinstance(made, Client):
        state = machine.environment.state
        machine.environment.write(state, (STUBBED, resource.serial), True)
    return resource


def _made_elsewhere(
    machine: Base, session: BotoSession, arguments: Arguments, kind: str
) -> Value | None:
    """Return the client that a replaced step gives, None where none is replaced."""
    if kind == "resource":
        client = replaced(machine, *(f"{cls}.client" for cls in BOTO3_CLASSES))
        if client is not None:
            return machine.call(bound(client, session), arguments)
    method = _replaced_maker(machine, session, kind)
    return method and machine.call(method, arguments)


def _replaced_maker(machine: Base, session: BotoSession, kind: str) -> Value | None:
    """Return what stands in for botocore's ways to create a client, the outermost first."""
    inner = machine.environment.state.get((INNER, session.serial))
    if isinstance(inner, Value):
        return machine.attribute(inner, "create_client")
    own = replaced(machine, f"{BOTOCORE_SESSION}.create_client")
    if own is not None and kind != "create_client":
        return bound(own, session)
    creator = replaced(machine, CREATOR)
    if creator is not None:
        return machine.attribute(machine.call(creator, Arguments()), "create_client")
    method = replaced(machine, f"{CREATOR}.create_client")
    return method and bound(method, Library(CREATOR))


def _build_client(machine: Base, session: BotoSession, arguments: Arguments, kind: str) -> Client:
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
    poisoned = _is_hooked(machine) and not session.hooked
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


def _made_at(machine: Base, session: BotoSession) -> CallPath:
    """Return where a default session was built."""
    path: CallPath = machine.environment.state.get((MADE_AT, session.serial), ())
    return path


def active_mocks(machine: Base) -> set[str]:
    """Return the suffixes of the mocks that are active, `*` for one of all services."""
    return set(map(str, machine.environment.mocks))


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
