"""The synthetic monorepo is as large, as connected and as repeatable as it says."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from benchmarks.synthetic import FAN_OUT, Shape, generate, main, plan


def closure_of(name: str, imports: dict[str, tuple[str, ...]]) -> set[str]:
    """Return the modules that one reaches."""
    reached: set[str] = set()
    stack = [name]
    while stack:
        name = stack.pop()
        if name not in reached:
            reached.add(name)
            stack.extend(imports[name])
    return reached


def test_plan() -> None:
    """Modules import from the layer below, and those at the top reach most of the tree."""
    modules = plan(1200, seed=1)
    imports = {module.name: module.imports for module in modules}
    assert {len(each) for each in imports.values()} == {0, FAN_OUT}
    assert len(closure_of(modules[-1].name, imports)) > 0.7 * len(modules)
    shares = [sum(bool(module.service) for module in modules), sum(m.at_import for m in modules)]
    assert 0.01 < shares[0] / len(modules) < 0.06 and 0 < shares[1] < shares[0]


def test_files(tmp_path: Path) -> None:
    """A tree has the files it says, all of them Python, one in ten a test file."""
    shape = generate(tmp_path, 200, seed=3)
    tests = list(tmp_path.glob("tests/test_*.py"))
    modules = list(tmp_path.glob("app/*/module_*.py"))
    assert shape == Shape(len(modules), len(tests), shape.leaks) == (180, 20, shape.leaks)
    lines = [len(path.read_text().splitlines()) for path in (*tests, *modules)]
    assert 80 < sum(lines) / len(lines) < 120
    for path in tmp_path.rglob("*.py"):
        ast.parse(path.read_text())


def test_leaks(tmp_path: Path) -> None:
    """The tests without a mock are counted."""
    shape = generate(tmp_path, 1000, seed=1)
    found = 0
    for path in tmp_path.glob("tests/test_*.py"):
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.FunctionDef) and not node.decorator_list:
                found += "reach()" in ast.unparse(node)
    assert found == shape.leaks > 0


def test_same_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The same arguments give the same files, another seed gives others."""
    texts = []
    for name, seed in (("a", "1"), ("b", "1"), ("c", "2")):
        arguments = ["synthetic", str(tmp_path / name), "--modules", "60", "--seed", seed]
        monkeypatch.setattr("sys.argv", arguments)
        main()
        paths = sorted((tmp_path / name).rglob("*.py"))
        texts.append("".join(path.read_text() for path in paths))
    assert texts[0] == texts[1] != texts[2]
    assert capsys.readouterr().out.count("Shape(modules=54, tests=6") == 3
