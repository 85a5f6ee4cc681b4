"""Dataclasses, attrs, named tuples, namespaces: what their instances are after construction.

The values that are known were seen in a run of Python 3.11 and attrs 26.1.
"""

from __future__ import annotations

import pytest

from flake8_moto_order.interpreter.values import Choice, Collection, Unknown
from tests.memory import constant

HEAD = """
import abc, argparse, attr, attrs, collections, dataclasses, threading, types, typing
from attr import Factory
from attrs import define, field
from dataclasses import InitVar, KW_ONLY, dataclass
from typing import ClassVar, Generic, NamedTuple, TypedDict, TypeVar
T = TypeVar("T")
@dataclass
class A:
    SHARED: ClassVar[int] = 5
    dry: bool = False
    name: "str" = "x"
    tags: list = dataclasses.field(default_factory=list)
class Mixin:
    other: int
@dataclass
class Child(A, Mixin):
    more: int = 1
@dataclass
class Late:
    flag: InitVar[bool]
    dry: bool = dataclasses.field(init=False, default=False)
    later: int = dataclasses.field(init=False)
    def __post_init__(self, flag): self.dry = flag
@dataclass
class Only:
    name: str
    _: KW_ONLY
    dry: bool = False
    far: int = dataclasses.field(default=0, kw_only=True)
@attr.s
class S:
    dry = attr.ib(default=False)
    _own = attr.ib(False)
    odd, even = attr.ib(default=1), 2
@define
class D:
    dry: bool = False
    live: bool = field(default=True)
    tags: list = Factory(list)
    made: list = field(factory=list)
    late: bool = field(converter=lambda v: not v)
    @late.default
    def _late(self): return self.dry
    def __attrs_post_init__(self):
        if self.tags:
            self.dry = True
class N(NamedTuple):
    name: str
    dry: bool = False
P = collections.namedtuple("P", "name dry")
Q = collections.namedtuple("Q", ["name", "dry"], defaults=[True])
R = typing.NamedTuple("R", [("name", str), ("dry", bool)])
class Sub(P):
    def both(self): return [*self]
class Typed(TypedDict, total=False):
    dry: bool
class Space(types.SimpleNamespace):
    dry = False
class Thread(threading.Thread):
    dry: bool = True
    def __init__(self, **more): super().__init__(**more)
class Abstract(abc.ABC):
    dry: bool = False
class Single:
    dry: bool = False
    def __new__(cls, *given, **named): return super().__new__(cls)
class Generic_(Generic[T]):
    kind: str = "a"
    def __init__(self, kind="b"): self.kind = kind
class Number(Generic_[int]): pass
class Plain:
    dry = False
    def __init__(self): super().__init__()
def attempt(make):
    try:
        return make()
    except TypeError:
        return None
"""
KNOWN = [
    ("A().dry", False), ("A(True).dry", True), ("A(dry=True).name", "x"), ("len(A().tags)", 0),
    ("Child(True).dry", True), ("Child(more=2).more", 2), ("Late(True).dry", True),
    ("Late(False).dry", False), ("Only('a', dry=True).dry", True), ("Only('a').far", 0),
    ("attempt(Only)", None), ("dataclasses.replace(A(), dry=True).dry", True),
    ("dataclasses.asdict(A(True))['dry']", True), ("S(True).dry", True), ("S().dry", False),
    ("S(own=True)._own", True), ("S().even", 2), ("D().dry", False), ("D(tags=[1]).dry", True),
    ("D().live", True), ("D(live=False).live", False), ("D().late", True), ("D(True).late", False),
    ("D(late=True).late", False), ("attrs.evolve(S(), dry=True).dry", True),
    ("attr.asdict(S(True))['dry']", True), ("N('a').dry", False), ("N('a', True).dry", True),
    ("N('a', True)[1]", True), ("N('a')[-1]", False), ("N('a')._replace(dry=True).dry", True),
    ("N('a')._asdict()['name']", "a"), ("[*N('a', True)][1]", True), ("P('a', True).dry", True),
    ("Q('a').dry", True), ("R('a', True).dry", True), ("Sub('a', True).both()[1]", True),
    ("Typed(dry=True)['dry']", True), ("Space(dry=True).dry", True), ("Space().dry", False),
    ("types.SimpleNamespace(a=1).a", 1), ("argparse.Namespace(a=1).a", 1), ("Thread().dry", True),
    ("Thread(name='a').dry", True), ("Single(1, dry=True).dry", False), ("Number().kind", "b"),
    ("Abstract().dry", False), ("Plain().dry", False),
]  # fmt: skip
# An unknown decorator may write a constructor, an unknown base has one.
FOREIGN = """
from somewhere import Base, decorate, make
class A(Base):
    dry: bool = False
    plain = False
    def method(self): return 1
class B(A):
    def __init__(self, dry):
        self.plain = True
        super().__init__(dry, dry=dry)
class Made(make()):
    dry: bool = False
@decorate
class M:
    dry: bool = False
class ViewTestCase(unittest.TestCase, Base.TestCase):
    dry: bool = True
"""
HELD = [
    ("A(dry=True).dry", True), ("A(dry=True, plain=1).plain", 1), ("A().plain", False),
    ("A(method=2).method()", 1), ("B(True).dry", True), ("B(True).plain", True),
    ("M(dry=True).dry", True), ("M().dry", False), ("ViewTestCase().dry", True),
    ("A(other=3).other", 3),
]  # fmt: skip
DOUBTFUL = [
    ("A().dry", Choice), ("A(plain=1).dry", Choice), ("A(True).plain", Choice),
    ("A(**y).plain", Choice), ("A(1).method()", 1), ("Made().dry", Choice), ("M(1).dry", Choice),
]  # fmt: skip
NOT_KNOWN = [
    ("A(**y).dry", Choice), ("Space(**y).dry", Choice), ("Only(**y).name", Unknown),
    ("dataclasses.replace(y)", Unknown), ("attr.asdict(y)", Unknown), ("N('a')[y]", Unknown),
    ("N('a')[2]", Unknown), ("N('a').count(1)", Unknown), ("N._make([1])", Unknown),
    ("collections.namedtuple(y, 'a')", Unknown), ("collections.namedtuple('P', y)", Unknown),
    ("collections.namedtuple('P')", Unknown), ("collections.namedtuple('P', [y])", Unknown),
    ("dataclasses.asdict(A(A()))['dry']", Unknown), ("collections.deque()", Unknown),
    ("Late(True).later", Unknown), ("attr.Factory()", Unknown), ("Typed.x()", Unknown),
    ("Space().x()", Unknown),
    ("[*Thread()]", Collection), ("dataclasses.fields(A)", Unknown),
]  # fmt: skip


@pytest.mark.parametrize(("source", "value"), KNOWN)
def test_known(source: str, value: object) -> None:
    """A field is what it is given by position or name, else its default."""
    assert constant(f"{HEAD}x = {source}") == value


@pytest.mark.parametrize(("source", "value"), HELD)
def test_held(source: str, value: object) -> None:
    """What a constructor that nothing is known of is given by name is an attribute."""
    assert constant(f"import unittest{FOREIGN}x = {source}") == value


@pytest.mark.parametrize(("source", "kind"), DOUBTFUL)
def test_doubtful(source: str, kind: object) -> None:
    """Other fields are in doubt then; given anything else, all that the class body assigns."""
    found = constant(f"import unittest{FOREIGN}x = {source}")
    assert type(found) is kind or found == kind


@pytest.mark.parametrize(("source", "kind"), NOT_KNOWN)
def test_not_known(source: str, kind: type) -> None:
    """What is not known of the arguments is not known of the fields."""
    assert isinstance(constant(f"{HEAD}x = {source}"), kind)
