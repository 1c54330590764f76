"""Selection: which rows of one frame, in which order, another frame was made of: a split, a filter, a sample, a sort, a shuffle.

What is returned is a guess that explains the rows; whoever stores it proves it column by column.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from mvlake.handlers.arrow_take import taken
from mvlake.handlers.row_keys import add_keys

_SAMPLE = 64
_TELLING = 4096  # rows whose values tell which columns tell rows apart
_KEYED = 6  # columns that make up a key: more take time, and tell hardly more


def row_keys(columns: Mapping[str, Any], names: list[str], length: int) -> tuple[Any, list[str]]:
    """Return a key for every row of these columns, and the names of those that have keys."""
    keys: Any = np.zeros(length, np.uint64)
    return keys, [name for position, name in enumerate(names) if add_keys(keys, columns[name], position)]


def selected_rows(child: Mapping[str, Any], parent: Mapping[str, Any], *, labels: Any = None, only_labels: bool = False) -> Any:
    """Return the rows of the parent (int64, one for each row of the child) that the child's rows are; None when it is no selection.

    Columns are compared that both have by name and type. `labels` are the rows that the child's index names, where it names any;
    with `only_labels` no others are looked for, which takes no time.
    Equal rows of the parent are one: which of them a row is does not matter to what it holds.
    """
    names = [name for name, values in child.items() if name in parent and parent[name].type == values.type]
    if not names:
        return None
    length, total = len(child[names[0]]), len(parent[names[0]])
    if not length or not total:
        return None
    if labels is not None and _fit(child, parent, names, labels, total):
        return np.asarray(labels, np.int64)
    return None if only_labels else _rows_by_key(child, parent, names, length, total)


def _telling(parent: Mapping[str, Any], names: list[str], total: int) -> list[str]:
    """Return the few columns that tell rows apart best, the best first."""
    some = np.unique(np.linspace(0, total - 1, _TELLING).astype(np.int64))
    distinct = {}
    for name in names:
        keys, keyed = row_keys({name: taken(parent[name], some)}, [name], len(some))
        if keyed:
            distinct[name] = len(np.unique(keys))
    return sorted(distinct, key=lambda name: -distinct[name])[:_KEYED]


def _fit(child: Mapping[str, Any], parent: Mapping[str, Any], names: list[str], labels: Any, total: int) -> bool:
    """True when a few rows spread over the child are those that its labels name."""
    if labels.min() < 0 or labels.max() >= total:
        return False
    some = np.unique(np.linspace(0, len(labels) - 1, _SAMPLE).astype(np.int64))
    ours, keyed = row_keys({name: taken(child[name], some) for name in names}, names, len(some))
    theirs, _ = row_keys({name: taken(parent[name], labels[some]) for name in names}, names, len(some))
    return bool(keyed) and bool((ours == theirs).all())


def _rows_by_key(child: Mapping[str, Any], parent: Mapping[str, Any], names: list[str], length: int, total: int) -> Any:
    names = _telling(parent, names, total)
    if not names:
        return None
    some = np.unique(np.linspace(0, length - 1, _SAMPLE).astype(np.int64))
    if not _may_be({name: taken(child[name], some) for name in names}, parent, names, total):
        return None
    ours, _ = row_keys(child, names, length)
    theirs, _ = row_keys(parent, names, total)
    order = np.argsort(theirs)
    places, is_all = _found(theirs[order], ours)
    return order[places].astype(np.int64) if is_all else None


def _may_be(few: Mapping[str, Any], parent: Mapping[str, Any], names: list[str], total: int) -> bool:
    """True when a few rows are all among the parent's: frames that only look alike are told apart by one pass over one column."""
    count = len(few[names[0]])
    first, _ = row_keys(parent, names[:1], total)
    like = np.flatnonzero(_are_in(first, row_keys(few, names[:1], count)[0]))
    theirs, _ = row_keys({name: taken(parent[name], like) for name in names}, names, len(like))
    wanted, _ = row_keys(few, names, count)
    return bool(_are_in(wanted, theirs).all())


def _are_in(keys: Any, few: Any) -> Any:
    """Return for each key whether it is among a few."""
    ranked = np.unique(few)
    if not len(ranked):
        return np.zeros(len(keys), bool)
    return ranked[np.minimum(np.searchsorted(ranked, keys), len(ranked) - 1)] == keys


def _found(ranked: Any, keys: Any) -> tuple[Any, bool]:
    """Return where each key stands among the ranked ones, and whether all of them do."""
    order = np.argsort(keys)  # a search in order stays where it is in memory
    places: Any = np.empty(len(keys), np.int64)
    places[order] = np.minimum(np.searchsorted(ranked, keys[order]), len(ranked) - 1)
    return places, bool((ranked[places] == keys).all())
