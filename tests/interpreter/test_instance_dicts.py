"""What is written through `__dict__`, `vars` and `__setattr__` is an attribute."""

from __future__ import annotations

import pytest

from flake8_moto_order.interpreter.values import Choice, Unknown
from tests.memory import constant

HEAD = """
class O:
    dry = False
    def __init__(self, **named): self.__dict__.update(named)
    def method(self): return 1
class V(O):
    def __init__(self, **named): vars(self).update(named)
class I(O):
    def __init__(self, **named):
        for key, value in named.items(): self.__dict__[key] = value
class W(O):
    def __init__(self, **named): self.__dict__ = named
class U(O):
    def __init__(self, **named): self.__dict__ |= named
class B(O):
    def __init__(self, **named):
        for key, value in named.items(): object.__setattr__(self, key, value)
class S(O):
    def __init__(self, **named):
        for key, value in named.items(): super().__setattr__(key, value)
class A(O):
    def __init__(self, named):
        for key, value in named.items(): setattr(self, key, value)
class Borg(O):
    shared = {}
    def __init__(self): self.__dict__ = self.shared
def changed(made, **named):
    made.__dict__.update(named)
    return made
def without(made, name, delete=delattr):
    delete(made, name)
    return made
borg, other = Borg(), Borg()
borg.dry = True
grown = {1}
grown |= {2}
"""
KNOWN = [
    *((f"{name}(dry=True).dry", True) for name in "OVIWUBS"),
    *((f"{name}(dry=False).dry", False) for name in "OVIWUBS"),
    *((f"{name}().dry", False) for name in "OVIWUBS"),
    ("A({'dry': True}).dry", True), ("changed(O(), dry=True).dry", True), ("other.dry", True),
    ("O(dry=1).__dict__['dry']", 1), ("vars(O(dry=1)).get('dry')", 1), ("len(grown)", 2),
    ("without(O(dry=True), 'dry').dry", False), ("O(**y).method()", 1),
    ("without(O(dry=True), 'dry', object.__delattr__).dry", False),
]  # fmt: skip
NOT_KNOWN = [
    ("O(**y).dry", Choice), ("A(y).dry", Choice), ("vars(y)", Unknown), ("delattr(y, y)", None),
    ("O(**y).other", Unknown),
]


@pytest.mark.parametrize(("source", "value"), KNOWN)
def test_known(source: str, value: object) -> None:
    """The attribute has the value that was written last."""
    assert constant(f"{HEAD}x = {source}") == value


@pytest.mark.parametrize(("source", "kind"), NOT_KNOWN)
def test_not_known(source: str, kind: type | None) -> None:
    """Where anything may have been written, what the class assigns is in doubt."""
    found = constant(f"{HEAD}x = {source}")
    assert found is kind or isinstance(found, kind or int)


def test_branches() -> None:
    """An instance gets another dict in one branch only if the other one is not taken."""
    source = "z = W()\nif y:\n    z.__dict__ = {'dry': 1}\nz.__dict__['dry'] = 2\nx = z.dry\n"
    assert constant(HEAD + source) == 2
