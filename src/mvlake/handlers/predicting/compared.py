"""Compared: what two models say of the same rows, output by output."""

from dataclasses import replace
from itertools import zip_longest

from mvlake.compare.predicted import PredictionDiff
from mvlake.handlers.predicting.labels import labels_diff
from mvlake.handlers.predicting.numbers import numbers_diff
from mvlake.handlers.predicting.outputs import MOST_OUTPUTS, Output, outputs_of
from mvlake.handlers.predictions import Predictions


def compared(about: PredictionDiff, a: Predictions, b: Predictions) -> tuple[PredictionDiff, ...]:
    """Return what is said `about` the evaluation data, with what both models say of it: one for each output."""
    ours, theirs = outputs_of(a), outputs_of(b)
    if len(ours) != len(theirs):
        return (replace(about, note=_also(about.note, f"a has {len(ours):,} outputs, b has {len(theirs):,}")),)
    is_one = len(ours) == 1
    found = tuple(
        _output(replace(about, output=None if is_one else place), one, other)
        for place, (one, other) in enumerate(zip_longest(ours[:MOST_OUTPUTS], theirs[:MOST_OUTPUTS]), 1)
    )
    if len(ours) > MOST_OUTPUTS:
        more = f"{len(ours) - MOST_OUTPUTS:,} more outputs are not compared"
        return (*found[:-1], replace(found[-1], note=_also(found[-1].note, more)))
    return found


def _output(about: PredictionDiff, a: Output, b: Output) -> PredictionDiff:
    if a.labels is not None and b.labels is not None:
        return replace(about, labels=labels_diff(a.labels, b.labels))
    if a.labels is None and b.labels is None:
        return replace(about, numbers=numbers_diff(a.numbers, b.numbers))
    told = "a says labels, and b numbers" if a.labels is not None else "a says numbers, and b labels"
    return replace(about, note=_also(about.note, told))


def _also(note: str, more: str) -> str:
    return f"{note}; {more}" if note else more
