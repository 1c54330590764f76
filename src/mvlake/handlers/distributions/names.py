"""Names: two columns of texts or truth values, counted by their values. A value is named where the profile of either side names it.

A value that fewer rows have than a profile would tell is counted among the others of its side.
"""

from collections.abc import Collection, Mapping
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from mvlake.compare.counted import Bound, Counted
from mvlake.compare.distribution import Basis
from mvlake.compare.drift import rate
from mvlake.compare.estimated import OTHERS
from mvlake.handlers.profiling.privacy import FEWEST

_MOST = 20
IDENTIFIER = "nearly every value is another one: there is no distribution to hold side by side"


def count_names(a: Any, b: Any, told: Collection[str]) -> Counted | None:
    """Return both sides, Arrow arrays of texts without missing ones, by the names that may be `told`."""
    if not len(a) or not len(b):
        return None
    ours, theirs = pc.value_counts(a), pc.value_counts(b)
    if all(2 * len(found) > max(len(side), FEWEST) for found, side in ((ours, a), (theirs, b))):
        return Counted((), (), (), len(a), len(b), Basis.EXACT, note=IDENTIFIER)
    new, vanished = _absent(theirs, ours, len(b)), _absent(ours, theirs, len(a))
    before, after = _named(ours, told), _named(theirs, told)
    names = sorted({*before, *after}, key=lambda name: (-(before.get(name, 0) + after.get(name, 0)), name))[:_MOST]
    sides = [[side.get(name, 0) for name in names] for side in (before, after)]
    rest = [total - sum(side) for total, side in zip((len(a), len(b)), sides, strict=True)]
    if any(rest):
        sides = [[*side, left] for side, left in zip(sides, rest, strict=True)]
    return Counted(
        labels=(*names, OTHERS) if any(rest) else tuple(names),
        a=tuple(map(float, sides[0])),
        b=tuple(map(float, sides[1])),
        a_seen=len(a),
        b_seen=len(b),
        basis=Basis.EXACT,
        new=Bound.exact(new),
        vanished=Bound.exact(vanished),
    )


def _absent(counted: Any, other: Any, total: int) -> float:
    """Return the share of the rows whose value the other side has not."""
    there = pc.is_in(counted.field(0), value_set=other.field(0)).to_numpy(zero_copy_only=False)
    return rate(float(np.sum(counted.field(1).to_numpy()[~there])), total)


def _named(counted: Any, told: Collection[str]) -> Mapping[str, int]:
    """Return the rows of the values that are named, of those that enough rows have."""
    chosen = counted.filter(pc.is_in(counted.field(0), value_set=pa.array(list(told), counted.field(0).type)))
    pairs = zip(chosen.field(0).to_pylist(), chosen.field(1).to_pylist(), strict=True)
    return {name: rows for name, rows in pairs if rows >= FEWEST}
