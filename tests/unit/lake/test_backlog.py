"""The backlog of a lake: order, waiting, cancelling, room."""

import os
import threading

import pytest

from mvlake.lake.backlog import Backlog, Cancelled, Job, Progress, backlog_of
from mvlake.lake.held_memory import ceiling
from mvlake.lake.lake import Lake

TIMEOUT = 60


class Disk:
    """What jobs write to: each waits until it may go on."""

    def __init__(self):
        self.gate, self.reached = threading.Event(), threading.Event()
        self.written, self.dropped = [], []

    def job(self, name, size=10, *, steps=1):
        def write(job):
            try:
                self.reached.set()
                assert self.gate.wait(TIMEOUT)
                for _ in range(steps):
                    job.advance(size // steps)
                job.finalize()
                self.written.append(name)
            except Cancelled:
                pass

        return Job(name, size, write=write, drop=lambda: self.dropped.append(name))


@pytest.fixture
def disk():
    made = Disk()
    yield made
    made.gate.set()


def in_thread(call):
    """Run a call in a thread, and return the thread and the event of its end."""
    is_over = threading.Event()

    def run():
        call()
        is_over.set()

    thread = threading.Thread(target=run)
    thread.start()
    return thread, is_over


def test_jobs_are_written_in_their_order_by_one_thread(disk):
    backlog = Backlog()
    for name in "abc":
        backlog.submit(disk.job(name))
    assert not backlog.is_empty
    disk.gate.set()
    backlog.settle()
    assert disk.written == ["a", "b", "c"]
    assert backlog.is_empty


def test_the_thread_is_gone_when_there_is_no_work(disk):
    backlog = Backlog()
    disk.gate.set()
    for name in "ab":
        backlog.submit(disk.job(name))
        writer = backlog._worker
        backlog.drain()
        if writer is not None:
            writer.join(TIMEOUT)
        assert not [one for one in threading.enumerate() if one is writer]
    assert disk.written == ["a", "b"]


def test_waiting_for_nothing_takes_no_lock_and_says_nothing():
    backlog = Backlog()
    backlog.tell = lambda _: pytest.fail("nothing to tell")
    backlog.settle()
    backlog.make_room(1 << 60)


def test_a_long_wait_is_told_from_its_beginning_to_its_end(disk):
    backlog, told, is_told = Backlog(), [], threading.Event()

    def tell(progress):
        told.append(progress)
        is_told.set()

    backlog.tell = tell
    backlog.submit(disk.job("big", 100))
    backlog.submit(disk.job("next", 50))
    thread, _ = in_thread(backlog.settle)
    assert is_told.wait(TIMEOUT)
    disk.gate.set()
    thread.join(TIMEOUT)
    assert told[0] == Progress("big", 1, 0, 150)
    assert told[-1].is_over
    assert told[-1].cancelled == ()


def test_room_is_waited_for_and_what_is_held_never_exceeds_the_ceiling(disk):
    backlog = Backlog(ceiling=100)
    backlog.submit(disk.job("a", 60))
    backlog.make_room(40)
    backlog.submit(disk.job("b", 40))
    thread, has_room = in_thread(lambda: backlog.make_room(50))
    assert not has_room.wait(0.05)  # it cannot be there yet, however long one waits: the gate is shut
    disk.gate.set()
    assert has_room.wait(TIMEOUT)
    thread.join(TIMEOUT)


def test_cancelling_leaves_no_version_and_names_what_was_not_made(disk):
    backlog = Backlog()
    for name in "ab":
        backlog.submit(disk.job(name))
    assert disk.reached.wait(TIMEOUT)
    assert backlog.cancel() == ("a", "b")
    assert backlog.cancel() == ("a", "b")  # still so, and said once
    disk.gate.set()
    backlog.settle()
    assert disk.written == []
    assert disk.dropped == ["a", "b"]


def test_what_is_being_committed_cannot_be_cancelled():
    backlog, is_final, gate = Backlog(), threading.Event(), threading.Event()

    def write(job):
        job.finalize()
        is_final.set()
        assert gate.wait(TIMEOUT)

    backlog.submit(Job("a", 1, write=write, drop=lambda: pytest.fail("it was made")))
    assert is_final.wait(TIMEOUT)
    assert backlog.cancel() == ()
    gate.set()
    backlog.settle()


def test_an_interrupted_wait_cancels_and_says_so(disk):
    backlog, told = Backlog(), []

    def tell(progress):
        told.append(progress)
        if not progress.is_over:
            raise KeyboardInterrupt

    backlog.tell = tell
    backlog.submit(disk.job("big"))
    assert disk.reached.wait(TIMEOUT)
    with pytest.raises(KeyboardInterrupt):
        backlog.settle()
    assert told[-1].cancelled == ("big",)
    disk.gate.set()
    backlog.drain()
    assert disk.written == []


def test_an_interrupted_wait_for_room_cancels_nothing(disk):
    backlog = Backlog(ceiling=10)

    def interrupt(progress):
        if not progress.is_over:
            raise KeyboardInterrupt

    backlog.tell = interrupt
    backlog.submit(disk.job("big", 10))
    with pytest.raises(KeyboardInterrupt):
        backlog.make_room(10)
    disk.gate.set()
    backlog.drain()
    assert disk.written == ["big"]


def test_the_thread_that_writes_does_not_wait_for_itself():
    backlog, done = Backlog(), []

    def write(job):
        backlog.settle()
        done.append(backlog.job is job)

    backlog.submit(Job("a", 0, write=write, drop=lambda: None))
    backlog.settle()
    assert done == [True]
    assert backlog.job is None


def test_all_who_open_a_lake_share_its_backlog(tmp_path, disk):
    one = Lake.open(tmp_path)
    assert one.backlog is Lake.open(tmp_path).backlog
    assert one.backlog is backlog_of(one.path, one._now.lake_id)
    assert one.backlog is not Lake.open(tmp_path / "other").backlog
    assert Lake.in_memory().backlog is not Lake.in_memory().backlog


def test_every_verb_of_every_instance_waits(tmp_path, disk):
    one, other = Lake.open(tmp_path), Lake.open(tmp_path)
    one.backlog.submit(disk.job("big"))
    thread, is_over = in_thread(other.log)
    assert not is_over.wait(0.05)  # it cannot be over: the gate is shut
    disk.gate.set()
    assert is_over.wait(TIMEOUT)
    thread.join(TIMEOUT)
    assert disk.written == ["big"]


@pytest.mark.forks
def test_a_forked_child_has_nothing_to_write_and_opens_the_lake_for_itself(tmp_path, disk):
    lake = Lake.open(tmp_path)
    lake.backlog.submit(disk.job("big"))
    assert disk.reached.wait(TIMEOUT)
    child = os.fork()
    if child == 0:
        try:
            os._exit(0 if lake.backlog.is_empty and lake.log().entries == () else 1)
        finally:
            os._exit(2)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    disk.gate.set()
    lake.backlog.settle()
    assert disk.written == ["big"]


def test_the_ceiling_is_a_share_of_the_memory_or_what_is_stated(monkeypatch):
    monkeypatch.delenv("MVLAKE_HELD", raising=False)
    assert ceiling() >= 64 << 20
    monkeypatch.setenv("MVLAKE_HELD", "20")
    assert ceiling() == 20 << 20
    monkeypatch.setenv("MVLAKE_HELD", "much")
    assert ceiling() >= 64 << 20
