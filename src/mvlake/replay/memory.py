"""Memory: where papermill puts the executed notebook: what cells print may be secret, and is on no disk before it was looked at."""

from secrets import token_hex
from typing import Any


class Memory:
    """One of papermill's handlers of paths, for one path of its own: `path` holds `text`."""

    def __init__(self) -> None:
        self.scheme = f"mvlake-{token_hex(8)}:"
        self.path = f"{self.scheme}executed.ipynb"
        self.text = ""

    def read(self, _: str) -> str:
        """Return what was written."""
        return self.text

    def write(self, buffer: str, _: str) -> None:
        """Keep what is written."""
        self.text = buffer

    def listdir(self, _: str) -> list[str]:
        """Return no other files."""
        return []

    def pretty_path(self, path: str) -> str:
        """Return the path as it is told in the log."""
        return path

    def forget(self, register: Any) -> None:
        """Take this handler out of papermill's register again."""
        register._handlers = [one for one in register._handlers if one[1] is not self]  # noqa: SLF001 - it offers no way back
