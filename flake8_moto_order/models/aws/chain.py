"""The call chain of boto3, and what a patch put in the place of one of its steps.

    boto3.client > _get_default_session > setup_default_session > Session > get_session
    > Session.client > create_client of botocore's session > ClientCreator.create_client
    client.operation > _make_api_call > _make_request > Endpoint.make_request > _send_request
    > _get_response > _do_get_response > _send > URLLib3Session.send

Sources: boto3/__init__.py, boto3/session.py, botocore/session.py, botocore/client.py,
botocore/endpoint.py, botocore/httpsession.py.
"""

from __future__ import annotations

import ast
import re

from flake8_moto_order.interpreter.base import Base
from flake8_moto_order.interpreter.values import (
    BotoSession,
    Bound,
    Client,
    Fake,
    Function,
    Value,
)

DEFAULT_SESSION = "boto3.DEFAULT_SESSION"
GET_DEFAULT, SET_DEFAULT = "boto3._get_default_session", "boto3.setup_default_session"
BOTO3_CLASSES = ("boto3.session.Session", "boto3.Session")
GET_SESSION, BOTOCORE_SESSION = "botocore.session.get_session", "botocore.session.Session"
CREATOR = "botocore.client.ClientCreator"
API_CALL = "botocore.client.BaseClient._make_api_call"
# The classes of an object, as the names that their attributes may be patched by.
CLASSES: dict[type[Value], tuple[str, ...]] = {
    BotoSession: (*BOTO3_CLASSES, BOTOCORE_SESSION),
    Client: ("botocore.client.BaseClient",),
}
# Steps behind an API call. Where one is replaced no request leaves, or only what that one sends.
SENDERS = (
    "botocore.client.BaseClient._make_request",
    *(
        f"botocore.endpoint.Endpoint.{name}"
        for name in ("make_request", "_send_request", "_get_response", "_do_get_response", "_send")
    ),
    "botocore.httpsession.URLLib3Session.send",
    "urllib3.connectionpool.HTTPConnectionPool.urlopen",
)
# What building a client and preparing a request need: replaced, they may do anything.
PARTS = (
    *(f"{cls}.{name}" for cls in BOTO3_CLASSES for name in ("__init__", "_setup_loader")),
    *(
        f"{BOTOCORE_SESSION}.{name}"
        for name in ("get_credentials", "get_component", "get_service_model")
    ),
    "botocore.args.ClientArgsCreator.get_client_args",
    "botocore.endpoint.EndpointCreator.create_endpoint",
    "botocore.endpoint.Endpoint.create_request",
    "botocore.signers.RequestSigner.sign",
)
WORD_OF_NAME = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=.)(?=[A-Z][a-z])")


def replaced(machine: Base, *names: str) -> Value | None:
    """Return what was put in the place of a step, known by one of its names."""
    for name in names:
        found = machine.environment.overrides.get(name)
        if isinstance(found, Value):
            return found
    return None


def replaced_method(machine: Base, owner: BotoSession | Client, name: str) -> Value | None:
    """Return what was put in the place of a method, of one object or of all.

    It is bound to its object where Python binds it.
    """
    own = machine.environment.overrides.get((owner.serial, name))
    if isinstance(own, Value):
        return own
    found = replaced(machine, *(f"{cls}.{name}" for cls in CLASSES[type(owner)]))
    return found and bound(found, owner)


def bound(value: Value, owner: Value) -> Value:
    """Return what Python gives for an attribute of a class: a function becomes a method."""
    return Bound(value, (owner,)) if isinstance(value, Function) else value


def is_cut(machine: Base) -> bool:
    """Tell whether the way of every request is cut behind the API call."""
    return any(name in machine.environment.overrides for name in SENDERS)


def is_tampered(machine: Base) -> bool:
    """Tell whether something is replaced of which nobody knows what it does to a request."""
    return any(name in machine.environment.overrides for name in PARTS)


def method_name(operation: str) -> str:
    """Return the name of a client's method for an operation: `list_buckets` of `ListBuckets`.

    Of 20,027 operations of botocore 1.42 56 are named otherwise, such as `ListHITs`
    (`xform_name` of botocore/__init__.py).
    """
    return WORD_OF_NAME.sub("_", operation).lower()


def operation_name(method: str, callee: Value) -> str:
    """Return the name of a client's operation as `callee` gets it.

    The capitals of its words are found in the texts that `callee` compares it with, if it does.
    """
    function = _function_of(callee)
    for node in ast.walk(function.node) if function else ():
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            if node.value.lower() == method.replace("_", ""):
                return node.value
    return "".join(part.capitalize() for part in method.split("_"))


def _function_of(callee: Value) -> Function | None:
    """Return the function of the project that is run for a call, also as a fake's side effect."""
    if isinstance(callee, Fake):
        effect = callee.slots.get("side_effect")
        callee = effect if isinstance(effect, Value) else callee
    if isinstance(callee, Bound):
        callee = callee.callee
    return callee if isinstance(callee, Function) else None
