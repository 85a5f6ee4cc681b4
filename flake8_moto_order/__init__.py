"""A flake8 plugin that finds tests which moto does not protect."""

__version__ = "0.1.0"
