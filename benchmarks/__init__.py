"""Benchmarks: what the plugin costs, beside plain flake8 and other plugins. See __main__.py."""
