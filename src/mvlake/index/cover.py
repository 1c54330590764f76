"""Cover: the whole log as Arrow tables: segments as wide as there are, then the tail, read from the records.

A table stays in memory once it was asked for and verified: a file that is damaged afterwards cannot change an answer. Tables that
nobody asks for are not read.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from mvlake.index import segments
from mvlake.index.columns import arrow_table, joined
from mvlake.index.contract import Files, Records
from mvlake.index.rows import Rows, rows_of
from mvlake.index.segments import FORMS, SPANS, DamagedSegment, Segment
from mvlake.index.tables import TableForm
from mvlake.records.digest import Digest

_MERGED = 4


@dataclass(frozen=True, slots=True)
class _Entry:
    seq: int
    digest: Digest
    rows: Rows


class Cover:
    """Follows one log. A log that was replaced by another one is noticed, and read anew.

    An interrupt at any point leaves it shorter, never wrong: each step is one append or one assignment.
    """

    def __init__(self, files: Files, records: Records) -> None:
        self._files, self._records = files, records
        self._segments: list[Segment] = []
        self._tail: list[_Entry] = []
        self._loaded: dict[tuple[Digest, int, str], Any] = {}  # by segment and table

    def follow(self) -> Digest | None:
        """Cover the log up to its head, writing segments where the tail is long; return the digest of its last record."""
        head = self._records.head
        last, digest = self._end()
        if last > head or (last and self._records.read(last)[1] != digest):  # the digest speaks for all before it
            self._segments, self._tail = [], []
        self._extend_segments(head)
        self._extend_tail(head)
        return self._end()[1]

    def tables(self, names: Collection[str]) -> Mapping[str, Any]:
        """Return all rows of these tables, and no row of the others."""
        known = {(one.digest, one.first) for one in self._segments}
        self._loaded = {key: table for key, table in self._loaded.items() if key[:2] in known}
        return {form.name: self._table(form) if form.name in names else arrow_table(form, []) for form in FORMS.values()}

    def rebuild(self) -> int:
        """Remove every derived file and derive it again; return the number of records."""
        segments.remove_all(self._files)
        self._segments, self._tail, self._loaded = [], [], {}
        self.follow()
        return self._end()[0]

    def _table(self, form: TableForm) -> Any:
        rows = [row for entry in self._tail for row in entry.rows.get(form.name, ())]
        return joined(form, [*(self._of(place, form) for place in range(len(self._segments))), arrow_table(form, rows)])

    def _of(self, place: int, form: TableForm) -> Any:
        segment = self._segments[place]
        key = (segment.digest, segment.first, form.name)
        if key not in self._loaded:
            try:
                self._loaded[key] = segment.tables[form.name]
            except DamagedSegment:
                self._segments[place] = self._made(segment.first, segment.span)
                self._loaded[key] = self._segments[place].tables[form.name]
        return self._loaded[key]

    def _end(self) -> tuple[int, Digest | None]:
        if self._tail:
            return self._tail[-1].seq, self._tail[-1].digest
        return (self._segments[-1].last, self._segments[-1].digest) if self._segments else (0, None)

    def _extend_segments(self, head: int) -> None:
        first = self._segments[-1].last + 1 if self._segments else 1
        while spans := segments.spans_at(first, head):
            # The shortest is made where there is none, and then joined: so only a few thousand records are in memory at once.
            segment = self._stored(first, spans) or self._made(first, spans[-1])
            tail = [entry for entry in self._tail if entry.seq > segment.last]
            self._tail, self._segments = tail, [*self._segments, segment]
            self._merge()
            first = self._segments[-1].last + 1

    def _stored(self, first: int, spans: tuple[int, ...]) -> Segment | None:
        found = (segments.read(self._files, self._records, first, first + span - 1) for span in spans)
        return next((segment for segment in found if segment is not None), None)

    def _made(self, first: int, span: int) -> Segment:
        return self._written(segments.gather(self._records, first, first + span - 1))

    def _written(self, segment: Segment) -> Segment:
        """Return a segment as it lies in files; as it is, where none can be written."""
        segments.write(self._files, segment)
        return segments.read(self._files, self._records, segment.first, segment.last) or segment

    def _merge(self) -> None:
        """Join the last four segments into one of the next span, for as long as there are four of a span."""
        while len(self._segments) >= _MERGED:
            parts = self._segments[-_MERGED:]
            span = _MERGED * parts[0].span
            if span not in SPANS or any(one.span * _MERGED != span for one in parts) or (parts[0].first - 1) % span:
                return
            try:
                whole = self._written(segments.merged(parts))
            except DamagedSegment as damage:
                place = next(place for place, one in enumerate(self._segments) if one.first == damage.first)
                self._segments[place] = self._made(damage.first, damage.last - damage.first + 1)
                continue
            if segments.is_written(self._files, whole.first, whole.last):
                for one in parts:
                    segments.remove(self._files, one.first, one.last)
            self._segments = [*self._segments[:-_MERGED], whole]

    def _extend_tail(self, head: int) -> None:
        for seq in range(self._end()[0] + 1, head + 1):
            record, digest = self._records.read(seq)
            self._tail.append(_Entry(seq, digest, rows_of(record, digest)))
