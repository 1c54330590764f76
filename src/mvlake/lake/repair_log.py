"""The log as `repair` mends it: missing records come from a copy that fits. No record that is there is touched."""

from collections.abc import Callable
from typing import Protocol

from mvlake.errors import Damaged, TooNew
from mvlake.lake.parts import Parts
from mvlake.records.digest import Digest
from mvlake.records.record import Record, read_record
from mvlake.store.contract import Store
from mvlake.store.hashing import digest_of, genesis
from mvlake.store.hint import read_hint, write_hint
from mvlake.store.keys import LOG, record_key, seq_in
from mvlake.store.seal import check_seal

DERIVED = "index/"


class Act(Protocol):
    """Notes what is mended, and does it when that was asked for."""

    def __call__(self, subject: str, what: str, do: Callable[[], object], /) -> None:
        """Note an act on a subject."""
        ...


def mend_log(parts: Parts, copy: Store | None, act: Act, *, accept: bool) -> bool:
    """Mend what can be mended; True when anything was, or would be."""
    store = parts.store
    hint = read_hint(store)
    told = sorted({seq for seq in map(seq_in, store.keys(LOG)) if seq is not None} | ({hint[0]} if hint else set()))
    highest = told[-1] if told else 0
    mended, prev, seq = False, genesis(parts.lake_id), 1
    # A log whose last record is gone looks whole, once the hint is gone too: what follows in the copy is then all that tells of it.
    while seq <= highest or (copy is not None and _fitting(copy, seq, prev) is not None):
        data = _get(store, seq)
        if data is None:
            data = _fitting(copy, seq, prev) if copy is not None else None
            if data is None or not _leads_on(store, seq, data):
                break
            act(f"record {seq}", "missing: taken from the copy", lambda seq=seq, data=data: store.put_new(record_key(seq), data))  # type: ignore[misc]
            mended = True
        elif _read(data, seq, prev) is None:
            return mended
        prev, seq = digest_of(data), seq + 1
    if accept and hint is not None and seq <= hint[0] and not any(_get(store, one) is not None for one in told if one >= seq):
        what = f"the log ends at {seq - 1}: its last {hint[0] - seq + 1} records are given up, and their numbers given again"
        act(f"record {seq}", what, lambda: _lower(store, seq - 1, prev))
        mended = True
    return mended


def _lower(store: Store, head: int, digest: Digest) -> None:
    """Let everything derived say that the log ends here."""
    for key in list(store.keys(DERIVED)):
        store.remove_hint(key)
    if head:
        write_hint(store, head, digest)


def _get(store: Store, seq: int) -> bytes | None:
    try:
        return store.get(record_key(seq))
    except Damaged:
        return b""


def _fitting(copy: Store, seq: int, prev: Digest) -> bytes | None:
    """Return the copy's record when it is whole, and follows the one before."""
    data = _get(copy, seq)
    return None if data is None or _read(data, seq, prev) is None else data


def _read(data: bytes, seq: int, prev: Digest) -> Record | None:
    try:
        check_seal(data, seq)
        record = read_record(data, seq)
    except (Damaged, TooNew):
        return None
    return record if record.prev == prev else None


def _leads_on(store: Store, seq: int, data: bytes) -> bool:
    """True when the next record, where there is one, follows this one."""
    after = _get(store, seq + 1)
    return after is None or _read(after, seq + 1, digest_of(data)) is not None
