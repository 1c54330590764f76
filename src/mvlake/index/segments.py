"""Segments: one range of records as Parquet files, one a table, and a manifest that is written last.

`index/manifest-000001-004096.json` names the digest of the last record that the segment covers, and the BLAKE3 of each of its
files: Parquet does not notice a flipped bit, so no byte reaches the Parquet reader unverified. A segment with any part absent,
damaged, of another history or of another revision is no segment, and is derived again. Ranges begin at fixed numbers, so
two writers write the same segment, and a reader finds it without a listing.
"""

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from blake3 import blake3

from mvlake.index.columns import arrow_table, in_order, joined, schema_of
from mvlake.index.contract import Files, Records
from mvlake.index.rows import Row, rows_of
from mvlake.index.tables import REVISION, TABLES
from mvlake.records.canonical import Json, canonical, parse
from mvlake.records.digest import Digest

PREFIX = "index/"
PUBLISHED = "index/published.json"
SPANS = (65536, 16384, 4096, 1024)  # four neighbours of one span become one of the next
FORMS = {form.name: form for form in TABLES}
_BATCH = 1024  # records held as Python rows at one time
_ROW_GROUP = 65536


class DamagedSegment(Exception):
    """A file of a segment that is not what its manifest says."""

    def __init__(self, first: int, last: int) -> None:
        self.first, self.last = first, last
        super().__init__(f"records {first} to {last}")


@dataclass(frozen=True, slots=True)
class Segment:
    """Records `first` to `last` as Arrow tables by table name; `digest` names record `last`, and so all before it.

    Tables that lie in files, or are to be joined of others, are made when they are asked for: one fits into memory, all may not.
    """

    first: int
    last: int
    digest: Digest
    tables: Mapping[str, Any]

    @property
    def span(self) -> int:
        """How many records it covers."""
        return self.last - self.first + 1


def spans_at(first: int, head: int) -> tuple[int, ...]:
    """Return the spans that a segment from `first` may have in a log that ends at `head`, longest first.

    >>> spans_at(1, 5000), spans_at(1025, 9999), spans_at(1, 1000)
    ((4096, 1024), (1024,), ())
    """
    return tuple(span for span in SPANS if (first - 1) % span == 0 and first + span - 1 <= head)


def gather(records: Records, first: int, last: int) -> Segment:
    """Return the segment of these records, read from the log."""
    parts: dict[str, list[Any]] = {form.name: [] for form in TABLES}
    digest = None
    for start in range(first, last + 1, _BATCH):
        rows: dict[str, list[Row]] = {form.name: [] for form in TABLES}
        for seq in range(start, min(start + _BATCH, last + 1)):
            record, digest = records.read(seq)
            for name, found in rows_of(record, digest).items():
                rows[name].extend(found)
        for form in TABLES:
            parts[form.name].append(arrow_table(form, rows[form.name]))
    assert digest is not None, "a segment covers at least one record"
    return Segment(first, last, digest, {form.name: in_order(form, joined(form, parts[form.name])) for form in TABLES})


def merged(segments: Sequence[Segment]) -> Segment:
    """Return neighbouring segments as one."""
    return Segment(segments[0].first, segments[-1].last, segments[-1].digest, _Joined(tuple(segments)))


def write(files: Files, segment: Segment) -> None:
    """Write a segment, its manifest last."""
    written: dict[str, Json] = {}
    for form in TABLES:
        data = _parquet(segment, form.name)
        written[form.name] = _digest(data)
        files.put_hint(key_of(form.name, segment.first, segment.last), data)
    manifest: dict[str, Json] = {
        "revision": REVISION,
        "first": segment.first,
        "last": segment.last,
        "digest": segment.digest,
        "files": written,
    }
    files.put_hint(_manifest_key(segment.first, segment.last), canonical(manifest))


def is_written(files: Files, first: int, last: int) -> bool:
    """True when the range has a manifest."""
    return files.get(_manifest_key(first, last)) is not None


def finished(files: Files, head: int) -> tuple[tuple[int, int], ...]:
    """Return the ranges that segments cover, the widest from each record on, as far as they go in a log that ends at `head`."""
    found: list[tuple[int, int]] = []
    first = 1
    while found_here := [first + span - 1 for span in spans_at(first, head) if is_written(files, first, first + span - 1)]:
        found.append((first, found_here[0]))
        first = found_here[0] + 1
    return tuple(found)


def published(files: Files) -> frozenset[tuple[int, int]]:
    """Return the ranges that tables of other engines name: their files stay until these tables name others."""
    try:
        return frozenset((first, last) for first, last in parse(files.get(PUBLISHED) or b"")["ranges"])
    except (ValueError, TypeError, KeyError):
        return frozenset()


def remove(files: Files, first: int, last: int) -> None:
    """Remove the files of a range, its manifest first, unless it is published."""
    if (first, last) in published(files):
        return
    files.remove_hint(_manifest_key(first, last))
    for form in TABLES:
        files.remove_hint(key_of(form.name, first, last))


def remove_all(files: Files) -> None:
    """Remove the files of every segment, manifests first. What else lies in `index/` is not the index's."""
    for prefix in (f"{PREFIX}manifest-", *(f"{PREFIX}{name}/" for name in FORMS)):
        for key in list(files.keys(prefix)):
            if "/" not in key.removeprefix(prefix):  # a published table has folders of its own there
                files.remove_hint(key)


def read(files: Files, records: Records, first: int, last: int) -> Segment | None:
    """Return the segment of a range, None when it is absent, damaged, or not of this log."""
    data = files.get(_manifest_key(first, last))
    manifest = None if data is None else _read_manifest(data, first, last)
    if manifest is None:
        return None
    digest, names = manifest
    if records.read(last)[1] != digest:
        return None
    return Segment(first, last, digest, _Stored(files, first, last, names))


class _Stored(Mapping[str, Any]):
    """The tables of a segment's files, each read and verified when it is asked for. Raises DamagedSegment."""

    def __init__(self, files: Files, first: int, last: int, names: Mapping[str, str]) -> None:
        self._files, self._first, self._last, self._names = files, first, last, names

    def __getitem__(self, name: str) -> Any:
        data = self._files.get(key_of(name, self._first, self._last))
        table = None if data is None or _digest(data) != self._names[name] else _read_parquet(data)
        if table is None or not table.schema.equals(schema_of(FORMS[name])):
            raise DamagedSegment(self._first, self._last)
        return table

    def __iter__(self) -> Iterator[str]:
        return iter(FORMS)

    def __len__(self) -> int:
        return len(FORMS)


class _Joined(Mapping[str, Any]):
    """The tables of several segments, each joined and sorted when it is asked for."""

    def __init__(self, parts: tuple[Segment, ...]) -> None:
        self._parts = parts

    def __getitem__(self, name: str) -> Any:
        form = FORMS[name]
        return in_order(form, joined(form, [one.tables[name] for one in self._parts]))

    def __iter__(self) -> Iterator[str]:
        return iter(FORMS)

    def __len__(self) -> int:
        return len(FORMS)


def _read_manifest(data: bytes, first: int, last: int) -> tuple[Digest, Mapping[str, str]] | None:
    try:
        document = parse(data)
        names = document["files"]
        if (document["revision"], document["first"], document["last"]) != (REVISION, first, last):
            return None
        return Digest(document["digest"]), {form.name: Digest(names[form.name]) for form in TABLES}
    except (ValueError, TypeError, KeyError):
        return None


def _parquet(segment: Segment, name: str) -> bytes:
    # The file says by itself of which log it is, for whoever reads it without us.
    table = segment.tables[name].replace_schema_metadata({"mvlake.last": segment.digest, "mvlake.revision": str(REVISION)})
    sink = io.BytesIO()
    pq.write_table(table, sink, compression="zstd", row_group_size=_ROW_GROUP)
    return sink.getvalue()


def _read_parquet(data: bytes) -> Any:
    try:
        return pq.ParquetFile(pa.BufferReader(data)).read().replace_schema_metadata(None)
    except (pa.ArrowException, OSError, ValueError):
        return None


def _digest(data: bytes) -> Digest:
    return Digest.of_hash(blake3(data).digest())


def key_of(table: str, first: int, last: int) -> str:
    """Return where a table of a segment lies."""
    return f"{PREFIX}{table}/{first:06d}-{last:06d}.parquet"  # a folder a table: what Athena, Spark and Delta take for a table


def _manifest_key(first: int, last: int) -> str:
    return f"{PREFIX}manifest-{first:06d}-{last:06d}.json"
