"""The power fails at any moment of any verb: what was acknowledged is there, nothing is half, and the lake goes on."""

import itertools
import os
import time
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from harness import sizes
from harness.calls import Calls
from harness.checks import answers, check_clean, open_store, stories_of, story_of
from harness.disk import Disk
from harness.drafts import make_draft, open_lake
from harness.scenarios import LAKE, SCENARIOS

from mvlake.errors import LakeNotFound
from mvlake.store.memory import MemoryStore

# Collecting and repairing move files that the log reaches no more, or that are damaged; the rest writes what must survive.
LEFT_OUT = {"repair", "look"}


@pytest.fixture(autouse=True)
def small(monkeypatch):
    before = sizes.make_small()
    monkeypatch.setattr(uuid, "uuid4", lambda: uuid.UUID(int=42))  # every lake that is made is the same one
    yield
    sizes.restore(before)


def recorded(name, folder, *, flushes=True):
    """Act a scenario and return what its disk has seen, and everything that its log may say."""
    scenario = SCENARIOS[name]
    scenario.prepare(folder)
    lake = folder / LAKE
    before = len(list((lake / "log").rglob("*.json"))) if lake.exists() else 0
    disk = Disk(folder)
    observe = disk if flushes else (lambda call, perform: None if call.name == "fsync" else disk(call, perform))
    with Calls(str(folder), observe).watched():
        scenario.act(folder, disk.acknowledge)
    return disk, stories_of(open_lake(lake), since=before)


def lakes_in(files, folder):
    """Return the files of each lake below a folder, as a store."""
    for name in (LAKE, f"copy/{LAKE}"):
        prefix = f"{folder / name}{os.sep}"
        store = MemoryStore()
        for path, data in files.items():
            if path.startswith(prefix):
                store.put_hint(path.removeprefix(prefix), data)
        yield store


def check(store, acknowledged, stories):
    try:
        lake = open_store(store)
    except LakeNotFound:
        assert acknowledged == 0
        assert list(store.keys("log/")) == [], "records without a lake.toml"
        return
    found = story_of(lake)
    assert found in stories, "the log says neither what it said before nor what it was to say"
    assert stories.index(found) >= acknowledged, "what was acknowledged is lost"
    check_clean(lake)
    bare = MemoryStore()
    for key in store.keys(""):
        if not key.startswith(("index/", "tmp/")):
            bare.put_hint(key, store.get(key))
    assert answers(lake) == answers(open_store(bare)), "what is derived says other things than the log"
    count = lake.latest("fraud") or 0
    assert lake.commit(make_draft(lake, "fraud", 10_000, result="after")).version.number == count + 1
    check_clean(open_store(store))


@pytest.mark.parametrize("name", [name for name in SCENARIOS if name not in LEFT_OUT])
def test_power_loss_at_any_moment_loses_nothing_acknowledged(name, tmp_path, record_property):
    disk, stories = recorded(name, tmp_path)
    count = 0
    for acknowledged, files in disk.after_power_loss():
        here, copy = lakes_in(files, tmp_path)
        check(here, acknowledged, stories)
        if copy.get("lake.toml") is not None:
            check_clean(open_store(copy))
        count += 1
    record_property("faults: disks after power loss", count)
    print(f"{name}: {disk.moment} moments, {count} different disks")
    assert count > 1


@pytest.mark.parametrize("name", ["two_commits", "commit_large", "first_commit"])
def test_without_flushing_the_same_check_finds_what_is_lost(name, tmp_path):
    disk, stories = recorded(name, tmp_path, flushes=False)
    failures = 0
    for acknowledged, files in itertools.islice(disk.after_power_loss(), 300):
        try:
            check(next(lakes_in(files, tmp_path)), acknowledged, stories)
        except Exception:
            failures += 1
    assert failures > 0


def test_writes_of_many_threads_are_each_heard(tmp_path, monkeypatch):
    disk, close = Disk(tmp_path), os.close
    # A thread that closes a file sleeps after that: others then open files of the same number.
    monkeypatch.setattr(os, "close", lambda descriptor: (close(descriptor), time.sleep(0.001)))

    def write(name):
        descriptor = os.open(tmp_path / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL)
        os.write(descriptor, name.encode())
        os.fsync(descriptor)
        os.close(descriptor)

    with Calls(str(tmp_path), disk).watched(), ThreadPoolExecutor(8) as pool:
        list(pool.map(write, map(str, range(200))))
        os.fsync(folder := os.open(tmp_path, os.O_RDONLY))
        os.close(folder)
    assert next(disk._states(disk.moment)) == {str(tmp_path / str(n)): str(n).encode() for n in range(200)}
