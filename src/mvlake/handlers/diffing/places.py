"""Places: which rows of two frames are each other, as far as the chunks of their columns tell: nothing is read for it."""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from mvlake.handlers.diffing.blocks import Blocks, ordered, whole
from mvlake.handlers.diffing.order import in_order
from mvlake.handlers.diffing.schema import Pair


def placed(pairs: Sequence[Pair], rows_a: int, rows_b: int) -> Blocks:
    """Return the rows that stand at each other's places: in frames of one length all of them, unless columns say otherwise."""
    chosen = _selection(pairs, min(rows_a, rows_b))
    if chosen is not None:
        return chosen
    if rows_a == rows_b and not _is_shifted(pairs, rows_a):
        return whole(rows_a)
    return _by_votes(pairs)


def _selection(pairs: Sequence[Pair], rows: int) -> Blocks | None:
    """Return the rows that most columns of one side take of those of the other, None where they take none."""
    votes: dict[int, list[Blocks]] = defaultdict(list)
    for pair in pairs:
        if not pair.is_equal and pair.known.is_selection and pair.known.equal.rows:
            votes[id(pair.known.equal)].append(pair.known.equal)  # those of one numbering are one object
    most = max(votes.values(), key=len, default=[])
    return most[0] if len(most) * 2 > len(pairs) - sum(pair.is_equal for pair in pairs) and rows else None


def _is_shifted(pairs: Sequence[Pair], rows: int) -> bool:
    """True when more of what is known to be equal stands at other places than at the same ones."""
    same = other = 0
    for pair in pairs:
        if pair.known.is_telling:
            here = pair.known.equal.a == pair.known.equal.b
            same += int(pair.known.equal.length[here].sum())
            other += int(pair.known.equal.length[~here].sum())
    return other > same and other * 4 > rows


def _by_votes(pairs: Sequence[Pair]) -> Blocks:
    """Return the runs that at least half of the columns that tell of them agree on."""
    telling = [pair.known.equal for pair in pairs if pair.known.is_telling and len(pair.known.equal)]
    if not telling:
        return whole(0)
    changes: dict[int, list[tuple[int, int]]] = defaultdict(list)  # by row of a: shifts, and how many more or fewer say so
    for blocks in telling:
        for a, b, length in blocks.runs():
            changes[a].append((b - a, 1))
            changes[a + length].append((b - a, -1))
    standing: dict[int, int] = defaultdict(int)
    runs: list[tuple[int, int, int]] = []
    rows = sorted(changes)
    for row, behind in zip(rows, [*rows[1:], rows[-1]], strict=True):
        for shift, more in changes[row]:
            standing[shift] += more
            if not standing[shift]:
                del standing[shift]
        if not standing or behind == row:
            continue
        shift = max(standing, key=lambda one: (standing[one], -abs(one)))
        if standing[shift] * 2 >= len(telling):
            runs.append((row, row + shift, behind - row))
    return _ascending(runs)


def _ascending(runs: list[tuple[int, int, int]]) -> Blocks:
    """Return those of the runs, which ascend in a, that ascend in b too, without what two of them share there."""
    if not runs:
        return whole(0)
    b = np.array([one for _, one, _ in runs], np.int64)
    stays = in_order(b + np.arange(len(b)) / (2 * len(b)), np.array([length for _, _, length in runs], np.int64))
    kept: list[tuple[int, int, int]] = []
    end = 0
    for (row, place, length), is_kept in zip(runs, stays, strict=True):
        gone = max(0, end - place)
        if is_kept and length > gone:
            kept.append((row + gone, place + gone, length - gone))
            end = place + length
    return ordered([row for row, _, _ in kept], [place for _, place, _ in kept], [length for _, _, length in kept])
