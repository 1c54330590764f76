"""How much of the machine a cell uses is looked at now and then, is never more than some samples, and nothing of it can be met."""

import os
import random
import re
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mvlake.capture.usage import course, sampler
from mvlake.capture.usage.course import Course
from mvlake.capture.usage.sampler import Sampler
from mvlake.lake.processes import children, cpu_time, resident
from mvlake.records.usage import Sample

BUSY = "import time\nend = time.process_time() + {}\nwhile time.process_time() < end: pass"


@given(st.lists(st.tuples(st.floats(0.01, 10), st.floats(0, 4), st.integers(0, 1 << 40)), max_size=300))
def test_samples_are_bounded_and_lose_neither_work_nor_peaks(taken):
    found, at = Course(0.5), 0.0
    for length, cpu, memory in taken:
        at += length
        found.add(Sample(at, cpu, memory, memory // 2))
        assert len(found.samples) < course.MOST
    assert found.ends_at == at
    begins = (0.0, *(one.elapsed for one in found.samples))
    assert list(begins) == sorted(begins)
    work = sum(one.cpu * (one.elapsed - begin) for one, begin in zip(found.samples, begins, strict=False))
    assert work == pytest.approx(sum(length * cpu for length, cpu, _ in taken), rel=0.01, abs=0.02 * at)
    assert max((one.memory for one in found.samples), default=0) == max((memory for *_, memory in taken), default=0)
    assert max((one.children for one in found.samples), default=0) == max((memory // 2 for *_, memory in taken), default=0)


def test_a_short_cell_has_no_samples_but_what_it_took():
    watch = Sampler()
    watch.start()
    work = sum(n * n for n in range(200_000))
    peak, usage = watch.stop()
    assert work
    assert usage.samples == ()
    assert 0 < usage.cpu_time < 30
    assert peak > 1 << 20
    assert watch.stop() == (None, None)


def test_a_cell_that_was_never_begun_has_used_nothing():
    assert Sampler().stop() == (None, None)


def test_a_long_cell_is_seen_over_time_with_the_memory_that_came_and_went(monkeypatch):
    monkeypatch.setattr(sampler, "FIRST", 0.1)
    before = b"x" * (300 << 20)  # the process's own mark is higher than whatever comes
    del before
    watch = Sampler()
    watch.start()
    time.sleep(0.25)
    big = bytearray(os.urandom(1 << 10) * (100 << 10))
    time.sleep(0.5)
    del big
    time.sleep(0.25)
    peak, usage = watch.stop()
    assert not usage.is_peak_exact
    assert peak - min(one.memory for one in usage.samples) > 90 << 20
    assert peak >= max(one.memory for one in usage.samples)
    assert [one.elapsed for one in usage.samples] == sorted(one.elapsed for one in usage.samples)


def test_child_processes_count_those_that_end_and_those_that_were_there_before(monkeypatch):
    monkeypatch.setattr(sampler, "FIRST", 0.1)
    older = subprocess.Popen([sys.executable, "-c", "import time\n" + BUSY.format(0.5) + "\ntime.sleep(60)"])
    try:
        while (found := children().get(older.pid)) is None or found.cpu < 0.5:
            time.sleep(0.05)
        watch = Sampler()
        watch.start()
        subprocess.run([sys.executable, "-c", BUSY.format(0.4)], check=True)
        _, usage = watch.stop()
    finally:
        older.kill()
        older.wait()
    assert usage.cpu_time >= 0.4
    assert usage.cpu_time < 0.4 + 0.5 + 0.5  # what the older one had spent is none of it, as soon as it is seen
    assert max(one.children for one in usage.samples) > 1 << 20


def test_the_thread_cannot_be_met_takes_no_signal_and_has_ended_afterwards(monkeypatch):
    monkeypatch.setattr(sampler, "FIRST", 0.02)
    threads, counted, state = threading.enumerate(), threading.active_count(), random.getstate()
    tasks = set(os.listdir("/proc/self/task"))
    watch = Sampler()
    watch.start()
    time.sleep(0.1)
    assert (threading.enumerate(), threading.active_count()) == (threads, counted)
    (own,) = set(os.listdir("/proc/self/task")) - tasks
    blocked = re.search(r"SigBlk:\t(\w+)", Path(f"/proc/self/task/{own}/status").read_text())[1]
    assert int(blocked, 16) >> (signal.SIGINT - 1) & 1
    watch.stop()
    end = time.monotonic() + 10
    while set(os.listdir("/proc/self/task")) - tasks and time.monotonic() < end:
        time.sleep(0.001)
    assert not set(os.listdir("/proc/self/task")) - tasks
    assert random.getstate() == state


def test_a_forked_child_waits_for_nothing(monkeypatch):
    monkeypatch.setattr(sampler, "FIRST", 0.01)
    watch = Sampler()
    watch.start()
    time.sleep(0.05)
    child = os.fork()
    if child == 0:
        signal.alarm(20)
        watch.stop()
        os._exit(7)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
    assert watch.stop()[1].samples


def test_where_no_thread_can_be_started_there_are_no_samples(monkeypatch):
    def refused(*_):
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(sampler._thread, "start_new_thread", refused)
    watch = Sampler()
    watch.start()
    assert watch.stop()[1].samples == ()


def test_a_look_that_fails_ends_the_looking_and_nothing_else(monkeypatch, capfd):
    def fails():
        raise MemoryError

    monkeypatch.setattr(sampler, "FIRST", 0.01)
    watch = Sampler()
    watch.start()
    monkeypatch.setattr(sampler, "children", fails)
    time.sleep(0.1)
    monkeypatch.undo()
    assert watch.stop()[1].samples == ()
    assert capfd.readouterr() == ("", "")


def test_psutil_says_the_same_where_there_is_no_proc(monkeypatch):
    import psutil  # as a kernel has loaded it

    child = subprocess.Popen([sys.executable, "-c", "import time; print(flush=True); time.sleep(60)"], stdout=subprocess.PIPE)
    try:
        child.stdout.readline()
        here = resident(), children()[child.pid]
        monkeypatch.setattr("mvlake.lake.processes._IS_LINUX", False)
        there = resident(), children()[child.pid]
        monkeypatch.delitem(sys.modules, "psutil")
        assert (resident(), children()) == (0, {})
    finally:
        child.kill()
        child.communicate()
    assert psutil
    assert abs(here[0] - there[0]) < 20 << 20
    assert abs(here[1].memory - there[1].memory) < 10 << 20
    assert abs(here[1].age - there[1].age) < 10
    assert cpu_time() > 0
