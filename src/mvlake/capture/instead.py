"""Instead: in the kernel of a replay, a file that is not where the code names it is read from the copy that its version holds.

Whatever opens files through Python finds the copy: `open`, `os.open` and `os.stat` are told. A reader that opens natively is not,
and looks where the code says. Only a kernel that was made for a replay is changed, and nothing is opened for writing elsewhere.
"""

import builtins
import io
import os
import sys
from collections.abc import Callable, Mapping
from functools import wraps
from pathlib import Path
from typing import Any

from mvlake.records.standard_json import dumps

_WRITING = frozenset("wax+")
_WRITE_FLAGS = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


def read_instead(places: Mapping[str, str], used_to: Path) -> None:
    """Let this process read the values of `places` where the keys are named; what was read so is noted in a file."""
    if not places:
        return
    told: set[str] = set()
    known = {_absolute(path): content for path, content in places.items()}

    def found(path: Any, *, is_opened: bool) -> Any:
        """Return what is to be opened, or looked at, in place of a path. What mvlake itself looks at stays what it is."""
        if type(path) is int or sys._getframe(2).f_globals.get("__name__", "").startswith("mvlake."):  # noqa: SLF001
            return path
        try:
            text = _absolute(os.fsdecode(path))
        except (TypeError, ValueError):
            return path
        content = known.get(text)
        if content is None:
            return path
        if is_opened and text not in told:
            told.add(text)
            with _open(used_to, "a", encoding="utf-8") as file:
                file.write(f"{dumps(text)}\n")
        return content

    _replace_openers(found)


_open = io.open
_absolute = os.path.abspath  # of what is no link yet: a resolved path would be another text


def _replace_openers(found: Callable[..., Any]) -> None:
    opened, os_open, os_stat = _open, os.open, os.stat

    @wraps(opened)
    def open_instead(file: Any, mode: str = "r", *args: Any, **kwargs: Any) -> Any:
        reads = type(mode) is str and not _WRITING & set(mode)
        return opened(found(file, is_opened=True) if reads else file, mode, *args, **kwargs)

    @wraps(os_open)
    def os_open_instead(path: Any, flags: int, *args: Any, **kwargs: Any) -> int:
        return os_open(path if flags & _WRITE_FLAGS else found(path, is_opened=True), flags, *args, **kwargs)

    @wraps(os_stat)
    def os_stat_instead(path: Any, *args: Any, **kwargs: Any) -> os.stat_result:
        return os_stat(found(path, is_opened=False), *args, **kwargs)

    builtins.open = io.open = open_instead
    os.open, os.stat = os_open_instead, os_stat_instead
    shell = sys.modules.get("IPython.core.interactiveshell")
    if shell is not None and hasattr(shell, "io_open"):
        shell.io_open = open_instead  # type: ignore[attr-defined]  # what `open` is in a cell
