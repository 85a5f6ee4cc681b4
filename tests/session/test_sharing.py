"""Sessions that test files share: started once, and nothing of one file reaches another."""

from __future__ import annotations

from pathlib import Path

import pytest

from flake8_moto_order.effects import Trace
from flake8_moto_order.project import Sources
from flake8_moto_order.session import sharing, tracing
from flake8_moto_order.session.collection import Session
from flake8_moto_order.session.tracing import trace_file
from flake8_moto_order.settings import Settings
from tests.runs import numbered

FILES = {
    "shop.py": "import boto3\nclass Shop:\n    def use(self): boto3.client('s3').list_buckets()\n"
    "NAMES = []\nshop = Shop()\n",
    "conftest.py": "import pytest, shop\n@pytest.fixture\ndef data(): return shop.shop\n",
    "test_a.py": "import moto, shop\n@moto.mock_aws\nclass Marked(shop.Shop): pass\n"
    "moto.mock_aws(shop.Shop)\nshop.NAMES.extend(open('x'))\nshop.shop = None\n"
    "def test_a(data): pass\n",
    "test_b.py": "import moto, shop\ndef test_b(data): data.use(); shop.shop.use()\n",
    "sub/conftest.py": "",
    "sub/test_c.py": "import shop\ndef test_c(data): data.use()\n",
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Write a project whose test files change what its conftest loads."""
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


@pytest.fixture
def starts(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Note for which files a session was started."""
    started: list[str] = []
    start = Session.start

    def noting(self: Session, path: str) -> None:
        started.append(path.rpartition("/")[2])
        start(self, path)

    monkeypatch.setattr(Session, "start", noting)
    return started


def trace(project: Path, name: str, sources: Sources) -> Trace:
    """Trace a file with everything in it."""
    settings = Settings(scope="all")
    return numbered(trace_file(str(project / name), sources, settings, str(project), thorough=True))


def test_apart(project: Path, starts: list[str]) -> None:
    """In any order, files have the traces that they have alone; each chain is started once."""
    names = [name for name in FILES if "test_" in name]
    alone = {name: trace(project, name, Sources()) for name in names}
    starts.clear()
    for order in (names, names[::-1]):
        sources = Sources()
        assert {name: trace(project, name, sources) for name in order} == alone
    assert starts == ["test_a.py", "test_c.py", "test_c.py", "test_b.py"]


def test_bounded(project: Path, starts: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Of too many sessions, the one that was not used for the longest time goes."""
    monkeypatch.setattr(sharing, "MOST_SESSIONS", 1)
    sources = Sources()
    for name in ("test_a.py", "sub/test_c.py", "test_b.py", "test_a.py"):
        trace(project, name, sources)
    assert starts == ["test_a.py", "test_c.py", "test_b.py"]


def test_broken_use(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After an error of ours in one file, the next one starts with a session of its own."""
    sources = Sources()
    with monkeypatch.context() as patched:
        patched.setattr(tracing, "aftermath", None)
        with pytest.raises(TypeError):
            trace(project, "test_a.py", sources)
    assert trace(project, "test_b.py", sources) == trace(project, "test_b.py", Sources())


def test_endless_start(project: Path) -> None:
    """A conftest that can't be followed to its end leaves nothing to say of the tests below it."""
    loops = "".join(" " * depth + "for a in range(9):\n" for depth in range(9))
    (project / "conftest.py").write_text(f"{loops}{' ' * 9}print(a)\n")
    assert trace(project, "test_b.py", Sources()).tests == ()
