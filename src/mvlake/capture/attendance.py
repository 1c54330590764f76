"""Attendance: whether somebody sits in front of the cell that runs, or a machine runs the notebook."""

from typing import Any


def is_unattended(shell: Any) -> bool:
    """True when the request that runs the cell allows no question to the user, as those of nbclient, papermill and nbconvert.

    These close the notebook's file when the last cell has ended, and drop whatever is shown afterwards.
    """
    kernel = getattr(shell, "kernel", None)
    if kernel is None:  # a terminal
        return False
    content = kernel.get_parent().get("content") or {}
    return not content.get("allow_stdin", False)
