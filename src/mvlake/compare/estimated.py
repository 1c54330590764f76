"""Estimated: two profiles of one column, brought to the same bins or categories, with how far that may be off."""

from collections.abc import Sequence
from datetime import UTC, datetime, time
from itertools import pairwise

from mvlake.compare.common_bins import bin_labels, common_edges
from mvlake.compare.counted import Bound, Counted
from mvlake.compare.cumulative import SAMPLING, Cumulative, furthest
from mvlake.compare.distribution import Basis, QuantilePair
from mvlake.compare.drift import new_category_rate, rate
from mvlake.records.profile import ColumnProfile, ValueKind

OTHERS = "others"
_MEASURED = (ValueKind.NUMBER, ValueKind.TIME, ValueKind.SPAN)
_NAMED = (ValueKind.TEXT, ValueKind.TRUTH, ValueKind.MIXED)
_FEW = 20


def counted_of_profiles(a: ColumnProfile, b: ColumnProfile) -> Counted | None:
    """Return what two profiles tell of both sides, None where they tell nothing that can be held side by side."""
    kinds = {a.kind, b.kind}
    if len(kinds) > 1 or ValueKind.NOTHING in kinds:
        return None
    why_not = next((one.because for one in (b, a) if _is_withheld(one)), "")
    if why_not:
        return nothing_told(why_not)
    if a.kind in _NAMED or (a.kind is ValueKind.NUMBER and _is_listed(a) and _is_listed(b)):
        return _categories(a, b)
    return _bins(a, b) if a.kind in _MEASURED else None


def nothing_told(why_not: str) -> Counted:
    """Return what stands for a column whose values are withheld."""
    return Counted((), (), (), 0, 0, Basis.EXACT, note=f"not told: {why_not}")


def _is_withheld(one: ColumnProfile) -> bool:
    return not {"quantiles", "histogram", "categories"}.isdisjoint(one.withheld)


def _is_listed(one: ColumnProfile) -> bool:
    """True for numbers of so few different values that each is told with its rows."""
    return bool(one.categories) and len(one.categories) <= _FEW and one.others * 10 <= one.rows


def quantile_pairs(a: ColumnProfile, b: ColumnProfile) -> tuple[QuantilePair, ...]:
    """Return the quantiles that either side tells, side by side."""
    ours, theirs = ({one.at: one.value for one in side.quantiles} for side in (a, b))
    return tuple(QuantilePair(at, ours.get(at, ""), theirs.get(at, "")) for at in sorted({*ours, *theirs}))


def _there(one: ColumnProfile) -> int:
    missing = one.nulls if one.kind is not ValueKind.MIXED else 0  # there, what is missing has a type of its own
    return max(one.rows - missing - one.nans - one.infinities, 0)


def _basis(a: ColumnProfile, b: ColumnProfile, *, is_exact: bool) -> Basis:
    if not is_exact:
        return Basis.ESTIMATED
    return Basis.SAMPLE if a.seen or b.seen else Basis.EXACT


def _sampling(a: ColumnProfile, b: ColumnProfile) -> float:
    return 2 * SAMPLING if a.seen or b.seen else 0.0  # a share is the difference of two cumulative ones


def _categories(a: ColumnProfile, b: ColumnProfile) -> Counted | None:
    ours, theirs = ({one.value: one.rows for one in side.categories} for side in (a, b))
    if not ours and not theirs:
        return None
    names = list(dict.fromkeys([*ours, *theirs]))
    is_number = a.kind is ValueKind.NUMBER
    names.sort(key=lambda name: (_place(name, a.kind) or 0.0) if is_number else -(ours.get(name, 0) + theirs.get(name, 0)))
    before, after = [ours.get(name, 0) for name in names], [theirs.get(name, 0) for name in names]
    rest = any((a.others, b.others))
    sides = [*before, a.others] if rest else before, [*after, b.others] if rest else after
    totals = _there(a), _there(b)
    # A value that the other side does not list may be among its others.
    unsure = max(rate(a.others, totals[0]), rate(b.others, totals[1]))
    return Counted(
        labels=(*names, OTHERS) if rest else tuple(names),
        a=tuple(map(float, sides[0])),
        b=tuple(map(float, sides[1])),
        a_seen=a.seen or totals[0],
        b_seen=b.seen or totals[1],
        basis=_basis(a, b, is_exact=not rest or set(ours) == set(theirs)),
        error=_sampling(a, b) + (unsure if set(ours) != set(theirs) else 0.0),
        quantiles=quantile_pairs(a, b),
        furthest=_stairs(before, after, unsure + _sampling(a, b)) if is_number else None,
        new=None if is_number else _new(before, after, a.others, b.others),
        vanished=None if is_number else _new(after, before, b.others, a.others),
    )


def _stairs(a: Sequence[int], b: Sequence[int], off: float) -> Bound:
    """Return the greatest distance of two cumulative distributions of few values."""
    ours, theirs = sum(a), sum(b)
    value = max((abs(rate(sum(a[:end]), ours) - rate(sum(b[:end]), theirs)) for end in range(1, len(a) + 1)), default=0.0)
    return Bound(value, max(value - off, 0.0), min(value + off, 1.0))


def _new(a: Sequence[int], b: Sequence[int], a_others: int, b_others: int) -> Bound:
    """Return the rate of categories that only b lists; they may be among a's others, and new ones among b's."""
    listed = new_category_rate(a, b) * rate(sum(b), sum(b) + b_others)
    hidden = rate(b_others, sum(b) + b_others)
    return Bound(listed, 0.0 if a_others else listed, min(listed + hidden, 1.0))


def _bins(a: ColumnProfile, b: ColumnProfile) -> Counted | None:
    ours, theirs = _cumulative(a), _cumulative(b)
    if ours is None or theirs is None:
        return None
    is_same = bool(a.edges) and a.edges == b.edges
    ends = min(ours.low, theirs.low), max(ours.high, theirs.high)
    edges = a.edges if is_same else common_edges(ends, _middle(ours, theirs))
    if not edges:
        return None
    sides = [_in_bins(one, edges) for one in (ours, theirs)]
    if is_same:
        counts: Sequence[tuple[float, ...]] = [tuple(map(float, one.counts)) for one in (a, b)]
        error = 0.0
    else:
        counts = [tuple(bound.value * there for bound in side) for side, there in zip(sides, (_there(a), _there(b)), strict=True)]
        error = max(max(bound.high - bound.value, bound.value - bound.low) for side in sides for bound in side)
    return Counted(
        labels=bin_labels(edges, is_time=a.kind is ValueKind.TIME, is_span=a.kind is ValueKind.SPAN),
        a=counts[0],
        b=counts[1],
        a_seen=a.seen or _there(a),
        b_seen=b.seen or _there(b),
        basis=_basis(a, b, is_exact=is_same),
        error=max(error, _sampling(a, b)),
        edges=tuple(edges),
        quantiles=quantile_pairs(a, b),
        furthest=furthest(ours, theirs),
    )


def _middle(a: Cumulative, b: Cumulative) -> tuple[float, float] | None:
    firsts = [one.cuts[0] if one.cuts else one.low for one in (a, b)]
    lasts = [one.cuts[-1] if one.cuts else one.high for one in (a, b)]
    return min(firsts), max(lasts)


def _in_bins(one: Cumulative, edges: Sequence[float]) -> list[Bound]:
    inner = [one.below_point(edge) for edge in edges[1:-1]]
    told = [Bound.exact(0.0), *inner, Bound.exact(1.0)]
    return [
        Bound(max(after.value - before.value, 0.0), max(after.low - before.high, 0.0), after.high - before.low)
        for before, after in pairwise(told)
    ]


def _cumulative(one: ColumnProfile) -> Cumulative | None:
    low, high = _place(one.low, one.kind), _place(one.high, one.kind)
    if low is None or high is None:
        return None
    cuts = [(each.at, value) for each in one.quantiles if (value := _place(each.value, one.kind)) is not None]
    return Cumulative.of((low, high), one.edges, one.counts, cuts, is_sample=bool(one.seen))


def _place(text: str, kind: ValueKind) -> float | None:
    """Return where a value of a profile lies on the axis of its histogram, None for what cannot be read."""
    try:
        if kind is not ValueKind.TIME:
            return float(text)
        if "-" not in text:
            told = time.fromisoformat(text)
            return told.hour * 3600 + told.minute * 60 + told.second + told.microsecond / 1e6
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return None
