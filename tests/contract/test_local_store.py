import multiprocessing
import time

import pytest

from mvlake.store.local import LocalStore
from mvlake.testing import StoreContract

pytestmark = pytest.mark.forks

FORK = multiprocessing.get_context("fork")


def in_processes(work, count=4):
    """Return what each process said, all begun in the same moment."""
    gate = FORK.Barrier(count)

    def begin(number, pipe):
        gate.wait()
        pipe.send(work(number))
        pipe.close()

    pipes, children = [], []
    for number in range(count):
        ours, theirs = FORK.Pipe(duplex=False)
        child = FORK.Process(target=begin, args=(number, theirs))
        child.start()
        theirs.close()
        pipes.append(ours)
        children.append(child)
    said = [pipe.recv() for pipe in pipes]
    for child in children:
        child.join(120)
    return said


class TestLocalStore(StoreContract):
    @pytest.fixture
    def store(self, tmp_path):
        return LocalStore(tmp_path)

    def test_of_many_processes_one_gets_a_key(self, store, tmp_path):
        keys = [f"log/000000/{number:06d}.json" for number in range(40)]

        def put(process):
            mine = LocalStore(tmp_path)
            return [mine.put_new(key, b"%d" % process * 1000) for key in keys]

        for key, won in zip(keys, zip(*in_processes(put), strict=True), strict=True):
            assert sum(won) == 1
            assert store.get(key) == b"%d" % won.index(True) * 1000

    def test_what_one_process_wrote_another_reads_at_once(self, store, tmp_path):
        in_processes(lambda number: LocalStore(tmp_path).put_new(f"objects/00/{number}", b"%d" % number), count=2)
        assert [store.get("objects/00/0"), store.get("objects/00/1")] == [b"0", b"1"]

    def test_a_reader_in_another_process_sees_all_or_nothing(self, tmp_path):
        size, count = 200_000, 30
        store = LocalStore(tmp_path)

        def work(process):
            if process == 0:
                for number in range(count):
                    store.put_new(f"objects/00/{number}", b"x" * size)
                return {size}
            seen = set()
            deadline = time.monotonic() + 10
            while store.size(f"objects/00/{count - 1}") is None and time.monotonic() < deadline:
                seen.update(-1 if data is None else len(data) for data in (store.get(f"objects/00/{n}") for n in range(count)))
            return seen

        assert set().union(*in_processes(work, count=3)) <= {-1, size}

    def test_nothing_but_the_keys_is_left(self, store, tmp_path):
        store.put_new("objects/00/11", b"x")
        store.put_new("objects/00/11", b"y")
        store.put_hint("index/head.json", b"{}")
        files = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()}
        assert files == {"objects/00/11", "index/head.json"}
