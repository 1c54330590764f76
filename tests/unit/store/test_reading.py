"""Reading many objects of few files: descriptors that are kept as long as the reading, and bytes that are checked once."""

import os
import signal
from concurrent.futures import ThreadPoolExecutor
from time import time_ns

import pytest

from mvlake.errors import DamagedLake, DamagedObject
from mvlake.store.hashing import digest_of
from mvlake.store.keys import object_key, pack_key
from mvlake.store.local import LocalStore
from mvlake.store.memory import MemoryStore
from mvlake.store.objects import Objects
from mvlake.store.open_files import MOST, OpenFiles
from mvlake.store.verified import MOST as MOST_KNOWN
from mvlake.store.verified import Nearby, Verified

CONTENTS = [bytes([number]) * 5000 for number in range(40)]
LONE = b"\0" + os.urandom((1 << 20) - 1)


@pytest.fixture
def store(tmp_path):
    return LocalStore(tmp_path)


@pytest.fixture
def objects(store):
    made = Objects(store)
    for pack in made.write({digest_of(data): data for data in [*CONTENTS, LONE]}):
        made.learn(pack)
    return made


def opened(monkeypatch):
    real, calls = os.open, []

    def count(path, *arguments, **options):
        calls.append(path)
        return real(path, *arguments, **options)

    monkeypatch.setattr(os, "open", count)
    return calls


def descriptors():
    return len(os.listdir("/proc/self/fd"))


def later():
    return time_ns() + 60_000_000_000


def test_a_pack_is_opened_once_for_all_of_its_objects(objects, monkeypatch):
    objects.read(digest_of(CONTENTS[0]))
    calls = opened(monkeypatch)
    with objects.kept_open():
        assert [objects.read(digest_of(data)) for data in CONTENTS] == CONTENTS
    assert len(calls) == 1


def test_no_descriptor_outlives_the_reading(objects):
    before = descriptors()
    with objects.kept_open(), objects.kept_open():
        with ThreadPoolExecutor(4) as pool:
            assert list(pool.map(objects.read, [digest_of(data) for data in [*CONTENTS, LONE]])) == [*CONTENTS, LONE]
        assert before < descriptors() <= before + MOST
    assert descriptors() == before
    objects.read(digest_of(LONE))
    assert descriptors() == before


def test_of_many_files_few_stay_open(tmp_path):
    files = OpenFiles()
    before = descriptors()
    with files.kept():
        for number in range(3 * MOST):
            (tmp_path / str(number)).write_bytes(b"x")
            assert files.open(str(tmp_path / str(number))).read(0, None)[0] == b"x"
        assert descriptors() == before + MOST
    assert descriptors() == before


def test_a_file_that_is_cut_short_while_it_is_read_is_damage_and_ends_nothing(objects, store, tmp_path):
    with objects.kept_open():
        objects.read(digest_of(LONE))
        (tmp_path / object_key(digest_of(LONE))).chmod(0o644)
        os.truncate(tmp_path / object_key(digest_of(LONE)), 4096)
        with pytest.raises(DamagedObject):
            objects.read(digest_of(LONE))
    assert store.get(object_key(digest_of(LONE))) == LONE[:4096]


def test_a_file_that_is_deleted_while_it_is_read_is_read_to_the_end(objects, store):
    with objects.kept_open():
        objects.read(digest_of(CONTENTS[0]))
        for key in list(store.keys("objects/")):
            store.remove(key)
        assert objects.read(digest_of(CONTENTS[1])) == CONTENTS[1]


def test_what_is_no_file_is_not_read(store, tmp_path):
    (tmp_path / "objects").mkdir()
    os.mkfifo(tmp_path / "objects" / "pipe")
    (tmp_path / "objects" / "link").symlink_to("/etc/passwd")
    (tmp_path / "objects" / "folder").mkdir()
    with store.kept_open():
        for name in ("pipe", "link", "folder"):
            for _ in range(2):
                with pytest.raises(DamagedLake):
                    store.get_range(f"objects/{name}", 0, 4)


def test_the_same_bytes_of_the_same_file_are_hashed_once(objects, monkeypatch):
    objects._verified = Verified(clock=later)
    hashed = []

    def count(data):
        hashed.append(len(data))
        return digest_of(data)

    monkeypatch.setattr("mvlake.store.verified.digest_of", count)
    for _ in range(3):
        assert objects.read(digest_of(CONTENTS[3])) == CONTENTS[3]
        assert objects.read(digest_of(LONE)) == LONE
    assert hashed == [len(CONTENTS[3]), len(LONE)]


def test_a_file_that_was_written_since_is_checked_again(objects, tmp_path, store):
    objects._verified = Verified(clock=later)
    objects.read(digest_of(LONE))
    path = tmp_path / object_key(digest_of(LONE))
    path.chmod(0o644)
    with path.open("r+b") as file:
        file.write(b"!")
    times = path.stat()
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns - 10**9))  # its status still tells of the change
    with pytest.raises(DamagedObject):
        objects.read(digest_of(LONE))
    path.unlink()
    path.write_bytes(LONE)
    assert objects.read(digest_of(LONE)) == LONE


def test_a_file_that_was_written_just_now_is_checked_every_time():
    stamp = (1, 2, 3, 10**18, 10**18)
    early, late = Verified(clock=lambda: 10**18 + 10**9), Verified(clock=lambda: 10**18 + 3 * 10**9)
    for verified in (early, late):
        assert verified.is_whole(digest_of(b"x"), b"x", "key", 0, stamp)
        assert not verified.is_whole(digest_of(b"x"), b"y", "other", 0, stamp)
        assert not verified.is_whole(digest_of(b"x"), b"y", "key", 1, stamp)
        assert not verified.is_whole(digest_of(b"x"), b"y", "key", 0, (1, 9, 3, 10**18, 10**18))
        assert not verified.is_whole(digest_of(b"x"), b"y", "key", 0, None)
    assert not early.is_whole(digest_of(b"x"), b"y", "key", 0, stamp)
    assert late.is_whole(digest_of(b"x"), b"y", "key", 0, stamp)  # the bytes are not looked at: they are those of before


def test_what_is_remembered_is_bounded():
    verified = Verified(clock=later)
    for number in range(MOST_KNOWN + 5):
        data = b"%d" % number
        verified.is_whole(digest_of(data), data, "key", number, (1, 1, 1, 1, 1))
    assert len(verified._known) == MOST_KNOWN
    assert not verified.is_whole(digest_of(b"0"), b"other", "key", 0, (1, 1, 1, 1, 1))


def test_a_store_without_files_is_checked_every_time():
    store = MemoryStore()
    assert not isinstance(store, Nearby)
    objects = Objects(store)
    (pack,) = objects.write({digest_of(CONTENTS[0]): CONTENTS[0]})
    objects.learn(pack)
    with objects.kept_open():
        assert objects.read(digest_of(CONTENTS[0])) == CONTENTS[0]
        store.put_hint(pack_key(pack), bytes(len(store.get(pack_key(pack)) or b"")))
        with pytest.raises(DamagedObject):
            objects.read(digest_of(CONTENTS[0]))


@pytest.mark.forks
def test_a_child_that_is_forked_while_another_thread_reads_reads_too(store):
    store.put_new("objects/ab/cd", b"held")
    with store.kept_open(), store._files._lock:
        child = os.fork()
        if not child:
            signal.alarm(20)  # ends a child that waits for a lock that nobody will let go
            with store.kept_open():
                os._exit(0 if store.get("objects/ab/cd") == b"held" else 1)
    assert os.waitpid(child, 0)[1] == 0
    assert store.get("objects/ab/cd") == b"held"
