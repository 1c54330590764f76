"""Progress on a terminal: one line on stderr, written over, and gone at the end."""

import atexit
import time
from typing import TextIO

_BEAT = 0.1  # seconds between two writings
_WIDTH = 60


class Progress:
    """Writes how far a long piece of work is."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._last = time.monotonic() + _BEAT  # what is done at once says nothing
        self._is_written = False

    def tell(self, what: str, done: int, size: int) -> None:
        """Say what is being done, and how much of it is."""
        now = time.monotonic()
        if now - self._last < _BEAT:
            return
        if not self._is_written:
            atexit.register(self._end)
        self._last, self._is_written = now, True
        text = f"{what}: {done:,} of {size:,}" if size else f"{what}: {done:,}"
        self._write(f"\r{text:<{_WIDTH}}")

    def _end(self) -> None:
        self._write(f"\r{'':<{_WIDTH}}\r")

    def _write(self, text: str) -> None:
        try:
            self._out.write(text)
            self._out.flush()
        except (OSError, ValueError):  # who watched has gone
            return
