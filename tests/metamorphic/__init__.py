"""Changes of a project that change no verdict."""
