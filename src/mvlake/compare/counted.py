"""Counted: two sides of a column in the same bins or categories, and what is told of it: a distribution and measures of drift."""

from collections.abc import Sequence
from dataclasses import dataclass

from mvlake.compare import chance
from mvlake.compare.distribution import Basis, Distribution, Drift, QuantilePair, Shift
from mvlake.compare.drift import (
    JS,
    KS,
    NANS,
    NEW,
    NULLS,
    PSI,
    VANISHED,
    effect_of_rates,
    jensen_shannon,
    null_rate_change,
    population_stability_index,
    rate,
)
from mvlake.compare.shift import RATES, SLIGHT_AND_STRONG, shift_of


@dataclass(frozen=True, slots=True)
class Side:
    """How many rows there are, and what is no value among them."""

    rows: int
    nulls: int
    nans: int = 0


@dataclass(frozen=True, slots=True)
class Bound:
    """A figure with the bounds between which the exact one lies."""

    value: float
    low: float
    high: float

    @classmethod
    def exact(cls, value: float) -> "Bound":
        """Return a figure that is exact."""
        return cls(value, value, value)

    @property
    def is_exact(self) -> bool:
        """True when there is nothing between the bounds."""
        return self.low == self.high


@dataclass(frozen=True, slots=True)
class Counted:
    """Both sides counted into the same bins or categories.

    `a` and `b` are values of each label, `a_seen` and `b_seen` how many were looked at, by which chance is judged. `furthest` is
    the greatest distance of the cumulative distributions, `new` and `vanished` rates of categories; None where there is none.
    """

    labels: tuple[str, ...]
    a: tuple[float, ...]
    b: tuple[float, ...]
    a_seen: int
    b_seen: int
    basis: Basis
    error: float = 0.0
    edges: tuple[float, ...] = ()
    quantiles: tuple[QuantilePair, ...] = ()
    furthest: Bound | None = None
    new: Bound | None = None
    vanished: Bound | None = None
    note: str = ""

    @property
    def is_exact(self) -> bool:
        """True when nothing of it is estimated, or taken of a sample."""
        bounds = (self.furthest, self.new, self.vanished)
        return self.basis is Basis.EXACT and all(one is None or one.is_exact for one in bounds)


def distribution_of(counted: Counted, *, a_count: int, b_count: int) -> Distribution | None:
    """Return the shares on both sides, None where one side has nothing that was counted."""
    if not counted.labels and not counted.quantiles and not counted.note:
        return None
    a, b = _shares(counted.a), _shares(counted.b)
    return Distribution(
        labels=counted.labels,
        a=a,
        b=b,
        a_count=a_count,
        b_count=b_count,
        basis=counted.basis,
        error=counted.error,
        edges=counted.edges,
        quantiles=counted.quantiles,
        note=counted.note,
    )


def drift_of(a: Side, b: Side, counted: Counted | None) -> tuple[Drift, ...]:
    """Return every measure that has a meaning here."""
    if not a.rows or not b.rows:
        return ()
    found = [_rates(NULLS, (a.nulls, a.rows), (b.nulls, b.rows))]
    if a.nans or b.nans:
        found.append(_rates(NANS, (a.nans, a.rows), (b.nans, b.rows)))
    return (*_of_values(counted), *found) if counted is not None else tuple(found)


def _of_values(counted: Counted) -> list[Drift]:
    found = list[Drift]()
    sizes = counted.a_seen, counted.b_seen
    if counted.furthest is not None:
        is_exact = counted.basis is not Basis.EXACT or counted.furthest.is_exact
        basis = counted.basis if is_exact else Basis.ESTIMATED  # equal bins tell shares exactly, and not what lies within them
        found.append(_measure(KS, counted.furthest, basis, chance.of_cumulative(*sizes)))
    used = sum(bool(p or q) for p, q in zip(counted.a, counted.b, strict=True))
    if used and any(counted.a) and any(counted.b):
        a, b = _shares(counted.a), _shares(counted.b)
        said = ((PSI, population_stability_index(a, b), chance.of_bins), (JS, jensen_shannon(a, b), chance.of_distance))
        for name, value, by_chance in said:
            bound = Bound.exact(value) if counted.basis is Basis.EXACT else None
            found.append(_measure(name, bound or value, counted.basis, by_chance(used, *sizes)))
    for name, bound, size in ((NEW, counted.new, sizes[1]), (VANISHED, counted.vanished, sizes[0])):
        if bound is not None:
            by_chance_too = chance.of_rates(0, sum(sizes) - size, bound.value * size, size)
            found.append(_rate(name, bound, 0.0, bound.value, counted.basis, by_chance_too))
    return found


def _measure(name: str, value: Bound | float, basis: Basis, by_chance: float | None) -> Drift:
    bound = value if isinstance(value, Bound) else None
    shown = bound.value if bound is not None else value
    assert isinstance(shown, float)
    word = shift_of(shown, SLIGHT_AND_STRONG[name], is_chance=by_chance is not None and shown <= by_chance)
    return Drift(name, shown, word, basis, by_chance, bound.low if bound else None, bound.high if bound else None)


def _rates(name: str, a: tuple[int, int], b: tuple[int, int]) -> Drift:
    value = null_rate_change(*a, *b)
    return _rate(name, Bound.exact(value), rate(*a), rate(*b), Basis.EXACT, chance.of_rates(*a, *b))


def _rate(name: str, bound: Bound, a: float, b: float, basis: Basis, by_chance: float | None) -> Drift:
    is_chance = not bound.value or (by_chance is not None and abs(bound.value) <= by_chance)
    word: Shift = shift_of(effect_of_rates(a, b), RATES, is_chance=is_chance)
    return Drift(name, bound.value, word, basis, by_chance, bound.low, bound.high)


def _shares(counts: Sequence[float]) -> tuple[float, ...]:
    whole = sum(counts)
    return tuple(one / whole for one in counts) if whole else tuple(0.0 for _ in counts)
