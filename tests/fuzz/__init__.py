"""Fuzzing: random projects, of which the plugin and a real run must say the same."""
