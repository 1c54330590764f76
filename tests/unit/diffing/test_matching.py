"""Which rows are each other, by hashes alone."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from mvlake.handlers.diffing.blocks import Blocks, of_pairs, ordered, whole, within, without
from mvlake.handlers.diffing.matching import add_moved, align
from mvlake.handlers.diffing.order import in_order
from mvlake.handlers.diffing.scan import pieces

HASHES = st.lists(st.integers(0, 6), max_size=40).map(lambda one: np.array(one, np.uint64))


@given(HASHES, HASHES)
def test_what_is_aligned_is_equal_and_ascends(ours, theirs):
    found = align(ours, theirs)
    here = np.flatnonzero(found >= 0)
    assert (ours[found[here]] == theirs[here]).all()
    assert (np.diff(found[here]) > 0).all()
    add_moved(ours, theirs, found)
    here = np.flatnonzero(found >= 0)
    assert (ours[found[here]] == theirs[here]).all()
    assert len(np.unique(found[here])) == len(here)


@given(st.lists(st.integers(0, 6), max_size=30), st.integers(0, 30), st.integers(0, 30))
def test_one_row_left_out_and_one_put_in_leave_all_others(items, out, into):
    theirs = list(items)
    gone = 1 if theirs else 0
    if theirs:
        del theirs[out % len(theirs)]
    theirs.insert(into % (len(theirs) + 1), 99)
    found = align(np.array(items, np.uint64), np.array(theirs, np.uint64))
    assert (found >= 0).sum() == len(items) - gone


def test_a_row_put_into_thousands_of_few_values_leaves_all_others():
    ours = np.random.default_rng(0).integers(0, 2, 5000).astype(np.uint64)
    found = align(ours, np.insert(ours, 1234, [7, 7]))
    assert (found >= 0).sum() == 5000


@given(st.permutations(range(9)), st.lists(st.integers(1, 4), min_size=9, max_size=9))
def test_as_many_rows_as_can_be_keep_their_order(places, weights):
    stays = in_order(np.array(places), np.array(weights))
    kept = [place for place, is_kept in zip(places, stays, strict=True) if is_kept]
    assert kept == sorted(kept)
    best = [0] * 10
    for position in range(8, -1, -1):
        later = [best[other] for other in range(position + 1, 9) if places[other] > places[position]]
        best[position] = weights[position] + max(later, default=0)
    assert sum(weight for weight, is_kept in zip(weights, stays, strict=True) if is_kept) == max(best)


def pairs_of(blocks):
    return set(zip(*(one.tolist() for one in blocks.places()), strict=True))


RUNS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(1, 9)), max_size=8)


def blocks_of(runs):
    a, b, length = [], [], []
    at = [0, 0]
    for skip, other, count in runs:
        a.append(at[0] + skip)
        b.append(at[1] + other)
        length.append(count)
        at = [a[-1] + count, b[-1] + count]
    return ordered(np.array(a, np.int64), np.array(b, np.int64), np.array(length, np.int64))


@given(RUNS, RUNS, st.integers(1, 7))
def test_blocks_are_sets_of_pairs(runs, others, window):
    one, other = blocks_of(runs), blocks_of(others)
    assert pairs_of(without(one, other)) == pairs_of(one) - pairs_of(other)
    assert pairs_of(one.swapped()) == {(b, a) for a, b in pairs_of(one)}
    rows = np.array([2, 3, 11, 20], np.int64)
    assert pairs_of(within(one, rows, None)) == {(a, b) for a, b in pairs_of(one) if a in rows.tolist()}
    assert pairs_of(within(one, None, rows)) == {(a, b) for a, b in pairs_of(one) if b in rows.tolist()}
    parts = list(pieces(one, window))
    assert all(part.rows <= window for part in parts)
    assert sum(part.rows for part in parts) == one.rows
    assert set[tuple[int, int]]().union(*map(pairs_of, parts)) == pairs_of(one)


def test_blocks_join_what_goes_on():
    assert len(of_pairs(np.arange(9), np.arange(9) + 4)) == 1
    assert len(whole(0)) == 0
    assert isinstance(whole(3), Blocks)
