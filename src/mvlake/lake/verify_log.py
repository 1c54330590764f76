"""The log as `verify` checks it: every record against its seal, its number and the one before.

One thing that is wrong gives one finding: where a record is damaged, the one behind it is not blamed for not following it.
"""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

from mvlake.errors import Damaged, DamagedRecord, MvlakeError
from mvlake.lake.check import Check
from mvlake.records.answers import Finding
from mvlake.records.digest import Digest
from mvlake.records.record import read_record
from mvlake.records.version import Version
from mvlake.store.hashing import digest_of
from mvlake.store.hint import read_hint
from mvlake.store.keys import LOG, record_key, seq_in
from mvlake.store.seal import check_seal

_BEAT = 1000  # records between two words on how far it is


@dataclass(slots=True)
class _Walk:
    """Where a check of a log stands."""

    prev: Digest | None
    told: list[int]
    hint: tuple[int, str] | None
    seq: int = 1
    present: int = 0
    head: Digest | None = None
    counts: dict[str, int] = field(default_factory=dict)  # versions by name


def check_log(check: Check, genesis: Digest) -> tuple[int, Digest | None]:
    """Check every record, and let the survey follow; return how many there are, and the last one's digest."""
    hint = read_hint(check.store)
    told = sorted({*_listed(check), *([hint[0]] if hint else [])})
    walk = _Walk(genesis, told, hint)
    while _check_next(check, walk):
        if walk.seq % _BEAT == 0:
            check.tell("records", walk.seq, told[-1] if told else 0)
    return walk.present, walk.head


def _check_next(check: Check, walk: _Walk) -> bool:
    """Check one more record; False when there is none left."""
    seq = walk.seq
    later = next(iter(walk.told[bisect_right(walk.told, seq) :]), None)
    try:
        data = check.store.get(record_key(seq))
    except MvlakeError as error:
        check.log_is_whole = False
        check.found(f"record {seq}", error)
    else:
        if data is not None:
            walk.present, walk.head = walk.present + 1, digest_of(data)
            is_whole = _check_record(check, walk, data)
            if is_whole and walk.hint is not None and walk.hint[0] == seq and walk.hint[1] != walk.head:
                check.wrong_record(seq, "it is not the record that once was the last one: edited or replaced")
            walk.seq, walk.prev = seq + 1, walk.head if is_whole else None
            return True
        if later is None and seq not in walk.told[-1:]:
            return False
        _note_missing(check, seq, later)
    if later is None:
        return False
    walk.seq, walk.prev = later, None
    return True


def _listed(check: Check) -> Iterator[int]:
    """Yield the numbers of records that there are files of: a listing may miss some, so it only ever adds."""
    for key in check.keys(LOG):
        seq = seq_in(key)
        if seq is None:
            check.remarks.append(f"{key} is no record")
        else:
            yield seq


def _check_record(check: Check, walk: _Walk, data: bytes) -> bool:
    """Check a record; False when its bytes are not what was written, so that nothing follows from them."""
    seq = walk.seq
    check.size += len(data)
    try:
        check_seal(data, seq)
        record = read_record(data, seq)
    except MvlakeError as error:
        check.log_is_whole = False
        check.found(f"record {seq}", error)
        return False
    if walk.prev is not None and record.prev != walk.prev:
        check.wrong_record(seq, f"it does not follow record {seq - 1} as that is now: edited, replaced or reordered")
    if isinstance(record.body, Version):
        _check_number(check, walk, record.body)
    try:
        check.survey.take(record)
    except Damaged as error:  # a version that was forgotten, and whose record has gone since it was read
        check.found(f"record {seq}", error)
    return True


def _check_number(check: Check, walk: _Walk, version: Version) -> None:
    count = walk.counts.get(version.name, 0)
    # Where records are damaged or missing, versions are too, and their numbers with them.
    if version.number != count + 1 and check.log_is_whole:
        check.wrong_record(walk.seq, f"it says {version.ref}, which does not follow v{count}")
    walk.counts[version.name] = count + 1


def _note_missing(check: Check, seq: int, later: int | None) -> None:
    last = seq if later is None else later - 1
    check.log_is_whole = False
    subject = f"record {seq}" if last == seq else f"records {seq} to {last}"
    check.problems.append(Finding(DamagedRecord.code, subject, "missing: deleted, or never copied"))
