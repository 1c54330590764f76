"""Files: what an execution read and wrote outside of the kernel: files, URLs, hosts on the network."""

import os
from dataclasses import dataclass
from enum import StrEnum

from mvlake.records.digest import Digest
from mvlake.records.sparse import sparse


class Flow(StrEnum):
    """Which way content went. Append-only."""

    READ = "read"
    WRITTEN = "written"


class PlaceKind(StrEnum):
    """What content came from or went to. Append-only."""

    FILE = "file"
    URL = "url"
    HOST = "host"  # on the network, of which no more is known than its name and port


class FoundBy(StrEnum):
    """How it is known. Append-only."""

    OPENED = "opened"  # Python was about to open it
    WATCHED = "watched"  # the file system said that somebody in this folder opened it while the cell ran
    NAMED = "named"  # the cell names it, as text or in a variable, and it exists
    PLANNED = "planned"  # an object that stands for it says so: a data set
    COMMAND = "command"  # a program that the cell started was told of it


def below(place: str, project: str) -> str:
    """Return the path of a place below a folder, with `/`; "" for what lies elsewhere, and for the folder itself.

    >>> below(os.path.join("home", "data", "x.csv"), "home"), below("other", "home")
    ('data/x.csv', '')
    """
    start = os.path.join(project, "")  # noqa: PTH118 - texts are joined here
    return place[len(start) :].replace(os.sep, "/") if project and place.startswith(start) else ""


@dataclass(frozen=True, slots=True)
class FileUse:
    """One file, URL or host that an execution read or wrote.

    `path` is as the code gave it, or absolute where it did not; a URL is told without its secrets. `relative` is below the
    project's folder, with `/`, and empty for what lies elsewhere. `size` and `digest` are those of what was read, as far as that
    can still be told; `problem` says why not. `is_made` is true of what was read after an earlier cell of the version had made it.
    """

    path: str
    direction: Flow
    kind: PlaceKind
    relative: str = ""
    size: int | None = None
    digest: Digest | None = None
    found_by: tuple[FoundBy, ...] = ()
    problem: str = ""
    is_made: bool = sparse(default=False)

    @property
    def name(self) -> str:
        """What it is called in its version; the artifact with its content has that name too."""
        return self.relative or self.path
