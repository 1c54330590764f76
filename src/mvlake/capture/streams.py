"""Streams: what a cell prints, copied on its way. The stream object stays the one that the user's code may hold."""

import contextlib
import sys
from collections.abc import Callable

from mvlake.capture.tap import Tap

LIMIT = 1 << 20
_CUT = "\n… cut here by mvlake: only the first mebibyte of what a cell prints is kept …\n"


class StreamCopy:
    """A copy of all that is written to one of `sys`'s streams between `start` and `stop`, where `is_meant` says that it is."""

    def __init__(self, name: str, is_meant: Callable[[], bool] = lambda: True) -> None:
        self._name, self._is_meant = name, is_meant
        self._parts: list[str] = []
        self._length = 0
        self._tap: Tap | None = None

    def start(self) -> None:
        """Begin to copy. IPython copies in the same way: by an attribute on the stream, because its class is asked for."""
        with contextlib.suppress(Exception):  # None, or a stream of the user's own that takes no attributes: not copied then
            self._tap = Tap(getattr(sys, self._name), "write", self._keep)

    def stop(self) -> str:
        """Put the stream back as it was, and return what was written, at most a mebibyte of it."""
        if self._tap is not None:
            self._tap.stop()
            self._tap = None
        return "".join(self._parts)

    def _keep(self, data: object, *_: object, **__: object) -> None:
        if type(data) is str and self._length <= LIMIT and self._is_meant():
            self._parts.append(data[: LIMIT - self._length])
            self._length += len(data)
            if self._length > LIMIT:
                self._parts.append(_CUT)
