"""Author: who is writing, as this machine says. Nobody has verified it."""

import getpass
import os
import platform

from mvlake.lake import variables
from mvlake.records.environment import Author


def author() -> Author:
    """Return the user and the host; MVLAKE_USER names the user where the machine's own name says nothing (in CI)."""
    return Author(user=os.environ.get(variables.USER) or _user(), host=platform.node() or "unknown")


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a container whose user id has no name
        return "unknown"
