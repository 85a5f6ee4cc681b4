"""The plugin in editors and in other tools that run flake8; `tox -e editors` installs these."""
