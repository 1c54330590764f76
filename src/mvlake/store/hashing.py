"""Hashing: the digest of bytes, which is the name that they have in a store."""

from blake3 import blake3

from mvlake.records.digest import Digest


def digest_of(data: bytes) -> Digest:
    """Return the digest of these bytes.

    >>> digest_of(b"").short
    'b3:af1349b9f5'
    """
    return Digest.of_hash(blake3(data).digest())


def source_digest(source: str) -> Digest:
    """Return the digest of a cell's text as it is stored: lone surrogates are encoded like other code points."""
    return digest_of(source.encode("utf-8", "surrogatepass"))


class Hasher:
    """The digest of bytes that come piece by piece."""

    def __init__(self) -> None:
        self._state = blake3()

    def update(self, data: bytes) -> None:
        """Take the next piece."""
        self._state.update(data)

    def digest(self) -> Digest:
        """Return the digest of all pieces together."""
        return Digest.of_hash(self._state.digest())


def genesis(lake_id: str) -> Digest:
    """Return what record 1 names as the record before it: it ties a log to its lake."""
    return digest_of(f"mvlake log of {lake_id}".encode())
