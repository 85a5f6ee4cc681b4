"""Libraries that reach AWS by other ways than botocore's handlers, so that no mock of moto sees it.

Sources: moto's documentation, "Server mode" and "FAQ"; aiobotocore (it sends by aiohttp), s3fs (it
is built on aiobotocore), pyarrow.fs and DuckDB's httpfs (they are written in C++).
"""

from __future__ import annotations

from flake8_moto_order.effects import MockBypassed
from flake8_moto_order.interpreter.base import Arguments, Base
from flake8_moto_order.interpreter.values import Collection, Constant, Library, Value
from flake8_moto_order.models.aws.building import active_mocks
from flake8_moto_order.models.model import Model

CLASSES = {
    "aioboto3.Session", "aioboto3.session.Session", "aiobotocore.session.get_session",
    "aiobotocore.session.AioSession", "s3fs.S3FileSystem", "s3fs.core.S3FileSystem",
    "pyarrow.fs.S3FileSystem",
}
PROGRAMS = {f"subprocess.{name}" for name in ("run", "call", "check_call", "check_output", "Popen")}
QUERIES = {f"duckdb.{name}" for name in ("execute", "query", "read_csv", "read_parquet", "sql")}


class ElsewhereModel(Model):
    """The model of what no mock reaches: it is noted when it is used under one."""

    libraries = ("aioboto3", "aiobotocore", "duckdb", "pyarrow", "s3fs", "subprocess")

    def call(self, machine: Base, callee: Value, arguments: Arguments) -> Value | None:
        """Note the call of such a library under a mock; its result is unknown."""
        if isinstance(callee, Library) and active_mocks(machine):
            if bypasses(callee.name, arguments):
                machine.emit(MockBypassed, what=callee.name)
        return None


def bypasses(name: str, arguments: Arguments) -> bool:
    """Tell whether a call certainly goes to AWS past every handler."""
    if name in CLASSES:
        return not arguments.open and not any(
            "endpoint" in keyword or keyword == "client_kwargs" for keyword in arguments.keywords
        )
    first = arguments.get(0, "args")
    if name in PROGRAMS:
        words = first.items[:1] if isinstance(first, Collection) else (first,)
        return any(isinstance(w, Constant) and str(w.value).split()[:1] == ["aws"] for w in words)
    return name in QUERIES and isinstance(first, Constant) and "s3://" in str(first.value)
