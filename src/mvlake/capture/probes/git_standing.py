"""Standing: what git knows of the files below a repository's root: which it follows, and which are not as they were committed."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

_SUBMODULE = b"160000"


class FileState(StrEnum):
    """What git knows of one file."""

    COMMITTED = "committed"
    MODIFIED = "modified"
    UNTRACKED = "untracked"
    UNKNOWN = ""  # outside of the repository, or inside of another one


@dataclass(frozen=True, slots=True)
class Standing:
    """`changed` are paths from the root, folders of new files with a stroke at their end; `indexed` has modes by path.

    `tree` is git's listing of the last commit.
    """

    root: Path
    changed: set[bytes]
    indexed: Mapping[bytes, bytes]
    tree: bytes

    def state_of(self, file: str) -> FileState:
        """Return what git knows of a file; `file` is an absolute path without links."""
        root = os.path.realpath(self.root).rstrip(os.sep) + os.sep
        if not file.startswith(root):
            return FileState.UNKNOWN
        path = os.fsencode(file[len(root) :].replace(os.sep, "/"))
        parts = path.split(b"/")
        above = [b"/".join(parts[:count]) for count in range(1, len(parts))]
        if any(self.indexed.get(folder) == _SUBMODULE for folder in above):
            return FileState.UNKNOWN
        if path in self.indexed:
            return FileState.MODIFIED if path in self.changed else FileState.COMMITTED
        return FileState.UNTRACKED
