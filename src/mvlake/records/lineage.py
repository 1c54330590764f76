"""Lineage: which data of a version came from which: other data, files, URLs; how much of it, and how that is known."""

from dataclasses import dataclass
from enum import StrEnum

from mvlake.records.digest import Digest
from mvlake.records.sparse import sparse


class ParentKind(StrEnum):
    """What data came from. Append-only."""

    VARIABLE = "variable"
    FILE = "file"
    URL = "url"
    HOST = "host"


class KnownBy(StrEnum):
    """How it is known. Append-only."""

    CONTENT = "content"  # rows or columns were compared
    OPENED = "opened"  # the statement names it, and it was opened while the cell ran
    TEXT = "text"  # the text of the cells reads so: a guess

    @property
    def is_guess(self) -> bool:
        """True for what only the text of the cells says."""
        return self is KnownBy.TEXT


class Portion(StrEnum):
    """How much of the parent is in the child. Append-only."""

    UNKNOWN = "unknown"
    ALL = "all"  # the very same content
    ROWS = "rows"  # its rows are some of the parent's, in some order
    COLUMNS = "columns"  # each of its columns is one of the parent's
    WIDER = "wider"  # each of the parent's columns is one of its own


@dataclass(frozen=True, slots=True)
class Descent:
    """`child` came from `parent` by `function`, in the cell at that place, from 1.

    `rows` and `parent_rows` are how many rows both have, where that is known; `digest` is that of the parent's content.
    """

    child: str
    parent: str
    kind: ParentKind
    known_by: KnownBy
    portion: Portion
    function: str = sparse("")
    cell: int | None = sparse(None)
    rows: int | None = sparse(None)
    parent_rows: int | None = sparse(None)
    digest: Digest | None = sparse(None)
