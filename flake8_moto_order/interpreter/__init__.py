"""An abstract interpreter for Python modules; what libraries do it asks of its models."""
