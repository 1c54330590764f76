"""Cover: the whole log as Arrow tables in memory: segments as wide as there are, then the tail, read from the records.

Segments stay in memory once they are verified, about 1 KB a version with twenty metrics: a file that is damaged afterwards
cannot change an answer.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mvlake.index import segments
from mvlake.index.columns import arrow_table, joined
from mvlake.index.contract import Files, Records
from mvlake.index.rows import Rows, rows_of
from mvlake.index.segments import SPANS, Segment
from mvlake.index.tables import TABLES, TableForm
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

    def follow(self) -> Digest | None:
        """Cover the log up to its head, writing segments where the tail is long; return the digest of its last record."""
        head = self._records.head
        last, digest = self._end()
        if last > head or (last and self._records.read(last)[1] != digest):  # the digest speaks for all before it
            self._segments, self._tail = [], []
        self._extend_segments(head)
        self._extend_tail(head)
        return self._end()[1]

    def tables(self) -> Mapping[str, Any]:
        """Return all rows by table name."""
        return {form.name: self._table(form) for form in TABLES}

    def rebuild(self) -> int:
        """Remove every derived file and derive it again; return the number of records."""
        segments.remove_all(self._files)
        self._segments, self._tail = [], []
        self.follow()
        return self._end()[0]

    def _table(self, form: TableForm) -> Any:
        rows = [row for entry in self._tail for row in entry.rows.get(form.name, ())]
        return joined(form, [*(one.tables[form.name] for one in self._segments), arrow_table(form, rows)])

    def _end(self) -> tuple[int, Digest | None]:
        if self._tail:
            return self._tail[-1].seq, self._tail[-1].digest
        return (self._segments[-1].last, self._segments[-1].digest) if self._segments else (0, None)

    def _extend_segments(self, head: int) -> None:
        first = self._segments[-1].last + 1 if self._segments else 1
        while spans := segments.spans_at(first, head):
            segment = self._stored(first, spans) or self._made(first, spans[0])
            tail = [entry for entry in self._tail if entry.seq > segment.last]
            self._tail, self._segments = tail, [*self._segments, segment]
            self._merge()
            first = self._segments[-1].last + 1

    def _stored(self, first: int, spans: tuple[int, ...]) -> Segment | None:
        found = (segments.read(self._files, self._records, first, first + span - 1) for span in spans)
        return next((segment for segment in found if segment is not None), None)

    def _made(self, first: int, span: int) -> Segment:
        segment = segments.gather(self._records, first, first + span - 1)
        segments.write(self._files, segment)
        return segment

    def _merge(self) -> None:
        """Join the last four segments into one of the next span, for as long as there are four of a span."""
        while len(self._segments) >= _MERGED:
            parts = self._segments[-_MERGED:]
            span = _MERGED * parts[0].span
            if span not in SPANS or any(one.span * _MERGED != span for one in parts) or (parts[0].first - 1) % span:
                return
            whole = segments.merged(parts)
            segments.write(self._files, whole)
            if segments.is_written(self._files, whole.first, whole.last):
                for one in parts:
                    segments.remove(self._files, one.first, one.last)
            self._segments = [*self._segments[:-_MERGED], whole]

    def _extend_tail(self, head: int) -> None:
        for seq in range(self._end()[0] + 1, head + 1):
            record, digest = self._records.read(seq)
            self._tail.append(_Entry(seq, digest, rows_of(record, digest)))
