"""Tests of the benchmarks: of what they generate, compute and write, not of any time."""
