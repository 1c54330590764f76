"""Where values differ, and what their hashes say."""

import numpy as np
import pyarrow as pa
import pytest

from mvlake.handlers.diffing.cells import differences, differences_by_value
from mvlake.handlers.diffing.row_hashes import add_hashes

PAIRS = [
    (pa.array([1, 2, None, None]), pa.array([1, 3, None, 0]), [False, True, False, True]),
    (pa.array([0.0, float("nan"), 1.0]), pa.array([-0.0, float("nan"), 1.0]), [True, False, False]),
    (pa.array([True, False, None] * 5).slice(1, 9), pa.array([True, True, None] * 5).slice(1, 9), [True, False, False] * 3),
    (pa.array(["a", "b", None]), pa.array(["a", "c", ""]), [False, True, True]),
    (pa.array([[1], [], None, [1, 2]]), pa.array([[1], None, None, [2, 1]]), [False, True, False, True]),
    (pa.array([[1, None], [2, 3]], pa.list_(pa.int8(), 2)), pa.array([[1, 0], [2, 3]], pa.list_(pa.int8(), 2)), [True, False]),
    (pa.array([{"a": 1, "b": "x"}, None]), pa.array([{"a": 1, "b": "y"}, None]), [True, False]),
    (pa.array([b"\0", b""], pa.binary()), pa.array([b"\0", b"\0"], pa.binary()), [False, True]),
    (pa.array(["a", "b", "a"]).dictionary_encode(), pa.array(["a", "a", "b"]).dictionary_encode(), [False, True, True]),
    (pa.nulls(3), pa.nulls(3), [False] * 3),
]


@pytest.mark.parametrize(("a", "b", "apart"), PAIRS, ids=lambda one: str(getattr(one, "type", ""))[:20])
def test_values_differ_where_their_content_does_and_so_do_hashes(a, b, apart):
    assert differences(a, b).tolist() == apart
    assert differences(pa.chunked_array([a.slice(0, 1), a.slice(1)]), b).tolist() == apart
    hashes = [np.zeros(len(a), np.uint64) for _ in range(2)]
    add_hashes(hashes[0], a, 3)
    add_hashes(hashes[1], b, 3)
    assert (hashes[0] != hashes[1]).tolist() == apart


@pytest.mark.parametrize(
    ("a", "b", "apart"),
    [
        (pa.array([1, 2, None]), pa.array([1.0, 2.5, float("nan")]), [False, True, False]),
        (pa.array([2**53 + 1, 2**53]), pa.array([2.0**53, 2.0**53]), [True, False]),
        (pa.array([2**63 - 1], pa.int64()), pa.array([2.0**63]), [True]),
        (pa.array([-1], pa.int64()), pa.array([2**64 - 1], pa.uint64()), [True]),
        (pa.array([-1, 5], pa.int8()), pa.array([255, 5], pa.uint8()), [True, False]),
        (pa.array([True, False]), pa.array([1, 2]), [False, True]),
        (pa.array([0.1], pa.float32()), pa.array([0.1]), [True]),
        (pa.array([0.5], pa.float32()), pa.array([0.5]), [False]),
        (pa.array([1, 2]), pa.array(["1", "3"]), [False, True]),
        (pa.array([1], pa.timestamp("s")), pa.array([1000], pa.timestamp("ms")), [False]),
    ],
)
def test_values_of_two_types_are_compared_as_values(a, b, apart):
    assert differences_by_value(a, b).tolist() == apart
    assert differences_by_value(b, a).tolist() == apart


def test_values_that_have_nothing_in_common_are_not_compared():
    assert differences_by_value(pa.array([[1]]), pa.array([{"a": 1}])) is None


def test_long_texts_with_the_same_ends_have_other_hashes():
    texts = [f"https://a.example/{number:03}/the-same-end" for number in range(1000)]
    hashes = np.zeros(1000, np.uint64)
    add_hashes(hashes, pa.array(texts), 0)
    assert len(np.unique(hashes)) == 1000
