"""Edits: what people do to a frame between two versions of it, and which cells that made new."""

from collections.abc import Callable

import numpy as np
import pandas as pd

from benchmarks.flights import changes

Change = Callable[[pd.DataFrame], pd.DataFrame]


def edits(rows: int) -> dict[str, Change]:
    """Return the edits by what they are called, each made of the frame as it was, alike in every process."""
    sample = {"take a 10 % sample": lambda frame: frame.sample(frac=0.1, random_state=7)}
    return {what: change for what, change in changes(rows).items() if what != "nothing"} | sample


def new_cells(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame | None:
    """Return what a store has to take at the least: columns that were not there, or rows and columns in which cells are others.

    With them goes how far each row is from the one before: where they are has to be kept too. None where nothing is new: rows were
    chosen or put in another order.
    """
    added = [name for name in after.columns if name not in before]
    if added:
        return after[added]
    if len(after) > len(before):
        return _placed(after.iloc[len(before) :], np.arange(len(before), len(after)))
    if len(after) < len(before) or len(after.columns) < len(before.columns):
        return None
    unlike = {name: _unlike(before[name], after[name]) for name in after.columns}
    rows = np.logical_or.reduce(list(unlike.values()))
    if rows.mean() > 0.5:  # sorted
        return None
    return _placed(after.loc[rows, [name for name, cells in unlike.items() if cells.any()]], np.flatnonzero(rows))


def _placed(cells: pd.DataFrame, rows: np.ndarray) -> pd.DataFrame:
    return cells.assign(gap=np.diff(rows, prepend=rows[:1])).reset_index(drop=True)


def _unlike(before: pd.Series, after: pd.Series) -> np.ndarray:
    both_missing = before.isna().to_numpy() & after.isna().to_numpy()
    return (before.to_numpy() != after.to_numpy()) & ~both_missing
