"""Column form: what a column node says of a column before any value of it is read."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from mvlake.records.digest import Digest
from mvlake.records.node import Node


@dataclass(frozen=True, slots=True)
class ColumnNode:
    """A column node that has been read, but for its values: `type` is the Arrow type, `length` the number of rows."""

    node: Node
    document: Mapping[str, Any]
    type: Any
    length: int


class Inner(Protocol):
    """Reads another column, that one is made of."""

    def __call__(self, digest: Digest, *, start: int = 0, stop: int | None = None) -> Any:
        """Return rows of it as a ChunkedArray."""
        ...
