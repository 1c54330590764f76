"""The vocabulary: frozen dataclasses that say what a version, an artifact, a label or a verdict is."""
