"""Tap: one method of one object, listened to while a cell runs, and put back whatever the order in which taps end."""

import contextlib
from collections.abc import Callable
from types import FunctionType
from typing import Any

_MARK = "__mvlake_tap__"


class Tap:
    """A listener on what a method is called with. An attribute shadows the method: class and hooks stay as they are.

    `unless` says of a call that it is not to happen.
    """

    def __init__(
        self, target: Any, name: str, listen: Callable[..., None] | None = None, *, unless: Callable[[], bool] | None = None
    ) -> None:
        self._own: dict[str, Any] = target.__dict__
        self._name = name
        self._found = self._own.get(name)
        self._is_over = False
        original = getattr(target, name)

        def tapped(*args: Any, **kwargs: Any) -> Any:
            if unless is not None and not self._is_over and unless():
                return None
            answer = original(*args, **kwargs)
            if listen is not None and not self._is_over:
                with contextlib.suppress(Exception):  # what a user shows may be anything, and is shown already
                    listen(*args, **kwargs)
            return answer

        if type(original) is FunctionType:  # who looks at a function of Python's finds what is written there
            tapped.__module__, tapped.__name__ = original.__module__, original.__name__
            tapped.__qualname__, tapped.__doc__ = original.__qualname__, original.__doc__
        tapped.__dict__[_MARK] = self
        self._tapped = tapped
        self._own[name] = tapped

    def stop(self) -> None:
        """Listen no more, and take away every tap that is over. One that somebody else has wrapped stays, and is deaf."""
        self._is_over = True
        while (top := _tap_of(self._own.get(self._name))) is not None and top._is_over:  # noqa: SLF001 - one of its own kind
            if top._found is None:  # noqa: SLF001
                del self._own[self._name]
            else:
                self._own[self._name] = top._found  # noqa: SLF001


def _tap_of(method: Any) -> Tap | None:
    """Return the tap that a method is; None when it is somebody else's, which may have copied our mark."""
    tap = method.__dict__.get(_MARK) if type(method) is FunctionType else None
    return tap if type(tap) is Tap and tap._tapped is method else None  # noqa: SLF001
