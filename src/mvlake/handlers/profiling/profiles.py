"""Profiles: the profile of an object, column by column; a column that is known already is not looked at again."""

from collections.abc import Callable, MutableMapping
from dataclasses import replace
from itertools import islice
from typing import Any

from mvlake.handlers.parallel import helpers, in_order
from mvlake.handlers.profiling.privacy import reason_in_name, withheld
from mvlake.handlers.profiling.values import ColumnValues, Profiled
from mvlake.records.digest import Digest
from mvlake.records.profile import MOST_COLUMNS, ColumnProfile, Profile, ValueKind

FULL = 1000
"""Of a frame of more columns, each is looked at briefly: without quantiles, histogram and categories."""

_WORTH_THREADS = 1 << 20  # bytes
_MOST_KNOWN = 10_000

Known = MutableMapping[tuple[Digest, str, bool], ColumnProfile]


def profile_of(found: Profiled, known: Known, tick: Callable[[], None]) -> Profile:
    """Return the profile of an object; `tick` is called between columns, and may end it with an exception.

    `known` are profiles of columns by content, to which these are added.
    """
    is_brief = found.width > FULL
    columns = list(islice(found.columns, MOST_COLUMNS))
    sizes = [one.values.nbytes for one in columns]
    workers = helpers() if len(columns) > 1 and max(sizes) > _WORTH_THREADS else 0

    def look(one: ColumnValues) -> ColumnProfile:
        tick()
        return _column(one, known, is_brief=is_brief)

    made = tuple(in_order(look, columns, workers=workers))
    whole = None if found.whole is None else look(found.whole)
    return Profile(rows=found.rows, columns=made, whole=whole, more=max(found.width - len(made), 0))


def _column(one: ColumnValues, known: Known, *, is_brief: bool) -> ColumnProfile:
    # Columns of Arrow's have one digest whatever the layout, such as that of a dictionary.
    key = one.digest, str(getattr(one.values, "type", "")), is_brief
    found = known.get(key)
    if found is None:
        while len(known) >= _MOST_KNOWN:
            known.pop(next(iter(known)), None)
        found = known[key] = _looked_at(one, is_brief=is_brief)
    return withheld(replace(found, name=one.name), reason_in_name(one.name))


def _looked_at(one: ColumnValues, *, is_brief: bool) -> ColumnProfile:
    values: Any = one.values
    kind = type(values).__module__.partition(".")[0]
    if kind == "numpy":
        from mvlake.handlers.profiling.counted import profile_array
        from mvlake.handlers.profiling.numbers import flat_blocks

        return profile_array(one.name, values, flat_blocks(values), is_brief=is_brief)
    from mvlake.handlers.profiling.column import profile_arrow

    try:
        return profile_arrow(one, is_brief=is_brief)
    except Exception as error:  # noqa: BLE001 - whatever Arrow cannot do with a type of its own, the data is kept
        reason = f"it could not be looked at: {type(error).__name__}"
        return ColumnProfile(one.name, ValueKind.OTHER, len(values), one.nulls, because=reason)
