"""Variables: what a frame of the user's sees under its names, read without keeping anything alive."""

import sys
from collections.abc import Mapping
from inspect import CO_OPTIMIZED
from types import FrameType
from typing import Any

_OWN = 3  # references to a dictionary that nobody but the frame and this function holds
_BETWEEN = ("contextlib", __package__, "mvlake.capture.script")


def caller(depth: int) -> FrameType:
    """Return the frame that is `depth` calls outwards of whoever asks, past ours and those of `contextlib.ExitStack`."""
    frame = sys._getframe(depth + 1)  # noqa: SLF001 - how `warnings` finds its caller
    while frame.f_back is not None and frame.f_globals.get("__name__") in _BETWEEN:
        frame = frame.f_back
    return frame


def variables_of(frame: FrameType) -> Mapping[str, Any]:
    """Return the variables that a frame's code sees: its own before those of its module.

    A function's are copied: before Python 3.13 they stand in a dictionary of the frame, which would keep each object alive until
    the function returns. It is emptied again, unless the user holds it too.
    """
    found = frame.f_locals
    if found is frame.f_globals:
        return found
    copy = {**frame.f_globals, **found}
    if frame.f_code.co_flags & CO_OPTIMIZED and type(found) is dict and sys.getrefcount(found) <= _OWN:
        found.clear()
    return copy
