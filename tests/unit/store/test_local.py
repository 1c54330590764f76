import errno
import os
import resource
import shutil
import tempfile
from pathlib import Path

import pytest

from mvlake.errors import DamagedLake, ReadOnlyLake
from mvlake.store.local import LocalStore

pytestmark = pytest.mark.forks

KEY = "objects/ab/cdef"
HINT = "index/head.json"


@pytest.fixture
def lake(tmp_path):
    folder = tmp_path / "lake"
    folder.mkdir()
    return folder


@pytest.fixture
def outside(tmp_path):
    folder = tmp_path / "outside"
    folder.mkdir()
    (folder / "secret").write_bytes(b"secret")
    return folder


def files(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir())


def failing(monkeypatch, call, number, *, at=1):
    """Make the n-th call of a function of `os` fail, as a disk does, and count all calls."""
    real, calls = getattr(os, call), []

    def fail(*arguments, **options):
        calls.append(arguments)
        if len(calls) == at:
            raise OSError(number, os.strerror(number))
        return real(*arguments, **options)

    monkeypatch.setattr(os, call, fail)
    return calls


@pytest.mark.parametrize(
    "key",
    ["", "/", "../x", "objects/../../x", "/etc/passwd", "objects//x", "objects/", "a/..", "..", ".", "./x", "a/./b", "objects/a..b",
     "objects/A", "objects/ü", "objects/a b", "objects\\x", "c:/x", "objects/x\x00", "objects/x\n", "~/x", "objects/.x", "-x"],
)  # fmt: skip
def test_a_key_that_mvlake_never_makes_is_refused(lake, key):
    store = LocalStore(lake)
    calls = [
        lambda: store.put_new(key, b"x"),
        lambda: store.get(key),
        lambda: store.get_range(key, 0, 1),
        lambda: store.size(key),
        lambda: store.put_hint(key, b"x"),
        lambda: store.remove_hint(key),
    ]
    for call in calls:
        with pytest.raises(ValueError, match="not a key"):
            call()
    assert files(lake.parent) == []


@pytest.mark.parametrize("prefix", ["../", "/", "objects/../../", "/etc/"])
def test_a_walk_does_not_leave_the_lake(lake, prefix):
    with pytest.raises(ValueError, match="not a key"):
        list(LocalStore(lake).keys(prefix))


@pytest.mark.parametrize("target", ["outside/secret", "nowhere", "lake/objects/ab/cdef"])
def test_a_link_instead_of_a_file_is_not_followed(lake, outside, target):
    path = lake / KEY
    path.parent.mkdir(parents=True)
    path.symlink_to(lake.parent / target)
    store = LocalStore(lake)
    for read in (lambda: store.get(KEY), lambda: store.get_range(KEY, -3, 3), lambda: store.size(KEY)):
        with pytest.raises(DamagedLake):
            read()
    assert store.put_new(KEY, b"mine") is False
    store.put_hint(HINT, b"{}")
    assert (outside / "secret").read_bytes() == b"secret"
    assert not (lake.parent / "nowhere").exists()


@pytest.mark.parametrize("planted", ["objects", "objects/ab"])
def test_a_link_instead_of_a_folder_leads_nowhere(lake, outside, planted):
    (lake / planted).parent.mkdir(parents=True, exist_ok=True)
    (lake / planted).symlink_to(outside, target_is_directory=True)
    (outside / "cdef").write_bytes(b"secret")
    (outside / "ab").mkdir()
    (outside / "ab" / "cdef").write_bytes(b"secret")
    before = files(outside)
    store = LocalStore(lake)
    calls = [
        lambda: store.put_new(KEY, b"x"),
        lambda: store.put_new("objects/ab/new", b"x"),
        lambda: store.get(KEY),
        lambda: store.get_range(KEY, 0, 9),
        lambda: store.size(KEY),
        lambda: list(store.keys("objects/ab/")),
    ]
    for call in calls:
        with pytest.raises(DamagedLake, match="link"):
            call()
    store.put_hint(KEY, b"x")
    store.remove_hint(KEY)
    assert files(outside) == before


@pytest.mark.parametrize("planted", ["tmp", "index"])
def test_a_link_instead_of_our_own_folders_catches_nothing(lake, outside, planted):
    (lake / planted).symlink_to(outside, target_is_directory=True)
    (outside / "head.json").write_bytes(b"theirs")
    store = LocalStore(lake)
    store.put_hint(HINT, b"ours")
    store.remove_hint(HINT)
    if planted == "tmp":
        with pytest.raises(DamagedLake):
            store.put_new(KEY, b"x")
    assert files(outside) == ["head.json", "secret"]
    assert (outside / "head.json").read_bytes() == b"theirs"


def test_the_lake_itself_may_lie_behind_a_link(lake):
    link = lake.parent / "link"
    link.symlink_to(lake, target_is_directory=True)
    assert LocalStore(link).put_new(KEY, b"x")
    assert LocalStore(lake).get(KEY) == b"x"


def test_a_pipe_or_a_folder_instead_of_a_file_is_damage_and_holds_nobody_up(lake):
    (lake / "log/000000").mkdir(parents=True)
    os.mkfifo(lake / "log/000000/000001.json")
    (lake / "log/000000/000002.json").mkdir()
    store = LocalStore(lake)
    for seq in (1, 2):
        key = f"log/000000/{seq:06d}.json"
        for read in (lambda key=key: store.get(key), lambda key=key: store.get_range(key, 0, 1), lambda key=key: store.size(key)):
            with pytest.raises(DamagedLake, match="regular"):
                read()
        assert store.put_new(key, b"x") is False


def test_reading_leaves_no_descriptor_open(lake):
    (lake / "objects").mkdir()
    (lake / "objects/folder").mkdir()
    store = LocalStore(lake)
    store.put_new(KEY, b"x")
    before = len(os.listdir("/dev/fd"))
    for _ in range(20):
        store.get(KEY)
        with pytest.raises(DamagedLake):
            store.get("objects/folder")
    assert len(os.listdir("/dev/fd")) == before


def test_a_file_where_a_folder_should_be_is_an_absent_key_and_an_unwritable_lake(lake):
    (lake / "objects").write_bytes(b"in the way")
    store = LocalStore(lake)
    assert store.get(KEY) is None
    assert store.size(KEY) is None
    with pytest.raises(ReadOnlyLake):
        store.put_new(KEY, b"x")


def test_a_file_that_may_not_be_read_is_damage(lake, monkeypatch):
    store = LocalStore(lake)
    store.put_new(KEY, b"x")
    failing(monkeypatch, "open", errno.EACCES)
    with pytest.raises(DamagedLake, match="Permission denied"):
        store.get(KEY)


def test_a_lake_that_was_deleted_does_not_rise_again(lake):
    store = LocalStore(lake)
    store.put_new(KEY, b"x")
    shutil.rmtree(lake)
    with pytest.raises(ReadOnlyLake, match="gone"):
        store.put_new(KEY, b"x")
    store.put_hint(HINT, b"x")
    assert store.get(KEY) is None
    assert not lake.exists()


def test_a_folder_that_was_deleted_is_made_again(lake):
    store = LocalStore(lake)
    store.put_new(KEY, b"x")
    shutil.rmtree(lake / "objects")
    shutil.rmtree(lake / "tmp")
    assert store.put_new(KEY, b"x")
    assert store.get(KEY) == b"x"


def test_the_working_directory_may_change(lake, monkeypatch, tmp_path):
    monkeypatch.chdir(lake)
    store = LocalStore(Path())
    store.put_new(KEY, b"x")
    monkeypatch.chdir(tmp_path)
    assert store.get(KEY) == b"x"


def test_a_written_file_says_that_it_is_not_to_be_written(lake):
    LocalStore(lake).put_new(KEY, b"x")
    assert (lake / KEY).stat().st_mode & 0o222 == 0


def in_child(work):
    """Run the work in a process of its own, and return True when it gave True."""
    child = os.fork()
    if child == 0:
        try:
            os._exit(0 if work() is True else 1)
        except BaseException as error:
            os.write(2, repr(error).encode())
        finally:
            os._exit(2)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def refused(call):
    try:
        call()
    except ReadOnlyLake:
        return True
    return False


def test_a_folder_without_write_permission_can_be_read_and_says_why_it_cannot_be_written():
    # Not below tmp_path, which only its owner may enter: a superuser has to become somebody else to be refused anything.
    folder = Path(tempfile.mkdtemp())
    try:
        LocalStore(folder).put_new(KEY, b"x")
        for path in (folder, *folder.rglob("*")):
            path.chmod(0o555 if path.is_dir() else 0o444)

        def work():
            if os.geteuid() == 0:
                os.setresuid(65534, 65534, 65534)
            store = LocalStore(folder)
            store.put_hint(HINT, b"x")
            new = [lambda: store.put_new("objects/ab/new", b"x"), lambda: store.put_new("log/000000/000001.json", b"x")]
            return store.get(KEY) == b"x" and store.get(HINT) is None and all(refused(call) for call in new)

        assert in_child(work)
    finally:
        for path in (folder, *folder.rglob("*")):
            path.chmod(0o755)
        shutil.rmtree(folder)


def test_a_disk_that_is_full_in_the_middle_of_a_file_leaves_nothing(lake):
    def work():
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))  # the write that crosses it is a short one, the next fails
        store = LocalStore(lake)
        return store.put_new("objects/ab/small", bytes(1000)) and refused(lambda: store.put_new(KEY, bytes(1_000_000)))

    assert in_child(work)
    assert files(lake) == ["objects/ab/small"]


CALLS = [("open", 1), ("write", 1), ("write", 2), ("fsync", 1), ("link", 1), ("mkdir", 1), ("mkdir", 2), ("mkdir", 3), ("close", 1)]


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO, errno.EROFS, errno.EDQUOT])
@pytest.mark.parametrize(("call", "at"), CALLS)
def test_whatever_fails_nothing_is_published_and_the_next_try_works(lake, monkeypatch, call, at, number):
    store = LocalStore(lake)
    real = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, data: real(descriptor, data[:3]))  # short writes are legal
    failing(monkeypatch, call, number, at=at)
    with pytest.raises(ReadOnlyLake, match=os.strerror(number)):
        store.put_new(KEY, b"content")
    monkeypatch.undo()
    assert store.get(KEY) is None
    assert [name for name in files(lake) if not name.startswith("tmp/")] == []
    assert store.put_new(KEY, b"content")
    assert store.get(KEY) == b"content"


def test_short_writes_are_continued(lake, monkeypatch):
    real = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, data: real(descriptor, data[:7]))
    store = LocalStore(lake)
    assert store.put_new(KEY, bytes(range(256)))
    assert store.get(KEY) == bytes(range(256))


def test_a_file_whose_flush_failed_is_thrown_away_and_not_flushed_again(lake, monkeypatch):
    store = LocalStore(lake)
    store.put_new("objects/ab/first", b"x")
    flushed, real = [], os.fsync

    def fail(descriptor):
        flushed.append(os.fstat(descriptor).st_ino)
        if len(flushed) == 1:
            raise OSError(errno.EIO, "Input/output error")
        real(descriptor)

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(ReadOnlyLake):
        store.put_new(KEY, b"x")
    assert len(flushed) == 1  # a second fsync would say that all is well, though the pages are lost
    assert files(lake) == ["objects/ab/first"]
    assert store.put_new(KEY, b"x")


def test_a_new_name_that_could_not_be_flushed_is_reported(lake, monkeypatch):
    store = LocalStore(lake)
    store.put_new("objects/ab/first", b"x")
    failing(monkeypatch, "fsync", errno.EIO, at=2)  # the file's own, then the folder's
    with pytest.raises(ReadOnlyLake):
        store.put_new(KEY, b"x")


def test_every_new_name_is_flushed_before_a_write_is_reported(lake, monkeypatch):
    flushed, real = [], os.fsync

    def note(descriptor):
        flushed.append(os.fstat(descriptor).st_ino)
        real(descriptor)

    monkeypatch.setattr(os, "fsync", note)
    LocalStore(lake).put_new(KEY, b"x")
    folders = [folder.stat().st_ino for folder in (lake, lake / "objects", lake / "objects/ab")]
    assert {*folders, (lake / KEY).stat().st_ino} <= set(flushed)
    assert flushed[-1] == folders[-1]
    flushed.clear()
    LocalStore(lake).put_new("objects/ab/second", b"x")
    assert set(folders) <= set(flushed)  # another process made these folders, and may not have lived to flush them


def test_later_writes_flush_the_file_and_its_folder_alone(lake, monkeypatch):
    store = LocalStore(lake)
    store.put_new(KEY, b"x")
    calls = failing(monkeypatch, "fsync", errno.EIO, at=10**9)
    store.put_new("objects/ab/second", b"x")
    assert len(calls) == 2


def test_a_file_system_without_hard_links_is_named_as_the_reason(lake, monkeypatch):
    failing(monkeypatch, "link", errno.EPERM)
    with pytest.raises(ReadOnlyLake, match="hard links"):
        LocalStore(lake).put_new(KEY, b"x")
    assert files(lake) == []


def test_a_link_whose_reply_was_lost_is_a_success(lake, monkeypatch):
    real = os.link

    def lose_the_reply(source, target):
        real(source, target)
        raise FileExistsError(errno.EEXIST, "File exists")  # what a network file system's second try says

    monkeypatch.setattr(os, "link", lose_the_reply)
    assert LocalStore(lake).put_new(KEY, b"x") is True
    assert files(lake) == [KEY]


def test_an_interrupt_leaves_nothing_behind(lake, monkeypatch):
    def interrupt(descriptor):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        LocalStore(lake).put_new(KEY, b"x")
    assert files(lake) == []


def test_a_hint_that_cannot_be_written_is_no_error(lake, monkeypatch):
    store = LocalStore(lake)
    store.put_hint(HINT, b"old")
    failing(monkeypatch, "write", errno.ENOSPC)
    store.put_hint(HINT, b"new")
    assert store.get(HINT) == b"old"
    assert files(lake) == [HINT]


def test_a_hint_where_a_folder_stands_is_no_error(lake):
    (lake / HINT).mkdir(parents=True)
    store = LocalStore(lake)
    store.put_hint(HINT, b"x")
    store.remove_hint(HINT)
    assert files(lake) == []


def test_the_ignore_file_of_a_lake_is_a_key(lake):
    store = LocalStore(lake)
    store.put_hint(".gitignore", b"*\n")
    assert store.get(".gitignore") == b"*\n"


def test_a_move_and_a_removal_do_not_follow_links(lake, outside):
    store = LocalStore(lake)
    store.put_new(KEY, b"x")
    (lake / "objects/ab/link").symlink_to(outside / "secret")
    (lake / "trash").symlink_to(outside)
    with pytest.raises(DamagedLake):
        store.move(KEY, f"trash/{KEY}")
    with pytest.raises(DamagedLake):
        store.remove("trash/secret")
    store.remove("objects/ab/link")
    assert store.get(KEY) == b"x"
    assert (outside / "secret").read_bytes() == b"secret"
    assert files(outside) == ["secret"]


def test_a_link_that_is_moved_stays_a_link_and_what_it_leads_to_stays_where_it_is(lake, outside):
    store = LocalStore(lake)
    (lake / "objects/ab").mkdir(parents=True)
    (lake / KEY).symlink_to(outside / "secret")
    assert store.move(KEY, f"quarantine/{KEY}")
    assert (lake / f"quarantine/{KEY}").is_symlink()
    assert (outside / "secret").read_bytes() == b"secret"


def test_a_file_that_is_also_outside_is_neither_changed_nor_emptied_there(lake, outside):
    store = LocalStore(lake)
    (lake / "objects/ab").mkdir(parents=True)
    os.link(outside / "secret", lake / KEY)
    mode = (outside / "secret").stat().st_mode
    store.share()
    assert store.put_new(KEY, b"ours") is False
    store.move(KEY, f"trash/{KEY}")
    store.remove(f"trash/{KEY}")
    assert (outside / "secret").read_bytes() == b"secret"
    assert (outside / "secret").stat().st_mode == mode


@pytest.mark.parametrize("call", ["remove", "move"])
def test_what_cannot_be_moved_or_removed_is_said(lake, monkeypatch, call):
    store = LocalStore(lake)
    store.put_new(KEY, b"x")
    failing(monkeypatch, "rename" if call == "move" else "unlink", errno.EROFS)
    with pytest.raises(ReadOnlyLake, match="Read-only"):
        store.remove(KEY) if call == "remove" else store.move(KEY, f"trash/{KEY}")
    assert store.get(KEY) == b"x"


def test_a_lake_that_was_deleted_moves_nothing(lake):
    store = LocalStore(lake)
    store.put_new(KEY, b"x")
    shutil.rmtree(lake)
    with pytest.raises(ReadOnlyLake):
        store.move(KEY, f"trash/{KEY}")
    assert not lake.exists()


def test_a_shared_lake_ignores_a_private_umask(lake):
    before = os.umask(0o077)
    try:
        store = LocalStore(lake)
        store.share()
        store.put_new(KEY, b"x")
        store.put_hint(HINT, b"{}")
    finally:
        os.umask(before)
    assert (lake / KEY).stat().st_mode & 0o777 == 0o444
    assert (lake / HINT).stat().st_mode & 0o777 == 0o664
    for folder in ("objects", "objects/ab", "index", "tmp"):
        assert (lake / folder).stat().st_mode & 0o7777 == 0o2775
