"""Plugins are installed each into a folder of its own, without what the environment has."""

from __future__ import annotations

from pathlib import Path

from benchmarks.plugins import BEFORE, OWN, PEERS, build_of, install, strangers, versions
from tests.benchmarks.trees import content, write

PACKAGE = {"flake8_moto_order/__init__.py": "", "setup.cfg": ""}


def test_install(tmp_path: Path) -> None:
    """A folder is built from a copy without what other builds left, a wheel as it is."""
    source = write(tmp_path / "source", {**PACKAGE, "build/lib/gone.py": "", ".tox/a.py": ""})
    wheel = tmp_path / "before.whl"
    wheel.touch()
    asked: dict[str, str] = {}

    def installer(target: Path, what: str) -> None:
        asked[target.name] = what
        named = {"flake8/__init__.py": "", "flake8_own.py": "", "pyflakes-1.dist-info/A": ""}
        write(target, {**named, "mccabe.py": ""})

    found = install(tmp_path / "plugins", source, wheel, installer)
    assert found == {name: tmp_path / "plugins" / name for name in (OWN, *PEERS, BEFORE)}
    assert list(content(Path(asked[OWN]))) == sorted(PACKAGE)
    assert asked[BEFORE] == str(wheel.resolve())
    assert [asked[peer] for peer in PEERS] == list(PEERS)
    assert list(content(found[OWN])) == ["flake8_own.py"]
    assert BEFORE not in install(tmp_path / "others", source, None, installer)


def test_build(tmp_path: Path) -> None:
    """A build is told from others by its code, wherever it stands."""
    one, same = (write(tmp_path / name, PACKAGE) for name in ("one", "same"))
    other = write(tmp_path / "other", {**PACKAGE, "flake8_moto_order/__init__.py": "X = 1"})
    assert build_of(one) == build_of(same) != build_of(other)


def test_strangers() -> None:
    """Plain flake8 has the checks that come with it and no others."""
    plain = "7.5.0 (mccabe: 0.7.0, pycodestyle: 2.15.0, pyflakes: 3.5.0) CPython 3.11.7 on Linux"
    assert not strangers(plain)
    assert strangers(plain.replace("(", "(flake8-own.x:\n1, ")) == ["flake8-own.x"]


def test_versions(tmp_path: Path) -> None:
    """Peers are named with the version that was installed."""
    name = "flake8_bugbear-24.1.dist-info/METADATA"
    write(tmp_path / PEERS[0], {name: "Name: flake8-bugbear\nVersion: 24.1\n", "other.py": ""})
    write(tmp_path / PEERS[0], {"b-1.dist-info/METADATA": "Name: b\nVersion: 1\n"})
    found = versions({peer: tmp_path / peer for peer in PEERS})
    assert found == {"flake8-bugbear": "24.1"}
