"""A small shop that keeps its data in AWS."""
