"""Record: one numbered, hash-chained entry of the log, and its canonical bytes."""

import dataclasses
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeAlias

from mvlake.errors import DamagedRecord, FormatTooNew
from mvlake.records.canonical import Json, canonical, parse
from mvlake.records.digest import Digest
from mvlake.records.environment import Author
from mvlake.records.events import Attempt, Confirmation, Correction, Forgotten, LabelMove, Note, Repacked, Replayed, Tag
from mvlake.records.fields import from_fields, to_fields
from mvlake.records.version import Version

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Unknown:
    """A record of a kind that this mvlake does not know: it keeps its place in the chain, and says nothing."""

    kind: str


Body: TypeAlias = Version | Confirmation | Attempt | Correction | LabelMove | Note | Tag | Replayed | Forgotten | Repacked | Unknown

# The `kind` under which a body is written. Append-only.
BODY_KINDS: dict[str, type] = {
    "version": Version,
    "confirmation": Confirmation,
    "attempt": Attempt,
    "label": LabelMove,
    "note": Note,
    "tag": Tag,
    "replay": Replayed,
    "forgotten": Forgotten,
    "correction": Correction,
    "repacked": Repacked,
}
_KIND_OF = {kind: name for name, kind in BODY_KINDS.items()}


@dataclass(frozen=True, slots=True)
class Record:
    """Entry `seq` of the log. `prev` is the digest of entry seq-1; `packs` name the packs that came with it."""

    seq: int
    prev: Digest
    at: str
    by: Author
    body: Body
    packs: tuple[Digest, ...] = ()

    @property
    def kind(self) -> str:
        """The word under which the body is written."""
        return self.body.kind if isinstance(self.body, Unknown) else _KIND_OF[type(self.body)]


def record_bytes(record: Record) -> bytes:
    """Return the canonical bytes of a record: what lies on disk, and what the next record's `prev` names."""
    document: dict[str, Json] = {
        "format": FORMAT,
        "seq": record.seq,
        "prev": str(record.prev),
        "at": record.at,
        "by": to_fields(record.by),
        "kind": record.kind,
        "body": _body(record.body),
    }
    if record.packs:
        document["packs"] = [str(pack) for pack in record.packs]
    return canonical(document)


def _body(body: Body) -> Json:
    """Return the fields of a body without what may be absent and is empty: most versions have none of it."""
    document = to_fields(body)
    assert isinstance(document, dict)
    kind: Any = type(body)
    return {name: value for name, value in document.items() if value or name not in _may_be_absent(kind)}


@cache
def _may_be_absent(kind: Any) -> frozenset[str]:
    return frozenset(field.name for field in dataclasses.fields(kind) if field.default in ((), None))


def read_record(data: bytes, seq: int) -> Record:
    """Return the record in these bytes, which lay at number `seq`.

    Fields that this mvlake does not know are passed over. Raises DamagedRecord when the bytes are no record, or the record of
    another number; FormatTooNew when a later mvlake wrote it.
    """
    try:
        document = parse(data)
        if not isinstance(document, dict):
            raise TypeError("not an object")
        if isinstance(document.get("format"), int) and document["format"] > FORMAT:
            raise FormatTooNew(f"record {seq}", found=document["format"], known=FORMAT)
        if document["format"] != FORMAT or document["seq"] != seq:
            raise ValueError(f"it says format {document['format']}, number {document['seq']}")
        kind = BODY_KINDS.get(document["kind"])
        return Record(
            seq=seq,
            prev=Digest(document["prev"]),
            at=from_fields(str, document["at"]),
            by=from_fields(Author, document["by"]),
            body=Unknown(str(document["kind"])) if kind is None else from_fields(kind, document["body"]),
            packs=_packs(document.get("packs", [])),
        )
    except (ValueError, TypeError, KeyError) as error:
        raise DamagedRecord(seq, reason=f"unreadable ({error})") from error


def _packs(names: Json) -> tuple[Digest, ...]:
    if not isinstance(names, list):
        raise TypeError("packs are a list")
    return tuple(Digest(str(name)) for name in names)
