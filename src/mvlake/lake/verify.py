"""Verify: everything that can be wrong with a lake, looked for without running any of its content."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from mvlake.errors import Damaged, MvlakeError
from mvlake.lake.parts import Parts
from mvlake.records.answers import Finding, Findings
from mvlake.records.canonical import parse
from mvlake.records.digest import Digest
from mvlake.records.events import Attempt, Replayed
from mvlake.records.record import Record, read_record
from mvlake.records.version import Version
from mvlake.store.contract import Store
from mvlake.store.hashing import digest_of, genesis
from mvlake.store.keys import HEAD_HINT, LOG, OBJECTS, PACK_SUFFIX, STAGING, digest_in, record_key, seq_in
from mvlake.store.objects import Objects
from mvlake.store.seal import check_seal


@dataclass(slots=True)
class _Check:
    """A verification under way."""

    store: Store
    problems: list[Finding] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    wanted: dict[Digest, str] = field(default_factory=dict)  # object → who names it
    packs: dict[Digest, int] = field(default_factory=dict)
    size: int = 0

    def found(self, subject: str, error: MvlakeError) -> None:
        """Note what is wrong."""
        self.problems.append(Finding(error.code, subject, error.message))


def verify(store: Store, lake_id: str) -> Findings:
    """Return all that is wrong with a lake: every record against its seal and the one before, every object against its name.

    It reads everything from the store, and trusts nothing that this process has read before.
    """
    check = _Check(store)
    records, head = _check_log(check, genesis(lake_id))
    objects = Objects(store)
    for pack in check.packs:
        objects.learn(pack)
    for digest, user in check.wanted.items():
        _check_object(check, objects, digest, user)
    _check_packs(check, objects)
    _check_leftovers(check)
    return Findings(records, len(check.wanted), check.size, tuple(check.problems), tuple(check.remarks), head)


def verify_parts(parts: Parts) -> Findings:
    """Return all that is wrong with an open lake."""
    return verify(parts.store, parts.lake_id)


def _check_log(check: _Check, prev: Digest) -> tuple[int, Digest | None]:
    """Check every record up to the last that anything tells of; return how many there are, and the last one's digest."""
    last = max(_told_of(check), default=0)
    seq, present, head = 1, 0, None
    while (data := check.store.get(record_key(seq))) is not None or seq <= last:
        if data is None:
            _wrong(check, f"record {seq}", "damaged-record", "it is missing: deleted, or never copied")
        else:
            present, head = present + 1, digest_of(data)
            check.size += len(data)
            _check_record(check, seq, data, prev)
        prev = head if data is not None and head is not None else _unknown(seq)
        seq += 1
    _check_head(check, seq - 1, head)
    return present, head


def _unknown(seq: int) -> Digest:
    return digest_of(b"missing record %d" % seq)


def _told_of(check: _Check) -> Iterator[int]:
    """Yield the numbers of records that files or hints tell of: a listing may miss some, so it only ever adds."""
    for key in check.store.keys(LOG):
        seq = seq_in(key)
        if seq is None:
            check.remarks.append(f"{key} is no record")
        else:
            yield seq
    hint = _read_hint(check.store)
    if hint is not None:
        yield hint[0]


def _read_hint(store: Store) -> tuple[int, str] | None:
    data = store.get(HEAD_HINT)
    try:
        document = parse(data) if data is not None else None
        return (int(document["seq"]), str(document["digest"])) if document else None
    except (ValueError, KeyError, TypeError):
        return None


def _check_record(check: _Check, seq: int, data: bytes, prev: Digest) -> None:
    try:
        check_seal(data, seq)
        record = read_record(data, seq)
    except MvlakeError as error:
        check.found(f"record {seq}", error)
        return
    if record.prev != prev:
        _wrong(
            check,
            f"record {seq}",
            "damaged-record",
            f"it does not follow record {seq - 1} as that is now: edited, replaced or reordered",
        )
    _collect(check, record)


def _collect(check: _Check, record: Record) -> None:
    """Note every object that a record names."""
    body, user = record.body, f"record {record.seq}"
    if record.pack is not None:
        check.packs[record.pack] = record.seq
    if isinstance(body, Version):
        user = body.ref
        for artifact in body.artifacts:
            check.wanted.setdefault(artifact.object, f"{artifact.name} of {user}")
            check.wanted.setdefault(artifact.summary, f"summary of {artifact.name} of {user}")
    if isinstance(body, Version | Replayed):
        check.wanted.setdefault(body.environment, f"environment of {user}")
    if isinstance(body, Version | Attempt):
        for cell in body.cells:
            check.wanted.setdefault(cell.source, f"code of {user}")


def _check_object(check: _Check, objects: Objects, digest: Digest, user: str) -> None:
    try:
        check.size += len(objects.read(digest))
    except Damaged as error:
        check.found(f"{digest} ({user})", error)


def _check_packs(check: _Check, objects: Objects) -> None:
    for pack, seq in check.packs.items():
        try:
            for digest, _ in objects.contents(pack):
                if digest not in check.wanted:
                    check.wanted[digest] = f"pack of record {seq}"
                    objects.read(digest)
        except Damaged as error:
            check.found(f"pack {pack} (record {seq})", error)


def _check_head(check: _Check, last: int, head: Digest | None) -> None:
    hint = _read_hint(check.store)
    if hint is not None and hint[0] == last and head is not None and hint[1] != head:
        _wrong(check, f"record {last}", "damaged-record", "it is not the record that was written last: edited or replaced")


def _check_leftovers(check: _Check) -> None:
    """Remark on files that nothing names: harmless, unless somebody put them there."""
    unnamed = 0
    for key in check.store.keys(OBJECTS):
        digest = digest_in(key)
        if digest is None:
            check.remarks.append(f"{key} is no object")
        elif digest not in (check.packs if key.endswith(PACK_SUFFIX) else check.wanted):
            unnamed += 1
    if unnamed:
        check.remarks.append(f"{unnamed} files in objects/ that no record names: leftovers of interrupted commits")
    staged = sum(1 for _ in check.store.keys(STAGING))
    if staged:
        check.remarks.append(f"{staged} files in tmp/: commits under way, or leftovers")


def _wrong(check: _Check, subject: str, code: str, problem: str) -> None:
    check.problems.append(Finding(code, subject, problem))
