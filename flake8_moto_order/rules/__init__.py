"""The rules: one module each, found by its name; adding a rule is adding a module here."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from functools import cache

from flake8_moto_order.effects import Trace
from flake8_moto_order.rules.rule import Diagnostic, Rule


@cache
def all_rules() -> tuple[Rule, ...]:
    """Return every rule, in the order of their codes."""
    names = sorted(m.name for m in pkgutil.iter_modules(__path__) if m.name.startswith("mot"))
    modules = [importlib.import_module(f"{__name__}.{name}") for name in names]
    return tuple(module.RULE for module in modules)


def check(trace: Trace, chosen: AbstractSet[str] = frozenset()) -> Iterator[Diagnostic]:
    """Yield what the rules find in a trace, in the order of the file.

    Rules that are off by default take part if they are chosen.
    """
    rules = [
        rule
        for rule in all_rules()
        if trace.is_test is not rule.of_modules and (not rule.off or rule.code in chosen)
    ]
    found = [diagnostic for rule in rules for diagnostic in rule.diagnose(trace)]
    yield from sorted(set(found))
