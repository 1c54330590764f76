"""Bundle: nodes and what they name as one sequence of bytes, for what is too small to be shared or has to stand alone.

Layout: magic, then blocks: the length of the block as it is kept and of its content (8 bytes each, little-endian), and the block,
a Zstandard frame unless the two are equal. A content is objects, each its length (8 bytes) and its bytes. The last object is the
root node.
"""

from collections.abc import Callable, Iterator
from struct import Struct

import pyarrow as pa

from mvlake.handlers.hashing import digest_of
from mvlake.handlers.relatives import Relatives
from mvlake.handlers.shelf import Shelf
from mvlake.records.digest import Digest
from mvlake.records.node import Node, read_node

MAGIC = b"MVBUND1\n"
_LENGTHS = Struct("<QQ")
_LENGTH = Struct("<Q")
_BLOCK = 1 << 20
"""No block that is compressed becomes more than this: a few bytes could ask for all memory."""


def bundle_bytes(write: Callable[[Shelf], Node]) -> bytes:
    """Return a bundle of a node and of all that is put on the shelf on the way to it."""
    shelf = _Writing()
    shelf.put(write(shelf).to_bytes())
    return shelf.done()


def read_bundle(data: bytes) -> tuple[Node, Shelf]:
    """Return the root node and a shelf with the rest; ValueError when the bytes are no bundle."""
    if not data.startswith(MAGIC):
        raise ValueError("no bundle")
    shelf, last = _Reading(), None
    for block in _blocks(memoryview(data)[len(MAGIC) :]):
        at = 0
        while at < len(block):
            if at + _LENGTH.size > len(block):
                raise ValueError("a bundle that ends within an object")
            (length,) = _LENGTH.unpack_from(block, at)
            at += _LENGTH.size
            if length > len(block) - at:
                raise ValueError(f"an object of {length} bytes in a block of {len(block)}")
            last = bytes(block[at : at + length])
            shelf.put(last)
            at += length
    if last is None:
        raise ValueError("a bundle of nothing")
    return read_node(last), shelf


def _blocks(rest: memoryview) -> Iterator[memoryview]:
    codec = pa.Codec("zstd")
    while rest:
        if len(rest) < _LENGTHS.size:
            raise ValueError("a bundle that ends within a block")
        kept, length = _LENGTHS.unpack_from(rest)
        block, rest = rest[_LENGTHS.size : _LENGTHS.size + kept], rest[_LENGTHS.size + kept :]
        if len(block) != kept:
            raise ValueError(f"a block of {kept} bytes, of which {len(block)} are there")
        if kept == length:
            yield block
            continue
        if length > _BLOCK:
            raise ValueError(f"a block that says that it becomes {length} bytes")
        try:
            yield memoryview(codec.decompress(block, length, asbytes=True))
        except (pa.ArrowException, OSError) as error:
            raise ValueError(f"a block that is not Zstandard: {error}") from error


class _Reading:
    """The objects of a bundle, by their names."""

    def __init__(self) -> None:
        self._objects: dict[Digest, bytes] = {}

    @property
    def relatives(self) -> Relatives:
        return Relatives(limit=0)

    def put(self, data: bytes, *, weight: int | None = None) -> Digest:  # noqa: ARG002
        digest = digest_of(data)
        self._objects[digest] = data
        return digest

    def get(self, digest: Digest) -> bytes:
        if digest not in self._objects:
            raise ValueError(f"a bundle without the object {digest}, which it names")
        return self._objects[digest]

    def recall(self, content: Digest) -> Digest | None:  # noqa: ARG002
        return None

    def brings(self, node: Digest) -> bool:
        return node in self._objects

    def remember(self, content: Digest, node: Digest, size: int) -> None:
        pass


class _Writing(_Reading):
    """Objects that become a bundle as they come; they cannot be read before it is done."""

    def __init__(self) -> None:
        super().__init__()
        self._codec = pa.Codec("zstd", compression_level=1)
        self._parts: list[bytes] = [MAGIC]
        self._block: list[bytes] = []
        self._size = 0

    def put(self, data: bytes, *, weight: int | None = None) -> Digest:  # noqa: ARG002
        digest = digest_of(data)
        if digest in self._objects:
            return digest
        self._objects[digest] = b""
        needed = _LENGTH.size + len(data)
        if self._size + needed > _BLOCK:
            self._flush()
        self._block += [_LENGTH.pack(len(data)), data]
        self._size += needed
        return digest

    def done(self) -> bytes:
        self._flush()
        return b"".join(self._parts)

    def _flush(self) -> None:
        if not self._block:
            return
        content = b"".join(self._block)
        kept = self._codec.compress(content, asbytes=True) if len(content) <= _BLOCK else content
        if len(kept) >= len(content):
            kept = content
        self._parts += [_LENGTHS.pack(len(kept), len(content)), kept]
        self._block, self._size = [], 0
