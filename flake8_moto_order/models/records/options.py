"""How models of pydantic are configured: by `model_config`, `class Config` or class keywords."""

from __future__ import annotations

import ast

from flake8_moto_order.interpreter.attributes import linearize
from flake8_moto_order.interpreter.base import Base, unknown
from flake8_moto_order.interpreter.values import Class, Collection, Constant, Value
from flake8_moto_order.models.records.fields import Field

Options = dict[str, Value]
BY_NAME = ("populate_by_name", "validate_by_name", "allow_population_by_field_name")
ALIASES = ("validation_alias", "alias", "env")
# What makes values come from where nobody looks.
ELSEWHERE = {
    "env_file", "secrets_dir", "env_nested_delimiter", "cli_parse_args", "yaml_file", "toml_file",
    "json_file",
}


def options_of(cls: Class) -> Options:
    """Return what a class is configured with, each option as the most derived class has it."""
    options: Options = {}
    for owner in reversed(linearize(cls)):
        inner, config = owner.namespace.get("Config"), owner.namespace.get("model_config")
        slots = config.slots if isinstance(config, Collection) else {}
        if isinstance(inner, Class):
            slots = inner.namespace
        options.update({str(name): v for name, v in slots.items() if isinstance(v, Value)})
        for keyword in owner.node.keywords if owner.node else ():
            value: Value = unknown("option")
            if isinstance(keyword.value, ast.Constant):
                value = Constant(keyword.value.value)
            options[str(keyword.arg)] = value
    return options


def is_on(options: Options, *names: str) -> bool:
    """Tell whether one of these options is known to be true."""
    values = (options.get(name) for name in names)
    return any(isinstance(value, Constant) and bool(value.value) for value in values)


def names_given(field: Field, options: Options) -> list[str] | None:
    """Return the names by which a value for a field can be given; None if these are not known."""
    alias = field.option(*ALIASES)
    if alias is None:
        return None if "alias_generator" in options else [field.name]
    if not isinstance(alias, Constant):
        return None
    return [str(alias.value), *[field.name] * is_on(options, *BY_NAME)]


def in_environment(base: Base, field: Field, options: Options) -> Value | None:
    """Return what the environment has for a field; unknown if another source may have it."""
    prefix, alias = options.get("env_prefix", Constant("")), field.option(*ALIASES)
    name = alias if alias is not None else prefix
    if not isinstance(name, Constant):
        return unknown(field.name)
    wanted = str(name.value) + (field.name if alias is None else "")
    is_exact = is_on(options, "case_sensitive")
    for key, value in base.environment.environ.slots.items():
        present = str(key)
        if present == wanted or (not is_exact and present.lower() == wanted.lower()):
            return value if isinstance(value, Value) else None
    return None
