"""Frame handler: what the handlers of all data frames do alike. A library's own says what is written, and what is made of it."""

from abc import abstractmethod
from collections.abc import Callable, Iterable
from typing import IO, Any

from mvlake.errors import ProtocolTooNew
from mvlake.handlers.contract import Handler
from mvlake.handlers.examined import Examined
from mvlake.handlers.frame import FrameReader, open_frame
from mvlake.handlers.parquet import SUFFIX, write_parquet
from mvlake.handlers.profiling.values import ColumnValues, Profiled
from mvlake.handlers.shelf import Shelf
from mvlake.handlers.stored_table import StoredTable
from mvlake.records.digest import Digest
from mvlake.records.node import Node
from mvlake.records.summary import FrameSummary


class FrameHandler(Handler):
    """Keeps a frame as columns of chunks; a small one, or one that stands alone, as a bundle of them."""

    suffix = ".frame"
    export_suffix = SUFFIX
    is_inert = True
    shares_memory = True

    @abstractmethod
    def write(self, obj: Any, shelf: Shelf | None) -> bytes | Node:
        """Return the node of a frame whose columns are on the shelf now; a bundle of a small one, or without a shelf.

        Raises CannotFingerprint or NoHandler when they would not be exact.
        """

    @abstractmethod
    def rebuild(self, frame: FrameReader) -> Any:
        """Return the object that was written, in memory of its own."""

    @abstractmethod
    def table_of(self, frame: FrameReader) -> StoredTable:
        """Return what was written as a table of Arrow columns."""

    def encode(self, obj: Any) -> bytes:
        """Return a bundle of columns."""
        data = self.write(obj, None)
        assert isinstance(data, bytes)
        return data

    def decode(self, data: bytes, *, protocol: int) -> Any:
        """Return the object in a bundle; an Exception for bytes that are none."""
        return self.rebuild(self.open_frame(data, None, protocol))

    def encode_parts(self, obj: Any, shelf: Shelf) -> bytes | Node:
        """Return the node of its columns, or a bundle when it is small."""
        return self.write(obj, shelf)

    def _examined(
        self, obj: Any, found: tuple[Digest, FrameSummary], encode: Callable[[Shelf], bytes | Node], values: Iterable[ColumnValues]
    ) -> Examined:
        """Return what was found of a frame. Its columns are compared with it as they are written, those of a bundle afterwards.

        `values` are its columns as they are profiled.
        """
        digest, summary = found
        profiled = Profiled(summary.rows, values, len(summary.columns))
        return Examined(digest, summary, encode, lambda made: isinstance(made, Node) or self.fingerprint(obj) == digest, profiled)

    def decode_parts(self, made: bytes | Node, shelf: Shelf, *, protocol: int) -> Any:
        """Return the object of this bundle or node, whose columns may lie on the shelf."""
        return self.rebuild(self.open_frame(made, shelf, protocol))

    def open_table(self, made: bytes | Node, shelf: Shelf, *, protocol: int) -> StoredTable:
        """Return the frame as a table; an array or series has one column."""
        return self.table_of(self.open_frame(made, shelf, protocol))

    def export(self, made: bytes | Node, shelf: Shelf, file: IO[bytes], *, protocol: int, tell: Callable[[int, int], None]) -> None:
        """Write Parquet."""
        write_parquet(self.open_table(made, shelf, protocol=protocol), file, tell)

    def open_frame(self, made: bytes | Node, shelf: Shelf | None, protocol: int) -> FrameReader:
        """Return the frame of this bundle or node."""
        if protocol > self.protocol:
            raise ProtocolTooNew(self.name, found=protocol, known=self.protocol)
        return open_frame(made, shelf)
