"""Hint: what `index/head.json` says of the log's last record. It is derived, and may be absent, late, or nonsense; never early."""

from mvlake.errors import Damaged
from mvlake.records.canonical import canonical, parse
from mvlake.records.digest import Digest
from mvlake.store.contract import Store
from mvlake.store.keys import HEAD_HINT


def read_hint(store: Store) -> tuple[int, str] | None:
    """Return number and digest of the last record as the hint has them, None where it says nothing that could be true."""
    try:
        return hint_in(store.get(HEAD_HINT) or b"")
    except Damaged:
        return None


def hint_in(data: bytes) -> tuple[int, str] | None:
    """Return what the bytes of a hint say, None where that is nothing that could be true."""
    try:
        document = parse(data)
        seq, digest = document["seq"], Digest(document["digest"])
    except (ValueError, KeyError, TypeError):
        return None
    return (seq, digest) if type(seq) is int and seq > 0 else None


def write_hint(store: Store, seq: int, digest: Digest) -> None:
    """Say that this record, which is durable by now, is the last one."""
    store.put_hint(HEAD_HINT, canonical({"seq": seq, "digest": str(digest)}))
