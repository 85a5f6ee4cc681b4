"""Tests of the project side: files, configuration, modules, suites, requirements."""
