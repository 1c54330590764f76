"""Segments of a line, as much of them as is shown."""

from collections.abc import Iterator, Sequence

from mvlake.compare.segments import Segment


def clipped(segments: Sequence[Segment], limit: int) -> Iterator[Segment]:
    """Yield the segments of the first `limit` characters; one that is cut ends with `…`.

    >>> [one.text for one in clipped([Segment("lr = "), Segment("0.25", True)], 7)]
    ['lr = ', '0…']
    """
    for segment in segments:
        if len(segment.text) > limit:
            yield Segment(segment.text[: max(limit - 1, 0)] + "…", segment.is_changed)
            return
        yield segment
        limit -= len(segment.text)
