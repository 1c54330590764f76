"""Ledger: what the log says. Names, versions, numbers, labels, remarks are questions to it.

It keeps nothing but the records used last: it asks the rows of a log for numbers, and reads the records that the answer is made
of. So its size does not follow that of the lake. It never reads the world, and can be thrown away at any time.
"""

from collections.abc import Iterator
from itertools import islice

from mvlake.errors import AmbiguousRef, DamagedRecord, LabelNotFound, VersionNotFound
from mvlake.records.answers import CorrectionRow, Entry, Remark, Replay
from mvlake.records.digest import Digest
from mvlake.records.events import Attempt, Better, Confirmation, Correction, Forgotten, Meaning, Note, Replayed, Tag
from mvlake.records.record import BODY_KINDS, Record
from mvlake.records.ref import Ref
from mvlake.records.version import Version
from mvlake.registry.labels import LabelHistory
from mvlake.registry.reader import Reader
from mvlake.registry.source import Part, Source
from mvlake.registry.tables import (
    DIGEST,
    END,
    KIND,
    NAME,
    NUMBER,
    Table,
    digest_at,
    identity_key,
    key_of,
    last_number,
    name_in,
    number_at,
    number_key,
)

_AT_ONCE = 256  # rows looked at together on the way back from the head
_CANDIDATES = 20
_KIND_KEYS = {kind: key_of(word, size=KIND) for word, kind in BODY_KINDS.items()}


class Ledger:
    """All versions by name and number, and what was said of them since."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._reader = Reader(source)
        self._corrections: tuple[int, tuple[int, ...]] = (0, ())  # as of which record, and in which
        self._names: tuple[int, tuple[str, ...]] = (0, ())  # as of which record
        self.labels = LabelHistory(source, self._reader)

    def follow(self, record: Record, digest: Digest) -> None:
        """Hear of the record that comes next; DamagedRecord when it is a version that does not."""
        body = record.body
        if isinstance(body, Version) and body.number != self.count(body.name) + 1:
            raise DamagedRecord(record.seq, reason=f"it says {body.ref}, which does not follow v{self.count(body.name)}")
        self._reader.keep(record, digest)

    def names(self) -> tuple[str, ...]:
        """Return the names that have versions, the latest used last."""
        head = self._source.head
        if self._names[0] != head:
            last = {row[:NAME]: row for part in self._source.parts() for row in part.between(Table.NAMES, b"", END)}
            rows = sorted(last.values(), key=lambda row: number_at(row, NAME))
            self._names = (head, tuple(self._name(row) for row in rows))
        return self._names[1]

    def count(self, name: str) -> int:
        """Return how many versions a name has; they are numbered 1 to this."""
        key = key_of(name)
        for part in reversed(self._source.parts()):
            row = part.before(Table.NAMES, key + END)
            if row is not None and row.startswith(key):
                return number_at(row, NAME + NUMBER)
        return 0

    def entry(self, name: str, number: int) -> Entry:
        """Return one version; VersionNotFound when there is none."""
        seq = self._seq(name, number)
        if seq is None:
            raise VersionNotFound(f"{name}:v{number}", existing=self._existing(name))
        return self._entry(seq)

    def entries(self, name: str | None = None, *, limit: int = 0) -> tuple[Entry, ...]:
        """Return all versions, or those of one name, newest first; at most `limit` where it is not 0."""
        if name is None:
            seqs = self._of_kind(Version, after=0)
        else:
            numbers = range(self.count(name), 0, -1)
            seqs = (seq for seq in (self._seq(name, number) for number in numbers) if seq is not None)
        return tuple(self._entry(seq) for seq in (islice(seqs, limit) if limit else seqs))

    def attempts(self, name: str | None = None, *, after: int = 0, limit: int = 0) -> tuple[tuple[Attempt, str, int], ...]:
        """Return executions that raised, newest first, with when and which record; those behind a record, at most `limit`."""
        seqs = self._of_kind(Attempt, after=after) if name is None else self._attempts_of(name, after)
        found = []
        for seq in islice(seqs, limit) if limit else seqs:
            record, _, attempt = self._reader.body(seq, Attempt)
            found.append((attempt, record.at, seq))
        return tuple(found)

    def has_attempts(self, name: str) -> bool:
        """True when an execution under this name raised."""
        return next(self._attempts_of(name, 0), None) is not None

    def find(self, ref: Ref) -> Entry:
        """Return the version that a ref names; NotFound or Ambiguous, with what exists, when it names none or several."""
        entry = self._by_digest(ref.digest) if ref.digest else self._by_name(ref)
        for _ in range(ref.back):
            parent = entry.version.parent
            if parent is None:
                raise VersionNotFound(str(ref), existing=self._existing(entry.version.name), wanted=f"{entry.ref} has no parent")
            if parent == entry.version.number:
                break  # made by hand: its own parent
            entry = self.entry(entry.version.name, parent)
        return entry

    def same_as(self, name: str, identity: Digest) -> Version | None:
        """Return the version of this name with this identity, the first if there are several; none that was forgotten."""
        key = identity_key(name, identity)
        for part in self._source.parts():
            for row in part.between(Table.IDENTITIES, key, key + END):
                version = self.entry_version(name, last_number(row))
                if version is not None and version.identity == identity and self.forgotten(name, version.number) is None:
                    return version
        return None

    def entry_version(self, name: str, number: int) -> Version | None:
        """Return one version without what was said of it, None when there is none."""
        seq = self._seq(name, number)
        return None if seq is None else self._version(seq)[2]

    def digest(self, name: str, number: int) -> Digest:
        """Return the digest of the record that made a version; VersionNotFound when there is none."""
        seq = self._seq(name, number)
        if seq is None:
            raise VersionNotFound(f"{name}:v{number}", existing=self._existing(name))
        return self._version(seq)[1]

    def said_of(self, name: str, number: int, kind: type) -> Iterator[Record]:
        """Yield the records of one kind of event that speak of a version, oldest first, without what came before it."""
        seq = self._seq(name, number)
        if seq is not None:
            for found in self._said(name, number, kind, seq):
                yield self._reader.read(found)[0]

    def forgotten(self, name: str, number: int) -> Remark | None:
        """Return why, when and by whom a version was forgotten, None when it is wanted."""
        said = list(self.said_of(name, number, Forgotten))
        last = said[-1] if said else None
        if last is None or not isinstance(last.body, Forgotten) or last.body.is_undone:
            return None
        return Remark(last.body.reason, last.at, last.by.user)

    def _entry(self, seq: int) -> Entry:
        record, digest, version = self._version(seq)
        name, number = version.name, version.number
        held = self.labels.current(name)
        notes = (self._reader.body(one, Note) for one in self._said(name, number, Note, seq))
        replays = (self._reader.body(one, Replayed) for one in self._said(name, number, Replayed, seq))
        return Entry(
            version=version,
            seq=seq,
            digest=digest,
            created_at=record.at,
            author=record.by.user,
            labels=tuple(sorted(label for label, at in held.items() if at == number)),
            tags=self._tags(name, number, seq),
            notes=tuple(Remark(note.text, one.at, one.by.user) for one, _, note in notes),
            replays=tuple(Replay(replayed, one.at, one.by.user) for one, _, replayed in replays),
            confirmations=self._confirmations(name, number, seq),
            forgotten=self.forgotten(name, number),
            corrections=self._corrections_of(name, number, seq),
        )

    def corrections(self) -> tuple[Record, ...]:
        """Return every record that says what a fact is, oldest first."""
        head, known = self._corrections
        if head != self._source.head:
            fresh = sorted(self._of_kind(Correction, after=head))
            self._corrections = (self._source.head, (*known, *fresh))
        return tuple(self._reader.read(seq)[0] for seq in self._corrections[1])

    def meanings(self, name: str) -> dict[str, Meaning]:
        """Return what people say that facts of a name are, by fact; what was taken back is not there."""
        said = [body for record in self.corrections() if isinstance(body := record.body, Correction) and body.name == name]
        last = {one.fact: one.meaning for one in said}
        return {fact: meaning for fact, meaning in last.items() if meaning is not Meaning.GUESS}

    def directions(self, name: str) -> dict[str, Better]:
        """Return which values of the metrics of a name people say to be the better ones; what was taken back is not there."""
        said = [body for record in self.corrections() if isinstance(body := record.body, Correction) and body.name == name]
        last = {one.fact: one.better for one in said}
        return {fact: better for fact, better in last.items() if better is not None}

    def _corrections_of(self, name: str, number: int, seq: int) -> tuple[CorrectionRow, ...]:
        found = (self._reader.body(one, Correction) for one in self._said(name, number, Correction, seq))
        return tuple(CorrectionRow(correction, one.at, one.by.user) for one, _, correction in found)

    def _tags(self, name: str, number: int, seq: int) -> tuple[str, ...]:
        tags: list[str] = []
        for found in self._said(name, number, Tag, seq):
            change = self._reader.body(found, Tag)[2]
            if change.is_removed:
                tags = [tag for tag in tags if tag != change.tag]
            elif change.tag not in tags:
                tags.append(change.tag)
        return tuple(tags)

    def _confirmations(self, name: str, number: int, seq: int) -> int:
        low, high = _said_between(name, number, Confirmation, seq)
        return sum(part.count(Table.REMARKS, low, high) for part in self._parts_from(seq))

    def _said(self, name: str, number: int, kind: type, seq: int) -> list[int]:
        """Return the records of a kind that speak of the version that record `seq` made."""
        low, high = _said_between(name, number, kind, seq)
        return [last_number(row) for part in self._parts_from(seq) for row in part.between(Table.REMARKS, low, high)]

    def _parts_from(self, seq: int) -> list[Part]:
        return [part for part in self._source.parts() if part.last >= seq]

    def _version(self, seq: int) -> tuple[Record, Digest, Version]:
        return self._reader.body(seq, Version)

    def _seq(self, name: str, number: int) -> int | None:
        """Return the record that made a version, None when there is none."""
        key = key_of(name) + number_key(number)
        for part in reversed(self._source.parts()):
            for row in part.between(Table.VERSIONS, key, key + END):
                return last_number(row)
        return None

    def _of_kind(self, kind: type, *, after: int) -> Iterator[int]:
        """Yield the records of a kind, newest first."""
        key = _KIND_KEYS[kind]
        for part in reversed(self._source.parts()):
            last = part.last
            while last >= max(part.first, after + 1):
                first = max(part.first, after + 1, last - _AT_ONCE + 1)
                rows = part.records(first, last)
                yield from (first + place for place in range(len(rows) - 1, -1, -1) if rows[place][DIGEST:] == key)
                last = first - 1

    def _attempts_of(self, name: str, after: int) -> Iterator[int]:
        key = key_of(name)
        for part in reversed(self._source.parts()):
            row = part.before(Table.ATTEMPTS, key + END)
            while row is not None and row.startswith(key) and last_number(row) > after:
                yield last_number(row)
                row = part.before(Table.ATTEMPTS, row)

    def _name(self, row: bytes) -> str:
        name = name_in(row)
        return self._version(number_at(row, NAME))[2].name if name is None else name

    def _by_name(self, ref: Ref) -> Entry:
        if ref.label:
            return self._by_label(ref)
        if not ref.name:
            raise VersionNotFound(str(ref), existing=self.names(), wanted="say of which name")
        count = self.count(ref.name)
        if not count:
            raise VersionNotFound(str(ref), existing=self.names(), wanted=f'nothing is named "{ref.name}"')
        if ref.number is not None:
            return self.entry(ref.name, ref.number)
        for number in range(count, 0, -1):
            if self.forgotten(ref.name, number) is None:
                return self.entry(ref.name, number)
        raise VersionNotFound(str(ref), existing=self._existing(ref.name), wanted=f"every version of {ref.name} is forgotten")

    def _by_label(self, ref: Ref) -> Entry:
        if ref.name:
            names = [ref.name]
            if not self.count(ref.name):
                raise VersionNotFound(str(ref), existing=self.names(), wanted=f'nothing is named "{ref.name}"')
        else:
            names = [name for name in self.names() if ref.label in self.labels.current(name)]
        if len(names) > 1:
            raise AmbiguousRef(str(ref), candidates=[f"{name}@{ref.label}" for name in names])
        held = self.labels.current(names[0]) if names else {}
        if ref.label not in held:
            known = held or {label: 0 for name in self.names() for label in self.labels.current(name)}
            raise LabelNotFound(names[0] if names else "this lake", ref.label, existing=sorted(known))
        return self.entry(names[0], held[ref.label])

    def _by_digest(self, prefix: str) -> Entry:
        digits = prefix.removeprefix("b3:")[: 2 * NAME]
        low, high = bytes.fromhex(digits.ljust(2 * NAME, "0")), bytes.fromhex(digits.ljust(2 * NAME, "f")) + END
        seqs = (last_number(row) for part in self._source.parts() for row in part.between(Table.DIGESTS, low, high))
        found = list(islice((seq for seq in seqs if self._digest(seq).startswith(prefix)), _CANDIDATES))
        if not found:
            raise VersionNotFound(prefix, existing=self.names(), wanted="no version's record has this digest")
        if len(found) > 1:
            raise AmbiguousRef(prefix, candidates=[f"{self._version(seq)[2].ref} {self._digest(seq).short}" for seq in found])
        return self._entry(found[0])

    def _digest(self, seq: int) -> Digest:
        part = next(part for part in self._source.parts() if part.first <= seq <= part.last)
        return digest_at(part.records(seq, seq)[0])

    def _existing(self, name: str) -> tuple[str, ...]:
        count = self.count(name)
        return tuple(f"{name}:v{number}" for number in range(count, 0, -1)) if count else self.names()


def _said_between(name: str, number: int, kind: type, seq: int) -> tuple[bytes, bytes]:
    """Return the bounds of the rows of a kind that speak of a version, from the record on that made it."""
    prefix = key_of(name) + number_key(number) + _KIND_KEYS[kind]
    return prefix + number_key(seq), prefix + END
