"""What is told of plain data is what Python itself makes of it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from flake8_moto_order.interpreter.plain import NotPlainError, compute, lifted, plain
from flake8_moto_order.interpreter.values import Choice, Collection, Constant, Unknown, Value
from flake8_moto_order.interpreter.world import ABSENT
from tests.memory import run, value_of

ATOMS = st.sampled_from(
    [
        "0", "1", "-2", "7", "2.5", "True", "None", "''", "'ab'", "'a-b'", "b'ab'", "'%s'",
        "[]", "[1, 2]", "['b', 'a']", "(1,)", "('a', 2)", "{}", "{'a': 1}", "{'a': {'b': 2}}",
        "{1, 2}", "[[1], {}]", "'12'", "[0, None]", "frozenset([1])",
    ]
)  # fmt: skip
OPERATORS = "+ - * / // % ** & | ^ == != < <= > >= in is and or".split() + [
    "not in",
    "is not",
    "< 1 <",
]
CALLS = (
    "abs all any bool callable float hex int isinstance({}, str) isinstance({},(int,list)) len max "
    "min ord repr round sorted str sum type({})is(dict) hasattr({},'append') tuple list set "
    "issubclass(type({}),(str,dict)) getattr({},'upper',None)is(None) isinstance({},type(None))"
).split()
METHODS = (
    "upper() lower() strip('a') split('-') partition('-')[0] startswith('a') endswith(('b','c')) "
    "replace('a','bb') count('a') find('b') index(1) get('a') isdigit() zfill(5) center(6,'*') "
    "encode() decode() title() removeprefix('a') join(['x','y']) keys() bit_length() splitlines()"
).split()
SEARCHES = (
    "re.match('a', {})",
    "re.search(r'\\w-\\w', {}) is None",
    "bool(re.fullmatch('[ab]*', {}))",
)


def forms(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Make larger expressions of smaller ones."""

    def call(name: str, one: str) -> str:
        return name.format(one) if "{}" in name else f"{name}({one})"

    return st.one_of(
        st.builds("({}) {} ({})".format, inner, st.sampled_from(OPERATORS), inner),
        st.builds(call, st.sampled_from(CALLS), inner),
        st.builds("({}).{}".format, inner, st.sampled_from(METHODS)),
        st.builds(call, st.sampled_from(SEARCHES), inner),
        st.builds(
            "({})[{}]".format, inner, st.sampled_from(["0", "-1", "'a'", "1:", ":-1", "::2"])
        ),
        st.builds("not ({})".format, inner),
        st.builds("-({})".format, inner),
        st.builds(
            'f"{{{}!r}}x{{{}:>4}}"'.format, ATOMS.filter(lambda a: "{" not in a), st.just("1")
        ),
        st.builds("[x for x in ({}) if x]".format, inner),
        st.builds("max(x for x in ({}))".format, inner),
        st.builds("({}) if ({}) else ({})".format, inner, inner, inner),
    )


EXPRESSIONS = st.recursive(ATOMS, forms, max_leaves=5)
PATTERNS = st.recursive(
    st.sampled_from(
        ["1", "'ab'", "None", "_", "n", "str()", "int(n)", "dict()", "[]", "{}", "True"]
    ),
    lambda inner: st.one_of(
        st.builds("[{}, {}]".format, inner, st.just("*rest")),
        st.builds("[{}, _]".format, inner),
        st.builds("{{'a': {}, **rest}}".format, inner),
        st.builds("{{'a': {}}}".format, inner),
        st.builds(
            "({} | {})".format, *[st.sampled_from(["1", "'ab'", "None", "str()", "list()"])] * 2
        ),
    ),
    max_leaves=3,
)


def known(source: str) -> object:
    """Return what the interpreter tells of `x`; raise `NotPlainError` if that is not known."""
    return plain(value_of(run(f"import re\n{source}"), "x"), sets=True)


def really(source: str) -> object:
    """Return what Python makes of `x`, or the error that it raises."""
    names: dict[str, object] = {"re": re}
    try:
        exec(source, names)
    except Exception as error:
        return error
    return names["x"]


def check(source: str) -> None:
    """Compare what is told with what Python does."""
    try:
        told = known(source)
    except NotPlainError:
        return
    real = really(source)
    if not isinstance(real, Exception):
        assert told == real and type(told) is type(real), source


@given(EXPRESSIONS)
@settings(max_examples=400, deadline=None)
@example("('ab').zfill(5)[1:]")
def test_expressions(expression: str) -> None:
    """An expression has the value that it has in Python, if one is told."""
    check(f"x = {expression}")


@given(st.lists(st.tuples(PATTERNS, st.sampled_from(["", " if n", " if 0"])), max_size=3), ATOMS)
@settings(max_examples=300, deadline=None)
def test_patterns(cases: list[tuple[str, str]], subject: str) -> None:
    """The case of a `match` is taken that Python takes, if one is told."""
    lines = ["x = n = rest = 0", f"match {subject}:"]
    for number, (pattern, guard) in enumerate(cases):
        lines.append(f" case {pattern}{guard}: x = [{number}, n, rest]")
    source = "\n".join([*lines, " case _: x = n"])
    try:
        compile(source, "", "exec")
    except SyntaxError:
        return
    check(source)


@pytest.mark.parametrize(
    "expression",
    [
        "isinstance('a', str)", "not isinstance({}, (list, tuple))", "type([]) is list",
        "'b' in {'a': 1}", "3 not in [1, 2]", "any(x > 1 for x in [1, 2])", "all([])",
        "'s3://b/k'.removeprefix('s3://').partition('/')[2]", "sum([1, 2]) % 2", "1 < 2 < 3",
        "max(d['n'] for d in [{'n': 1}, {'n': 2}])",
        "bool(x for x in [])", "sorted([3, 1])", "bool(re.match('a+', 'ab'))",
        "re.match(r'(\\w+)-(\\w+)', 'ab-cd').group(2)", "re.sub('a', 'b', 'aa')", "int('12') + 1",
        "re.compile('b').search('ab').start()", "b'ab'.decode()", "'%s-%d' % ('a', 1)",
        "'abc'[1:]", "(1, 2)[-1]", "issubclass(bool, int)", "hasattr([], 'append')",
        "callable(len)", "round(2.5)", "repr('a')", "f'{3:03d}'", "[1, 2] == [1, 2]", "3 ** 2",
    ],
)  # fmt: skip
def test_told(expression: str) -> None:
    """Common guards are decided."""
    assert known(f"x = {expression}") == really(f"x = {expression}")


@pytest.mark.parametrize(
    "expression",
    [
        "'a'.ljust(99999)", "'a' * 99999", "f'{1:>99999}'", "'%99999d' % 1", "2 ** 99",
        "'{:99999}'.format(1)", "re.match('(a+)+b', 'a')", "re.match('a*' * 9, 'a')",
        "re.match('a' * 200, 'a')", "re.match('(', 'a')", "re.match(1, 'a')", "int('x')",
        "'a'.__len__()", "str({'a', 'b'})", "[[1]][:1]",
        "isinstance(1, unknown)", "any()", "all()", "'a'.split(sep='a')",
        "re.match(pattern='a', string='a')", "2 ** 0.5 ** 99",
    ],
)  # fmt: skip
def test_not_told(expression: str) -> None:
    """What is too large, may take long, raises, or hangs on the order of a set is not told."""
    with pytest.raises(NotPlainError):
        known(f"x = {expression}")


@pytest.mark.parametrize(
    "value",
    [
        Unknown("x"), Collection("list", {0: Unknown("x")}), Collection("list", open=True),
        Collection("dict", {"a": Choice((Constant(1), Constant(2)))}), None, Constant(1j),
        Collection("dict", {("unknown", 0): Constant(1)}), Collection("set", {0: Constant(1)}),
        Collection("list", {0: Choice((Constant(1), ABSENT))}), Collection("iterator"),
        Collection("list", dict.fromkeys(range(300), Constant(1))),
    ],
)  # fmt: skip
def test_not_plain(value: Value | None) -> None:
    """What is not known to its last item is no plain data."""
    with pytest.raises(NotPlainError):
        plain(value)


def test_unhashable() -> None:
    """A set of lists can't be made."""
    with pytest.raises(NotPlainError):
        plain(Collection("set", {0: Collection("list")}), sets=True)


@pytest.mark.parametrize(
    "data", [[[1]], {"a": 1}, object(), "a" * 5_000, 2**60, [2**60], [1] * 300]
)
def test_not_lifted(data: object) -> None:
    """What has objects inside, or is large, becomes no value."""
    assert lifted(data) is None


def test_assumed() -> None:
    """What is computed from something assumed is assumed as well."""
    add: Callable[[str, list[str]], list[str]] = lambda a, b: [a, *b]
    made = compute(add, Constant("a", assumed=True), Collection("list", {0: Constant("b")}))
    assert isinstance(made, Collection)
    assert made.items == (Constant("a", assumed=True), Constant("b", assumed=True))
