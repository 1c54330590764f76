"""StoreContract: the suite that every store inherits. A subclass gives a pytest fixture `store`: an empty one for each test."""

# ruff: noqa: D102 (the name of a test is its sentence)

import itertools
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from mvlake.store.contract import Store

T = TypeVar("T")
RECORD = "log/000000/000001.json"
OBJECT = "objects/ab/" + "cd" * 31
_THREADS = 8


def at_once(work: Callable[[int], T], *, threads: int = _THREADS) -> list[T]:
    """Return what `work(0)` to `work(threads - 1)` gave, each in a thread of its own, all begun in the same moment."""
    gate = threading.Barrier(threads)

    def begin(number: int) -> T:
        gate.wait()
        return work(number)

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)  # else a short race is run by one thread at a time, and proves nothing
    try:
        with ThreadPoolExecutor(threads) as pool:
            return list(pool.map(begin, range(threads)))
    finally:
        sys.setswitchinterval(interval)


class StoreContract:
    """Every MUST of `mvlake.store.contract.Store`, as tests."""

    def test_it_says_where_it_is(self, store: Store) -> None:
        assert store.location.strip()

    def test_a_key_never_written_is_absent(self, store: Store) -> None:
        assert store.get(OBJECT) is None
        assert store.get_range(OBJECT, 0, 10) is None
        assert store.get_range(OBJECT, -10, 10) is None
        assert store.size(OBJECT) is None
        assert list(store.keys("")) == []

    def test_what_was_put_is_what_is_read(self, store: Store) -> None:
        contents = [b"x", bytes(range(256)), b"\r\n\x1a\x00\xff" * 1000, bytes(3_000_000)]
        for number, data in enumerate(contents):
            assert store.put_new(f"objects/00/{number}", data) is True
        for number, data in enumerate(contents):
            assert store.get(f"objects/00/{number}") == data
            assert store.size(f"objects/00/{number}") == len(data)

    def test_what_was_put_does_not_change_with_the_callers_buffer(self, store: Store) -> None:
        buffer = bytearray(b"before")
        assert store.put_new(OBJECT, memoryview(buffer))  # type: ignore[arg-type]  # what a careless caller does
        buffer[:] = b"after!"
        assert store.get(OBJECT) == b"before"

    def test_an_empty_object_is_not_an_absent_one(self, store: Store) -> None:
        assert store.put_new(OBJECT, b"") is True
        assert store.get(OBJECT) == b""
        assert store.get_range(OBJECT, 0, 5) == b""
        assert store.get_range(OBJECT, -5, 5) == b""
        assert store.size(OBJECT) == 0
        assert store.put_new(OBJECT, b"") is False

    def test_a_taken_key_keeps_its_first_bytes(self, store: Store) -> None:
        assert store.put_new(RECORD, b"first") is True
        assert store.put_new(RECORD, b"second") is False
        assert store.put_new(RECORD, b"first") is False
        assert store.get(RECORD) == b"first"

    def test_a_range_is_the_slice_it_says(self, store: Store) -> None:
        data = b"0123456"
        store.put_new(OBJECT, data)
        for start, length in itertools.product(range(-9, 10), range(10)):
            first = max(0, len(data) + start) if start < 0 else start
            assert store.get_range(OBJECT, start, length) == data[first : first + length], (start, length)

    def test_a_range_may_ask_for_more_than_memory_holds(self, store: Store) -> None:
        store.put_new(OBJECT, b"0123456")
        assert store.get_range(OBJECT, 3, 2**60) == b"3456"
        assert store.get_range(OBJECT, 2**60, 2**60) == b""
        assert store.get_range(OBJECT, -(2**60), 2) == b"01"

    def test_keys_are_those_that_begin_with_the_prefix(self, store: Store) -> None:
        written = ["log/000000/000001.json", "log/000000/000002.json", "objects/ab/cd", "objects/ab/cd.pack", "objects/ac/00"]
        for key in written:
            store.put_new(key, b"x")
        found = set(store.keys(""))
        assert found >= set(written)
        assert sorted(store.keys("log/")) == written[:2]
        assert sorted(store.keys("objects/ab/")) == written[2:4]
        assert sorted(store.keys("objects/ab/cd.")) == written[3:4]
        assert list(store.keys("index/")) == []

    def test_a_key_and_a_longer_one_are_two(self, store: Store) -> None:
        assert store.put_new(OBJECT, b"alone")
        assert store.get(f"{OBJECT}.pack") is None
        assert store.put_new(f"{OBJECT}.pack", b"pack")
        assert (store.get(OBJECT), store.get(f"{OBJECT}.pack")) == (b"alone", b"pack")

    def test_of_many_threads_one_gets_a_key(self, store: Store) -> None:
        keys = [f"log/000000/{number:06d}.json" for number in range(20)]

        def put(thread: int) -> list[bool]:
            return [store.put_new(key, b"%d" % thread * 1000) for key in keys]

        for key, won in zip(keys, zip(*at_once(put), strict=True), strict=True):
            assert sum(won) == 1
            assert store.get(key) == b"%d" % won.index(True) * 1000

    def test_a_reader_sees_all_of_the_bytes_or_no_key(self, store: Store) -> None:
        size, count = 400_000, 20
        done = threading.Event()

        def write() -> set[int]:
            try:
                for number in range(count):
                    store.put_new(f"objects/00/{number}", b"x" * size)
            finally:
                done.set()
            return {size}

        def read() -> set[int]:
            seen: set[int] = set()
            while not done.is_set():
                for number in range(count):
                    key = f"objects/00/{number}"
                    data, length, end = store.get(key), store.size(key), store.get_range(key, -7, 7)
                    seen.update({-1 if data is None else len(data), -1 if length is None else length})
                    seen.add(-1 if end is None else size if end == b"x" * 7 else 0)
            return seen

        seen = at_once(lambda thread: write() if thread == 0 else read(), threads=3)
        assert set().union(*seen) <= {-1, size}

    def test_a_key_read_once_stays(self, store: Store) -> None:
        store.put_new(RECORD, b"kept")
        assert [store.get(RECORD) for _ in range(3)] == [b"kept"] * 3

    def test_a_hint_is_replaced(self, store: Store) -> None:
        store.put_hint("index/head.json", b"a longer one")
        store.put_hint("index/head.json", b"short")
        assert store.get("index/head.json") == b"short"
        assert store.size("index/head.json") == 5

    def test_a_removed_hint_is_absent_and_can_come_again(self, store: Store) -> None:
        store.put_hint("index/head.json", b"1")
        store.remove_hint("index/head.json")
        assert store.get("index/head.json") is None
        store.remove_hint("index/head.json")
        store.put_hint("index/head.json", b"2")
        assert store.get("index/head.json") == b"2"

    def test_what_is_removed_is_absent_and_its_key_is_free(self, store: Store) -> None:
        store.put_new(OBJECT, b"one")
        store.remove(OBJECT)
        assert store.get(OBJECT) is None
        assert store.modified(OBJECT) is None
        store.remove(OBJECT)
        assert store.put_new(OBJECT, b"other")
        assert store.get(OBJECT) == b"other"

    def test_what_is_moved_lies_under_its_new_key_alone(self, store: Store) -> None:
        store.put_new(OBJECT, b"moved")
        assert store.move(OBJECT, f"trash/{OBJECT}") is True
        assert (store.get(OBJECT), store.get(f"trash/{OBJECT}")) == (None, b"moved")
        assert store.move(OBJECT, f"trash/{OBJECT}") is False
        assert store.get(f"trash/{OBJECT}") == b"moved"
        assert store.move(f"trash/{OBJECT}", OBJECT) is True
        assert (store.get(OBJECT), store.get(f"trash/{OBJECT}")) == (b"moved", None)

    def test_of_many_threads_one_moves(self, store: Store) -> None:
        store.put_new(OBJECT, b"moved")
        assert sum(at_once(lambda _: store.move(OBJECT, f"trash/{OBJECT}"))) == 1
        assert store.get(f"trash/{OBJECT}") == b"moved"

    def test_a_reader_of_a_hint_sees_one_writing_or_another(self, store: Store) -> None:
        writings = [b"%d" % number * 50_000 for number in range(4)]
        store.put_hint("index/head.json", writings[0])

        def work(thread: int) -> set[bytes | None]:
            if thread < len(writings):
                for _ in range(15):
                    store.put_hint("index/head.json", writings[thread])
                return set()
            return {store.get("index/head.json") for _ in range(60)}

        assert set().union(*at_once(work, threads=6)) <= set(writings)
