"""Limits and surroundings: no space, no descriptors, no memory, a folder that is gone, copied while it grows, or of a later format."""

import contextlib
import json
import os
import resource
import shutil
import signal
import time
from datetime import UTC, datetime, timedelta

import pytest
from harness import sizes
from harness.checks import check_clean, check_goes_on, stories_of, story_of
from harness.drafts import make_draft, noise, open_lake
from harness.scenarios import LAKE, used_lake
from harness.sweep import in_child

from mvlake.errors import Damaged, FormatTooNew, LakeNotFound, MvlakeError, ReadOnlyLake
from mvlake.lake.lake import Lake
from mvlake.lake.open import create_lake, parts_of
from mvlake.store import staging
from mvlake.store.memory import MemoryStore

pytestmark = pytest.mark.forks

MEGABYTE = 1 << 20


def under(limit, value, work):
    """Do it in a child that is allowed so much of something; return what it said, and the error that it met."""

    def limited(say):
        before = resource.getrlimit(limit)
        error = ""
        resource.setrlimit(limit, (value, before[1]))
        try:
            work()
        except (MvlakeError, MemoryError) as met:
            error = type(met).__name__
        finally:
            resource.setrlimit(limit, before)
        say(json.dumps({"error": error}))

    heard = in_child(limited)
    assert "error" in heard.outcome, heard.outcome
    return heard.outcome["error"]


def test_a_file_that_may_not_grow_further_is_refused_and_leaves_nothing_half(tmp_path):
    used_lake(tmp_path)

    def work():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # as Python itself has it
        lake = open_lake(tmp_path / LAKE)
        lake.commit(make_draft(lake, "fraud", 3, result=noise(1, 2 * MEGABYTE)))

    assert under(resource.RLIMIT_FSIZE, MEGABYTE, work) == "ReadOnlyLake"
    assert list((tmp_path / LAKE / "tmp").iterdir()) == [], "what could not be written is still in the way"
    check_clean(open_lake(tmp_path / LAKE))
    check_goes_on(tmp_path / LAKE)


def test_without_a_free_descriptor_a_commit_is_refused_and_the_next_one_works(tmp_path):
    used_lake(tmp_path)
    lake = open_lake(tmp_path / LAKE)

    def work():
        lake.commit(make_draft(lake, "fraud", 3, result=noise(1, 2 * MEGABYTE)))

    highest = max(map(int, os.listdir("/dev/fd")))
    errors = [under(resource.RLIMIT_NOFILE, free, work) for free in range(3, highest + 8)]
    assert set(errors) <= {"ReadOnlyLake", "DamagedLake", "LakeNotFound", "MissingObject", "DamagedRecord", ""}
    assert errors[0] != ""
    assert errors[-1] == ""
    check_clean(open_lake(tmp_path / LAKE))
    check_goes_on(tmp_path / LAKE)


def test_without_memory_a_commit_fails_and_the_lake_is_as_it_was(tmp_path):
    used_lake(tmp_path)
    content = noise(1, 48 * MEGABYTE)
    with open("/proc/self/statm") as file:
        used = int(file.read().split()[0]) * resource.getpagesize()

    def work():
        lake = open_lake(tmp_path / LAKE)
        lake.commit(make_draft(lake, "fraud", 3, result=content))

    outcomes = {under(resource.RLIMIT_AS, used + more * MEGABYTE, work) for more in (16, 64, 128)}
    assert "MemoryError" in outcomes
    check_clean(open_lake(tmp_path / LAKE))
    check_goes_on(tmp_path / LAKE)


def test_signals_that_interrupt_calls_do_not_cut_a_commit_short(tmp_path):
    used_lake(tmp_path)
    beats = []
    before = signal.signal(signal.SIGALRM, lambda number, frame: beats.append(number))
    signal.siginterrupt(signal.SIGALRM, True)
    signal.setitimer(signal.ITIMER_REAL, 0.0005, 0.0005)
    try:
        lake = open_lake(tmp_path / LAKE)
        for depth in range(3, 30):
            lake.commit(make_draft(lake, "fraud", depth, result=noise(depth, 200_000)))
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert beats
    assert open_lake(tmp_path / LAKE).latest("fraud") == 29
    check_clean(open_lake(tmp_path / LAKE))


@pytest.mark.parametrize("how", ["removed", "moved"])
def test_a_folder_that_is_gone_is_told_stays_gone_and_is_used_again_when_it_is_back(how, tmp_path):
    lake = used_lake(tmp_path)
    shutil.copytree(tmp_path / LAKE, tmp_path / "kept")
    if how == "removed":
        shutil.rmtree(tmp_path / LAKE)
    else:
        (tmp_path / LAKE).rename(tmp_path / "away")
    for _ in range(2):
        with pytest.raises((ReadOnlyLake, LakeNotFound, Damaged)):
            lake.commit(make_draft(lake, "fraud", 3, result={"depth": 3}))
    assert not (tmp_path / LAKE).exists()
    (tmp_path / "kept").rename(tmp_path / LAKE)
    assert lake.commit(make_draft(lake, "fraud", 3, result={"depth": 3})).version.number == 3
    check_clean(open_lake(tmp_path / LAKE))
    check_goes_on(tmp_path / LAKE)


def test_a_copy_of_a_lake_that_others_write_to_is_an_earlier_state_of_it(tmp_path, record_property):
    """As `cp -r`, rsync and backups copy: file by file, in no order that we choose, while commits go on."""
    used_lake(tmp_path)
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(writer)
            os.set_blocking(reader, False)
            lake, depth = open_lake(tmp_path / LAKE), 3
            while True:
                lake.commit(make_draft(lake, "fraud", depth, result=noise(depth, 500)))
                depth += 1
                with contextlib.suppress(BlockingIOError):
                    if os.read(reader, 1) == b"":
                        break
        finally:
            os._exit(0)
    os.close(reader)
    copies = 0
    try:
        for number in range(12):
            shutil.copytree(tmp_path / LAKE, tmp_path / f"copy{number}", copy_function=_copy_if_there)
            copies += 1
    finally:
        os.close(writer)
        os.waitpid(child, 0)
    whole = stories_of(open_lake(tmp_path / LAKE))
    for number in range(copies):
        place = tmp_path / f"copy{number}"
        place.rename(tmp_path / "inner")
        place.mkdir()
        (tmp_path / "inner").rename(place / LAKE)
        shutil.rmtree(place / LAKE / "index", ignore_errors=True)  # derived; its hint may be of a later head
        copy = open_lake(place / LAKE)
        assert story_of(copy) in whole
        # Which files a copy misses is decided by the order in which it was made: objects that came after it had passed them.
        assert {one.code for one in copy.verify(data=True).problems} <= {"missing-object"}
        assert copy.repair(apply=True, source=tmp_path).left == ()
        check_clean(open_lake(place / LAKE))
        assert story_of(open_lake(place / LAKE)) in whole
    record_property("faults: copies of a lake that grows", copies)


def _copy_if_there(source, target):
    with contextlib.suppress(FileNotFoundError):  # a temporary file that is gone by now
        shutil.copyfile(source, target)


@pytest.mark.parametrize(
    "steps", [(-366, 0, 0), (366, -366, -366), (0, 0, 0), (0, 366, -732, 366)], ids=["back", "to and fro", "frozen", "wild"]
)
def test_whatever_clocks_say_the_order_is_that_of_the_log(steps, monkeypatch):
    now = datetime(2026, 3, 3, 14, tzinfo=UTC)
    store = MemoryStore()
    create_lake(store, now)
    moment = [now]
    lake = Lake(parts_of(store, clock=lambda: moment[0]))
    for number, days in enumerate(steps, 1):
        moment[0] += timedelta(days=days)
        lake.commit(make_draft(lake, "fraud", number, result={"depth": number}))
        lake.promote(f"fraud:v{number}", "production")
    again = Lake(parts_of(store, clock=lambda: moment[0]))
    count = len(steps)
    assert [entry.version.number for entry in again.log()] == list(range(count, 0, -1))
    assert [row.move.to_number for row in again.labels().history] == list(range(1, count + 1))
    assert again.labels().current[0].move.to_number == count
    assert again.load("fraud@production", "result") == {"depth": count}
    (held,) = again.at("2099-01-01").rows
    assert held.move.to_number == count  # where clocks disagree, the order of the log counts
    assert again.rollback("fraud@production").ref == f"fraud:v{count - 1}"
    check_clean(again)


def test_a_lake_of_a_later_format_is_refused_and_left_as_it_is(tmp_path):
    used_lake(tmp_path)
    settings = tmp_path / LAKE / "lake.toml"
    text = settings.read_text().replace("format = 1", "format = 2")
    settings.chmod(0o644)
    settings.write_text(text)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    with pytest.raises(FormatTooNew):
        open_lake(tmp_path / LAKE)
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before


def test_what_a_dead_process_left_in_tmp_is_swept_when_it_is_old(tmp_path):
    used_lake(tmp_path)
    left = tmp_path / LAKE / "tmp" / "4242-0123456789abcdef"
    left.write_bytes(b"half of a pa")
    old = time.time() - 10 * 86_400
    lake = open_lake(tmp_path / LAKE, now=datetime.now(UTC))
    lake.gc(apply=True)
    assert left.exists()  # somebody may be writing it
    os.utime(left, (old, old))
    lake.gc(apply=True)
    assert not left.exists()
    check_clean(lake)


def test_sizes_are_as_they_were(tmp_path):
    before = sizes.make_small()
    sizes.restore(before)
    assert staging.ALONE == MEGABYTE
