"""Counted: profiles of numbers, truth values, moments and spans of time."""

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from mvlake.handlers.profiling.numbers import AT, NumberFacts, number_facts
from mvlake.handlers.profiling.printing import Print, number
from mvlake.handlers.profiling.privacy import LOOKED, reason_in_numbers, told_categories, withheld
from mvlake.records.profile import ColumnProfile, Quantile, ValueKind

Blocks = Callable[[], Iterable[Any]]


def profile_numbers(
    name: str,
    kind: ValueKind,
    blocks: Blocks,
    *,
    rows: int,
    nulls: int,
    is_brief: bool,
    show: Print = number,
    scale: float = 1.0,
    nan_is_null: bool = False,
) -> ColumnProfile:
    """Return the profile of numbers, in blocks without those that Arrow calls missing.

    `show` prints one; `scale` is what a number is multiplied by on the axis of a histogram.
    """
    first: list[Any] = []

    def watched() -> Iterable[Any]:
        for block in blocks():
            if not first:
                first.append(block[:LOOKED])
            yield block

    facts = number_facts(watched(), rows - nulls, is_brief=is_brief)
    if not facts.count:
        kind = ValueKind.NOTHING if not facts.infinities and (nan_is_null or not facts.nans) else kind
    categories, others = _categories(facts, show)
    found = ColumnProfile(
        name=name,
        kind=kind,
        rows=rows,
        nulls=nulls + (facts.nans if nan_is_null else 0),
        nans=0 if nan_is_null else facts.nans,
        infinities=facts.infinities,
        distinct=facts.distinct,
        distinct_error=facts.error,
        low="" if facts.low is None else show(facts.low),
        high="" if facts.high is None else show(facts.high),
        mean="" if facts.mean is None else show(facts.mean),
        std="" if facts.std is None else number(facts.std * scale),
        seen=facts.seen,
        quantiles=tuple(Quantile(at, show(one)) for at, one in zip(AT, facts.quantiles, strict=False)),
        edges=tuple(one * scale for one in facts.edges) if scale != 1.0 else facts.edges,
        counts=facts.counts,
        categories=categories,
        others=others,
    )
    if kind is ValueKind.NUMBER and first:
        return withheld(found, reason_in_numbers(first[0].tolist(), facts.high))
    return found


def _categories(facts: NumberFacts, show: Print) -> Any:
    if not facts.values:
        return (), 0
    scale = facts.count / facts.seen if facts.seen else 1.0
    return told_categories(((show(one), rows) for one, rows in facts.values), facts.count, scale=scale)


def profile_truth(name: str, *, rows: int, nulls: int, true: int) -> ColumnProfile:
    """Return the profile of truth values, of which so many are true: their mean is the share of these."""
    count = rows - nulls
    if not count:
        return ColumnProfile(name, ValueKind.NOTHING, rows, nulls, distinct=0)
    found = {"True": true, "False": count - true}
    categories, others = told_categories(found.items(), count)
    sides = [one for one, here in (("False", count - true), ("True", true)) if here]
    return ColumnProfile(
        name,
        ValueKind.TRUTH,
        rows,
        nulls,
        distinct=len(sides),
        low=sides[0],
        high=sides[-1],
        mean=number(true / count),
        categories=categories,
        others=others,
    )


def profile_array(name: str, array: Any, blocks: Blocks, *, is_brief: bool = False) -> ColumnProfile:
    """Return the profile of all cells of a numpy array."""
    kind, size = array.dtype.kind, int(array.size)
    if kind == "b":
        return profile_truth(name, rows=size, nulls=0, true=int(np.count_nonzero(array)))
    if kind in "iuf":
        return profile_numbers(name, ValueKind.NUMBER, blocks, rows=size, nulls=0, is_brief=is_brief)
    return ColumnProfile(name, ValueKind.OTHER, size, 0)
