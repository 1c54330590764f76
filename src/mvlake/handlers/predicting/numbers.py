"""Numbers: what two regressors predict for the same rows: how far b's predictions are from a's, and of which rows most."""

from dataclasses import replace
from typing import Any

import numpy as np

from mvlake.compare.predicted import Histogram, Moved, NumbersDiff, Residuals
from mvlake.handlers.predicting.spread import finite, histogram_of, said, spread_of

MOST_MOVED = 20


def shift_of(a: Any, b: Any) -> Any:
    """Return b - a, 0 where both are the same, NaN or infinite ones too."""
    return np.where(_are_apart(a, b), b - a, 0.0)


def numbers_diff(a: Any, b: Any) -> NumbersDiff:
    """Return how the numbers of b differ from those of a, NaN being equal to NaN."""
    apart, shift = _are_apart(a, b), shift_of(a, b)
    found = histogram_of(shift, shift)
    return NumbersDiff(
        rows=len(a),
        moved=int(apart.sum()),
        apart=spread_of(np.abs(shift)).mean,
        shift=spread_of(shift),
        shifts=Histogram(found.edges, (), found.b),
        most=tuple(Moved(row, said(a[row]), said(b[row])) for row in _most(shift, apart)),
    )


def with_truth(found: NumbersDiff, a: Any, b: Any, truth: Any) -> NumbersDiff:
    """Return the same with what is true, NaN where that is not known."""
    return replace(
        found,
        most=tuple(replace(one, truth=said(truth[one.row])) for one in found.most),
        a_residuals=_residuals(truth - a),
        b_residuals=_residuals(truth - b),
    )


def _residuals(apart: Any) -> Residuals | None:
    there = finite(apart)
    if not there.size:
        return None
    return Residuals(said(np.sqrt(np.mean(there**2))), said(np.mean(np.abs(there))), spread_of(apart))


def _are_apart(a: Any, b: Any) -> Any:
    return (a != b) & ~(np.isnan(a) & np.isnan(b))


def _most(shift: Any, apart: Any) -> list[int]:
    """Return the rows that moved most, those of which nobody can tell how far first; of equal ones the first."""
    rows = np.flatnonzero(apart)
    far = np.abs(shift[rows])
    order = np.argsort(-np.where(np.isnan(far), np.inf, far), kind="stable")
    return rows[order][:MOST_MOVED].tolist()  # type: ignore[no-any-return]
