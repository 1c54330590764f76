"""Verify: everything that can be wrong with a lake, looked for without running any of its content."""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

from mvlake.errors import Damaged, DamagedObject, DamagedRecord, MissingObject, MvlakeError
from mvlake.lake.parts import Parts
from mvlake.records.answers import Finding, Findings
from mvlake.records.digest import Digest
from mvlake.records.events import Attempt, Replayed
from mvlake.records.node import read_node
from mvlake.records.record import Record, read_record
from mvlake.records.version import Version
from mvlake.store.contract import Store
from mvlake.store.hashing import digest_of, genesis
from mvlake.store.hint import read_hint
from mvlake.store.keys import LOG, OBJECTS, PACK_SUFFIX, STAGING, digest_in, pack_key, record_key, seq_in
from mvlake.store.objects import Objects, content_at
from mvlake.store.seal import check_seal

_OTHER_BYTES = "other bytes than its name says"


@dataclass(slots=True)
class _Check:
    """A verification under way."""

    store: Store
    problems: list[Finding] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)  # versions by name
    wanted: dict[Digest, str] = field(default_factory=dict)  # object → who names it
    nodes: dict[Digest, str] = field(default_factory=dict)  # those of them that name others
    packs: dict[Digest, int] = field(default_factory=dict)
    packed: set[Digest] = field(default_factory=set)  # objects found whole in a pack
    size: int = 0

    def found(self, subject: str, error: MvlakeError) -> None:
        """Note what is wrong."""
        self.problems.append(Finding(error.code, subject, error.message))

    def keys(self, prefix: str) -> Iterator[str]:
        """Yield the keys there are; a place that cannot be listed is a finding."""
        try:
            yield from self.store.keys(prefix)
        except Damaged as error:
            self.found(prefix, error)


def verify(store: Store, lake_id: str) -> Findings:
    """Return all that is wrong with a lake: every record against its seal and the one before, every object against its name.

    It reads everything from the store, and trusts nothing that this process has read before.
    """
    check = _Check(store)
    records, head = _check_log(check, genesis(lake_id))
    objects = Objects(store)
    for pack, seq in check.packs.items():
        objects.learn(pack)
        _check_pack(check, objects, pack, f"pack {pack} (record {seq})")
    _walk_nodes(check, objects)
    for digest, user in check.wanted.items():
        if digest not in check.packed:
            _check_object(check, objects, digest, user)
    _check_other_files(check)
    count = len(check.packed.union(check.wanted))
    return Findings(records, count, check.size, tuple(check.problems), tuple(check.remarks), head)


def verify_parts(parts: Parts) -> Findings:
    """Return all that is wrong with an open lake."""
    return verify(parts.store, parts.lake_id)


def _check_log(check: _Check, genesis: Digest) -> tuple[int, Digest | None]:
    """Check every record up to the last that anything tells of; return how many there are, and the last one's digest."""
    hint = read_hint(check.store)
    told = sorted({*_listed(check), *([hint[0]] if hint else [])})
    seq, present = 1, 0
    head: Digest | None = None
    prev: Digest | None = genesis
    while True:
        later = next(iter(told[bisect_right(told, seq) :]), None)
        try:
            data = check.store.get(record_key(seq))
        except MvlakeError as error:
            check.found(f"record {seq}", error)
        else:
            if data is not None:
                present, head = present + 1, digest_of(data)
                _check_record(check, seq, data, prev)
                if hint is not None and hint[0] == seq and hint[1] != head:
                    _wrong(check, seq, "it is not the record that once was the last one: edited or replaced")
                seq, prev = seq + 1, head
                continue
            if later is None and seq not in told[-1:]:
                return present, head
            _note_missing(check, seq, later)
        if later is None:
            return present, head
        seq, prev = later, None


def _listed(check: _Check) -> Iterator[int]:
    """Yield the numbers of records that there are files of: a listing may miss some, so it only ever adds."""
    for key in check.keys(LOG):
        seq = seq_in(key)
        if seq is None:
            check.remarks.append(f"{key} is no record")
        else:
            yield seq


def _check_record(check: _Check, seq: int, data: bytes, prev: Digest | None) -> None:
    check.size += len(data)
    try:
        check_seal(data, seq)
        record = read_record(data, seq)
    except MvlakeError as error:
        check.found(f"record {seq}", error)
        return
    if prev is not None and record.prev != prev:
        _wrong(check, seq, f"it does not follow record {seq - 1} as that is now: edited, replaced or reordered")
    if isinstance(record.body, Version):
        _check_number(check, seq, record.body)
    _collect(check, record)


def _check_number(check: _Check, seq: int, version: Version) -> None:
    count = check.counts.get(version.name, 0)
    # Where records are damaged or missing, versions are too, and their numbers with them.
    if version.number != count + 1 and not check.problems:
        _wrong(check, seq, f"it says {version.ref}, which does not follow v{count}")
    check.counts[version.name] = count + 1


def _collect(check: _Check, record: Record) -> None:
    """Note every object that a record names."""
    body, user = record.body, f"record {record.seq}"
    for pack in record.packs:
        check.packs.setdefault(pack, record.seq)
    if isinstance(body, Version):
        user = body.ref
        for artifact in body.artifacts:
            check.wanted.setdefault(artifact.object, f"{artifact.name} of {user}")
            if artifact.is_node:
                check.nodes.setdefault(artifact.object, f"{artifact.name} of {user}")
            check.wanted.setdefault(artifact.summary, f"summary of {artifact.name} of {user}")
    if isinstance(body, Version | Replayed):
        check.wanted.setdefault(body.environment, f"environment of {user}")
    if isinstance(body, Version | Attempt):
        for cell in body.cells:
            check.wanted.setdefault(cell.source, f"code of {user}")


def _walk_nodes(check: _Check, objects: Objects) -> None:
    """Note every object that a node names, and the nodes among them. A node that is damaged or no node is a finding."""
    waiting = list(check.nodes.items())
    while waiting:
        digest, user = waiting.pop()
        try:
            node = read_node(objects.read(digest))
        except Damaged:
            continue  # found once more, as an object
        except ValueError as error:
            check.found(f"{digest} ({user})", DamagedObject(digest, where=user, found=str(error)))
            continue
        for leaf in node.leaves:
            check.wanted.setdefault(leaf, user)
        for inner in node.nodes:
            check.wanted.setdefault(inner, user)
            if inner not in check.nodes:
                check.nodes[inner] = user
                waiting.append((inner, user))


def _check_pack(check: _Check, objects: Objects, pack: Digest, subject: str) -> None:
    """Check a pack as a whole, and that each object in it is what the footer says."""
    try:
        data = check.store.get(pack_key(pack))
        if data is None:
            raise MissingObject(pack)
        check.size += len(data)
        if digest_of(data) != pack:
            raise DamagedObject(pack, where=pack_key(pack), found=_OTHER_BYTES)
        for digest, place in objects.contents(pack):
            content = content_at(place, data[place.offset : place.offset + place.length])
            if content is None or digest_of(content) != digest:
                raise DamagedObject(digest, where=pack_key(pack), found=_OTHER_BYTES)
            check.packed.add(digest)
    except Damaged as error:
        check.found(subject, error)


def _check_object(check: _Check, objects: Objects, digest: Digest, user: str) -> None:
    try:
        check.size += len(objects.read(digest))
    except Damaged as error:
        check.found(f"{digest} ({user})", error)


def _check_other_files(check: _Check) -> None:
    """Check further copies of objects, and remark on files that nothing names: harmless, unless somebody put them there."""
    unnamed = 0
    for key in check.keys(OBJECTS):
        digest = digest_in(key)
        if digest is None:
            check.remarks.append(f"{key} is no object")
        elif digest not in (check.packs if key.endswith(PACK_SUFFIX) else check.wanted):
            unnamed += 1
        elif not key.endswith(PACK_SUFFIX) and digest in check.packed:
            _check_copy(check, key, digest)
    if unnamed:
        check.remarks.append(f"{unnamed} files in objects/ that no record names: leftovers of interrupted commits")
    staged = sum(1 for _ in check.keys(STAGING))
    if staged:
        check.remarks.append(f"{staged} files in tmp/: commits under way, or leftovers")


def _check_copy(check: _Check, key: str, digest: Digest) -> None:
    try:
        data = check.store.get(key)
        if data is not None and digest_of(data) != digest:
            raise DamagedObject(digest, where=key, found=_OTHER_BYTES)
    except Damaged as error:
        check.found(key, error)


def _note_missing(check: _Check, seq: int, later: int | None) -> None:
    last = seq if later is None else later - 1
    subject = f"record {seq}" if last == seq else f"records {seq} to {last}"
    check.problems.append(Finding(DamagedRecord.code, subject, "missing: deleted, or never copied"))


def _wrong(check: _Check, seq: int, problem: str) -> None:
    check.problems.append(Finding(DamagedRecord.code, f"record {seq}", problem))
