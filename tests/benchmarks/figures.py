"""Results with figures that are easily computed."""

from __future__ import annotations

from benchmarks.plugins import BEFORE, PEERS
from benchmarks.results import PLAIN, Result
from benchmarks.rounds import COLD, FRESH, HUB, LEAF, STDIN_COLD, STDIN_PLAIN, STDIN_WARM, WARM

COSTS = {
    PLAIN: 10.0,
    BEFORE: 30.0,
    COLD: 11.0,
    WARM: 10.1,
    FRESH: 10.2,
    LEAF: 10.2,
    HUB: 10.4,
    **dict.fromkeys(PEERS, 12.0),
    STDIN_PLAIN: 0.1,
    STDIN_COLD: 0.13,
    STDIN_WARM: 0.11,
}


def result(name: str, costs: dict[str, float] | None = None, tuned: bool = False) -> Result:
    """Make the result of a repository that is all as it should be, but for these costs."""
    runs = {case: (cost, 40.0) for case, cost in {**COSTS, **(costs or {})}.items()}
    runs[COLD] = (runs[COLD][0], 65.0)
    return Result(
        name, "c" * 40, tuned, "build", "old", rounds=[runs], tests=200, findings=3,
        worst=[("tests/test_a.py", 3.0, 0.2)], marked={HUB: "app/a.py"}, done=True,
    )  # fmt: skip
