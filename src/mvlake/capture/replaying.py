"""Replaying: what a kernel does that was made for a replay: it stands for the world of a version, and says what its own is."""

import ctypes
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Thread

from mvlake.capture.accounts import Accounts
from mvlake.capture.instead import read_instead
from mvlake.records.canonical import canonical, parse
from mvlake.records.fields import from_fields, to_fields
from mvlake.records.instructions import Instructions

_PARENT_DEATH = 1  # PR_SET_PDEATHSIG: prctl(2)


def take_world(path: Path, guard: Callable[[Callable[[], None]], Callable[[], None]]) -> Accounts:
    """Do what a replay has written for its kernel, and return what tells of its cells.

    OSError, ValueError or TypeError when that cannot be read.
    """
    _end_with_the_replay()
    told = from_fields(Instructions, parse(path.read_bytes()))
    read_instead({one.path: one.content for one in told.instead}, Path(told.used_to))
    if told.steady is not None:
        from mvlake.capture.steadying import hold_steady  # in the kernel of an experiment alone

        hold_steady(told.steady)
    # Beside the first cells: whatever becomes of them, it is known where they ran.
    Thread(target=guard(lambda: _tell_environment(Path(told.environment_to))), name="mvlake-environment", daemon=True).start()
    return Accounts(Path(told.accounts_to))


def _end_with_the_replay() -> None:
    """Let the system end this kernel when the process that replays is gone: also amid a cell that lets nobody else run.

    Elsewhere than on Linux the kernel looks for itself, between two steps of a cell.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PARENT_DEATH, signal.SIGKILL, 0, 0, 0)
        if os.getppid() == 1 and os.environ.get("JPY_PARENT_PID") not in (None, "1"):  # it was killed before that
            os._exit(1)


def _tell_environment(path: Path) -> None:
    from mvlake.capture.probes.environment import environment  # it reads what is installed, which takes a while

    staged = path.with_suffix(".part")
    staged.write_bytes(canonical(to_fields(environment())))
    os.replace(staged, path)  # noqa: PTH105 - whole or not at all
