"""Labels: movable names of versions. Where they point, where they pointed at a moment, and where a rollback leads."""

from mvlake.errors import NothingToRollBack
from mvlake.records.answers import LabelRow
from mvlake.records.events import LabelMove, Move


class LabelHistory:
    """Every move of every label, in the order of the log."""

    def __init__(self) -> None:
        self._rows: list[LabelRow] = []
        self._places: dict[str, dict[str, list[int | None]]] = {}  # by name, by label; a promotion pushes, a rollback pops

    def take(self, move: LabelMove, at: str, author: str) -> None:
        """Follow one more move."""
        self._rows.append(LabelRow(move, at, author))
        labels = self._places.setdefault(move.name, {})
        places = labels.get(move.label, [])
        if move.move is Move.ROLLBACK:
            places = places[:-1]
        # The record decides where the label points, also one that does not fit those before it.
        if move.move is not Move.ROLLBACK or places[-1:] != [move.to_number]:
            places = [*places, move.to_number]
        labels[move.label] = places  # at once: another thread may be asking

    def current(self, name: str) -> dict[str, int]:
        """Return the number at which each label of a name points."""
        last = {label: places[-1] for label, places in list(self._places.get(name, {}).items())}
        return {label: number for label, number in last.items() if number is not None}

    def rows(self, name: str | None = None) -> tuple[LabelRow, ...]:
        """Return all moves, or those of one name, oldest first."""
        return tuple(row for row in list(self._rows) if name is None or row.move.name == name)

    def held_at(self, moment: str, *, name: str | None = None, label: str | None = None) -> tuple[LabelRow, ...]:
        """Return each label's last move made at or before a moment; where clocks disagree, the order of the log counts."""
        held: dict[tuple[str, str], LabelRow] = {}
        for row in self.rows(name):
            if row.at <= moment and label in (None, row.move.label):
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
        places = self._places.get(name, {}).get(label, [])
        if len(places) < 2:
            raise NothingToRollBack(name, label)
        return LabelMove(name, label, places[-1], places[-2], Move.ROLLBACK, reason)
