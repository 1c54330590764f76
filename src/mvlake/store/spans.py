"""Spans: which stretches of the log a derived file covers. They begin at fixed numbers, so that two writers write the same file."""

from collections.abc import Sequence
from typing import Protocol

SPANS = (65536, 16384, 4096, 1024, 256)
SHORTEST = SPANS[-1]
MERGED = 4  # neighbours of one span become one of the next


class Stretch(Protocol):
    """Something that covers the records `first` to `last`."""

    @property
    def first(self) -> int:
        """The number of its first record."""
        ...

    @property
    def last(self) -> int:
        """The number of its last record."""
        ...


def spans_from(first: int) -> tuple[int, ...]:
    """Return the spans that may begin at a record, longest first.

    >>> spans_from(1), spans_from(4097), spans_from(2)
    ((65536, 16384, 4096, 1024, 256), (4096, 1024, 256), ())
    """
    return tuple(span for span in SPANS if (first - 1) % span == 0)


def are_due(stretches: Sequence[Stretch]) -> bool:
    """True when the last four become one."""
    last = stretches[-MERGED:]
    if len(last) < MERGED:
        return False
    span = MERGED * (last[0].last - last[0].first + 1)
    return span in SPANS and all((one.last - one.first + 1) * MERGED == span for one in last) and (last[0].first - 1) % span == 0


def outlived(first: int, last: int) -> list[tuple[int, int]]:
    """Return the stretches that nobody reads any more once these records are covered by one file: those before that were joined.

    >>> outlived(1025, 2048)
    [(1, 256), (257, 512), (513, 768), (769, 1024)]
    """
    span = last - first + 1
    part = span // MERGED
    return [(start, start + part - 1) for start in range(first - span, first, part)] if first > span else []


def covering_key(what: str, first: int, last: int) -> str:
    """Return the key of a derived file.

    >>> covering_key("catalogue", 1, 1024)
    'index/catalogue-000001-001024.bin'
    """
    return f"index/{what}-{first:06d}-{last:06d}.bin"
