"""Programs that nobody would write: examples grafted with parts of others, or broken at random."""

from __future__ import annotations

import ast
import io
import random
import tempfile
import tokenize
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flake8_moto_order.interpreter.base import STEP_BUDGET
from flake8_moto_order.project import Sources
from flake8_moto_order.rules import check
from flake8_moto_order.session.tracing import trace_file
from flake8_moto_order.settings import Settings
from tests.pages import every_case
from tests.robustness.checking import write
from tests.robustness.hostile import growing

TEXTS = sorted(
    {text for case in every_case() for path, text in case.files.items() if path.endswith(".py")}
)
EVERYTHING = Settings(scope="all")
MOST_MEGABYTES = 150
SEEDS = st.integers(0, 2**32)


def judge(folder: Path, files: dict[str, str]) -> None:
    """Check every file of a project as a test file; an error of ours leaves it."""
    write(folder, files)
    sources = Sources()
    for name in files:
        list(check(trace_file(str(folder / name), sources, EVERYTHING, str(folder))))


def grafted(seed: int) -> str:
    """Return an example in which expressions and statements are replaced by those of others."""
    chance = random.Random(seed)
    text = chance.choice(TEXTS)
    tree = ast.parse(text)
    for _ in range(chance.randint(1, 6)):
        donor = ast.parse(chance.choice(TEXTS))
        kind = chance.choice([ast.expr, ast.stmt])
        parts = [node for node in ast.walk(donor) if isinstance(node, kind)]
        places = [
            (values, index)
            for node in ast.walk(tree)
            if not isinstance(node, ast.JoinedStr)
            for _, values in ast.iter_fields(node)
            if isinstance(values, list)
            for index, value in enumerate(values)
            if isinstance(value, kind)
        ]
        if parts and places:
            values, index = chance.choice(places)
            values[index] = chance.choice(parts)
    made = ast.unparse(ast.fix_missing_locations(tree))
    return made if is_python(made) else text


def is_python(text: str) -> bool:
    """Tell whether Python takes a text."""
    try:
        return bool(ast.parse(text))
    except (SyntaxError, ValueError):
        return False


def broken(seed: int) -> str:
    """Return an example with tokens dropped, doubled, swapped or taken from others."""
    chance = random.Random(seed)
    text = chance.choice(TEXTS)
    tokens = [token[:2] for token in tokenize.generate_tokens(io.StringIO(text).readline)]
    others = list(tokenize.generate_tokens(io.StringIO(chance.choice(TEXTS)).readline))
    for _ in range(chance.randint(1, 5)):
        index, other = chance.randrange(len(tokens)), chance.randrange(len(tokens))
        match chance.randrange(4):
            case 0 if len(tokens) > 1:
                tokens[index : index + 1] = []
            case 1:
                tokens[index:index] = [tokens[other]]
            case 2:
                tokens[index], tokens[other] = tokens[other], tokens[index]
            case _:
                tokens[index] = chance.choice(others)[:2]
    return text_of(tokens, text[: chance.randrange(len(text) + 1)])


def text_of(tokens: list[tuple[int, str]], otherwise: str) -> str:
    """Return the text of tokens, or another one where they make none."""
    try:
        return tokenize.untokenize(tokens)
    except (IndexError, ValueError):
        return otherwise


def judge_generated(first: int, second: int, third: int) -> None:
    """Check a project of grafted files that import a broken one."""
    with tempfile.TemporaryDirectory() as name:
        uses = "\nimport broken, app\nfrom broken import *\n"
        judge(
            Path(name),
            {
                "test_x.py": grafted(first) + uses,
                "conftest.py": grafted(second),
                "app.py": grafted(third),
                "broken.py": broken(first),
            },
        )


@given(SEEDS, SEEDS, SEEDS)
@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
def test_generated_projects(first: int, second: int, third: int) -> None:
    """No error leaves the plugin, whatever stands in the files."""
    judge_generated(first, second, third)


def test_no_text() -> None:
    """An indentation that ends before it begins makes no text."""
    assert text_of([(tokenize.DEDENT, "")], "other") == "other"


def test_generators() -> None:
    """Grafted files are Python, and hardly one is an example; many broken ones are no Python."""
    made = [grafted(seed) for seed in range(50)]
    assert all(map(is_python, made))
    assert len({*made} - {*TEXTS}) > 30
    assert sum(not is_python(broken(seed)) for seed in range(50)) > 20


@pytest.mark.parametrize(("name", "source"), [*growing()], ids=[name for name, _ in growing()])
def test_memory(name: str, source: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Values that grow and grow take no more memory than the budget of steps allows."""
    monkeypatch.setattr("flake8_moto_order.interpreter.base.STEP_BUDGET", STEP_BUDGET // 10)
    tracemalloc.start()
    try:
        judge(tmp_path, {"test_x.py": source})
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < MOST_MEGABYTES * 1_000_000
