import multiprocessing

import pytest

from mvlake.records.environment import Author
from mvlake.records.events import Note
from mvlake.records.record import Record
from mvlake.store.hashing import digest_of, genesis
from mvlake.store.local import LocalStore
from mvlake.store.log import Log
from mvlake.store.memory import MemoryStore
from mvlake.store.objects import Objects
from mvlake.store.spans import SHORTEST, covering_key
from mvlake.testing.stores import at_once

pytestmark = pytest.mark.forks

FORK = multiprocessing.get_context("fork")
WRITERS, COMMITS = 16, 200
START = genesis("0" * 32)


class Lake:
    """The parts of a lake that commit: what a kernel has open."""

    def __init__(self, store):
        self.log = Log(store, genesis=START, follow=self.follow)
        self.objects = Objects(store, parts=self.log.parts)

    def follow(self, record, digest):
        for pack in record.packs:
            self.objects.learn(pack)

    @property
    def records(self):
        return [self.log.read(seq)[0] for seq in range(1, self.log.head + 1)]

    def commit(self, text):
        """Commit one object, and one record that says its text and numbers it among the records of its kind."""
        data = text.encode()
        packs = self.objects.write({digest_of(data): data})

        def make(seq, prev):
            return Record(
                seq=seq, prev=prev, at="2026-03-03T14:00:00.000000Z", by=Author("ana", "lab"), packs=packs,
                body=Note("a", seq, text),
            )  # fmt: skip

        return self.log.append(make)[0].seq


def check_all_there(store, writers, commits):
    lake = Lake(store)
    lake.log.refresh()
    count, records = writers * commits, lake.records
    assert [record.seq for record in records] == list(range(1, count + 1))
    assert [record.body.number for record in records] == list(range(1, count + 1))  # each saw all the earlier ones
    said = [f"{writer} {commit}" for writer in range(writers) for commit in range(commits)]
    assert sorted(record.body.text for record in records) == sorted(said)
    for text in said:
        assert lake.objects.read(digest_of(text.encode())) == text.encode()
    for writer in range(writers):  # each one's records are in the order in which it wrote them
        mine = [int(text.split()[1]) for text in (record.body.text for record in records) if text.startswith(f"{writer} ")]
        assert mine == list(range(commits))


def test_sixteen_processes_commit_to_one_folder_and_lose_nothing(tmp_path):
    gate = FORK.Barrier(WRITERS)

    def work(writer):
        lake = Lake(LocalStore(tmp_path))
        gate.wait()
        for commit in range(COMMITS):
            lake.commit(f"{writer} {commit}")

    children = [FORK.Process(target=work, args=(writer,)) for writer in range(WRITERS)]
    for child in children:
        child.start()
    for child in children:
        child.join(120)
    assert [child.exitcode for child in children] == [0] * WRITERS
    check_all_there(LocalStore(tmp_path), WRITERS, COMMITS)


def test_all_who_write_the_catalogue_at_once_write_the_same_one(tmp_path):
    first = Lake(LocalStore(tmp_path))
    for commit in range(SHORTEST - 1):
        first.commit(f"first {commit}")
    gate = FORK.Barrier(8)

    def work(writer):
        lake = Lake(LocalStore(tmp_path))
        lake.log.refresh()
        gate.wait()
        lake.commit(f"{writer} at the end of a chapter")

    children = [FORK.Process(target=work, args=(writer,)) for writer in range(8)]
    for child in children:
        child.start()
    for child in children:
        child.join(120)
    assert [child.exitcode for child in children] == [0] * 8
    store = LocalStore(tmp_path)
    written = store.get(covering_key("catalogue", 1, SHORTEST))
    store.remove_hint(covering_key("catalogue", 1, SHORTEST))
    Lake(store).log.refresh()
    assert store.get(covering_key("catalogue", 1, SHORTEST)) == written


@pytest.mark.parametrize("shared", [True, False], ids=["one log", "a log each"])
def test_sixteen_threads_commit_to_one_memory_and_lose_nothing(shared):
    store = MemoryStore()
    one = Lake(store)

    def work(writer):
        lake = one if shared else Lake(store)
        return [lake.commit(f"{writer} {commit}") for commit in range(25)]

    numbers = at_once(work, threads=16)
    assert sorted(number for mine in numbers for number in mine) == list(range(1, 401))
    check_all_there(store, 16, 25)


def test_a_reader_beside_writers_sees_a_growing_prefix_without_gaps():
    store = MemoryStore()

    def work(thread):
        lake = Lake(store)
        if thread < 4:
            for commit in range(50):
                lake.commit(f"{thread} {commit}")
            return []
        heads = []
        while lake.log.head < 200:
            lake.log.refresh()
            heads.append(lake.log.head)
            assert [record.seq for record in lake.records] == list(range(1, lake.log.head + 1))
        return heads

    for heads in at_once(work, threads=6):
        assert heads == sorted(heads)
