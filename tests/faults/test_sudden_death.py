"""Processes are killed at random moments beside others that go on. What dies at each single call: test_every_call.py."""

import os
import random
import signal
import time

import pytest

from mvlake.errors import MissingObject
from mvlake.records.environment import Author
from mvlake.records.events import Attempt
from mvlake.records.record import Record
from mvlake.records.version import Cell
from mvlake.store.hashing import digest_of, genesis
from mvlake.store.keys import digest_in
from mvlake.store.local import LocalStore
from mvlake.store.log import Log
from mvlake.store.objects import Objects

pytestmark = pytest.mark.forks

START = genesis("0" * 32)
LARGE = 10_000


class Lake:
    """What a kernel has open, and commits with."""

    def __init__(self, folder):
        self.store = LocalStore(folder)
        self.objects = Objects(self.store)
        self.records = []
        self.log = Log(self.store, genesis=START, follow=self.follow)
        self.log.refresh()

    def follow(self, record, digest):
        self.records.append(record)
        for pack in record.packs:
            self.objects.learn(pack)

    def commit(self, *contents):
        """Commit contents, then a record that names them; return its number."""
        objects = {digest_of(data): data for data in contents}
        packs = self.objects.write(objects)
        attempt = Attempt("a", tuple(Cell(digest) for digest in objects), "E", "", "2026-03-03T14:00:00.000000Z", 0.0)
        made = self.log.append(
            lambda seq, prev: Record(seq, prev, "2026-03-03T14:00:00.000000Z", Author("ana", "lab"), attempt, packs)
        )
        return made[0].seq


def check(folder, acknowledged):
    """Check what a crash must leave: all that was acknowledged, nothing half, and a lake that goes on."""
    lake = Lake(folder)
    assert lake.log.head >= acknowledged
    for record in lake.records:
        for cell in record.body.cells:
            assert digest_of(lake.objects.read(cell.source)) == cell.source
    for key in lake.store.keys("objects/"):
        assert digest_of(lake.store.get(key)) == digest_in(key), "a torn object is visible"
    head = lake.log.head
    assert lake.commit(b"after the crash %d" % head, b"x" * LARGE) == head + 1
    again = Lake(folder)
    assert again.log.head == head + 1
    assert again.objects.read(digest_of(b"after the crash %d" % head)) == b"after the crash %d" % head


def in_child(work):
    """Start the work in a process of its own; it is given a function that acknowledges. Return its id and where that is heard."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        say = os.write
        code = 1
        try:
            os.close(reader)
            work(lambda seq: say(writer, seq.to_bytes(4, "little")))
            code = 0
        finally:
            os._exit(code)
    os.close(writer)
    return child, reader


def last_acknowledged(reader):
    with os.fdopen(reader, "rb") as pipe:
        heard = pipe.read()
    return int.from_bytes(heard[-4:], "little")


def test_processes_killed_at_random_beside_others_lose_nothing_acknowledged(tmp_path):
    chance = random.Random(20260303)

    def work(acknowledge, name):
        lake = Lake(tmp_path)
        for number in range(10**6):
            acknowledge(lake.commit(b"%s %d" % (name, number), b"%s %d" % (name, number) * 1000))

    for round_ in range(12):
        children = [in_child(lambda say, name=b"%d %d" % (round_, one): work(say, name)) for one in range(3)]
        for child, _ in children:
            time.sleep(chance.uniform(0.005, 0.06))
            os.kill(child, signal.SIGKILL)
        acknowledged = [last_acknowledged(reader) for _, reader in children]
        for child, _ in children:
            os.waitpid(child, 0)
        lake = Lake(tmp_path)
        assert lake.log.head >= max(acknowledged)
        lake.commit(b"between the rounds %d" % round_)
    check(tmp_path, lake.log.head)
    print(f"{lake.log.head} records survived 36 killings")
    assert lake.log.head > 36


def test_objects_of_a_commit_that_never_came_are_not_there(tmp_path):
    lake = Lake(tmp_path)
    lake.objects.write({digest_of(b"orphan"): b"orphan"})
    try:
        Lake(tmp_path).objects.read(digest_of(b"orphan"))
    except MissingObject:
        return
    raise AssertionError("read before it was committed")
