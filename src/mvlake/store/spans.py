"""Spans: which stretches of the log a derived file covers. They begin at fixed numbers, so that two writers write the same file."""

from collections.abc import Sequence
from typing import Protocol

SPANS = (65536, 16384, 4096, 1024)
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
    ((65536, 16384, 4096, 1024), (4096, 1024), ())
    """
    return tuple(span for span in SPANS if (first - 1) % span == 0)


def are_due(stretches: Sequence[Stretch]) -> bool:
    """True when the last four become one."""
    last = stretches[-MERGED:]
    if len(last) < MERGED:
        return False
    span = MERGED * (last[0].last - last[0].first + 1)
    return span in SPANS and all((one.last - one.first + 1) * MERGED == span for one in last) and (last[0].first - 1) % span == 0


def covering_key(what: str, first: int, last: int) -> str:
    """Return the key of a derived file.

    >>> covering_key("catalogue", 1, 1024)
    'index/catalogue-000001-001024.bin'
    """
    return f"index/{what}-{first:06d}-{last:06d}.bin"
