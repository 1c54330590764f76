"""Consent: at a terminal, whoever sits there is told what would run, and is asked."""

import os
import sys
from collections.abc import Callable
from typing import TypeVar

from mvlake.errors import UntrustedCode
from mvlake.lake.grammar import Call
from mvlake.view.clean import visible

_LONGEST = 4000
_SHOWN = 8
T = TypeVar("T")


def with_consent(call: Call, do: Callable[[], T]) -> T:
    """Return what is done; where a stranger's code would run and somebody sits there to be asked, once more with their word."""
    try:
        return do()
    except UntrustedCode as error:
        if call.is_json or not _is_attended() or not _agrees(error):
            raise
    call.arguments["trust"] = True
    return do()


def _is_attended() -> bool:
    """True at a terminal with a person before it: systems that run jobs give theirs a terminal, too, and say CI."""
    return sys.stdin is not None and sys.stdin.isatty() and sys.stderr.isatty() and not os.environ.get("CI")


def _agrees(error: UntrustedCode) -> bool:
    lines = [*error.told[:_SHOWN], *([f"… and {len(error.told) - _SHOWN} more"] if len(error.told) > _SHOWN else [])]
    told = "\n".join(f"  {line}" for line in lines)
    asked = (
        f"It is not known here that you made what is about to run:\n{told}\nIt runs in a kernel with your rights, and reaches what"
        f" you reach. `mvlake show {error.refs[0]} --slice` shows the code without running it.\nRun it? [y/N] "
    )
    # What a stranger's lake says is not to move the cursor.
    print(visible(asked, limit=_LONGEST, keeps_lines=True), end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in ("y", "yes")
