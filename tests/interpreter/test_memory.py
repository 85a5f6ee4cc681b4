"""Calls that are not run again: each condition has a run that would go wrong without it.

`run` traces each of them without memory and with one that remembers every call.
"""

from __future__ import annotations

import ast
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import pytest

from flake8_moto_order.effects import MotoImported, ObjectBuilt, Serial, Site, Step
from flake8_moto_order.interpreter import memory
from flake8_moto_order.interpreter.arguments import Argument
from flake8_moto_order.interpreter.base import ExhaustedError
from flake8_moto_order.interpreter.calls import Calls
from flake8_moto_order.interpreter.copying import Copier, NotCopiedError, snapshot
from flake8_moto_order.interpreter.recording import WIDEST, Reads, Recording
from flake8_moto_order.interpreter.renaming import Renaming
from flake8_moto_order.interpreter.slots import RECORDER, Slots
from flake8_moto_order.interpreter.values import (
    Class,
    Client,
    Collection,
    Constant,
    Fixture,
    Function,
    Instance,
    Library,
    Method,
    Module,
    Suspended,
    Unknown,
    Value,
    Wrapped,
)
from flake8_moto_order.interpreter.world import Environment
from tests.memory import machine_for
from tests.runs import calls_of, run

MODULE = Module("m", None, ())
NODE = ast.parse("lambda: 1", mode="eval").body
RUNS = {
    "what is read is as it was": (
        "FLAG = True\ndef send():\n if FLAG: aws.a()\n else: aws.b()\n"
        "def test_it():\n global FLAG\n send(); send(); FLAG = False; send(); send()\n",
        "a a b b",
    ),
    "a missing key is a read": (
        "def send():\n try: NAME\n except NameError: aws.a()\n"
        "class A: pass\ndef ask(one):\n if hasattr(one, 'x'): one.x()\n one.y()\n"
        "def test_it():\n one = A(); one.y = aws.y\n ask(one); one.x = aws.x; ask(one)\n",
        "y x y",
    ),
    "what a call wrote itself is no read": (
        "class Box: pass\nbox = Box()\nbox.send = aws.a\n"
        "def use(one):\n box.send = one\n box.send()\n"
        "def test_it():\n use(aws.b); box.send = aws.c; use(aws.b); box.send()\n",
        "b b b",
    ),
    "what was read before it was written is": (
        "class Box: pass\nbox = Box()\nbox.sent = []\n"
        "def inner(): return len(box.sent)\n"
        "def use():\n if inner() == 0: aws.a()\n else: aws.b()\n box.sent = box.sent + [1]\n"
        "def test_it():\n use(); use(); use()\n",
        "a b b",
    ),
    "a write that was taken back does not count": (
        "import os\nclass Box: pass\nbox = Box()\nbox.send = aws.a\n"
        "def use():\n if os.getpid(): box.send = aws.b; raise ValueError\n box.send()\n"
        "def test_it():\n for _ in (1, 2):\n  try: use()\n  except ValueError: pass\n"
        " box.send = aws.c\n try: use()\n except ValueError: pass\n",
        "a? a? c?",
    ),
    "objects may be other ones": (
        "class Shop:\n def __init__(self, send): self.send = send\n"
        "def use(shop): shop.send(); shop.sent = True; return shop\n"
        "def test_it():\n one, two = Shop(aws.a), Shop(aws.a)\n use(one); use(two)\n"
        " if two.sent: aws.b()\n three = Shop(aws.c); use(three).send()\n",
        "a a b c c",
    ),
    "but not one for two": (
        "class Shop: pass\ndef use(one, two):\n one.send = aws.a; two.send = aws.b; one.send()\n"
        "def test_it():\n use(Shop(), Shop()); shop = Shop(); use(shop, shop)\n",
        "a b",
    ),
    "nor two for one": (
        "class Shop: pass\ndef use(one, two):\n one.send = aws.a; two.send = aws.b; one.send()\n"
        "def test_it():\n shop = Shop(); use(shop, shop); use(Shop(), Shop())\n",
        "b a",
    ),
    "fresh results are made anew": (
        "def make(): return [aws.a], {'x': lambda: aws.b()}\n"
        "def test_it():\n one, two = make(), make()\n one[0].append(aws.c); two[0][-1]()\n"
        " make()[1]['x'](); three = make(); three[0].append(aws.d); three[0][-1]()\n",
        "a b d",
    ),
    "classes are made by running": (
        "def make():\n class A:\n  def send(self): aws.a()\n return A\n"
        "def test_it():\n one, two = make(), make(); two.send = lambda self: aws.b()\n"
        " one().send(); two().send(); make()().send()\n",
        "a b a",
    ),
    "generators are made by running": (
        "def give():\n yield aws.a\n yield aws.b\ndef make(): return give()\n"
        "def drain(given):\n for each in given: each()\n"
        "def test_it():\n drain(make()); drain(make())\n"
        " given = make(); drain(given); drain(given)\n",
        "a b a b a b",
    ),
    "raising is replayed": (
        "def fail(): aws.a(); raise ValueError\n"
        "def test_it():\n for _ in (1, 2, 3):\n  try: fail()\n  except ValueError: aws.b()\n",
        "a b a b a b",
    ),
    "recursion ends at a count": (
        "def down(n):\n aws.a()\n if n: down(n - 1)\n"
        "def start(): down(5)\ndef test_it():\n down(5); start(); start(); down(5)\n",
        "a a a a a a a a",
    ),
    "clients may be other ones": (
        "from botocore.stub import Stubber\n"
        "def make(): return boto3.client('s3')\n"
        "def stub(client): Stubber(client).activate(); return client\n"
        "def test_it():\n stub(make()).a(); make().b(); stub(make()).c(); make().d()\n",
        "a b c d",
    ),
    "a cache is asked for the arguments of the call": (
        "import functools\nclass Shop:\n @functools.lru_cache\n"
        " def client(self): aws.made(); return boto3.client('s3')\n"
        "def use(shop): shop.client().a(); return shop\n"
        "def test_it():\n one, two = Shop(), Shop(); use(one); use(two); use(one); use(two)\n",
        "made a made a a a",
    ),
    "items are read in order": (
        "def each(sends):\n for send in sends: send()\n"
        "def test_it():\n sends = [aws.a]\n each(sends); each(sends)\n sends.insert(0, aws.b)\n"
        " each(sends)\n other = [aws.b, aws.a]; each(other); other.extend(input()); each(other)\n",
        "a a b a b a b a",
    ),
    "what is opened is opened again": (
        "def add(sends): sends.extend(input())\n"
        "def test_it():\n one, two, three = [], [], []\n add(one); add(two); add(three)\n"
        " if two: aws.b()\n if not three: aws.c()\n",
        "b? c?",
    ),
    "what is deleted is deleted again": (
        "class Shop:\n def __init__(self): self.send = aws.a\n"
        "def drop(shop): del shop.send\n"
        "def test_it():\n one, two = Shop(), Shop(); drop(one); drop(two)\n"
        " if hasattr(two, 'send'): aws.b()\n Shop().send()\n",
        "b? a",
    ),
    "a mock that is active is a read": (
        "def use(): boto3.client('s3').a()\n"
        "def test_it():\n use(); use()\n with mock_aws(): use(); use()\n use()\n",
        "a a a a a",
    ),
    "a patch is a read": (
        "from unittest.mock import patch\ndef send(): aws.a()\ndef use(): send()\n"
        "def test_it():\n use(); use()\n with patch(__name__ + '.send'): use()\n use()\n",
        "a a a",
    ),
    "a start inside is a start outside": (
        "from unittest.mock import patch\nclass Shop:\n def send(self): aws.a()\n"
        "def begin(): patcher = patch.object(Shop, 'send'); patcher.start(); return patcher\n"
        "def test_it():\n one = begin(); Shop().send(); one.stop(); Shop().send()\n"
        " two = begin(); Shop().send(); two.stop(); Shop().send()\n",
        "a a",
    ),
    "a mark is made by running": (
        "def mark(function): return pytest.mark.slow(function)\n"
        "def use():\n @mark\n def inner(): aws.a()\n inner()\ndef test_it(): use(); use()\n",
        "a a",
    ),
    "what a fixture's object does is run": (
        "class Shop: pass\nShop.send = aws.a\ndef change(monkeypatch, one):\n"
        " monkeypatch.setattr(Shop, 'send', one)\n"
        "def test_a(monkeypatch): change(monkeypatch, aws.b); change(monkeypatch, aws.c)\n"
        "def test_b(): Shop.send()\n",
        "a",
    ),
    "a module that is loaded late is loaded once": (
        "def use():\n import json.late_module\n aws.a()\ndef test_it(): use(); use(); use()\n",
        "a a a",
    ),
}


@pytest.mark.parametrize(("source", "calls"), RUNS.values(), ids=RUNS)
def test_runs(tmp_path: Path, source: str, calls: str) -> None:
    """A call from memory does what the call does that it stands for."""
    assert calls_of(run(tmp_path, source)) == calls


def test_call_paths(tmp_path: Path) -> None:
    """What a replayed call does stands below the place of that call, with serials of its own."""
    source = "def make(): return boto3.client('sqs')\ndef test_it():\n make()\n make()\n make()\n"
    built = [one for one in run(tmp_path, source).run if isinstance(one, ObjectBuilt)]
    assert [one.call_path[1].site.line for one in built] == [4, 5, 6]
    assert len({one.serial for one in built}) == 3


def test_groups_are_bounded(tmp_path: Path) -> None:
    """Calls that were not alike for long are forgotten."""
    source = "def a(): aws.a()\ndef b(): aws.b()\ndef test_it(): a(); b(); a(); b(); a()\n"
    with patch.object(memory, "MOST_GROUPS", 1):
        assert calls_of(run(tmp_path, source)) == "a b a b a"


def test_seldom(tmp_path: Path) -> None:
    """Where nothing comes again, most calls are not recorded, and do the same."""
    source = "def use(n): [n]; aws.a()\ndef test_it():\n" + "".join(
        f" use({{'x': [[[{n}]]]}})\n" for n in range(12)
    )
    assert calls_of(run(tmp_path, source)) == " ".join(["a"] * 12)


def test_budget() -> None:
    """A call that is replayed takes steps."""
    machine = machine_for({})
    assert isinstance(machine, Calls)
    machine.limit = 10
    machine.spend_all(10)
    with pytest.raises(ExhaustedError):
        machine.spend_all(1)


def test_renaming_keys() -> None:
    """Keys that are made of objects and serials are renamed with them."""
    renaming, old, new = Renaming(), Instance(CLASS), Instance(CLASS)
    assert renaming.match(old, new) and renaming.match(Serial(3), Serial(5))
    assert renaming.key((Argument(old), "name")) == (Argument(new), "name")
    assert renaming.key((Argument(Constant(1)),)) == (Argument(Constant(1)),)
    assert renaming.key(("stubbed", Serial(3))) == ("stubbed", Serial(5))
    assert renaming.key(old) is new and renaming.key(7) == 7


CLASS = Class("A", MODULE, (), Slots())
FUNCTION = Function("f", NODE, MODULE, ()) if isinstance(NODE, ast.Lambda) else None


@pytest.mark.parametrize(
    ("old", "new", "alike"),
    [
        (Constant(1), Constant(1), True),
        (Constant(1), Constant(True), False),
        (Constant(1), Unknown("x"), False),
        (Instance(CLASS), Unknown("x"), False),
        (Library("a"), Library("a"), True),
        (Unknown("a", (Instance(CLASS),)), Unknown("a", (Instance(CLASS),)), True),
        (Unknown("a", (Instance(CLASS),)), Unknown("a"), False),
        (CLASS, Class("A", MODULE, (), Slots()), False),
        (Client(Serial(1), "s3", True, True), Client(Serial(2), "s3", True, True), True),
        (Client(Serial(1), "s3", True, True), Client(Serial(2), "sqs", True, True), False),
        ([Constant(1)], [Constant(1)], True),
    ],
)
def test_match(old: object, new: object, alike: bool) -> None:
    """Values match if they are the same but for which objects they are made of."""
    assert Renaming().match(old, new) is alike


def test_match_is_injective() -> None:
    """One object stands for one, and so does a serial."""
    one, two = Instance(CLASS), Instance(CLASS)
    assert not Renaming().match((one, one), (one, two))
    assert not Renaming().match((one, two), (one, one))
    assert not Renaming().match((Serial(1), Serial(2)), (Serial(3), Serial(3)))
    renaming = Renaming()
    assert renaming.match(one, two)
    assert renaming.slots_for(two.attributes) is None
    assert renaming.slots_for(one.attributes) is two.attributes


def test_not_copied() -> None:
    """A class or generator that was made, and too many objects, are not made again."""
    assert FUNCTION
    RECORDER.now += 1
    start, made = RECORDER.now, Class("B", MODULE, (), Slots())
    waiting = Suspended(lambda: Constant(1), FUNCTION)
    many = Collection("list", {n: Collection("list") for n in range(500)})
    for value in (made, waiting, many, Fixture(FUNCTION)):
        with pytest.raises(NotCopiedError):
            snapshot([value], start)
    assert snapshot([waiting, MODULE, None], start + 1) == {}


def test_copy() -> None:
    """What is fresh is copied, with all that it holds; what is not stays."""
    RECORDER.now += 1
    start, outer = RECORDER.now, Instance(CLASS)
    RECORDER.now += 1
    inner = Wrapped("cached", Library("f"))
    inner.memory["x"] = outer
    client = Client(Serial(4), "s3", hooked=True, aws=True)
    value = Collection("list", {0: inner, 1: Method(outer, "x"), 2: client})
    copier = Copier(Renaming(), snapshot([value], start + 1))
    copier.base, copier.shift = 3, 10
    step = Step(Site("a.py", 1, 0), "f")
    copier.before, copier.after = (step,), (step, step)
    made = copier.copy(value)
    assert made is not value and made.slots[0].memory["x"] is outer
    assert made.slots[1] is value.slots[1] and made.slots[2].serial == 14
    assert copier.copy(value) is made
    assert copier.copy((step, step)) == (step, step, step)
    assert copier.copy([outer, Serial(2)]) == [outer, Serial(2)]
    assert copier.key(("stubbed", Serial(4))) == ("stubbed", 14)
    assert copier.key(Constant(1)) == Constant(1)


def test_slots_are_dicts() -> None:
    """Slots tell of reads, and are dicts otherwise."""
    slots = Slots({"a": 1})
    with pytest.raises(KeyError):
        slots["b"]
    assert slots["a"] == 1 and "a" in slots and list(slots) == ["a"] and len(slots) == 1
    assert slots == {"a": 1} and list(slots.keys()) == ["a"] and list(slots.values()) == [1]
    RECORDER.visit(NODE)
    RECORDER.spoil()
    assert RECORDER.top is None
    value: Value = Constant(slots.get("c", 3))
    assert value == Constant(3)


def test_taken_slots() -> None:
    """What another object stands for by now can't be compared as itself."""
    one, two = Instance(CLASS), Instance(CLASS)
    renaming = Renaming()
    assert renaming.match(one, two)
    summary: Any = SimpleNamespace(reads=[Reads(two.attributes)])
    assert memory._present(summary, renaming) is None


def test_effects_elsewhere() -> None:
    """A call whose effects do not stand below it is no summary."""
    machine = machine_for({})
    machine.emit(MotoImported)
    summary: Any = SimpleNamespace(path=(), counts=SimpleNamespace(serial=0), told=[])
    with machine.at(Module("m", "/p/m.py", ()), ast.Pass(lineno=1, col_offset=0), "m"):
        assert not memory._complete(summary, machine, 0, 0, 1)


def test_opened_once() -> None:
    """Slots are opened once, and what stood in them before does not tell of it."""
    environment, slots = Environment(), Slots({"a": 1})

    def branch() -> object:
        environment.open_up(slots)
        environment.open_up(slots)
        return environment.before(slots, 0)

    assert environment.attempt(branch)[0] == {"a": 1}
    assert not slots.open


def test_order_is_lost() -> None:
    """What stood in slots is not told where something was taken out: its place is not known."""
    environment, slots = Environment(), Slots({"a": 1, "b": 2})

    def branch() -> object:
        environment.erase(slots, "a")
        return environment.before(slots, 0)

    assert environment.attempt(branch)[0] is None


@pytest.mark.parametrize(("size", "is_spoiled"), [(WIDEST, False), (WIDEST + 1, True)])
def test_widest(size: int, is_spoiled: bool) -> None:
    """A call that looks at all of very many items stands for no other."""
    environment, slots = Environment(), Slots(dict.fromkeys(range(size), 1))
    recording = Recording(environment, 0, 0, ast.Pass(), 0)
    recording.note_all(slots)
    assert recording.is_spoiled is is_spoiled
