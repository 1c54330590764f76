"""Frame: columns by name as a node whose nodes are columns; a small frame as a bundle of all of it.

The root's payload is canonical JSON: `rows`, `columns` (each with `name` and `column`, its place among the root's nodes), and what
else the handler has to say.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import pyarrow as pa

from mvlake.handlers.bundle import bundle_bytes, read_bundle
from mvlake.handlers.chunk import joined
from mvlake.handlers.column_node import write_column
from mvlake.handlers.column_reading import read_column
from mvlake.handlers.cut_profile import profile
from mvlake.handlers.frame_columns import NamedColumn, write_columns
from mvlake.handlers.shelf import Shelf
from mvlake.records.canonical import Json, canonical, parse
from mvlake.records.digest import Digest
from mvlake.records.node import Node

SMALL = 256 << 10
"""Frames of fewer bytes are one object."""

_BLOCK = 1 << 14


class FrameWriter:
    """Takes columns, one after another, and makes the node that names them."""

    def __init__(self, shelf: Shelf, *, is_shared: bool) -> None:
        self._shelf, self._is_shared = shelf, is_shared
        self._columns: list[NamedColumn] = []

    def add(self, column: Any, name: str | None = None, *, is_index: bool = False, digest: Digest | None = None) -> int:
        """Take an Arrow Array or ChunkedArray, return its place; `name` is None for one that has not the frame's rows.

        `digest` is its `column_digest`, where that is known; a column that has another one by then is a ChangedMeanwhile of `node`.
        """
        self._columns.append(NamedColumn(name, column, is_index, digest))
        return len(self._columns) - 1

    def node(self, head: Mapping[str, Json]) -> Node:
        """Put all columns on the shelf, and return the frame's node."""
        if self._is_shared:
            return Node(canonical(head), nodes=write_columns(self._shelf, self._columns))
        return Node(canonical(head), nodes=tuple(write_column(self._shelf, one.values, is_shared=False) for one in self._columns))


class FrameReader:
    """A frame's head, and its columns as they are asked for: all rows of them, or those of a window."""

    def __init__(self, node: Node, shelf: Shelf, window: range | None = None, head: Any = None) -> None:
        self._node, self._shelf = node, shelf
        head = parse(node.payload) if head is None else head
        if not isinstance(head, dict) or type(head.get("rows")) is not int or not isinstance(head.get("columns"), list):
            raise ValueError("a node that is no frame")
        if head["rows"] < 0:
            raise ValueError(f"a frame of {head['rows']} rows")
        self.head: dict[str, Any] = head
        self.total: int = head["rows"]
        self.window = None if window is None else range(self.total)[window.start : window.stop]
        self.rows: int = self.total if self.window is None else len(self.window)

    @property
    def shelf(self) -> Shelf:
        """Where the objects of the columns lie."""
        return self._shelf

    def on(self, shelf: Shelf) -> "FrameReader":
        """Return the same frame, whose columns are read from another shelf that has them."""
        return FrameReader(self._node, shelf, self.window, self.head)

    def windowed(self, window: range) -> "FrameReader":
        """Return the same frame, of which these rows are read."""
        return FrameReader(self._node, self._shelf, window, self.head)

    def column(self, place: int) -> Any:
        """Return the rows in the window of the column at this place among the frame's nodes."""
        if self.window is None:
            return self.whole(place)
        return read_column(self._shelf, self.node_of(place), start=self.window.start, stop=self.window.stop)

    def whole(self, place: int) -> Any:
        """Return all of the column at this place: one that has not the frame's rows, such as categories."""
        return read_column(self._shelf, self.node_of(place))

    def node_of(self, place: int) -> Digest:
        """Return the node of the column at this place."""
        if type(place) is not int or not 0 <= place < len(self._node.nodes):
            raise ValueError(f"a frame without a column {place}")
        return self._node.nodes[place]


def write_frame(write: Callable[[FrameWriter], Node], shelf: Shelf | None, *, is_small: bool) -> bytes | Node:
    """Return the node of a frame, all else of which is on the shelf; a bundle of everything for a small one, or without a shelf."""
    if shelf is None or is_small:
        return bundle_bytes(lambda alone: write(FrameWriter(alone, is_shared=False)))
    return write(FrameWriter(shelf, is_shared=True))


def open_frame(data: bytes | Node, shelf: Shelf | None = None) -> FrameReader:
    """Return the frame in a bundle, or of a node whose objects are on the shelf; ValueError when the bytes are no bundle."""
    if not isinstance(data, Node):
        return FrameReader(*read_bundle(data))
    if shelf is None:
        raise ValueError("a node without a shelf")
    return FrameReader(data, shelf)


def read_frame(data: bytes | Node, shelf: Shelf, *, columns: Sequence[str] | None = None, rows: range | None = None) -> Any:
    """Return a frame as an Arrow table of what is kept: these columns alone (all), and these rows alone (all).

    Only the chunks that hold them are read. Raises KeyError for a name that the frame has not.
    """
    frame = open_frame(data, shelf)
    if rows is not None and rows.step != 1:
        raise ValueError("rows that do not follow one another")
    frame = frame if rows is None else frame.windowed(rows)
    places = {one["name"]: one["column"] for one in frame.head["columns"]}
    names = list(places) if columns is None else list(columns)
    return pa.table([frame.column(places[name]) for name in names], names=names)


def unique_names(names: Sequence[str]) -> list[str]:
    """Return the names as UTF-8 can say them, with their places before them if two are the same."""
    sayable = [name if name.isascii() else name.encode("utf-8", "backslashreplace").decode() for name in names]
    return sayable if len(set(sayable)) == len(sayable) else [f"{place}: {name}" for place, name in enumerate(sayable)]


def is_small(columns: Iterable[Any]) -> bool:
    """True when the values of these columns take less than `SMALL` bytes in chunks, whatever they take in memory."""
    room = SMALL << 3
    for column in columns:
        for start in range(0, len(column), _BLOCK):
            rows = column.slice(start, _BLOCK)
            _, sizes = profile(joined(rows))
            room -= sizes * len(rows) if isinstance(sizes, int) else int(sizes.sum())
            if room <= 0:
                return False
    return True
