"""Pack: many small objects in one file, so that they take one fsync and one name.

Layout: magic, what is kept of the objects one after another, the footer (canonical JSON: `{"objects": [[hex, offset, length], …]}`,
with the content's size as a fourth number where what is kept is a Zstandard frame), its length as 8 bytes little-endian, magic.
The name of a pack is the digest of the whole file.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from mvlake.records.canonical import Json, canonical, parse
from mvlake.records.digest import Digest
from mvlake.store.compression import LARGEST, compressed

MAGIC = b"MVPACK1\n"
TRAILER = 8 + len(MAGIC)


@dataclass(frozen=True, slots=True)
class Place:
    """Where an object lies in its pack. `size` is that of its content where it lies there compressed, else None."""

    pack: Digest
    offset: int
    length: int
    size: int | None = None

    @property
    def content_size(self) -> int:
        """How many bytes the object has."""
        return self.length if self.size is None else self.size


@dataclass(frozen=True, slots=True)
class Entry:
    """What a pack is to keep of one object: its content (`size` is None), or the content compressed from `size` bytes."""

    data: bytes
    size: int | None


def entry_of(data: bytes) -> Entry:
    """Return how an object is kept: compressed where that makes it smaller."""
    smaller = compressed(data)
    return Entry(data, None) if smaller is None else Entry(smaller, len(data))


def pack_bytes(entries: Mapping[Digest, Entry]) -> bytes:
    """Return the bytes of a pack of these objects; the same objects, in any order, give the same pack."""
    ordered = sorted(entries)
    places: list[Json] = []
    offset = len(MAGIC)
    for digest in ordered:
        entry = entries[digest]
        place: list[Json] = [digest.hex, offset, len(entry.data)]
        places.append(place if entry.size is None else [*place, entry.size])
        offset += len(entry.data)
    footer = canonical({"objects": places})
    return b"".join([MAGIC, *(entries[digest].data for digest in ordered), footer, len(footer).to_bytes(8, "little"), MAGIC])


def places_in(entries: Mapping[Digest, Entry], pack: Digest) -> list[tuple[Digest, Place]]:
    """Return where each object lies in the pack that `pack_bytes` makes of these entries."""
    found, offset = [], len(MAGIC)
    for digest in sorted(entries):
        entry = entries[digest]
        found.append((digest, Place(pack, offset, len(entry.data), entry.size)))
        offset += len(entry.data)
    return found


def footer_length(trailer: bytes) -> int:
    """Return how long the footer is, from the last 16 bytes of a pack; ValueError when they end no pack."""
    if len(trailer) != TRAILER or not trailer.endswith(MAGIC):
        raise ValueError("it does not end as a pack")
    return int.from_bytes(trailer[:8], "little")


def read_footer(data: bytes, pack: Digest, size: int) -> Iterable[tuple[Digest, Place]]:
    """Yield where each object of a pack of `size` bytes lies, from its footer's bytes; ValueError when they make no sense."""
    end = size - TRAILER - len(data)
    for hex_digest, offset, length, *rest in parse(data)["objects"]:
        if not (type(offset) is int and type(length) is int and len(MAGIC) <= offset and 0 <= length <= end - offset):
            raise ValueError("an object beyond the end")
        if len(rest) > 1 or (rest and not (type(rest[0]) is int and 0 <= rest[0] <= LARGEST)):
            raise ValueError("an object of a size that is never compressed")
        yield Digest(f"b3:{hex_digest}"), Place(pack, offset, length, rest[0] if rest else None)
