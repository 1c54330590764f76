"""File: the bytes of a file, as they are. A small one is one object, a larger one a node of pieces of one length.

Pieces begin at fixed places: a file that grows at its end, as logs and tables of measurements do, shares all pieces but the last.
"""

from collections.abc import Callable
from typing import IO, Any

from mvlake.errors import ProtocolTooNew
from mvlake.handlers.contract import Handler
from mvlake.handlers.hashing import digest_of
from mvlake.handlers.shelf import Shelf
from mvlake.records.canonical import canonical, parse
from mvlake.records.digest import Digest
from mvlake.records.node import Node
from mvlake.records.summary import FileSummary

PIECE = 512 << 10
"""The length of a piece in bytes: several go into one pack."""


class FileHandler(Handler):
    """Contents of files, found by this handler's name only: as a variable, `bytes` are a plain value."""

    name = "file"
    protocol = 1
    suffix = ".bin"
    is_inert = True

    def matches(self, obj: Any) -> bool:
        """True for bytes."""
        return type(obj) is bytes

    def fingerprint(self, obj: bytes) -> Digest:
        """Return the digest of the bytes, which is also what `b3sum` prints of the file."""
        return digest_of(obj)

    def summarize(self, obj: bytes) -> FileSummary:  # noqa: ARG002
        """Return what is known of bytes without a file: nothing."""
        return FileSummary("file")

    def encode(self, obj: bytes) -> bytes:
        """Return the bytes."""
        return obj

    def decode(self, data: bytes, *, protocol: int) -> bytes:
        """Return the bytes."""
        if protocol > self.protocol:
            raise ProtocolTooNew(self.name, found=protocol, known=self.protocol)
        return data

    def hold(self, obj: bytes) -> bytes:
        """Return the bytes: they cannot change."""
        return obj

    def encode_parts(self, obj: bytes, shelf: Shelf) -> bytes | Node:
        """Return the bytes, or the node of their pieces."""
        if len(obj) <= PIECE:
            return obj
        return node_of(len(obj), tuple(shelf.put(obj[at : at + PIECE]) for at in range(0, len(obj), PIECE)))

    def decode_parts(self, made: bytes | Node, shelf: Shelf, *, protocol: int) -> bytes:
        """Return all of the bytes."""
        if not isinstance(made, Node):
            return self.decode(made, protocol=protocol)
        size, pieces = _read(made)
        data = b"".join(shelf.get(piece) for piece in pieces)
        if len(data) != size:
            raise ValueError(f"pieces of {len(data)} bytes for a file of {size}")
        return self.decode(data, protocol=protocol)

    def export(self, made: bytes | Node, shelf: Shelf, file: IO[bytes], *, protocol: int, tell: Callable[[int, int], None]) -> None:
        """Write the bytes, piece by piece."""
        if not isinstance(made, Node):
            super().export(made, shelf, file, protocol=protocol, tell=tell)
            return
        size, pieces = _read(made)
        done = 0
        for piece in pieces:
            done += file.write(shelf.get(piece))
            tell(done, size)
        if done != size:
            raise ValueError(f"pieces of {done} bytes for a file of {size}")


def node_of(size: int, pieces: tuple[Digest, ...]) -> Node:
    """Return the node of a file of this many bytes in these pieces."""
    return Node(canonical({"size": size}), leaves=pieces)


def _read(node: Node) -> tuple[int, tuple[Digest, ...]]:
    head = parse(node.payload)
    if not isinstance(head, dict) or type(head.get("size")) is not int:
        raise ValueError("a node that is no file")
    return head["size"], node.leaves


handler = FileHandler()
