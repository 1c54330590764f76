"""Distribution: how the values of one column lay then and lie now, and the measures of how far they moved."""

from dataclasses import dataclass
from enum import StrEnum


class Basis(StrEnum):
    """What a figure was taken from, the best first. Append-only."""

    EXACT = "exact"  # every row of both sides
    SAMPLE = "sample"  # rows drawn at random, of one side or both
    ESTIMATED = "estimated"  # profiles whose bins or categories are not the same, brought together


class Shift(StrEnum):
    """How far a column moved, by the thresholds of `compare.shift`. Append-only."""

    NONE = "none"
    SLIGHT = "slight"
    STRONG = "strong"


@dataclass(frozen=True, slots=True)
class QuantilePair:
    """The value below which this share of the values lies, on both sides, as profiles write it; "" where it is not told."""

    at: float
    a: str
    b: str


@dataclass(frozen=True, slots=True)
class Distribution:
    """Both sides counted into the same bins or categories: of each label, the share of the values that are there.

    `a_count` and `b_count` are the values that are there: without missing ones, NaN and infinities. `edges` are those of bins, in
    seconds for times, empty for categories. `error` is how far a share may be off at most (of a sample: in 999 of 1000 cases), 0
    where it is exact.
    """

    labels: tuple[str, ...]
    a: tuple[float, ...]
    b: tuple[float, ...]
    a_count: int
    b_count: int
    basis: Basis
    error: float = 0.0
    edges: tuple[float, ...] = ()
    quantiles: tuple[QuantilePair, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Drift:
    """One measure of how far a column moved, by its name in `compare.drift`.

    `chance` is what two samples of one distribution, as large as these, exceed once in a hundred times: what is not above it is no
    shift. `low` and `high` are the bounds between which the exact value lies, None where they are not known; both are the value
    where it is exact.
    """

    name: str
    value: float
    shift: Shift
    basis: Basis
    chance: float | None = None
    low: float | None = None
    high: float | None = None
