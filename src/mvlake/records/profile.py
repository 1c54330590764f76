"""Profile: what the values of a frame or array are like, column by column, without the values.

A profile belongs to content. Everything in it that is a value is text, exact, and as its kind is written: numbers in Python's way,
moments in ISO 8601 (UTC where they have a zone). A value that somebody could be known by is withheld, and the profile says so.
"""

from dataclasses import dataclass
from enum import StrEnum

from mvlake.records.sparse import sparse

PROTOCOL = 1
MOST_COLUMNS = 10_000
"""A profile has no more columns than this; it says how many there are besides."""

MOST_BINS = 256
MOST_CATEGORIES = 256


class ValueKind(StrEnum):
    """What the values of a column are. Append-only."""

    NUMBER = "number"
    TRUTH = "truth"
    TIME = "time"  # moments, dates and times of day
    SPAN = "span"  # lengths of time, in seconds
    TEXT = "text"
    BYTES = "bytes"
    NESTED = "nested"  # lists, structs and maps
    MIXED = "mixed"  # Python objects of several types
    OTHER = "other"  # counted, and no more
    NOTHING = "nothing"  # there is none, or none that is not missing


@dataclass(frozen=True, slots=True)
class Quantile:
    """The value below which this share of the values lies."""

    at: float
    value: str


@dataclass(frozen=True, slots=True)
class Category:
    """How many rows have one value; in a column of several types, how many are of one type."""

    value: str
    rows: int


@dataclass(frozen=True, slots=True)
class ColumnProfile:
    """What one column is like.

    `nulls` are missing as its library counts them. Of numbers, `nans` and `infinities` (neither missing) count in nothing else.
    `distinct` counts different values; `distinct_error` is the relative standard error of it, 0 where it is exact.
    `seen` is how many rows quantiles, histogram and categories were taken of, where these are a sample; 0: of all.
    `edges` (in seconds for times) are one more than `counts`. `others` are rows whose values are no category of their own.
    `shortest`, `longest` and `length` (the mean) are of texts in bytes, of lists in items.
    `withheld` names what is not told, `because` why.
    """

    name: str
    kind: ValueKind
    rows: int
    nulls: int
    nans: int = sparse(0)
    infinities: int = sparse(0)
    distinct: int | None = sparse(None)
    distinct_error: float = sparse(0.0)
    low: str = sparse("")
    high: str = sparse("")
    mean: str = sparse("")
    std: str = sparse("")
    seen: int = sparse(0)
    quantiles: tuple[Quantile, ...] = sparse(())
    edges: tuple[float, ...] = sparse(())
    counts: tuple[int, ...] = sparse(())
    categories: tuple[Category, ...] = sparse(())
    others: int = sparse(0)
    shortest: int | None = sparse(None)
    longest: int | None = sparse(None)
    length: float | None = sparse(None)
    withheld: tuple[str, ...] = sparse(())
    because: str = sparse("")


@dataclass(frozen=True, slots=True)
class Profile:
    """`whole` is of all values of an array, `columns` of a frame's, or a narrow array's; `more` columns have no profile."""

    rows: int
    columns: tuple[ColumnProfile, ...] = sparse(())
    whole: ColumnProfile | None = sparse(None)
    more: int = sparse(0)
    protocol: int = sparse(PROTOCOL)


def check_profile(profile: Profile) -> Profile:
    """Return a profile that was read; ValueError for one that no writer makes."""
    if profile.protocol != PROTOCOL:
        raise ValueError(f"a profile of protocol {profile.protocol}")
    columns = profile.columns if profile.whole is None else (profile.whole, *profile.columns)
    if len(columns) > MOST_COLUMNS + 1:
        raise ValueError(f"a profile of {len(columns)} columns")
    for one in columns:
        numbers = (one.rows, one.nulls, one.nans, one.infinities, one.seen, one.others, one.distinct or 0)
        if min(numbers) < 0 or any(count < 0 for count in one.counts) or any(each.rows < 0 for each in one.categories):
            raise ValueError(f"column {one.name[:40]!r} counts less than nothing")
        if len(one.counts) > MOST_BINS or len(one.edges) != (len(one.counts) + 1 if one.counts else 0):
            raise ValueError(f"column {one.name[:40]!r} has a histogram of no possible form")
        if len(one.categories) > MOST_CATEGORIES or len(one.quantiles) > MOST_BINS:
            raise ValueError(f"column {one.name[:40]!r} says too much")
    return profile
