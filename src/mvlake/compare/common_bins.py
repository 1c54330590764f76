"""Common bins: into which bins two columns of numbers are counted, so that their shares can be held side by side.

Ten of equal width. Where a few values lie far off, the first and the last bin take all that lies beyond the middle 98 % of both
sides: else one value far away would put everything else into one bin.
"""

import math
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise

BINS = 10
_FAR = 1.5  # how much wider than the middle 98 % everything may be without open ends
_EXACT_WHOLE = 2.0**52
_DAY = 86_400.0
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def common_edges(
    ends: tuple[float, float], middle: tuple[float, float] | None = None, *, is_whole: bool = False
) -> tuple[float, ...]:
    """Return the edges, one more than there are bins; none where all values are one. `middle` holds the middle 98 % of both sides.

    Of whole numbers, each bin holds as many of them.

    >>> common_edges((0, 10))[:3], common_edges((0, 10_000), (0, 18))[-3:]
    ((0.0, 1.0, 2.0), (16.0, 18.0, 10000.0))
    >>> common_edges((1, 3), is_whole=True)
    (0.5, 1.5, 2.5, 3.5)
    """
    low, high = map(float, ends)
    if is_whole and low < high <= _EXACT_WHOLE and low >= -_EXACT_WHOLE:
        width = math.ceil((high - low + 1) / BINS)
        if middle is None or high - low <= _FAR * (middle[1] - middle[0]):
            count = math.ceil((high - low + 1) / width)
            return tuple(low - 0.5 + width * place for place in range(count + 1))
    if not (math.isfinite(low) and math.isfinite(high) and low < high and math.isfinite(high - low)):
        return ()
    inner = [low + (high - low) * place / BINS for place in range(BINS)]
    if middle is not None and low <= middle[0] < middle[1] <= high and high - low > _FAR * (middle[1] - middle[0]):
        first, last = middle
        before, behind = first > low, last < high
        count = BINS - before - behind
        inner = [first + (last - first) * place / count for place in range(count + 1 if behind else count)]
        inner = [low, *inner] if before else inner
    edges = (*inner, high)
    return edges if all(one < other for one, other in pairwise(edges)) else ()


def bin_labels(edges: Sequence[float], *, is_time: bool = False, is_span: bool = False) -> tuple[str, ...]:
    """Return what to call each bin: from its lower edge to its upper one.

    >>> bin_labels((0.0, 0.5, 1.0)), bin_labels((0.0, 86400.0), is_time=True)
    (('0 to 0.5', '0.5 to 1'), ('1970-01-01 to 1970-01-02',))
    >>> bin_labels((0.5, 1.5, 2.5)), bin_labels((0.5, 2.5, 4.5))
    (('1', '2'), ('1 to 2', '3 to 4'))
    """
    if not is_time and len(edges) > 1 and all(edge % 1 == 0.5 for edge in edges):  # between whole numbers
        told = [(int(one + 0.5), int(other - 0.5)) for one, other in pairwise(edges)]
        return tuple(str(one) if one == other else f"{one} to {other}" for one, other in told)
    return _between(edges, is_time=is_time, is_span=is_span)


def _between(edges: Sequence[float], *, is_time: bool, is_span: bool) -> tuple[str, ...]:
    if is_time:
        told = _moments(edges)
    else:
        told = _numbers(edges)
        told = [f"{one} s" for one in told] if is_span else told
    return tuple(f"{one} to {other}" for one, other in pairwise(told))


def _numbers(edges: Sequence[float]) -> list[str]:
    """Return numbers with as few digits as tell them apart."""
    for digits in (4, 6, 9, 17):
        told = [f"{one:.{digits}g}" for one in edges]
        if len(set(told)) == len(told):
            break
    return told


def _moments(edges: Sequence[float]) -> list[str]:
    """Return seconds since 1970 as days where bins are days wide, as moments otherwise; numbers where no calendar reaches."""
    is_days = min((other - one for one, other in pairwise(edges)), default=0.0) >= _DAY
    try:
        told = [_EPOCH + timedelta(seconds=one) for one in edges]
    except OverflowError:
        return [f"{one:.17g} s" for one in edges]
    shown = "%Y-%m-%d" if is_days else "%Y-%m-%dT%H:%M:%S"
    return [one.strftime(shown) if is_days or not one.microsecond else one.replace(tzinfo=None).isoformat() for one in told]
