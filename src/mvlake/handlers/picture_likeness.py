"""Picture likeness: whether two PNGs are one picture to the eye, by their pixels and by a perceptual hash.

The hash is a difference hash ("dHash": N. Krawetz, "Kind of Like That", The Hacker Factor Blog, 2013), of 256 bits and with a
threshold: the picture as gray, averaged to 16 rows of 17 cells, and a bit for each cell that is lighter than the one to its left.
So it forgives another size and another font, and sees where things are. Plots are mostly one flat color, of which averages to
another size differ by rounding alone: what is less lighter than a threshold is not lighter.
"""

from typing import Any

import numpy as np

from mvlake.compare.likeness import Alike, Likeness
from mvlake.handlers.png_pixels import pixels

_ROWS, _CELLS = 16, 17
_LIGHTER = 0.5  # of 255
_NEARLY = 10  # of 256 bits: of one plot with hardly other data 0 to 8 differ, of two kinds of plots 40 and more
_AS_LIGHT = 10.0  # of 255: a hash sees edges alone, and of two flat pictures no difference
_GRAY = (0.299, 0.587, 0.114)  # ITU-R BT.601, 2.5.1


def likeness(a: bytes, b: bytes) -> Likeness:
    """Return how alike two PNGs are. What of them cannot be read is a note, and nothing is said."""
    try:
        before, after = pixels(a), pixels(b)
    except ValueError as error:
        return Likeness(None, note=str(error))
    share = None
    if before.shape == after.shape:
        share = float((before != after).any(axis=-1).mean())
        if not share:
            return Likeness(Alike.SAME, 0, 0.0)
    cells, others = _cells(before), _cells(after)
    distance = int((_hash(cells) != _hash(others)).sum())
    is_near = distance <= _NEARLY and bool(np.abs(cells - others).mean() <= _AS_LIGHT)
    return Likeness(Alike.NEARLY if is_near else Alike.ANOTHER, distance, share)


def _cells(colors: Any) -> Any:
    gray = colors @ np.array(_GRAY, np.float32)
    return _averaged(_averaged(gray, _ROWS).T, _CELLS).T


def _hash(cells: Any) -> Any:
    return np.diff(cells, axis=1) > _LIGHTER


def _averaged(values: Any, count: int) -> Any:
    """Return the averages of `count` stretches of rows of one length, which may begin and end within a row."""
    sums = np.concatenate([np.zeros((1, values.shape[1])), np.cumsum(values, axis=0, dtype=np.float64)])
    edges = np.linspace(0, len(values), count + 1)
    whole = np.minimum(edges.astype(np.int64), len(values) - 1)
    upto = sums[whole] + (sums[whole + 1] - sums[whole]) * (edges - whole)[:, None]
    return np.diff(upto, axis=0) * (count / len(values))
