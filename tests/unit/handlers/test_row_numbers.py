import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mvlake.handlers.row_numbers import ROWS, number_chunks, read_numbers

NUMBERS = st.lists(st.integers(-(2**63), 2**63 - 1), max_size=50).map(lambda found: np.array(found, np.int64))


def again(numbers):
    return [number for data, count in number_chunks(numbers) for number in read_numbers(data, count).tolist()]


@given(NUMBERS)
def test_numbers_come_back_as_they_went_in(numbers):
    assert again(numbers) == numbers.tolist()


@pytest.mark.parametrize("length", [0, 1, ROWS - 1, ROWS, ROWS + 1, 2 * ROWS])
def test_chunks_begin_and_end_where_they_must(length):
    numbers = np.arange(length) * 3
    assert [count for _, count in number_chunks(numbers)] == [ROWS] * (length // ROWS) + [length % ROWS] * bool(length % ROWS)
    assert again(numbers) == numbers.tolist()


def test_rows_that_follow_one_another_are_nearly_nothing_when_compressed():
    from mvlake.store.compression import compressed

    assert sum(len(compressed(data) or data) for data, _ in number_chunks(np.arange(10 * ROWS))) < 2000


@pytest.mark.parametrize(
    ("data", "count"),
    [
        (b"", 0),
        (b"", 1),
        (bytes(8), 1),
        (bytes(10), 1),
        (bytes(9), -1),
        (bytes(9), ROWS + 1),
        (b"\xff" + bytes(15), 2),
        (b"\xff" + bytes(17), 2),
    ],
)
def test_bytes_that_hold_another_number_of_numbers_are_refused(data, count):
    with pytest.raises(ValueError, match=r"row numbers|wanted"):
        read_numbers(data, count)


@given(st.binary(min_size=80, max_size=80))
def test_any_bytes_of_the_right_length_are_some_numbers(data):
    assert len(read_numbers(b"\xff" + data, 10)) == 10


@pytest.mark.parametrize(("numbers", "data"), [([0, 1, 2, 3], "0100020202" + "00" * 7), ([5, 3], "010a03" + "00" * 7)])
def test_the_spec_says_these_bytes(numbers, data):
    assert [found.hex() for found, _ in number_chunks(np.array(numbers))] == [data]
