"""How the project side reads files and finds modules, configuration, conftests and suites."""

from __future__ import annotations

import ast
import os
from pathlib import Path

import pytest

from flake8_moto_order.project import (
    ALL,
    Linted,
    PytestConfiguration,
    Sources,
    collected_as,
    conftests,
    find_configuration,
    find_module,
    initial_conftests,
    initial_path,
    is_test_code,
    is_test_file,
)
from flake8_moto_order.project import test_files as suite_of


def write(root: Path, files: dict[str, str]) -> None:
    """Write files below a folder."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def configure(root: Path, file: str = "tests/test_a.py") -> PytestConfiguration:
    """Find the configuration of a file as seen from `root`."""
    return find_configuration(Sources(), str(root / file), str(root))


@pytest.mark.parametrize(
    "content",
    [b"x = (", b"x = 1\0", b"# coding: nonsense\n", b"\xff\xfe = 1", b"(" * 500, b"x = '\xe9'"],
)
def test_broken_files_have_no_tree(tmp_path: Path, content: bytes) -> None:
    """A file that Python can't parse has no tree, and nothing is raised."""
    (tmp_path / "a.py").write_bytes(content)
    assert Sources().tree(str(tmp_path / "a.py")) is None


def test_odd_files_have_no_tree(tmp_path: Path) -> None:
    """A folder, a pipe, a missing and a huge file are no modules, and none is waited for."""
    (tmp_path / "folder.py").mkdir()
    os.mkfifo(tmp_path / "pipe.py")
    (tmp_path / "huge.py").write_bytes(b"#" * 2_000_001)
    sources = Sources()
    for name in ("folder.py", "pipe.py", "missing.py", "huge.py"):
        assert sources.tree(str(tmp_path / name)) is None
        assert sources.text(str(tmp_path / name)) is None
        assert not sources.is_file(str(tmp_path / name))


def test_declared_encodings_are_read(tmp_path: Path) -> None:
    """A file in a declared encoding is read as Python reads it."""
    (tmp_path / "a.py").write_bytes("# coding: latin-1\nx = 'é'\n".encode("latin-1"))
    sources = Sources()
    assert isinstance(sources.tree(str(tmp_path / "a.py")), ast.Module)
    assert "é" in (sources.text(str(tmp_path / "a.py")) or "")


def test_overlay_wins_over_the_disk(tmp_path: Path) -> None:
    """Unsaved text and its tree stand for the file, until the next refresh."""
    path = str(tmp_path / "a.py")
    write(tmp_path, {"a.py": "x = 1\n"})
    unsaved = Linted(ast.parse("y = 2\n"), "y = 2\n")
    sources = Sources({path: unsaved})
    assert sources.tree(path) is unsaved.tree
    assert (sources.bytes(path), sources.text(path)) == (b"y = 2\n", "y = 2\n")
    assert sources.parsed("length", path, len) == 6
    sources.refresh({})
    assert sources.tree(path) is not unsaved.tree
    assert sources.bytes(path) == b"x = 1\n"


def test_facts_are_read_off_once(tmp_path: Path) -> None:
    """What is read off a tree is kept with its file, that of an overlay until the next one."""
    path = str(tmp_path / "a.py")
    write(tmp_path, {"a.py": "x = 1\n"})
    reads: list[ast.Module] = []
    sources = Sources()
    for overlay in ({}, {path: Linted(ast.parse("y = 2\n"), "y = 2\n")}, {}):
        sources.refresh(overlay)
        for _ in range(2):
            sources.written("reads", path, reads.append)
        assert sources.tree(path) in reads
    assert len(reads) == 2
    assert sources.written("reads", str(tmp_path / "b.py"), reads.append) is None


def test_overlay_is_a_dependency_of_what_is_kept(tmp_path: Path) -> None:
    """What is derived from the linted file rests on it when it serves the next file."""
    path = str(tmp_path / "a.py")
    write(tmp_path, {"a.py": "x = 1\n", "b.py": ""})
    sources = Sources()
    for name in ("a.py", "b.py"):
        sources.begin(str(tmp_path / name), Linted(ast.parse("x = 1\n"), "x = 1\n"))
        seen = sources.watch()
        assert sources.derive("text", lambda: sources.text(path)) == "x = 1\n"
        assert seen.parts == {(path, ALL)}


def test_changed_files_are_read_again(tmp_path: Path) -> None:
    """After a refresh a file that changed is read again, an unchanged one is not."""
    path = str(tmp_path / "a.py")
    write(tmp_path, {"a.py": "x = 1\n"})
    sources = Sources()
    first = sources.tree(path)
    sources.refresh({})
    assert sources.tree(path) is first
    write(tmp_path, {"a.py": "x = 1\ny = 2\n"})
    sources.refresh({})
    assert sources.bytes(path) == b"x = 1\ny = 2\n"


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"a/m.py": "", "b/m.py": ""}, "a/m.py"),
        ({"a/m/x.py": "", "b/m.py": ""}, "b/m.py"),
        ({"a/m.py": "", "a/m/__init__.py": ""}, "a/m/__init__.py"),
        ({"a/x.py": "", "b/m/__init__.py": ""}, "b/m/__init__.py"),
    ],
)
def test_modules_are_found_as_python_finds_them(
    tmp_path: Path, files: dict[str, str], expected: str
) -> None:
    """Folders go in order, packages before modules, both before namespace folders."""
    write(tmp_path, files)
    found = find_module(Sources(), "m", (str(tmp_path / "a"), str(tmp_path / "b")))
    assert found and found.path == str(tmp_path / expected)


def test_namespace_packages_have_all_their_portions(tmp_path: Path) -> None:
    """A namespace package is searched in every folder of its name."""
    write(tmp_path, {"a/m/x.py": "", "b/m/y.py": ""})
    sources = Sources()
    found = find_module(sources, "m", (str(tmp_path / "a"), str(tmp_path / "b")))
    assert found and found.path is None
    inner = find_module(sources, "m.y", found.search)
    assert inner and inner.path == str(tmp_path / "b/m/y.py")
    assert find_module(sources, "nothing", found.search) is None


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("pytest.ini", "[pytest]\npython_files = check_*.py\n"),
        (".pytest.ini", "[pytest]\npython_files = check_*.py\n"),
        ("pytest.toml", '[pytest]\npython_files = ["check_*.py"]\n'),
        ("pyproject.toml", '[tool.pytest.ini_options]\npython_files = "check_*.py"\n'),
        ("pyproject.toml", '[tool.pytest]\npython_files = ["check_*.py"]\n'),
        ("tox.ini", "[pytest]\npython_files = check_*.py\n"),
        ("setup.cfg", "[tool:pytest]\npython_files = check_*.py\n"),
    ],
)
def test_every_configuration_file_is_read(tmp_path: Path, name: str, text: str) -> None:
    """pytest's settings are found in each file that pytest looks into."""
    write(tmp_path, {name: text, "tests/check_a.py": ""})
    configuration = configure(tmp_path)
    assert configuration.rootdir == str(tmp_path)
    assert configuration.python_files == ("check_*.py",)


def test_an_empty_pytest_ini_counts(tmp_path: Path) -> None:
    """An empty pytest.ini is a configuration; a tox.ini without [pytest] is none."""
    write(tmp_path, {"pytest.ini": "", "tests/tox.ini": "[tox]\n"})
    assert configure(tmp_path).inifile == str(tmp_path / "pytest.ini")


@pytest.mark.parametrize("name", ["pyproject.toml", "setup.cfg", "tox.ini"])
def test_a_broken_configuration_is_as_if_absent(tmp_path: Path, name: str) -> None:
    """A configuration file that can't be parsed leaves pytest's defaults."""
    write(tmp_path, {name: "[[[\n=\x01", "tests/test_a.py": ""})
    assert configure(tmp_path).python_files == ("test_*.py", "*_test.py")


def test_configuration_is_found_above_the_working_directory(tmp_path: Path) -> None:
    """flake8 started in the tests' own folder sees the project's configuration."""
    write(tmp_path, {"pytest.ini": "[pytest]\npythonpath = lib\n", "tests/test_a.py": ""})
    tests = tmp_path / "tests"
    found = find_configuration(Sources(), str(tests / "test_a.py"), str(tests))
    assert found.pythonpath == (str(tmp_path / "lib"),)


def test_options_are_read_from_addopts(tmp_path: Path) -> None:
    """`-p` names plugins unless it switches one off, `--import-mode` the mode."""
    options = "-q -p tests.plug -pmore -p no:cacheprovider --import-mode=importlib"
    write(tmp_path, {"pytest.ini": f"[pytest]\naddopts = {options}\n"})
    configuration = configure(tmp_path)
    assert configuration.plugins == ("tests.plug", "more")
    assert configuration.import_mode == "importlib"


def test_variables_of_pytest_env_are_read(tmp_path: Path) -> None:
    """pytest-env's settings set environment variables, with or without a flag before the name."""
    write(tmp_path, {"pytest.ini": "[pytest]\nenv =\n    A=1\n    D:B=2\n"})
    assert configure(tmp_path).env == {"A": "1", "B": "2"}


@pytest.mark.parametrize("name", ["pyproject.toml", "pytest.toml"])
def test_tables_of_pytest_env_are_read(tmp_path: Path, name: str) -> None:
    """A table `pytest_env` may unset a variable or say more of it; it wins over lines."""
    head = "tool." if name == "pyproject.toml" else ""
    table = (
        f"[{head}pytest_env]\nA = 1\nB = {{value = 'b', skip_if_set = true}}\n"
        "C = {unset = true}\nD = []\nE = {transform = true}\n"
    )
    write(tmp_path, {name: table, "pytest.ini": "[pytest]\nenv =\n    A=2\n"})
    assert configure(tmp_path).env == {"A": "1", "B": "b", "E": ""}


def test_a_quote_that_is_not_closed(tmp_path: Path) -> None:
    """Options that no shell would take are split at spaces."""
    write(tmp_path, {"pytest.ini": "[pytest]\naddopts = -p plug -k 'a\n"})
    assert configure(tmp_path).plugins == ("plug",)


@pytest.mark.parametrize(
    ("files", "name", "insert"),
    [
        ({"tests/a-b/__init__.py": "", "tests/a-b/test_a.py": ""}, "test_a", "tests/a-b"),
        ({"tests/test_a.py": ""}, "test_a", "tests"),
        ({"tests/__init__.py": "", "tests/test_a.py": ""}, "tests.test_a", "."),
    ],
)
def test_prepend_mode_names_modules_from_the_first_folder_without_init(
    tmp_path: Path, files: dict[str, str], name: str, insert: str
) -> None:
    """The first folder upward without `__init__.py` goes on sys.path (pytest, prepend mode)."""
    write(tmp_path, {"pytest.ini": "", **files})
    path = str(tmp_path / next(file for file in files if "test_a" in file))
    collected = collected_as(Sources(), configure(tmp_path), path)
    assert (collected.name, collected.append) == (name, False)
    assert collected.insert == os.path.normpath(tmp_path / insert)


def test_importlib_mode_leaves_the_path_alone(tmp_path: Path) -> None:
    """In importlib mode nothing goes on sys.path."""
    write(tmp_path, {"pytest.ini": "[pytest]\naddopts = --import-mode importlib\n"})
    path = str(tmp_path / "tests/test_a.py")
    assert collected_as(Sources(), configure(tmp_path), path).insert is None
    package = str(tmp_path / "tests/a.b/__init__.py")
    assert collected_as(Sources(), configure(tmp_path), package).name == "tests.a_b"


def test_conftests_go_from_the_root_down(tmp_path: Path) -> None:
    """The conftest of the root comes first, that of the file's own folder last."""
    names = ["conftest.py", "tests/conftest.py", "tests/unit/conftest.py"]
    write(tmp_path, {"pytest.ini": "", **{name: "" for name in names}, "other/conftest.py": ""})
    found = conftests(Sources(), configure(tmp_path), str(tmp_path / "tests/unit/test_a.py"))
    assert found == tuple(str(tmp_path / name) for name in names)
    initial = initial_conftests(Sources(), configure(tmp_path))
    assert initial == tuple(str(tmp_path / name) for name in names[:2])


def test_source_roots_go_in_order(tmp_path: Path) -> None:
    """The option comes before `pythonpath`, both before the root and its src folder."""
    write(tmp_path, {"pytest.ini": "[pytest]\npythonpath = lib\n", "src/a.py": ""})
    found = initial_path(Sources(), configure(tmp_path), ("/option",), str(tmp_path))
    expected = ["/option", str(tmp_path / "lib"), str(tmp_path), str(tmp_path / "src")]
    assert found == tuple(expected)


def test_the_suite_is_in_pytests_order(tmp_path: Path) -> None:
    """Files and folders go by name together; virtual environments and caches are left out."""
    names = ["test_b.py", "test_a/test_x.py", "c_test.py", "test_c/test_y.py"]
    left_out = ["venv/test_v.py", ".tox/test_t.py", "env/pyvenv.cfg", "env/test_e.py"]
    write(tmp_path, {"pytest.ini": "", **{name: "" for name in (*names, *left_out)}})
    os.symlink(tmp_path, tmp_path / "test_loop")
    found = [os.path.relpath(p, tmp_path) for p in suite_of(Sources(), configure(tmp_path))]
    assert found == ["c_test.py", "test_a/test_x.py", "test_b.py", "test_c/test_y.py"]


def test_the_suite_is_the_projects_own(tmp_path: Path) -> None:
    """Tests of installed packages are left out: by the name of a folder, or by their record."""
    names = ["vendor/test_a.py", "lib/package/deep/test_b.py", "lib/test_c.py", "lib/o/test_d.py"]
    others = ["site-packages/test_e.py"]
    write(tmp_path, {"pytest.ini": "", **{name: "" for name in (*names, *others)}})

    def own() -> set[str]:
        sources, configuration = Sources(), configure(tmp_path)
        suite = {os.path.relpath(path, tmp_path) for path in suite_of(sources, configuration)}
        ways: tuple[tuple[str, ...], ...] = ((), ("test_*.py",))
        for name in (*names, *others):
            path = str(tmp_path / name)
            found = {is_test_file(sources, configuration, path, patterns) for patterns in ways}
            assert found == {name in suite}
        return suite

    assert own() == set(names)
    write(tmp_path, {"lib/package-1.0.dist-info/METADATA": "", "lib/text.dist-info": ""})
    assert own() == set(names)
    record = "package/deep/test_b.py,sha256=x,0\ntest_c.py,,\n../bin/x,,\n"
    write(tmp_path, {"lib/package-1.0.dist-info/RECORD": record})
    assert own() == {"vendor/test_a.py", "lib/o/test_d.py"}


def test_the_suite_has_each_file_once(tmp_path: Path) -> None:
    """A path inside another one adds nothing; a path may be a file, and lead nowhere."""
    paths = "tests tests/deep other/test_b.py other/data.txt nowhere"
    text = f"[pytest]\ntestpaths = {paths}\npython_files = deep/test_*.py test_b.py\n"
    names = ["tests/deep/test_a.py", "tests/test_c.py", "other/test_b.py", "other/data.txt"]
    write(tmp_path, {"pytest.ini": text, **{name: "" for name in names}})
    (tmp_path / "tests" / "deep" / "__pycache__").mkdir()
    found = [os.path.relpath(p, tmp_path) for p in suite_of(Sources(), configure(tmp_path))]
    assert found == ["tests/deep/test_a.py", "other/test_b.py"]


@pytest.mark.parametrize(
    ("path", "patterns", "expected"),
    [
        ("tests/test_a.py", (), True),
        ("shop/a.py", (), False),
        ("shop/conftest.py", (), True),
        ("tests/__init__.py", (), True),
        ("shop/__init__.py", (), False),
        ("shop/a.py", ("a.py",), True),
        ("tests/test_a.py", ("check_*.py",), False),
        ("deep/shop/a.py", ("shop/*.py",), True),
    ],
)
def test_test_files_are_told_by_name(
    tmp_path: Path, path: str, patterns: tuple[str, ...], expected: bool
) -> None:
    """python_files, conftest.py and the `__init__.py` of test folders, or else the option."""
    write(tmp_path, {"pytest.ini": "", path: ""})
    configuration = configure(tmp_path)
    assert is_test_file(Sources(), configuration, str(tmp_path / path), patterns) is expected


@pytest.mark.parametrize(
    ("path", "root", "expected"),
    [
        ("shop/app.py", "", False),
        ("shop/latest.py", "", False),
        ("shop/conftest.py", "", True),
        ("shop/test_app.py", "", True),
        ("shop/tests/app.py", "", True),
        ("shop/testing/app.py", "", True),
        ("integration_tests/app.py", "", True),
        ("shop/fake_aws.py", "", True),
        ("shop/check_app.py", "", True),
        ("tests/app.py", "tests", True),
    ],
)
def test_test_code_is_told_by_place_and_name(
    tmp_path: Path, path: str, root: str, expected: bool
) -> None:
    """Test files, conftests, what stands in folders of tests, and helpers by their names."""
    write(tmp_path, {f"{root}/pytest.ini" if root else "pytest.ini": "", path: ""})
    configuration = configure(tmp_path, path)
    found = is_test_code(Sources(), configuration, str(tmp_path / path), ("check_*.py",))
    assert found is expected
