"""Numbers: what two regressors predict for the same rows: how far b's predictions are from a's, and of which rows most."""

from typing import Any

import numpy as np

from mvlake.compare.predicted import Histogram, Moved, NumbersDiff
from mvlake.handlers.predicting.spread import histogram_of, said, spread_of

MOST_MOVED = 20


def numbers_diff(a: Any, b: Any) -> NumbersDiff:
    """Return how the numbers of b differ from those of a, NaN being equal to NaN."""
    with np.errstate(all="ignore"):
        ours, theirs = np.asarray(a, dtype=np.float64), np.asarray(b, dtype=np.float64)
        apart = (ours != theirs) & ~(np.isnan(ours) & np.isnan(theirs))
        shift = np.where(apart, theirs - ours, 0.0)
    found = histogram_of(shift, shift)
    return NumbersDiff(
        rows=len(ours),
        moved=int(apart.sum()),
        shift=spread_of(shift),
        shifts=Histogram(found.edges, (), found.b),
        most=tuple(Moved(row, said(ours[row]), said(theirs[row])) for row in _most(shift, apart)),
    )


def _most(shift: Any, apart: Any) -> list[int]:
    """Return the rows that moved most, those of which nobody can tell how far first; of equal ones the first."""
    rows = np.flatnonzero(apart)
    far = np.abs(shift[rows])
    order = np.argsort(-np.where(np.isnan(far), np.inf, far), kind="stable")
    return rows[order][:MOST_MOVED].tolist()  # type: ignore[no-any-return]
