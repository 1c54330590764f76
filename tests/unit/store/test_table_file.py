import random
from bisect import bisect_left

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mvlake.store.table_file import DamagedTable, PageCache, Rows, read_directory, table_file


def fetching(data):
    def fetch(start, length):
        first = max(0, len(data) + start) if start < 0 else start
        return data[first : first + length]

    return fetch


def rows_in(data, name="t"):
    return Rows((0, name), read_directory(fetching(data)).tables[name], fetching(data), PageCache())


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 6000), st.integers(8, 200), st.randoms(use_true_random=False))
def test_rows_are_found_as_in_a_sorted_list(count, width, rng):
    rows = sorted(rng.randbytes(2) + bytes(width - 2) for _ in range(count))
    table = rows_in(table_file({}, [("other", 3, [b"abc"]), ("t", width, rows), ("last", 5, [])]))
    assert table.all() == rows
    for _ in range(20):
        low, high = sorted((rng.randbytes(2), rng.randbytes(2)))
        first, last = bisect_left(rows, low), bisect_left(rows, high)
        assert table.between(low, high) == rows[first:last]
        assert table.count(low, high) == last - first
        assert table.before(high) == (rows[last - 1] if last else None)
        assert table.slice(first, last) == rows[first:last]


def test_no_page_is_believed_that_was_changed():
    rows = [number.to_bytes(8, "big") for number in range(10_000)]
    data = table_file({"what": "it is"}, [("t", 8, rows)])
    rng = random.Random(1)
    for _ in range(300):
        place = rng.randrange(len(data))
        changed = data[:place] + bytes([data[place] ^ 1 << rng.randrange(8)]) + data[place + 1 :]
        directory = read_directory(fetching(changed))
        if directory is None:
            continue
        assert directory.header["what"] == "it is"
        table = Rows((0, "t"), directory.tables["t"], fetching(changed), PageCache())
        try:
            assert table.all() == rows
        except DamagedTable:
            continue
        assert place < 8  # in the magic at the very beginning, which nothing needs


@pytest.mark.parametrize("keep", [0, 1, 7, 55, 56, 57, 1000, 40_000])
def test_a_file_that_was_cut_off_is_none(keep):
    data = table_file({}, [("t", 8, [number.to_bytes(8, "big") for number in range(10_000)])])
    assert read_directory(fetching(data[:keep])) is None
    assert read_directory(lambda start, length: None) is None


def test_a_directory_longer_than_the_first_look_is_read_whole():
    rows = [number.to_bytes(4, "big") + bytes(4000) for number in range(200)]
    table = rows_in(table_file({}, [("t", 4004, rows)]))
    assert table.all() == rows
    assert table.before((7).to_bytes(4, "big")) == rows[6]


def test_a_look_reads_one_page_not_the_file():
    asked = []
    data = table_file({}, [("t", 8, [number.to_bytes(8, "big") for number in range(100_000)])])

    def fetch(start, length):
        asked.append(length)
        return fetching(data)(start, length)

    table = Rows((0, "t"), read_directory(fetch).tables["t"], fetch, PageCache())
    asked.clear()
    assert table.between((77_777).to_bytes(8, "big"), (77_778).to_bytes(8, "big")) == [(77_777).to_bytes(8, "big")]
    assert len(asked) <= 2


def test_the_pages_kept_are_bounded():
    cache = PageCache()
    for number in range(5000):
        cache.keep(((0, "t"), number), b"page")
    assert len(cache._kept) <= 256
    assert cache.get(((0, "t"), 4999)) == b"page"
    assert cache.get(((0, "t"), 0)) is None
