"""Fork: what becomes of DuckDB in a forked child.

Its threads stay with the parent, and closing a connection waits for them: a child that lets go of a lake would crash. So a child
never closes what its parent opened: it forgets it, and opens its own when it asks.
"""

import ctypes
import os
import weakref
from typing import Any, Protocol


class Opened(Protocol):
    """Something that holds a connection."""

    def abandon(self) -> Any:
        """Forget the connection, and return it."""
        ...


_opened: weakref.WeakSet[Any] = weakref.WeakSet()


def watch(one: Opened) -> None:
    """Let what is opened be abandoned in children."""
    _opened.add(one)


def _in_child() -> None:
    for one in list(_opened):
        ctypes.pythonapi.Py_IncRef(ctypes.py_object(one.abandon()))  # for ever: not even the interpreter's end may close it
    _opened.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_in_child)
