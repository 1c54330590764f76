"""Tables: what is kept of each record so that questions need not read it: rows of fixed width, each table sorted for one question.

A row begins with what it is looked for by. Names, labels and kinds stand in it as the beginning of their BLAKE2b, numbers as eight
bytes big-endian, so that rows sort as bytes, and rows of neighbouring parts of the log merge without being understood.
docs/spec/format-v1.md draws them.
"""

import hashlib
from enum import StrEnum

from mvlake.records.digest import Digest
from mvlake.records.events import Attempt, LabelMove
from mvlake.records.record import Record
from mvlake.records.version import Version

NAME = 16  # bytes of a name's or label's hash
KIND = 8
NUMBER = 8
DIGEST = 32
TEXT = 100  # the longest name that a writer of ours writes
END = b"\xff" * 200  # behind every row


class Table(StrEnum):
    """One question each."""

    RECORDS = "records"  # by number: digest, kind
    NAMES = "names"  # which names there are: name, record and number of the last version, text
    VERSIONS = "versions"  # name, number, record
    IDENTITIES = "identities"  # name and identity in one hash, number
    DIGESTS = "digests"  # beginning of a version's record's digest, record
    REMARKS = "remarks"  # what was said of a version: name, number, kind, record
    ATTEMPTS = "attempts"  # name, record
    MOVES = "moves"  # name, label, record
    PACKS = "packs"  # record, place among its packs, pack


WIDTHS = {
    Table.RECORDS: DIGEST + KIND,
    Table.NAMES: NAME + NUMBER + NUMBER + 1 + TEXT,
    Table.VERSIONS: NAME + NUMBER + NUMBER,
    Table.IDENTITIES: NAME + NUMBER,
    Table.DIGESTS: NAME + NUMBER,
    Table.REMARKS: NAME + NUMBER + KIND + NUMBER,
    Table.ATTEMPTS: NAME + NUMBER,
    Table.MOVES: NAME + NAME + NUMBER,
    Table.PACKS: NUMBER + NUMBER + DIGEST,
}


def key_of(text: str, *, size: int = NAME) -> bytes:
    """Return how a name, label or kind stands in a row."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=size).digest()


def identity_key(name: str, identity: Digest) -> bytes:
    """Return how an identity under a name stands in a row."""
    return key_of(f"{identity} {name}")


def number_key(number: int) -> bytes:
    """Return how a number stands in a row; numbers that no row can have sort before or behind all others."""
    return min(max(number, 0), 2**64 - 1).to_bytes(NUMBER, "big")


def number_at(row: bytes, offset: int) -> int:
    """Return the number that stands in a row."""
    return int.from_bytes(row[offset : offset + NUMBER], "big")


def last_number(row: bytes) -> int:
    """Return the number that a row ends with."""
    return int.from_bytes(row[-NUMBER:], "big")


def digest_at(row: bytes, offset: int = 0) -> Digest:
    """Return the digest that stands in a row."""
    return Digest.of_hash(row[offset : offset + DIGEST])


def rows_of(record: Record, digest: Digest) -> list[tuple[Table, bytes]]:
    """Return what is kept of a record, by table."""
    seq = number_key(record.seq)
    rows = [(Table.RECORDS, bytes.fromhex(digest.hex) + key_of(record.kind, size=KIND))]
    rows += [
        (Table.PACKS, seq + number_key(place) + bytes.fromhex(pack.hex)) for place, pack in enumerate(dict.fromkeys(record.packs))
    ]
    body = record.body
    if isinstance(body, Version):
        rows += _version_rows(body, seq, digest)
    elif isinstance(body, Attempt):
        rows.append((Table.ATTEMPTS, key_of(body.name) + seq))
    elif isinstance(body, LabelMove):
        rows.append((Table.MOVES, key_of(body.name) + key_of(body.label) + seq))
    else:
        rows += _remark_rows(record, seq)
    return rows


def name_in(row: bytes) -> str | None:
    """Return the name in a row of `names`, None when it is too long to stand there."""
    size = row[NAME + 2 * NUMBER]
    return row[-TEXT:][:size].decode("utf-8", "surrogatepass") if size <= TEXT else None


def _version_rows(version: Version, seq: bytes, digest: Digest) -> list[tuple[Table, bytes]]:
    name, number = key_of(version.name), number_key(version.number)
    text = version.name.encode("utf-8", "surrogatepass")
    kept = bytes([len(text)]) + text.ljust(TEXT, b"\0") if len(text) <= TEXT else b"\xff" + bytes(TEXT)
    return [
        (Table.NAMES, name + seq + number + kept),
        (Table.VERSIONS, name + number + seq),
        (Table.IDENTITIES, identity_key(version.name, version.identity) + number),
        (Table.DIGESTS, bytes.fromhex(digest.hex)[:NAME] + seq),
    ]


def _remark_rows(record: Record, seq: bytes) -> list[tuple[Table, bytes]]:
    """Return the row of whatever else is said of one version: by a note, a tag, a replay, or an event of a later day."""
    name, number = getattr(record.body, "name", None), getattr(record.body, "number", None)
    if not isinstance(name, str) or not isinstance(number, int) or number < 1:
        return []
    return [(Table.REMARKS, key_of(name) + number_key(number) + key_of(record.kind, size=KIND) + seq)]
