"""The use cases, one verb a file: the only place where store, index and handlers meet."""
