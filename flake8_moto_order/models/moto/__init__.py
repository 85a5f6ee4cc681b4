"""moto, by version."""
