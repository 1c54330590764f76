"""Expected: which cells may raise, and errors as plain text."""

import re
from typing import Any

_ESCAPES = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]")


def is_expected(cell: Any) -> bool:
    """True for a cell that raised when it was recorded, too: users mark such cells with `raises-exception`."""
    return "raises-exception" in cell["metadata"].get("tags", ())


def without_escapes(text: str) -> str:
    r"""Return a text without terminal colors.

    >>> without_escapes("\x1b[31mred\x1b[0m")
    'red'
    """
    return _ESCAPES.sub("", text)
