"""Numbers: what a column or array of numbers is like, from one look at each block of it.

Up to `EXACT` values are sorted, and everything is exact. Of more, count, extremes, mean and deviation are exact, and quantiles
and histogram those of `SAMPLE` values drawn at random: by Dvoretzky, Kiefer and Wolfowitz with Massart's constant (1990), the
share of values below any value is within sqrt(ln(2 / 0.001) / (2 * SAMPLE)) = 0.8 % of that in the sample, in 999 of 1000
cases.

Mean and deviation are merged block by block (Chan, Golub and LeVeque 1979); the deviation is that of a sample (n - 1). Quantiles
lie between two values where they do (Hyndman and Fan's type 7, as in numpy and pandas). Bins have their lower edges, the last both.
"""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from mvlake.handlers.profiling.distinct import Distinct

EXACT = 1 << 17
SAMPLE = 1 << 16
BLOCK = 1 << 16
BINS = 20
AT = (0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99)
FEW = 20
"""Numbers of so many different values, or fewer, are categories too."""

_SEED = 20021


@lru_cache(maxsize=4)
def drawn(total: int) -> Any:
    """Return the places of `SAMPLE` of so many rows, each once, in order: the same for every column of one length.

    The generator is our own: the user's are not touched.
    """
    return np.sort(np.random.Generator(np.random.PCG64(_SEED)).choice(total, SAMPLE, replace=False, shuffle=False))


@dataclass(frozen=True, slots=True)
class NumberFacts:
    """`low` and `high` are cells as they are stored, None where no number is finite; `values` each value and its rows, if few."""

    count: int = 0
    nans: int = 0
    infinities: int = 0
    low: Any = None
    high: Any = None
    mean: float | None = None
    std: float | None = None
    distinct: int = 0
    error: float = 0.0
    seen: int = 0
    quantiles: tuple[float, ...] = ()
    edges: tuple[float, ...] = ()
    counts: tuple[int, ...] = ()
    values: tuple[tuple[Any, int], ...] = ()


def number_facts(blocks: Iterable[Any], total: int, *, is_brief: bool = False) -> NumberFacts:
    """Return what numbers are like that come in flat blocks without missing ones; a brief look leaves out what takes sorting."""
    look = _Look(total)
    with np.errstate(all="ignore"):
        for block in blocks:
            look.add(block)
        return look.facts(is_brief=is_brief)


class _Look:
    """What has been seen of the numbers so far."""

    def __init__(self, total: int) -> None:
        self._is_whole = total <= EXACT
        self._kept: list[Any] = []
        self._distinct = Distinct()
        self._places: Any = None
        if not self._is_whole:
            self._places = drawn(total)
        self._at = self._nans = self._infinities = self._count = 0
        self._low: Any = None
        self._high: Any = None
        self._mean = self._square = 0.0
        self._buffer: Any = np.empty(0)

    def add(self, block: Any) -> None:
        if not self._is_whole:
            ends: Any = np.searchsorted(self._places, (self._at, self._at + len(block)))
            first, last = ends
            self._kept.append(block[self._places[first:last] - self._at])
        self._at += len(block)
        if not len(block):
            return
        low, high = block.min(), block.max()
        if block.dtype.kind == "f" and not (np.isfinite(low) and np.isfinite(high)):
            nans = int(np.count_nonzero(np.isnan(block)))
            whole, block = len(block), block[np.isfinite(block)]
            self._nans += nans
            self._infinities += whole - nans - len(block)
            if not len(block):
                return
            low, high = block.min(), block.max()
        self._low = low if self._low is None else min(self._low, low)
        self._high = high if self._high is None else max(self._high, high)
        self._merge(block)
        if self._is_whole:
            self._kept.append(block)
        else:
            self._distinct.add_numbers(block)

    def _merge(self, block: Any) -> None:
        count = len(block)
        if len(self._buffer) < count:
            self._buffer = np.empty(count)
        mean = float(block.mean(dtype=np.float64))
        apart = np.subtract(block, mean, out=self._buffer[:count], casting="unsafe", dtype=np.float64)
        np.multiply(apart, apart, out=apart)  # not a dot product: that wakes the threads of BLAS
        square, delta, before = float(apart.sum()), mean - self._mean, self._count
        self._count += count
        self._mean += delta * (count / self._count)
        self._square += square + delta * delta * (before * (count / self._count))

    def facts(self, *, is_brief: bool) -> NumberFacts:
        if not self._count:
            return NumberFacts(nans=self._nans, infinities=self._infinities)
        values = np.concatenate(self._kept)
        if not self._is_whole and values.dtype.kind == "f":
            values = values[np.isfinite(values)]
        if not (is_brief and not self._is_whole):
            values.sort()
        distinct, error = (_runs(values), 0.0) if self._is_whole else self._distinct.count()
        edges, counts = ((), ()) if is_brief else _histogram(values, self._low, self._high)
        return NumberFacts(
            count=self._count,
            nans=self._nans,
            infinities=self._infinities,
            low=self._low,
            high=self._high,
            mean=self._mean if math.isfinite(self._mean) else None,
            std=self._deviation(),
            distinct=distinct,
            error=error,
            seen=0 if self._is_whole or is_brief else len(values),
            quantiles=() if is_brief else _quantiles(values),
            edges=edges,
            counts=counts,
            values=_values(values) if distinct <= FEW and not error and not is_brief else (),
        )

    def _deviation(self) -> float | None:
        found = math.sqrt(self._square / (self._count - 1)) if self._count > 1 and self._square >= 0 else math.nan
        return found if math.isfinite(found) else None


def _runs(ordered: Any) -> int:
    """Return how many different values there are in order."""
    return 1 + int(np.count_nonzero(ordered[1:] != ordered[:-1]))


def _values(ordered: Any) -> tuple[tuple[Any, int], ...]:
    found, counts = np.unique(ordered, return_counts=True)
    return tuple(zip(found, counts.tolist(), strict=True))


def _quantiles(ordered: Any) -> tuple[float, ...]:
    if not len(ordered):
        return ()
    places = np.array(AT) * (len(ordered) - 1)
    below = np.floor(places).astype(np.int64)
    first = ordered[below].astype(np.float64)
    second = ordered[np.minimum(below + 1, len(ordered) - 1)].astype(np.float64)
    found = first + (second - first) * (places - below)
    return tuple(found.tolist()) if np.isfinite(found).all() else ()


def _histogram(ordered: Any, low: Any, high: Any) -> tuple[tuple[float, ...], tuple[int, ...]]:
    """Return edges and counts; nothing where all values are one, or too far apart for a number."""
    start, end = float(low), float(high)
    width = end - start
    if not 0 < width < math.inf:
        return (), ()
    if ordered.dtype.kind in "iub" and width < BINS:
        edges = np.arange(int(low), int(high) + 2, dtype=np.float64) - 0.5
    else:
        edges = np.linspace(start, end, BINS + 1)
    if (np.diff(edges) <= 0).any():
        return (), ()
    places: Any = np.searchsorted(ordered, edges.astype(ordered.dtype) if ordered.dtype.kind == "f" else edges, side="left")
    places[-1] = len(ordered)
    return tuple(edges.tolist()), tuple(np.diff(places).tolist())


def flat_blocks(array: Any) -> Callable[[], Iterable[Any]]:
    """Return what yields the cells of an array in flat blocks, in the order in which they lie in memory."""

    def blocks() -> Iterable[Any]:
        flat = array.reshape(-1, order="A") if array.flags.forc else array.flat
        for start in range(0, array.size, BLOCK):
            yield np.asarray(flat[start : start + BLOCK])

    return blocks
