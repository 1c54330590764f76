"""Labels: movable names of versions. Where they point, where they pointed at a moment, and where a rollback leads."""

from collections.abc import Iterator

from mvlake.errors import NothingToRollBack
from mvlake.records.answers import LabelRow
from mvlake.records.events import LabelMove, Move
from mvlake.registry.reader import Reader
from mvlake.registry.source import Source
from mvlake.registry.tables import END, NAME, Table, key_of, last_number

_REMEMBERED = 1000


class LabelHistory:
    """Every move of every label, in the order of the log."""

    def __init__(self, source: Source, reader: Reader) -> None:
        self._source, self._reader = source, reader
        self._current: dict[str, tuple[int, dict[str, int]]] = {}  # by name: as of which record, where its labels point

    def current(self, name: str) -> dict[str, int]:
        """Return the number at which each label of a name points."""
        head = self._source.head
        known = self._current.get(name)
        if known is None or known[0] != head:
            key = key_of(name)
            moves = [self._row(next(self._places(label))).move for label in sorted(self._labels(key))]
            # The record decides where the label points, also one that does not fit those before it.
            known = (head, {move.label: move.to_number for move in moves if move.to_number is not None})
            if len(self._current) >= _REMEMBERED:
                self._current = {}
            self._current[name] = known
        return dict(known[1])

    def rows(self, name: str | None = None) -> tuple[LabelRow, ...]:
        """Return all moves, or those of one name, oldest first."""
        low = b"" if name is None else key_of(name)
        found = (sorted(map(last_number, part.between(Table.MOVES, low, low + END))) for part in self._source.parts())
        return tuple(self._row(seq) for seqs in found for seq in seqs)

    def held_at(self, moment: str, *, name: str | None = None, label: str | None = None) -> tuple[LabelRow, ...]:
        """Return each label's last move made at or before a moment; where clocks disagree, the order of the log counts."""
        held: dict[tuple[str, str], LabelRow] = {}
        for key in self._labels(b"" if name is None else key_of(name)):
            if label is None or key[NAME:] == key_of(label):
                row = next((row for row in map(self._row, self._places(key)) if row.at <= moment), None)
                if row is not None:
                    held[row.move.name, row.move.label] = row
        return tuple(held[key] for key in sorted(held))

    def promotion(self, name: str, number: int, label: str, reason: str) -> LabelMove | None:
        """Return the move that points the label at a version; None when it points there already."""
        now = self.current(name).get(label)
        return None if now == number else LabelMove(name, label, now, number, Move.PROMOTE, reason)

    def rollback(self, name: str, label: str, reason: str) -> LabelMove:
        """Return the move that points the label where it pointed before; NothingToRollBack when it never did elsewhere.

        Rollbacks go further back each time: after v1, v2, v3 two of them lead to v1.
        """
        places: list[int | None] = []  # a promotion pushes, a rollback pops
        for seq in reversed(list(self._places(key_of(name) + key_of(label)))):
            move = self._row(seq).move
            if move.move is Move.ROLLBACK:
                places = places[:-1]
            if move.move is not Move.ROLLBACK or places[-1:] != [move.to_number]:
                places = [*places, move.to_number]
        if len(places) < 2:
            raise NothingToRollBack(name, label)
        return LabelMove(name, label, places[-1], places[-2], Move.ROLLBACK, reason)

    def _labels(self, prefix: bytes) -> set[bytes]:
        """Return the keys of names and labels that there are moves of, below a name's key or all."""
        found: set[bytes] = set()
        for part in self._source.parts():
            row = part.before(Table.MOVES, prefix + END)
            while row is not None and row.startswith(prefix):
                found.add(row[: 2 * NAME])
                row = part.before(Table.MOVES, row[: 2 * NAME])
        return found

    def _places(self, key: bytes) -> Iterator[int]:
        """Yield the records that moved one label, newest first."""
        for part in reversed(self._source.parts()):
            row = part.before(Table.MOVES, key + END)
            while row is not None and row.startswith(key):
                yield last_number(row)
                row = part.before(Table.MOVES, row)

    def _row(self, seq: int) -> LabelRow:
        record, _, move = self._reader.body(seq, LabelMove)
        return LabelRow(move, record.at, record.by.user)
