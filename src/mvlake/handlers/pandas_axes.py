"""Axes: a pandas Index, of rows or of columns, as stored values and a form.

A RangeIndex is three numbers. A MultiIndex is its levels' values, row by row: how it divides them into levels and codes is layout.
A frequency is part of an index, for shifting and resampling ask it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from mvlake.errors import CannotFingerprint
from mvlake.handlers.hashing import Parts
from mvlake.handlers.pandas_cells import cell_text, read_cell
from mvlake.handlers.pandas_values import Stored, restore, store
from mvlake.records.canonical import Json, canonical
from mvlake.records.digest import Digest

AXES = (
    pd.Index,
    pd.RangeIndex,
    pd.MultiIndex,
    pd.DatetimeIndex,
    pd.TimedeltaIndex,
    pd.PeriodIndex,
    pd.IntervalIndex,
    pd.CategoricalIndex,
)


@dataclass(frozen=True, slots=True)
class Axis:
    """Form and levels of an index; a range has no levels."""

    form: Mapping[str, Json]
    levels: tuple[Stored, ...]
    length: int

    def digest(self, levels: tuple[Digest, ...]) -> Digest:
        """Return the digest of the index, given those of its levels."""
        parts = Parts("pandas.axis").data(canonical(self.form)).integer(self.length)
        for level in levels:
            parts.digest(level)
        return parts.done()

    def level_digests(self) -> tuple[Digest, ...]:
        """Return the digest of each level's values."""
        return tuple(level.digest() for level in self.levels)


def store_axis(index: Any) -> Axis:
    """Return the index as stored values; CannotFingerprint for a class, frequency or label that is not known to be data."""
    kind = type(index)
    if kind not in AXES:
        raise CannotFingerprint("pandas index", reason=f"its class {kind.__name__} is not one of pandas's own")
    names: list[Json] = [cell_text(name) for name in index.names]
    if kind is pd.RangeIndex:
        form: dict[str, Json] = {"kind": "range", "start": hex(index.start), "stop": hex(index.stop), "step": hex(index.step)}
        return Axis(form | {"names": names}, (), len(index))
    if kind is pd.MultiIndex:
        levels = tuple(store(_level(index, position)) for position in range(index.nlevels))
        return Axis({"kind": "multi", "names": names}, levels, len(index))
    return Axis({"kind": "flat", "names": names, "frequency": _frequency(index)}, (store(index),), len(index))


def restore_axis(axis: Axis) -> Any:
    """Return the index that was stored."""
    form: Any = axis.form
    names = [read_cell(name) for name in form["names"]]
    if form["kind"] == "range":
        start, stop, step = (int(form[key], 16) for key in ("start", "stop", "step"))
        return pd.RangeIndex(start, stop, step, name=names[0])
    levels = [_flat_index(level) for level in axis.levels]
    if form["kind"] == "multi":
        return pd.MultiIndex.from_arrays(levels, names=names)
    (index,) = levels
    if form["frequency"]:
        index.freq = form["frequency"]
    return index.rename(names[0])


def labels_of(index: Any) -> list[str]:
    """Return an index's labels as people read them."""
    return [_shown(label) for label in index.tolist()]


def names_of(index: Any) -> list[str]:
    """Return the names of an index's levels as people read them, empty where they have none."""
    return ["" if name is None else _shown(name) for name in index.names]


def _shown(label: Any) -> str:
    # str of a label is safe: every label was stored before it is shown, so it is data.
    return ", ".join(map(_shown, label)) if type(label) is tuple else str(label)


def _level(index: Any, position: int) -> Any:
    """Return the values of a level, row by row, unless a missing one among them changes their dtype."""
    values = index.get_level_values(position)
    if values.dtype != index.levels[position].dtype:
        raise CannotFingerprint("pandas index", reason=f"level {position} of {index.levels[position].dtype} has missing values")
    return values


def _flat_index(level: Stored) -> Any:
    values = restore(level)
    return pd.Index(values, dtype=values.dtype, tupleize_cols=False)


def _frequency(index: Any) -> Json:
    if type(index) not in (pd.DatetimeIndex, pd.TimedeltaIndex) or index.freq is None:
        return None
    text = index.freqstr
    try:
        is_readable = pd.tseries.frequencies.to_offset(text) == index.freq
    except ValueError:
        is_readable = False
    if not is_readable:
        raise CannotFingerprint("pandas index", reason=f"its frequency {text} cannot be written down; set freq=None")
    return str(text)
