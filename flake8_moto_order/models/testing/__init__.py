"""pytest, unittest and what they replace for a while."""
