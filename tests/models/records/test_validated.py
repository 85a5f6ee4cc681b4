"""Models of pydantic and SQLModel, and settings: what their fields are after construction.

The values that are known were seen in a run of pydantic 2.14, pydantic-settings 2.16 and SQLModel
0.0.50.
"""

from __future__ import annotations

import pytest

from flake8_moto_order.interpreter.values import Choice, Collection, Unknown
from tests.memory import constant

HEAD = """
import os
from typing import Annotated, Any, ClassVar, Generic, Literal, Optional, TypeVar
from pydantic import (
    AfterValidator, AliasChoices, BaseModel, ConfigDict, Field, PrivateAttr, computed_field,
    field_validator, model_validator, root_validator, validator,
)
from pydantic.alias_generators import to_camel
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlmodel import Field as Column, SQLModel
T = TypeVar("T")
class A(BaseModel):
    dry: bool = False
    live: bool = Field(default=True)
    tags: list = Field(default_factory=list)
    name: str = "x"
    count: int = 1
    kind: Any = None
    _own: bool = PrivateAttr(default=True)
    _plain: int = 3
    SHARED: ClassVar[int] = 5
    def f(self): return self.dry
class Needs(BaseModel):
    name: str
    none: Optional[str]
class Alias(BaseModel):
    dry: bool = Field(False, alias="dryRun")
class ByName(Alias):
    model_config = ConfigDict(populate_by_name=True)
    region: str = "x"
class Old(BaseModel):
    dry: bool = Field(False, alias="dryRun")
    class Config:
        populate_by_name = True
class Camel(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel)
    dry_run: bool = False
class Choices(BaseModel):
    dry: bool = Field(False, validation_alias=AliasChoices("a", "b"))
class Extra(BaseModel, extra="allow"):
    a: int = 1
class Keyword(BaseModel, frozen=bool(1)):
    a: int = 1
class Outer(BaseModel):
    inner: Optional[A] = None
    same: A = Field(default_factory=A)
    many: list = []
    kept: Optional[dict] = None
class Gen(BaseModel, Generic[T]):
    dry: bool = False
class Changed(BaseModel):
    ann: Annotated[bool, AfterValidator(lambda v: True)] = False
    field: bool = False
    before: str = "a"
    always: bool = False
    default: bool = Field(False, validate_default=True)
    wrap: bool = False
    alone: int = 1
    reused: int = 1
    old: int = 1
    @field_validator("field", "default")
    @classmethod
    def check(cls, v): return True
    @validator("before", pre=True)
    def before_it(cls, v, values): return "b" + v
    @validator("always", always=True)
    def always_it(cls, v): return True
    @field_validator("wrap", mode="wrap")
    @classmethod
    def wrap_it(cls, v, handler): return True
    @field_validator("alone", mode="before")
    @staticmethod
    def alone_it(v): return 7
    _reused = field_validator("reused")(lambda v: 8)
    @field_validator("old")
    def old_it(cls, v): return 9
class Star(BaseModel):
    a: bool = False
    @field_validator("*")
    @classmethod
    def check(cls, v): return True
class After(BaseModel):
    env: str = "dev"
    dry: bool = False
    @model_validator(mode="after")
    def check(self):
        if self.env == "dev":
            self.dry = True
        return self
class Before(BaseModel):
    dry: bool = False
    @model_validator(mode="before")
    @classmethod
    def check(cls, data): return {**data, "dry": True}
class BeforeUnknown(Before):
    @model_validator(mode="before")
    @classmethod
    def check(cls, data): return y(data)
class Whole(BaseModel):
    dry: bool = False
    @model_validator(mode="wrap")
    @classmethod
    def check(cls, data, handler):
        made = handler(data)
        made.dry = True
        return made
class Root(BaseModel):
    dry: bool = False
    @root_validator(skip_on_failure=True)
    def check(cls, values): return {**values, "dry": True}
class RootBefore(BaseModel):
    dry: bool = False
    @root_validator(pre=True)
    def check(cls, values):
        values["dry"] = True
        return values
class Hook(BaseModel):
    dry: bool = False
    def model_post_init(self, context): self.dry = True
class Own(BaseModel):
    dry: bool = False
    def __init__(self, dry, **rest): super().__init__(dry=dry, **rest)
class Bad(BaseModel):
    name: str = ""
    @field_validator("name")
    @classmethod
    def check(cls, v): raise ValueError(v)
class Row(SQLModel, table=True):
    id: Optional[int] = Column(default=None, primary_key=True)
    paid: bool = False
class Plain(SQLModel):
    paid: bool = False
class S(BaseSettings):
    env: str = "prod"
    dry: bool = False
    count: int = 1
    needs: str = "n"
class Prefix(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="APP_")
    env: str = "prod"
    stage: str = Field("prod", validation_alias="STAGE")
    other: str = Field("prod", validation_alias=AliasChoices("A", "B"))
class Exact(BaseSettings):
    model_config = {"case_sensitive": True}
    env: str = "prod"
class File(BaseSettings):
    model_config = SettingsConfigDict(env_file=".env")
    env: str = "prod"
    key: str
class Listed(BaseSettings):
    names: list = [1]
class Checked(BaseSettings):
    env: str = "prod"
    @field_validator("env")
    @classmethod
    def check(cls, v): return "checked"
def attempt(make):
    try:
        return make()
    except ValueError:
        return None
def where(**env):
    os.environ.update(env)
"""
KNOWN = [
    ("A().dry", False), ("A(dry=True).dry", True), ("A(dry=False).dry", False),
    ("A(**{'dry': True}).dry", True), ("A(dry='yes').dry", True), ("A(dry='Off').dry", False),
    ("A(count='12').count", 12), ("A(name='12').name", "12"), ("A(kind='12').kind", "12"),
    ("A().live", True), ("A(live=False).live", False), ("len(A().tags)", 0), ("A()._own", True),
    ("A(_own=False)._own", True), ("A()._plain", 3), ("A().SHARED", 5), ("A(dry=True).f()", True),
    ("len(A(tags=[1]).tags)", 1), ("A(name='a', other=1).name", "a"), ("A(kind=2).kind", 2),
    ("A.model_validate({'dry': True}).dry", True), ("A.parse_obj({'dry': True}).dry", True),
    ("A.model_validate(A(dry=True)).dry", True), ("A.model_validate({}).dry", False),
    ("A.model_validate_json('{\"dry\": true}').dry", True),
    ("A.model_construct(dry=True).dry", True), ("A().model_copy(update={'dry': True}).dry", True),
    ("A(dry=True).copy().dry", True), ("A(dry=True).model_dump()['dry']", True),
    ("attempt(Needs)", None), ("Needs(name='a', none=None).name", "a"),
    ("Alias(dryRun=True).dry", True), ("Alias(dry=True).dry", False),
    ("ByName(dryRun=True).dry", True), ("ByName(dry=True).dry", True), ("ByName().dry", False),
    ("Old(dry=True).dry", True), ("Extra(dry=True).dry", True), ("Keyword().a", 1),
    ("Outer(inner=A(dry=True)).inner.dry", True), ("Outer(same={'dry': True}).same.dry", True),
    ("Outer().same.dry", False), ("len(Outer(kept={'a': 1}).kept)", 1),
    ("Gen[int](dry=True).dry", True), ("Gen[int]().dry", False), ("Changed().field", False),
    ("Changed(field=False).field", True), ("Changed(before='a').before", "ba"),
    ("Changed().before", "a"), ("Changed().always", True), ("Changed().default", True),
    ("Changed(alone=1).alone", 7), ("Changed(reused=1).reused", 8), ("Changed(old=1).old", 9),
    ("Changed().wrap", False), ("Changed().ann", False), ("Star(a=False).a", True),
    ("After().dry", True), ("After(env='prod').dry", False), ("Before().dry", True),
    ("Root().dry", True), ("RootBefore().dry", True), ("Hook().dry", True), ("Own(True).dry", True),
    ("Own(False).dry", False), ("attempt(lambda: Bad(name='a'))", None), ("Bad().name", ""),
    ("Row(paid=True).paid", True), ("Row().paid", False), ("Plain(paid=True).paid", True),
    ("S().env", "prod"), ("S(env='test').env", "test"), ("where(ENV='test') or S().env", "test"),
    ("where(env='test') or S().env", "test"), ("where(ENV='a') or S(env='b').env", "b"),
    ("where(DRY='true') or S().dry", True), ("where(COUNT='7') or S().count", 7),
    ("where(APP_ENV='test') or Prefix().env", "test"), ("where(ENV='a') or Prefix().env", "prod"),
    ("where(STAGE='test') or Prefix().stage", "test"), ("where(ENV='a') or Exact().env", "prod"),
    ("where(env='a') or Exact().env", "a"), ("Checked().env", "checked"),
]  # fmt: skip
DOUBTFUL = [
    ("A(**y).dry", Choice), ("A(**y).name", Choice), ("A(dry='maybe').dry", Unknown),
    ("A(count='one').count", Unknown), ("A.model_validate(y).dry", Choice),
    ("A.model_validate([1]).dry", Choice), ("A.parse_raw(y).dry", Choice),
    ("A.model_validate().dry", Unknown), ("A.from_nowhere().dry", Unknown),
    ("A().dict(by_alias=True)", Unknown), ("A().json()", Unknown),
    ("Needs(name='a').none", Unknown),
    ("Outer().model_dump()['same']", Unknown), ("Outer(inner={'dry': True}).inner", Collection),
    ("Outer(many=[[1]]).many", Unknown), ("Camel(dryRun=True).dry_run", Choice),
    ("Camel(dry_run=True).dry_run", Choice), ("Choices(a=True).dry", Choice),
    ("Changed(ann=False).ann", Choice), ("Changed(wrap=False).wrap", Choice),
    ("BeforeUnknown().dry", Choice), ("Whole().dry", Choice), ("Prefix().other", Unknown),
    ("File().env", Choice), ("File().key", Unknown), ("Listed().names", Choice),
    ("where(ENV=y) or S().env", Unknown),
]


@pytest.mark.parametrize(("source", "value"), KNOWN)
def test_known(source: str, value: object) -> None:
    """A field is what it is given, what validators make of that, what the environment has."""
    assert constant(f"{HEAD}x = {source}") == value


@pytest.mark.parametrize(("source", "kind"), DOUBTFUL)
def test_doubtful(source: str, kind: type) -> None:
    """What else may give a field its value puts it in doubt."""
    assert isinstance(constant(f"{HEAD}x = {source}"), kind)


def test_other_names() -> None:
    """A name of pydantic that is no decorator gives something unknown."""
    assert isinstance(constant("import pydantic\nx = pydantic.create_model('A')"), Unknown)


def test_bare_decorator() -> None:
    """A validator of pydantic 1 needs no parentheses."""
    source = """
import pydantic
class A(pydantic.BaseModel):
    dry: bool = False
    @pydantic.root_validator
    def check(cls, values): return {**values, "dry": True}
x = A().dry
"""
    assert constant(source) is True
