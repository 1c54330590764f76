"""Pandas screen: a frame, series or index of which a column policy hides something. Levels of an index count as columns."""

import datetime as dt
import decimal
import uuid
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from mvlake.handlers.pandas_axes import AXES
from mvlake.handlers.screen import MASK, Screen, arrow_texts, dropped, field_names
from mvlake.records.column_rule import ColumnAction
from mvlake.records.kinds import Kinds

_WORDED = Kinds(bool, int, decimal.Decimal, dt.date, dt.datetime, dt.time, uuid.UUID, pd.Timestamp, pd.Timedelta)
_MISSING = Kinds(type(None), type(pd.NA), type(pd.NaT))


def screened(obj: Any, screen: Screen) -> Any:
    """Return the object without what is hidden; the very same one where nothing is. It is never altered."""
    if type(obj) in AXES:
        return _axis(obj, screen, alone=True)
    if type(obj) is pd.Series:
        index = _axis(obj.index, screen)
        names = _names(obj.name)
        action = screen.action(*names, *_fields(obj.dtype))
        if action is ColumnAction.DROP:
            raise dropped("pandas.Series", names[-1])
        if action is None:
            return obj if index is obj.index else _with(obj, index)
        values = screen.texts(names[-1], _texts(obj), action)
        return pd.Series(pd.array(values, dtype="string"), index=index, name=obj.name)
    return _frame(obj, screen)


def _frame(obj: Any, screen: Screen) -> Any:
    index, header = _axis(obj.index, screen), _axis(obj.columns, screen)
    labels = [_names(one) for one in obj.columns]
    actions = [screen.action(*names, *_fields(kind)) for names, kind in zip(labels, obj.dtypes, strict=True)]
    if index is obj.index and header is obj.columns and not any(actions):
        return obj
    made = obj.copy(deep=False)
    for place, action in enumerate(actions):
        name = labels[place][-1]
        if action is ColumnAction.DROP:
            screen.drop(name, len(obj))
        elif action is not None:
            made.isetitem(place, pd.array(screen.texts(name, _texts(obj.iloc[:, place]), action), dtype="string"))
    made.index, made.columns = index, header
    return made.iloc[:, [place for place, action in enumerate(actions) if action is not ColumnAction.DROP]]


def _with(series: Any, index: Any) -> Any:
    made = series.copy(deep=False)
    made.index = index
    return made


def _axis(index: Any, screen: Screen, *, alone: bool = False) -> Any:
    """Return an index whose hidden levels are replaced; a level that is dropped leaves the others, or a range."""
    said = [_names(one) for one in index.names]
    names, actions = [one[-1] for one in said], [screen.action(*one) for one in said]
    if not any(actions):
        return index
    if alone and all(one is ColumnAction.DROP for one in actions):
        raise dropped("pandas.Index", names[0])
    levels, kept = [], []
    for place, action in enumerate(actions):
        if action is ColumnAction.DROP:
            screen.drop(names[place], len(index))
            continue
        level = index.get_level_values(place)
        if action is not None:
            texts = screen.texts(names[place], _texts(level.to_series()), action)
            level = pd.Index(pd.array(texts, dtype="string"), name=index.names[place])
        levels.append(level)
        kept.append(index.names[place])
    if not levels:
        return pd.RangeIndex(len(index))
    return levels[0] if len(levels) == 1 else pd.MultiIndex.from_arrays(levels, names=kept)


def _names(label: Any) -> tuple[str, ...]:
    """Return what a label is called: by its levels, and at last as summaries call it. Others' classes are not asked."""
    if type(label) is tuple:
        levels = [_names(one) for one in label]
        return (*(text for level in levels for text in level), ", ".join(level[-1] for level in levels))
    if issubclass(type(label), str):
        return (str.__str__(label),)
    return (str(label),) if type(label) is int else ("",)


def _fields(kind: Any) -> tuple[str, ...]:
    return field_names(kind.pyarrow_dtype) if type(kind) is pd.ArrowDtype else ()


def _texts(series: Any) -> list[str | None]:
    """Return the values as texts; `MASK` for those that have none, or could run code to say it."""
    kind = series.dtype
    if type(kind) is pd.CategoricalDtype:
        words = _texts(kind.categories.to_series())
        return [None if code < 0 else words[code] for code in series.cat.codes.to_numpy().tolist()]
    if type(kind) is np.dtypes.ObjectDType:
        return [_cell(one) for one in series.to_numpy()]
    if isinstance(kind, np.dtype) or type(kind).__module__.partition(".")[0] == "pandas":
        try:
            return arrow_texts(pa.array(series, from_pandas=True))
        except (pa.ArrowException, TypeError, ValueError):
            return [None if missing else MASK for missing in series.isna().tolist()]
    return [MASK] * len(series)


def _cell(cell: Any) -> str | None:
    kind = type(cell)
    if kind is str:
        return str(cell)
    if kind in _MISSING:
        return None
    if kind is float:
        return None if cell != cell else str(int(cell)) if cell.is_integer() else str(cell)
    if kind is bytes:
        return bytes(cell).decode("latin-1")
    if kind.__module__ == "numpy" and issubclass(kind, np.generic) and kind is not np.void:
        return _cell(cell.item()) if not isinstance(cell, np.longdouble | np.clongdouble) else MASK
    return str(cell) if kind in _WORDED else MASK
