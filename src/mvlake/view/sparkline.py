"""Sparkline: a series in a line of text."""

from collections.abc import Sequence

from mvlake.view.scale import Scale

_BARS = "▁▂▃▄▅▆▇█"


def sparkline(points: Sequence[float | None], *, low: float | None = None, high: float | None = None) -> str:
    """Return a small picture of a series; a space stands for what is no number.

    `low` and `high` are what the lowest and the highest bar stand for, where no point lies beyond them.

    >>> sparkline([1, 2, 3, None, 0])
    '▃▆█ ▁'
    """
    scale = Scale.of([*points, low, high])
    return "".join(" " if (share := scale.share(one)) is None else _BARS[round(share * (len(_BARS) - 1))] for one in points)
