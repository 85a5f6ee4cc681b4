"""Classes whose constructor a library writes, from what stands in the class body."""
