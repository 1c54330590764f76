"""Progress of several: what runs at a time, and how far each of it is, told in one line."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from mvlake.lake.progress import SENTENCE, Tell

_NAMED = 3


class ProgressOfSeveral:
    """Tells of several pieces of work together: how many are done, and where those are that run. Any thread may tell."""

    def __init__(self, tell: Tell, size: int) -> None:
        self._tell, self._size = tell, size
        self._done = 0
        self._running: dict[str, str] = {}
        self._lock = threading.Lock()

    @contextmanager
    def of(self, name: str) -> Iterator[Tell]:
        """Give what one piece of work tells its own progress; it is done at the end."""
        self._say(name, "")

        def tell(what: str, done: int, size: int) -> None:
            if size == SENTENCE:
                with self._lock:
                    self._tell(what, done, size)  # it says whose it is
                return
            self._say(name, f" {done}/{size}" if size else "")

        try:
            yield tell
        finally:
            with self._lock:
                self._running.pop(name, None)
                self._done += 1
            self._say("", "")

    def _say(self, name: str, how_far: str) -> None:
        with self._lock:
            if name:
                self._running[name] = how_far
            now = [f"{one}{far}" for one, far in self._running.items()]
            more = [f"{len(now) - _NAMED} more"] if len(now) > _NAMED else []
            running = f" ({', '.join([*now[:_NAMED], *more])})" if now else ""
            self._tell(f"replayed{running}", self._done, self._size)
