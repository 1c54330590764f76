"""Predicted: what the models of two versions say of the data on which either version's cells evaluated its model."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from mvlake.compare.predicted import EvaluatedOn, PredictionDiff
from mvlake.errors import Invalid, MvlakeError
from mvlake.handlers.contract import Handler
from mvlake.handlers.predictions import MOST, Predictions
from mvlake.lake.evaluation import Evaluation, Piece, evaluations
from mvlake.lake.evaluation_rows import Asked, asked_of, read_piece
from mvlake.lake.load import restore
from mvlake.lake.look import Look
from mvlake.records.dossier import Dossier

MOST_DATA = 4
"""Pieces of evaluation data for which a model is asked."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """A model of one side (a or b), and its handler."""

    side: str
    handler: Handler
    model: Any

    def say(self, data: Any) -> Predictions | None:
        """Return what the model says of data, None where its handler does not ask; Invalid, with the side, where it cannot."""
        try:
            return self.handler.predictions(self.model, data)
        except Invalid as error:
            raise Invalid(f"in {self.side}, {error.message}", hint="look whether the data fit the model") from error


def predictions(look: Look, name: str, a: Loaded, b: Loaded) -> tuple[PredictionDiff, ...]:
    """Return what both models say of each piece of evaluation data; of what cannot be read, or not be predicted, why."""
    ours, theirs = (_evaluations(look, dossier, name) for dossier in (look.a, look.b))
    pairs = _pairs(ours, theirs)[:MOST_DATA]
    found: list[PredictionDiff] = []
    for place, pair in enumerate(pairs):
        look.tell(f"predictions of {name}", place, len(pairs))
        found += _of_pair(look, a, b, *pair)
    return tuple(found)


def _evaluations(look: Look, dossier: Dossier, name: str) -> tuple[Evaluation, ...]:
    return evaluations(dossier, name, lambda artifact: restore(look.parts, dossier.version, artifact, trust=False))


def _of_pair(look: Look, a: Loaded, b: Loaded, ours: Evaluation | None, theirs: Evaluation | None) -> Sequence[PredictionDiff]:
    one, dossier, on = (theirs, look.b, EvaluatedOn.B) if theirs is not None else (ours, look.a, EvaluatedOn.A)
    assert one is not None  # a pair has one at least
    about = PredictionDiff(one.data.taken.name, on, one.data.artifact.digest, 0, 0)
    try:
        asked = asked_of(look, ours, theirs)
        about = replace(about, on=asked.on, total=asked.total, note=asked.note)
        truth, about = _truth(look, dossier, one, asked, about)
        return _guarded(about, a, b, asked, truth)
    except MvlakeError as error:
        return (_also(about, error.message),)


def _pairs(ours: Sequence[Evaluation], theirs: Sequence[Evaluation]) -> list[tuple[Evaluation | None, Evaluation | None]]:
    """Return the data of a and b that belong together, by name or else by content; those of b first, then what only a has."""
    left = list(ours)
    pairs: list[tuple[Evaluation | None, Evaluation | None]] = []
    for one in theirs:
        same = [
            *(other for other in left if other.data.taken.name == one.data.taken.name),
            *(other for other in left if other.data.artifact.digest == one.data.artifact.digest),
        ]
        if same:
            left.remove(same[0])
        pairs.append((same[0] if same else None, one))
    return [*pairs, *((one, None) for one in left)]


def _truth(look: Look, dossier: Dossier, one: Evaluation, asked: Asked, about: PredictionDiff) -> tuple[Any, PredictionDiff]:
    """Return what is true of the rows, None where that is not known, and what is told, with its name."""
    if one.truth is None:
        return None, about
    from mvlake.handlers.predicting.rows import first_rows, rows_at

    rows = MOST if asked.places is None else int(asked.places[-1]) + 1
    try:
        data, total = read_piece(look, dossier, one.truth, rows)
    except MvlakeError as error:
        return None, _also(about, f"what is true is not known: {error.message}")
    if total != asked.total:
        return None, _also(about, f"{_named(one.truth)} has {total:,} rows, and cannot be the truth about them")
    told = replace(about, truth=_named(one.truth))
    return (first_rows(data, 0, rows) if asked.places is None else rows_at(data, asked.places)), told


def _named(piece: Piece) -> str:
    return f"{piece.taken.name}[{piece.taken.columns[0]}]" if piece.taken.columns else piece.taken.name


def _guarded(about: PredictionDiff, a: Loaded, b: Loaded, data: Asked, truth: Any) -> tuple[PredictionDiff, ...]:
    """Return what both models say; Invalid where data or predictions are of no kind that can be compared."""
    try:
        return _compared(about, a, b, data, truth)
    except (MvlakeError, KeyboardInterrupt):
        raise
    except Exception as error:  # data are anything, and so is what their libraries raise of them
        told = f"predictions for {about.data} cannot be compared ({type(error).__name__})"
        raise Invalid(told, hint="look whether the data fit the models") from error


def _compared(about: PredictionDiff, a: Loaded, b: Loaded, data: Asked, truth: Any) -> tuple[PredictionDiff, ...]:
    from mvlake.handlers.predicting.asked import asked, first_of
    from mvlake.handlers.predicting.compared import Rows, compared
    from mvlake.handlers.predicting.rows import count_rows, first_rows

    wanted = min(MOST, count_rows(data.b))
    if not wanted:
        return (_also(about, "it has no rows"),)
    before, rows = asked(a.say, data.a, wanted)
    if before is None:
        return ()
    after, rows = asked(b.say, data.b, rows)
    if after is None:
        return ()
    if rows < wanted:
        about = _also(about, f"there was time for the first {rows:,} rows")
    kept = Rows(first_rows(data.b, 0, rows), None if truth is None else first_rows(truth, 0, rows), data.places)
    return compared(replace(about, rows=rows), first_of(before, rows), first_of(after, rows), kept)


def _also(about: PredictionDiff, note: str) -> PredictionDiff:
    return replace(about, note=f"{about.note}; {note}" if about.note else note)
