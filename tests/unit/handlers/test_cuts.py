from itertools import pairwise

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mvlake.handlers import cuts as cutting
from mvlake.handlers.chunk import chunk_bytes
from mvlake.handlers.cut_profile import profile
from mvlake.handlers.cuts import GREATEST, LEAST, cuts, hashes

ROWS = 400_000
WORDS = np.array(["AA", "UA", "B6"], dtype=object)


def kinds():
    """Columns of every temper, each a function of its number of rows: a prefix of a longer one is a shorter one."""
    dice = np.random.default_rng(3)
    random, days = dice.integers(0, 1 << 40, ROWS), np.sort(dice.integers(0, 365, ROWS))
    text = np.char.mod("N%06d", dice.integers(0, 4000, ROWS)).astype(object)
    sentences = np.array(["x" * length for length in range(60)], dtype=object)
    return {
        "random": pa.array(random),
        "floats": pa.array(dice.normal(size=ROWS)),
        "few values": pa.array(dice.integers(0, 12, ROWS)),
        "narrow": pa.array(dice.integers(0, 12, ROWS * 3).astype("i1")),
        "mostly zero": pa.array(np.where(dice.random(ROWS) < 0.99, 0, random)),
        "sorted": pa.array(np.sort(random)),
        "long runs": pa.array(days),
        "periodic": pa.array(np.arange(ROWS) % 24),
        "constant": pa.array(np.zeros(ROWS)),
        "nulls": pa.array(np.zeros(ROWS), mask=np.ones(ROWS, bool)),
        "some nulls": pa.array(random, mask=dice.random(ROWS) < 0.1),
        "truth": pa.array(dice.random(ROWS * 8) < 0.3),
        "text of one length": pa.array(text, pa.large_string()),
        "text of few words": pa.array(WORDS[dice.integers(0, 3, ROWS)], pa.string()),
        "text of all lengths": pa.array(sentences[dice.integers(0, 60, ROWS)], pa.large_string()),
        "lists": pa.ListArray.from_arrays(np.arange(0, ROWS + 1, 4, dtype=np.int32), pa.array(random)),
        "structs": pa.StructArray.from_arrays([pa.array(days), pa.array(text)], ["day", "text"]),
        "decimals": pa.array(random % 10**9).cast(pa.decimal128(19, 0)),
        "codes": pa.array(text).dictionary_encode(),
    }


KINDS = kinds()
each_kind = pytest.mark.parametrize("column", KINDS.values(), ids=KINDS.keys())


def chunks(column):
    return [chunk_bytes(column.slice(start, end - start)) for start, end in pairwise([0, *cuts(column)])]


def new_chunks(before, after):
    """Return how many chunks of a changed column the column had not."""
    return len(set(chunks(after)) - set(chunks(before)))


def joined(*pieces):
    pieces = [piece.indices if pa.types.is_dictionary(piece.type) else piece for piece in pieces]
    return pa.concat_arrays(pieces)


@each_kind
def test_every_row_is_in_one_chunk_and_no_chunk_is_too_large_or_too_small(column):
    ends = list(cuts(column))
    assert ends[-1] == len(column)
    assert ends == sorted(set(ends))
    _, sizes = profile(column)
    totals = np.concatenate([[0], np.cumsum(np.broadcast_to(sizes, len(column)))])
    taken = np.diff(totals[[0, *ends]])
    assert taken.max() <= GREATEST
    assert len(taken) == 1 or taken[:-1].min() >= LEAST


@each_kind
def test_an_appended_column_keeps_all_but_its_last_chunk(column):
    some = column.slice(0, len(column) - 1000)
    assert new_chunks(some, column) <= 3


@each_kind
def test_deleted_rows_change_the_chunks_around_them(column):
    for start, count in ((0, 1), (len(column) // 3, 1), (len(column) // 2, 1000)):
        after = joined(column.slice(0, start), column.slice(start + count))
        assert new_chunks(joined(column), after) <= 4


@each_kind
def test_inserted_rows_change_the_chunks_around_them(column):
    for start, count in ((0, 1), (len(column) // 3, 1), (len(column) // 2, 1000)):
        after = joined(column.slice(0, start), column.slice(7, count), column.slice(start))
        assert new_chunks(joined(column), after) <= 4


@each_kind
def test_cuts_do_not_depend_on_memory(column):
    pieces = [column.slice(start, 70_001) for start in range(0, len(column), 70_001)]
    assert list(cuts(pa.chunked_array(pieces, column.type))) == list(cuts(column))


def test_a_changed_value_changes_the_chunks_around_it():
    before = KINDS["random"].to_numpy()
    after = before.copy()
    after[len(after) // 2] += 1
    assert 1 <= new_chunks(pa.array(before), pa.array(after)) <= 3


def test_a_hash_is_that_of_the_last_thirty_two_words():
    dice = np.random.default_rng(5)
    words = dice.integers(0, 1 << 32, 50_000, dtype=np.uint64).astype(np.uint32)
    found = hashes(words, words[:0])
    for at in (31, 40, 32_767, 32_768, 32_790, 49_999):
        slow = sum(int(words[at - back]) << back for back in range(32)) % (1 << 32)
        assert found[at] == slow
        assert hashes(words[at : at + 1], words[at - 31 : at])[0] == slow


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 6), max_size=300), st.integers(1, 50), st.sampled_from([64, 1000]))
def test_cuts_do_not_depend_on_how_many_rows_are_looked_at_once(values, step, most_rows):
    kept = cutting.LEAST, cutting.GREATEST, cutting._LOOKED_AT
    cutting.LEAST, cutting.GREATEST = 64 * 4, 64 * 20
    try:
        for column in (pa.array(values, pa.int64()), pa.array(["x" * value for value in values], pa.string())):
            once = list(cuts(column, most_rows))
            cutting._LOOKED_AT = step
            assert list(cuts(column, most_rows)) == once
            cutting._LOOKED_AT = kept[2]
    finally:
        cutting.LEAST, cutting.GREATEST, cutting._LOOKED_AT = kept


def test_a_row_larger_than_the_greatest_chunk_is_a_chunk():
    column = pa.array(["a" * 400_000, "b", "c" * 300_000], pa.large_string())
    assert sum(len(chunk) for chunk in chunks(column)) >= 700_000
    assert list(cuts(column))[-1] == 3


def test_the_rows_of_a_chunk_can_be_limited():
    assert max(np.diff([0, *cuts(KINDS["constant"], 1000)])) == 1000


def test_an_empty_column_has_no_cuts():
    assert list(cuts(pa.array([], pa.int64()))) == []
    assert list(cuts(pa.chunked_array([], pa.string()))) == []
