"""Hashing: digests of bytes, and of sequences of typed parts that cannot run into each other."""

from collections.abc import Iterable
from typing import Self, TypeAlias

from blake3 import blake3

from mvlake.records.digest import Digest

Buffer: TypeAlias = bytes | bytearray | memoryview


def digest_of(data: Buffer) -> Digest:
    """Return the digest of these bytes."""
    return Digest.of_hash(blake3(data).digest())


class Parts:
    """A digest under construction: every part is written as kind, length and bytes, so no two sequences collide."""

    def __init__(self, purpose: str) -> None:
        self._hash = blake3()
        self.text(purpose)

    def text(self, value: str) -> Self:
        """Add a text."""
        return self._part(b"t", value.encode("utf-8", "surrogatepass"))

    def integer(self, value: int) -> Self:
        """Add a whole number."""
        return self._part(b"i", b"%d" % value)

    def digest(self, value: Digest) -> Self:
        """Add a digest made elsewhere."""
        return self._part(b"d", bytes.fromhex(value.hex))

    def data(self, value: Buffer) -> Self:
        """Add bytes: a whole contiguous buffer, which is not copied."""
        return self._part(b"b", memoryview(value).cast("B"))

    def stream(self, length: int, blocks: Iterable[Buffer]) -> Self:
        """Add `length` bytes that come in blocks, as `data` of all of them would; ValueError when they are fewer or more."""
        self._hash.update(b"b" + length.to_bytes(8, "little"))
        for block in blocks:
            view = memoryview(block)
            self._hash.update(view)
            length -= view.nbytes
        if length:
            raise ValueError(f"the blocks are {-length} bytes longer than announced")
        return self

    def done(self) -> Digest:
        """Return the digest of all parts so far."""
        return Digest.of_hash(self._hash.digest())

    def _part(self, kind: bytes, value: Buffer) -> Self:
        view = memoryview(value)
        self._hash.update(kind + view.nbytes.to_bytes(8, "little"))
        self._hash.update(view)
        return self
