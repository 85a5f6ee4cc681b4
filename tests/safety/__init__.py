"""What the plugin must never do with the code that it reads."""
