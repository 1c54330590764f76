"""The door for pytest: versions beside the tests of a project. Nothing of it is loaded without `--mvlake` but its options."""
