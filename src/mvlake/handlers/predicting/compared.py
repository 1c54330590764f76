"""Compared: what two models say of the same rows, output by output, held against the truth where it is known."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from mvlake.compare.predicted import Calibration, Flip, LabelsDiff, PredictionDiff, ScoreDiff, ScoreKind
from mvlake.handlers.predicting import labels, numbers
from mvlake.handlers.predicting.calibration import calibration_of
from mvlake.handlers.predicting.labels import Labels
from mvlake.handlers.predicting.outputs import Output, outputs_of
from mvlake.handlers.predicting.scores import score_diff, score_diffs, told_label
from mvlake.handlers.predicting.slices import Apart, slices_of, smallest_slice
from mvlake.handlers.predicting.truth import Truth, truths_of
from mvlake.handlers.predictions import Predictions

MOST_OUTPUTS = 5


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows that were predicted, and what is true of them (None: not known). `places` are theirs in the evaluation data."""

    data: Any
    truth: Any = None
    places: Any = None


@np.errstate(all="ignore")  # models predict NaN and infinite numbers too: what comes of these is told as what nobody can say
def compared(about: PredictionDiff, a: Predictions, b: Predictions, rows: Rows) -> tuple[PredictionDiff, ...]:
    """Return what is said `about` the evaluation data, with what both models say of it: one for each output."""
    ours, theirs = outputs_of(a), outputs_of(b)
    if len(ours) != len(theirs):
        return (also(about, f"a has {len(ours):,} outputs, b has {len(theirs):,}"),)
    truths = [None] * len(ours) if rows.truth is None else truths_of(rows.truth, len(ours))
    found = [
        _output(replace(about, output=place if len(ours) > 1 else None), *one, rows)
        for place, one in enumerate(zip(ours[:MOST_OUTPUTS], theirs, truths, strict=False), 1)
    ]
    if len(ours) > MOST_OUTPUTS:
        found[-1] = also(found[-1], f"{len(ours) - MOST_OUTPUTS:,} more outputs are not compared")
    return tuple(found)


def also(about: PredictionDiff, note: str) -> PredictionDiff:
    """Return the same with one more thing to be known."""
    return replace(about, note=f"{about.note}; {note}" if about.note else note)


def _output(about: PredictionDiff, a: Output, b: Output, truth: Truth | None, rows: Rows) -> PredictionDiff:
    about = about if truth is not None else replace(about, truth="")
    if a.labels is not None and b.labels is not None:
        found, apart = _labels(about, a, b, truth)
    elif a.labels is None and b.labels is None:
        found, apart = _numbers(about, a.numbers, b.numbers, truth)
    else:
        told = "a says labels, and b numbers" if a.labels is not None else "a says numbers, and b labels"
        return also(replace(about, truth=""), told)
    slices = slices_of(rows.data, apart)
    return _placed(replace(found, slices=slices, slice_rows=smallest_slice(about.rows)), rows.places)


def _labels(about: PredictionDiff, a: Output, b: Output, truth: Truth | None) -> tuple[PredictionDiff, Apart]:
    assert a.labels is not None  # as who calls has seen
    assert b.labels is not None
    ours, theirs = a.labels, b.labels
    if a.is_grouped and b.is_grouped:
        about = also(about, "b's groups go by the names of those of a with which they share most rows")
        theirs, truth = labels.matched_groups(ours, theirs), None
    found = labels.labels_diff(ours, theirs)
    qualities: tuple[Any, Any] = (None, None)
    if truth is not None:
        is_true = truth.labels
        found = labels.with_truth(found, ours, theirs, is_true, truth.is_known)
        told = (_calibration(one, other, is_true, truth.is_known) for one, other in ((a, b), (b, a)))
        found = replace(found, a_calibration=next(told), b_calibration=next(told))
        qualities = tuple(np.where(truth.is_known, labels.are_same(one, is_true), np.nan) for one in (ours, theirs))
    a_only, b_only = (tuple(name for name in one.classes if name not in other.classes) for one, other in ((a, b), (b, a)))
    if not a.is_grouped:
        found = replace(found, a_only=a_only, b_only=b_only)
    found = replace(found, flips=_with_scores(found, a, b))
    apart = Apart((~labels.are_same(ours, theirs)).astype(np.float64), *qualities)
    return replace(about, labels=found, scores=_scores(a, b), truth=about.truth if truth is not None else ""), apart


def _numbers(about: PredictionDiff, a: Any, b: Any, truth: Truth | None) -> tuple[PredictionDiff, Apart]:
    found = numbers.numbers_diff(a, b)
    scores = (score_diff(ScoreKind.PREDICTION, "", a, b),) if found.moved else ()
    shift = np.abs(numbers.shift_of(a, b))
    if truth is None:
        return replace(about, numbers=found, scores=scores), Apart(shift)
    is_true = truth.numbers
    apart = Apart(shift, (is_true - a) ** 2, (is_true - b) ** 2, is_rooted=True)
    return replace(about, numbers=numbers.with_truth(found, a, b, is_true), scores=scores), apart


def _scores(a: Output, b: Output) -> tuple[ScoreDiff, ...]:
    if a.is_grouped or b.is_grouped:
        return ()
    if a.scores and b.scores:
        return score_diffs(ScoreKind.PROBABILITY, a.scores, b.scores)
    return score_diffs(ScoreKind.MARGIN, a.margins, b.margins)


def _calibration(one: Output, other: Output, is_true: Labels, is_known: Any) -> Calibration | None:
    """Return the calibration of one of two models: for the same two labels by one of them, else by the label that is said."""
    assert one.labels is not None  # as who calls has seen
    if not one.scores:
        return None
    if len(one.classes) == 2 and set(one.classes) == set(other.classes):
        of = told_label(list(one.classes))
        score, came = one.scores[of], np.asarray([name == of for name in is_true.names], bool)[is_true.codes]
    else:
        of, score, came = "", one.score_of_label(), labels.are_same(one.labels, is_true)
    return calibration_of(np.where(is_known, score, np.nan), came, of)


def _with_scores(found: LabelsDiff, a: Output, b: Output) -> tuple[Flip, ...]:
    ours, theirs = a.score_of_label(), b.score_of_label()

    def at(scores: Any, row: int) -> float | None:
        return float(scores[row]) if scores is not None and np.isfinite(scores[row]) else None

    return tuple(replace(one, a_score=at(ours, one.row), b_score=at(theirs, one.row)) for one in found.flips)


def _placed(found: PredictionDiff, places: Any) -> PredictionDiff:
    """Return the same with the rows numbered as they are in the evaluation data."""
    if places is None:
        return found
    flipped, moved = found.labels, found.numbers
    if flipped is not None:
        flipped = replace(flipped, flips=tuple(replace(one, row=int(places[one.row])) for one in flipped.flips))
    if moved is not None:
        moved = replace(moved, most=tuple(replace(one, row=int(places[one.row])) for one in moved.most))
    return replace(found, labels=flipped, numbers=moved)
