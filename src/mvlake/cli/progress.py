"""Progress on a terminal: one line on stderr, written over, and gone at the end."""

import atexit
import shutil
import time
from typing import TextIO

from mvlake.lake.progress import SENTENCE
from mvlake.view.clean import visible

_BEAT = 0.1  # seconds between two writings
_SENTENCE = 500  # characters
_NARROW = 60  # columns, where the terminal says nothing


class Progress:
    """Writes how far a long piece of work is."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._last = time.monotonic() + _BEAT  # what is done at once says nothing
        self._written = 0  # columns
        self._is_ended = False  # the line is, when Python ends

    def tell(self, what: str, done: int, size: int) -> None:
        """Say what is being done, and how much of it is."""
        if size == SENTENCE:
            self._write(f"\r{'':<{self._written}}\r{visible(what, limit=_SENTENCE)}\n")
            self._written = 0
            return
        now = time.monotonic()
        if now - self._last < _BEAT:
            return
        if not self._is_ended:
            atexit.register(self._end)
            self._is_ended = True
        count = f": {done:,} of {size:,}" if size else f": {done:,}"
        room = max(shutil.get_terminal_size((_NARROW, 24)).columns - 1 - len(count), 1)  # a line that is broken is not written over
        text = (what if len(what) <= room else what[: room - 1] + "…") + count
        self._write(f"\r{text:<{self._written}}")
        self._last, self._written = now, len(text)

    def _end(self) -> None:
        self._write(f"\r{'':<{self._written}}\r")

    def _write(self, text: str) -> None:
        try:
            self._out.write(text)
            self._out.flush()
        except (OSError, ValueError):  # who watched has gone
            return
