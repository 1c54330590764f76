from random import Random

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from mvlake.store.compression import LARGEST, compressed, decompressed

FRAME = compressed(b"frame" * 500)


@given(st.binary(max_size=20).map(lambda one: one * 200))
def test_what_was_compressed_comes_back(data):
    smaller = compressed(data)
    assert smaller is None or (len(smaller) < len(data) and decompressed(smaller, len(data)) == data)


@pytest.mark.parametrize("data", [b"", b"short" * 5, Random(1).randbytes(512), b"x" * (LARGEST + 1)], ids=len)
def test_what_gains_nothing_or_is_too_large_stays_as_it_is(data):
    assert compressed(data) is None


def test_a_frame_that_promises_too_much_is_refused_before_it_is_unpacked():
    bomb = zstandard.ZstdCompressor().compress(bytes(LARGEST * 16))
    assert len(bomb) < 4096
    for size in (LARGEST, LARGEST * 16, 10):
        assert decompressed(bomb, size) is None


def test_a_frame_that_does_not_state_its_size_is_refused():
    silent = zstandard.ZstdCompressor(write_content_size=False).compress(b"a" * 1000)
    assert decompressed(silent, 1000) is None


def test_every_flipped_bit_of_a_frame_gives_other_bytes_or_none_and_never_more():
    for position in range(len(FRAME) * 8):
        flipped = bytearray(FRAME)
        flipped[position // 8] ^= 1 << position % 8
        found = decompressed(bytes(flipped), 2500)
        assert found is None or len(found) == 2500


@pytest.mark.parametrize("length", range(len(FRAME)))
def test_a_cut_frame_is_refused(length):
    assert decompressed(FRAME[:length], 2500) is None
