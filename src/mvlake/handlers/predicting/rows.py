"""Rows: how many rows evaluation data of any library have, and some of them."""

from typing import Any

import numpy as np


def count_rows(data: Any) -> int:
    """Return how many rows there are; TypeError for what has none."""
    shape = getattr(data, "shape", None)  # of a sparse matrix, the length is not to be told
    return int(shape[0]) if isinstance(shape, tuple) and shape else len(data)


def first_rows(data: Any, start: int, stop: int) -> Any:
    """Return the rows from one to another, by their place and never by a label."""
    held = data.iloc if hasattr(data, "iloc") else data
    return held[start:stop]


def rows_at(data: Any, places: Any) -> Any:
    """Return the rows at these places."""
    if hasattr(data, "iloc"):
        return data.iloc[places]
    if hasattr(data, "take") and not isinstance(data, np.ndarray):  # Arrow
        return data.take(places)
    return [data[place] for place in places.tolist()] if isinstance(data, list | tuple) else data[places]


def only_column(frame: Any) -> Any:
    """Return the one column of a frame as its library has columns."""
    if hasattr(frame, "iloc"):
        return frame.iloc[:, 0]
    return frame.to_series(0) if hasattr(frame, "to_series") else frame.column(0)
