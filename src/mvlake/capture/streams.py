"""Streams: what a cell prints, copied on its way. The stream object stays the one that the user's code may hold."""

import sys
from typing import Any

LIMIT = 1 << 20
_CUT = "\n… cut here by mvlake: only the first mebibyte of what a cell prints is kept …\n"


class StreamCopy:
    """A copy of all that is written to one of `sys`'s streams between `start` and `stop`."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._parts: list[str] = []
        self._length = 0
        self._stream: Any = None
        self._write: Any = None
        self._had_own_write = False

    def start(self) -> None:
        """Begin to copy. IPython copies in the same way: by an attribute on the stream, because its class is asked for."""
        stream = getattr(sys, self._name)
        original = stream.write

        def write(data: str, *args: Any, **kwargs: Any) -> Any:
            written = original(data, *args, **kwargs)
            self._keep(data)
            return written

        self._had_own_write = "write" in getattr(stream, "__dict__", {})
        stream.write = write
        self._stream, self._write = stream, (original, write)

    def stop(self) -> str:
        """Put the stream back as it was, and return what was written, at most a mebibyte of it."""
        if self._stream is not None:
            original, ours = self._write
            # Somebody may have wrapped it meanwhile; then taking ours away would take theirs too.
            if self._stream.__dict__.get("write") is ours:
                if self._had_own_write:
                    self._stream.write = original
                else:
                    del self._stream.write
            self._stream = None
        return "".join(self._parts)

    def _keep(self, data: object) -> None:
        if type(data) is str and self._length <= LIMIT:
            self._parts.append(data[: LIMIT - self._length])
            self._length += len(data)
            if self._length > LIMIT:
                self._parts.append(_CUT)
