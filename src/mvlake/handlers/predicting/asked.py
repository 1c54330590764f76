"""Asked: what a model says of as many rows as it has time for, block by block."""

import time
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from mvlake.handlers.predicting.rows import first_rows
from mvlake.handlers.predictions import Predictions

SECONDS = 5.0
"""How long a model may predict: the block that it is at is finished."""

_FIRST, _LARGEST = 1000, 100_000


def asked(
    ask: Callable[[Any], Predictions | None], data: Any, rows: int, *, seconds: float = SECONDS
) -> tuple[Predictions | None, int]:
    """Return what a model says of the first rows, and how many these are; None for a model that is not asked."""
    parts: list[Predictions] = []
    done, size, began = 0, _FIRST, time.perf_counter()
    with warnings.catch_warnings(action="ignore"):  # of other versions of a library, and of names that an array has not
        while done < rows and (not done or time.perf_counter() - began < seconds):
            stop = min(done + size, rows)
            found = ask(first_rows(data, done, stop))
            if found is None:
                return None, 0
            parts.append(found)
            each = (time.perf_counter() - began) / stop
            done, size = stop, int(min(_LARGEST, max(_FIRST, seconds / 4 / max(each, 1e-9))))
    return joined(parts), done


def joined(parts: list[Predictions]) -> Predictions:
    """Return the predictions for blocks of rows as those for all of them."""
    first = parts[0]
    if len(parts) == 1:
        return first
    arrays = ([getattr(one, name) for one in parts] for name in ("labels", "scores", "margins"))
    labels, scores, margins = (None if some[0] is None else np.concatenate(some) for some in arrays)
    return Predictions(labels, scores, first.classes, margins, first.is_grouped)


def first_of(said: Predictions, rows: int) -> Predictions:
    """Return what is said of the first rows alone."""
    told = (None if one is None else one[:rows] for one in (said.labels, said.scores, said.margins))
    labels, scores, margins = told
    return Predictions(labels, scores, said.classes, margins, said.is_grouped)
