"""The projects of the fuzzer are the same for the same seed, valid, and have all shapes."""

from __future__ import annotations

from tests.fuzz.generating import as_example, broken, generate, smallest
from tests.fuzz.shapes.choices import fill
from tests.fuzz.shapes.projects import TOPICS, Project


def test_deterministic() -> None:
    """The same seed gives the same projects, another seed gives others."""
    assert generate(20, 1) == generate(20, 1)
    assert generate(20, 1) != generate(20, 2)


def test_different() -> None:
    """No two projects are the same, though Hypothesis may make one twice."""
    texts = [as_example(project) for project, _ in generate(60, 3)]
    assert len({*texts}) == 60


def test_all_shapes() -> None:
    """Some projects are enough to have every shape of every topic, and all are valid Python."""
    every = {f"{topic}: {name}" for topic, shapes in TOPICS.items() for name in shapes}
    taken: set[str] = set()
    for project, _ in generate(700, 5):
        assert not broken(project)
        taken |= project.shapes
    assert taken == every


def test_broken() -> None:
    """A file that is no Python is told; one that is not meant to be is none."""
    project = Project({"app.py": "def (", "good.py": "", "pytest.ini": "[pytest]"}, frozenset())
    assert [text.partition(":")[0] for text in broken(project)] == ["app.py"]


def test_smallest() -> None:
    """A project that is looked for is made as small as it can be."""
    number = next(own for project, own in generate(99, 7) if "sender: thread" in project.shapes)
    small = smallest(number, lambda project: "sender: thread" in project.shapes)
    assert "threading.Thread(" in small.files["app.py"]
    assert "layout: module" in small.shapes


def test_simplest() -> None:
    """The smallest project of all takes the first shape of its topics, which is the simplest."""
    small = smallest(1_000_000, lambda project: True)
    assert {shape for shape in small.shapes if shape.startswith("layout")} == {"layout: module"}
    assert "test_" in small.files["test_b.py"]


def test_fill() -> None:
    """A block stands as deep as the word it stands for, an expression within its line."""
    assert fill("if BUILD:\n    HERE", BUILD="x", HERE="y\nz") == "if x:\n    y\n    z\n"
    assert fill("OTHER = 1", HERE="y") == "OTHER = 1\n"
