"""The command `flake8-moto-order`: explains a file, or checks files without other plugins."""
