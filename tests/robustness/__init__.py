"""Nothing escapes and nothing hangs, whatever the files are."""
