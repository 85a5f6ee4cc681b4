"""The symbolic test session: what pytest and unittest do with the files of a project."""
