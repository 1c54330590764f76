import pytest

from mvlake.handlers.hashing import Parts


def test_parts_do_not_run_into_each_other():
    found = {
        Parts("p").text("ab").text("c").done(),
        Parts("p").text("a").text("bc").done(),
        Parts("p").text("abc").done(),
        Parts("p").data(b"abc").done(),
        Parts("pa").text("bc").done(),
        Parts("p").integer(1).done(),
        Parts("p").text("1").done(),
    }
    assert len(found) == 7


def test_a_stream_is_its_blocks_in_one():
    whole = Parts("p").data(b"abcdef").done()
    assert Parts("p").stream(6, [b"ab", b"", memoryview(b"cdef")]).done() == whole


def test_a_stream_of_another_length_than_announced_is_an_error():
    for length in (5, 7):
        with pytest.raises(ValueError):
            Parts("p").stream(length, [b"abc", b"def"])
