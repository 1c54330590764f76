"""Evaluation rows: about which rows of evaluation data two models are asked, and with which columns each.

The same data are best. Data of the same rows with other columns are next: each model gets its own. Else the rows that both versions
have are taken from b's data, if there are enough of them; else all rows of b's are, which a may have been fitted on.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from mvlake.compare.predicted import EvaluatedOn
from mvlake.handlers.frame_handler import FrameHandler
from mvlake.handlers.lookup import handler_named
from mvlake.handlers.predictions import MOST
from mvlake.lake.evaluation import Evaluation, Piece
from mvlake.lake.handed import Taken
from mvlake.lake.hidden import hidden_in
from mvlake.lake.load import guarded, open_table, restore
from mvlake.lake.look import Look
from mvlake.records.dossier import Dossier
from mvlake.records.summary import FrameSummary

MOST_KEYED = 1_000_000
FEWEST_COMMON = 20


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of both models: `a` and `b` are the data for each, with `places` (None: the first) of so many rows in all."""

    on: EvaluatedOn
    a: Any
    b: Any
    total: int
    places: Any = None
    note: str = ""


def asked_of(look: Look, ours: Evaluation | None, theirs: Evaluation | None) -> Asked:
    """Return what both models are asked of data that a, b or both evaluated; raises MvlakeError for what cannot be read."""
    if theirs is None or ours is None:
        dossier, one, on = (look.b, theirs, EvaluatedOn.B) if ours is None else (look.a, ours, EvaluatedOn.A)
        assert one is not None  # one of both is there
        data, total = read_piece(look, dossier, one.data, MOST)
        note = f"only {on} asks its model about {one.data.taken.name}"
        return Asked(on, data, data, total, note=_with_hidden(note, dossier, one.data))
    a, b = ours.data, theirs.data
    if a.artifact.digest == b.artifact.digest and a.taken == b.taken:
        data, total = read_piece(look, look.b, b, MOST)
        return Asked(EvaluatedOn.BOTH, data, data, total, note=_with_hidden("", look.b, b))
    if _are_same_rows(look, a, b):
        before, _ = read_piece(look, look.a, a, MOST)
        after, total = read_piece(look, look.b, b, MOST)
        return Asked(EvaluatedOn.BOTH, before, after, total, note=_with_hidden("each model is given its own columns", look.b, b))
    return _of_other_rows(look, a, b)


def read_piece(look: Look, dossier: Dossier, piece: Piece, rows: int, columns: Sequence[str] | None = None) -> tuple[Any, int]:
    """Return the first rows of a piece of data, and how many it has in all; `columns` in place of its own."""
    from mvlake.handlers.predicting.rows import count_rows, first_rows, only_column

    artifact, wanted = piece.artifact, columns if columns is not None else _columns(dossier, piece)
    if not isinstance(handler_named(artifact.handler), FrameHandler):
        data = restore(look.parts, dossier.version, artifact, trust=False)
        return guarded(look.parts, dossier.version, artifact, lambda: (first_rows(data, 0, rows), count_rows(data)), trust=False)

    def read() -> tuple[Any, int]:
        table = open_table(look.parts, artifact)
        found = table.part(wanted, range(min(rows, table.rows)))
        return only_column(found) if piece.taken.is_series and columns is None else found, table.rows

    return guarded(look.parts, dossier.version, artifact, read, trust=False)


def _of_other_rows(look: Look, a: Piece, b: Piece) -> Asked:
    """Return what is asked of b's data: the rows that a's have as well, where these are enough."""
    from mvlake.handlers.predicting.rows import rows_at
    from mvlake.handlers.predicting.rows_in_common import rows_in_common

    own, shared = _names(look.a, a), _shared(look, a, b)
    every = _names(look.b, Piece(b.artifact, Taken(b.taken.name))) or ()
    wanted = own if own is not None and own != _names(look.b, b) and set(own) <= set(every) else None
    after, total = read_piece(look, look.b, b, MOST_KEYED)
    before = read_piece(look, look.b, b, MOST_KEYED, wanted)[0] if wanted else after
    left = read_piece(look, look.a, a, MOST_KEYED, shared)[0]
    right = read_piece(look, look.b, b, MOST_KEYED, shared)[0] if shared else after
    places = rows_in_common(left, right)[:MOST]
    name = b.taken.name
    if len(places) >= FEWEST_COMMON:
        note = f"{name} has other rows in a: of the {total:,} in b, the {len(places):,} that a has as well are compared"
        return Asked(
            EvaluatedOn.COMMON, rows_at(before, places), rows_at(after, places), total, places, _with_hidden(note, look.b, b)
        )
    note = f"{name} has other rows in a: both models are asked about b's, some of which a may have been fitted on"
    return Asked(EvaluatedOn.B, before, after, total, note=_with_hidden(note, look.b, b))


def _are_same_rows(look: Look, a: Piece, b: Piece) -> bool:
    """True for two frames of as many rows of which all columns that both have are equal: rows that got or lost columns."""
    ours, theirs = (dossier.summaries.get(one.artifact.summary) for dossier, one in ((look.a, a), (look.b, b)))
    if not isinstance(ours, FrameSummary) or not isinstance(theirs, FrameSummary) or ours.rows != theirs.rows:
        return False
    before, after = ({one.name: one.digest for one in summary.columns} for summary in (ours, theirs))
    both = before.keys() & after.keys()
    return bool(both) and all(before[name] == after[name] for name in both)


def _shared(look: Look, a: Piece, b: Piece) -> tuple[str, ...] | None:
    """Return the columns by which rows of two frames are known, None where all are."""
    ours, theirs = _names(look.a, a), _names(look.b, b)
    if ours is None or theirs is None or ours == theirs:
        return None
    return tuple(name for name in theirs if name in set(ours)) or None


def _columns(dossier: Dossier, piece: Piece) -> tuple[str, ...] | None:
    """Return the columns that are taken, None where all are."""
    return None if piece.is_whole else _names(dossier, piece)


def _names(dossier: Dossier, piece: Piece) -> tuple[str, ...] | None:
    """Return the columns that a piece has, None of what is no frame."""
    summary = dossier.summaries.get(piece.artifact.summary)
    if not isinstance(summary, FrameSummary):
        return None
    return piece.taken.columns or tuple(one.name for one in summary.columns if one.name not in piece.taken.dropped)


def _with_hidden(note: str, dossier: Dossier, piece: Piece) -> str:
    if not hidden_in(dossier.version, piece.artifact):
        return note
    told = f"{piece.taken.name} is as the column policy left it"
    return f"{note}; {told}" if note else told
