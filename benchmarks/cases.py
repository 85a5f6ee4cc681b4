"""What is measured: whole runs, changes, single files, peers, memory and start."""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from benchmarks.changes import touch
from benchmarks.measure import FailedError, Run, Series, in_turn, run
from benchmarks.plugins import OWN, PEERS
from benchmarks.results import Row

IMPORT = (
    "import flake8.main.cli, flake8.checker, flake8.style_guide, time; t = time.process_time();"
    "import {module}; print((time.process_time() - t) * 1000)"
)
GRAPH = (
    "import sys; sys.path.insert(0, '.'); import grimp; grimp.build_graph('app', cache_dir=None)"
)


@dataclass
class Bench:
    """A tree to lint, the folders of plugins, and where the cache goes."""

    tree: Path
    name: str
    size: int
    tests: str
    plugins: dict[str, Path]
    work: Path
    rounds: int
    rows: list[Row] = field(default_factory=list)

    @property
    def cache(self) -> Path:
        """The folder of the cache of this benchmark."""
        return self.work / "cache"

    def flake8(self, plugin: str, *arguments: str, text: str = "") -> Run:
        """Run flake8 with one plugin, or none."""
        own = ["--moto-order-cache-dir", str(self.cache)] if plugin == OWN else []
        command = [sys.executable, "-m", "flake8", "--isolated", *own, *arguments]
        return run(command, self.tree, [self.plugins[plugin]] if plugin else [], text)

    def compare(
        self, case: str, *arguments: str, before: Callable[[], object] = int, text: str = ""
    ) -> None:
        """Measure runs without and with the plugin in turn; `before` comes before each with it."""
        outputs: set[str] = set()

        def measured() -> Run:
            before()
            done = self.flake8(OWN, *arguments, text=text)
            outputs.add("\n".join(sorted(_findings(done.output))))
            return done

        without = partial(self.flake8, "", *arguments, text=text)
        plain, with_plugin = in_turn(self.rounds, [without, measured])
        if len(outputs) != 1:
            raise FailedError(f"{self.name}, {case}: the findings differ from run to run")
        self.rows.append(Row(self.name, self.size, case, plain, with_plugin))

    def forget(self) -> None:
        """Empty the cache."""
        shutil.rmtree(self.cache, ignore_errors=True)

    def whole_runs(self) -> None:
        """Measure runs over the tests and over all, cold, warm, and with two processes."""
        for target, name in ((self.tests, "flake8 tests"), (".", "flake8 .")):
            self.compare(f"{name}, cold", "-j1", target, before=self.forget)
            self.compare(f"{name}, warm", "-j1", target)
            self.compare(f"{name}, cold, -j2", "-j2", target, before=self.forget)
            self.compare(f"{name}, warm, -j2", "-j2", target)

    def changes(self, leaf: Path, hub: Path) -> None:
        """Measure warm runs after a change: of a leaf module, of a hub, of all times."""
        for case, path in (("a leaf module changed", leaf), ("a hub module changed", hub)):
            self.compare(f"flake8 tests, {case}", "-j1", self.tests, before=partial(_change, path))
        again = partial(touch, self.tree)
        self.compare("flake8 tests, new checkout", "-j1", self.tests, before=again)

    def single_files(self, test: Path, other: Path) -> None:
        """Measure one test file by path and on standard input, and one that is no test."""
        self.compare("one test file, cold", str(test), before=self.forget)
        self.compare("one test file, warm", str(test))
        text = (self.tree / test).read_text(encoding="utf-8")
        stdin = ("--stdin-display-name", str(test), "-")
        self.compare("standard input, cold", *stdin, before=self.forget, text=text)
        self.compare("standard input, warm", *stdin, text=text)
        self.compare("one file that is no test", str(other))

    def peers(self) -> Iterator[tuple[str, Series]]:
        """Measure other plugins over the tests, and the import graph of import-linter."""
        commands = [partial(self.flake8, name, "-j1", self.tests) for name in ("", *PEERS)]
        for name, series in zip(("plain flake8", *PEERS), in_turn(self.rounds, commands)):
            yield name, series
        if (self.tree / "app").is_dir():
            graph = partial(run, [sys.executable, "-c", GRAPH], self.tree, [])
            yield "grimp (import-linter)", in_turn(self.rounds, [graph])[0]

    def imports(self) -> Iterator[tuple[str, float]]:
        """Yield how many ms of CPU the import of a plugin's module takes, beside flake8's own."""
        modules = {
            "start (plugin)": "flake8_moto_order.plugin",
            "first test file (engine)": (
                "flake8_moto_order.plugin, flake8_moto_order.session.tracing"
            ),
        }
        for name, module in modules.items():
            command = [sys.executable, "-c", IMPORT.format(module=module)]
            plugins = [self.plugins[OWN]]
            times = sorted(float(run(command, self.tree, plugins).output) for _ in range(5))
            yield name, times[2]


def _findings(output: str) -> Iterator[str]:
    return (line for line in output.splitlines() if " MOT" in line)


def _change(path: Path) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write(f"# {time.time_ns()}\n")
