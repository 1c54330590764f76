"""Pack: the small objects of one commit in one file, so that it takes one fsync and one name.

Layout: magic, the objects' bytes one after another, the footer (canonical JSON: `{"objects": [[hex, offset, length], …]}`),
its length as 8 bytes little-endian, magic. The name of a pack is the digest of the whole file.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from mvlake.records.canonical import Json, canonical, parse
from mvlake.records.digest import Digest

MAGIC = b"MVPACK1\n"
TRAILER = 8 + len(MAGIC)


@dataclass(frozen=True, slots=True)
class Place:
    """Where an object lies in its pack."""

    pack: Digest
    offset: int
    length: int


def pack_bytes(objects: Mapping[Digest, bytes]) -> bytes:
    """Return the bytes of a pack of these objects; the same objects, in any order, give the same pack."""
    parts: list[bytes] = [MAGIC]
    places: list[Json] = []
    offset = len(MAGIC)
    for digest in sorted(objects):
        data = objects[digest]
        places.append([digest.hex, offset, len(data)])
        parts.append(data)
        offset += len(data)
    footer = canonical({"objects": places})
    return b"".join([*parts, footer, len(footer).to_bytes(8, "little"), MAGIC])


def footer_length(trailer: bytes) -> int:
    """Return how long the footer is, from the last 16 bytes of a pack; ValueError when they end no pack."""
    if len(trailer) != TRAILER or not trailer.endswith(MAGIC):
        raise ValueError("it does not end as a pack")
    return int.from_bytes(trailer[:8], "little")


def read_footer(data: bytes, pack: Digest, size: int) -> Iterable[tuple[Digest, Place]]:
    """Yield where each object of a pack of `size` bytes lies, from its footer's bytes; ValueError when they make no sense."""
    end = size - TRAILER - len(data)
    for hex_digest, offset, length in parse(data)["objects"]:
        if not (type(offset) is int and type(length) is int and len(MAGIC) <= offset and 0 <= length <= end - offset):
            raise ValueError("an object beyond the end")
        yield Digest(f"b3:{hex_digest}"), Place(pack, offset, length)
