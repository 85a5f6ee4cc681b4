"""Tests of single parts, without files and without flake8."""
