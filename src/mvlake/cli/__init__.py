"""The mvlake command."""
