"""Whatever is edited, a run with the cache finds what a run without it finds."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from packaging.version import Version

from flake8_moto_order.settings import Settings
from tests.cache import editing
from tests.cache.linting import OFF, lint

SEQUENCES = 20
BUNDLES = 6
STEPS = 4
NAMES = ("test_a.py", "test_b.py", "unit/test_c.py", "conftest.py", "__init__.py")


def settings_of(root: Path, random: Random) -> Settings:
    """Choose options, mostly none."""
    if random.random() < 0.7:
        return Settings()
    return random.choice(
        [
            Settings(moto_version=Version("4.0")),
            Settings(roots=(str(root / "shop"),)),
            Settings(scope="all"),
            Settings(test_files=("test_*.py",)),
            Settings(client_factories=frozenset({"helpers.s3"})),
        ]
    )


@pytest.mark.parametrize("bundle", range(BUNDLES))
def test_edits(bundle: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After each of many random edits, all files have the findings of a run without a cache."""
    linted = hits = 0
    for number in range(SEQUENCES):
        random = Random(bundle * SEQUENCES + number)
        root = tmp_path / f"project{number}"
        root.mkdir()
        editing.start(root, random)
        settled = random.random() < 0.7
        monkeypatch.chdir(root)
        history: list[str] = []
        for _ in range(STEPS):
            paths = [root / "tests" / name for name in NAMES]
            settings = settings_of(root, random)
            texts = {random.choice(paths): random.choice(editing.TESTS)}
            texts = texts if random.random() < 0.2 else {}
            cold = lint(paths, OFF, settings, texts)
            warm = lint(paths, settings=settings, texts=texts, settled=settled)
            assert warm.found == cold.found, (number, history)
            linted += len(cold.traced)
            hits += len(cold.traced) - len(warm.traced)
            history.append(editing.edit(root, random))
        monkeypatch.chdir(tmp_path)
    assert hits > linted / 5
