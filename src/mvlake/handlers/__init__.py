"""Live objects to bytes and back: one file per library, found by the library of the object's class."""
