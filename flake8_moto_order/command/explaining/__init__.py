"""Shows a trace to a person: an outline of the symbolic session, written in several forms."""
