import multiprocessing
import os
import shutil
import subprocess

import pytest

from mvlake.errors import Damaged, DamagedLake, FormatTooNew, LakeNotFound, MvlakeError, ReadOnlyLake
from mvlake.lake.lake import Lake

pytestmark = pytest.mark.forks

FORK = multiprocessing.get_context("fork")


@pytest.fixture(autouse=True)
def nowhere(tmp_path, monkeypatch):
    """A working directory with nothing above it, and no lake in the environment."""
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.delenv("MVLAKE_LAKE", raising=False)
    return folder


def test_a_path_names_the_folder_that_holds_the_lake(tmp_path):
    assert Lake.open(tmp_path / "project").path == str(tmp_path / "project" / ".mvlake")
    for path in (tmp_path / "project", str(tmp_path / "project"), tmp_path / "project" / ".mvlake"):
        assert Lake.open(path, create=False).path == str(tmp_path / "project" / ".mvlake")


def test_a_lake_that_was_renamed_is_still_one(tmp_path, commit):
    commit(Lake.open(tmp_path / "project"))
    (tmp_path / "project" / ".mvlake").rename(tmp_path / "shared-lake")
    assert Lake.open(tmp_path / "shared-lake", create=False).show("fraud").entry.ref == "fraud:v1"


def test_a_path_may_begin_at_home(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    (tmp_path / "home").mkdir()
    assert Lake.open("~/models").path == str(tmp_path / "home" / "models" / ".mvlake")


def test_the_path_goes_before_the_variable_and_that_before_what_lies_above(tmp_path, monkeypatch, nowhere):
    Lake.open(nowhere)
    (nowhere / "deep" / "deeper").mkdir(parents=True)
    monkeypatch.chdir(nowhere / "deep" / "deeper")
    assert Lake.open().path == str(nowhere / ".mvlake")
    monkeypatch.setenv("MVLAKE_LAKE", str(tmp_path / "named"))
    assert Lake.open().path == str(tmp_path / "named" / ".mvlake")
    assert Lake.open(tmp_path / "given").path == str(tmp_path / "given" / ".mvlake")


def test_an_empty_variable_names_nothing(monkeypatch, nowhere):
    monkeypatch.setenv("MVLAKE_LAKE", "")
    assert Lake.open().path == str(nowhere / ".mvlake")


def test_the_nearest_lake_above_is_meant(nowhere, monkeypatch):
    Lake.open(nowhere)
    Lake.open(nowhere / "inner")
    (nowhere / "inner" / "notebooks").mkdir()
    monkeypatch.chdir(nowhere / "inner" / "notebooks")
    assert Lake.open().path == str(nowhere / "inner" / ".mvlake")


def test_a_new_lake_goes_to_the_git_root(nowhere, monkeypatch):
    subprocess.run(["git", "init", "-q", str(nowhere)], check=True)
    (nowhere / "notebooks").mkdir()
    monkeypatch.chdir(nowhere / "notebooks")
    assert Lake.open().path == str(nowhere / ".mvlake")
    ignored = subprocess.run(
        ["git", "-C", str(nowhere), "status", "--porcelain", "-uall"], capture_output=True, text=True, check=True
    )
    assert "log/" not in ignored.stdout
    assert "lake.toml" in ignored.stdout


def test_a_git_worktree_has_a_root_too(nowhere, monkeypatch):
    (nowhere / ".git").write_text("gitdir: /elsewhere\n")
    (nowhere / "notebooks").mkdir()
    monkeypatch.chdir(nowhere / "notebooks")
    assert Lake.open().path == str(nowhere / ".mvlake")


def test_a_lake_above_the_git_root_goes_before_a_new_one(nowhere, monkeypatch):
    Lake.open(nowhere)
    (nowhere / "repository" / ".git").mkdir(parents=True)
    monkeypatch.chdir(nowhere / "repository")
    assert Lake.open().path == str(nowhere / ".mvlake")


def test_without_git_a_new_lake_goes_to_the_working_directory(nowhere):
    assert Lake.open().path == str(nowhere / ".mvlake")


@pytest.mark.parametrize("path", [None, "other"])
def test_where_there_is_none_and_none_is_to_be_made(nowhere, path):
    with pytest.raises(LakeNotFound) as raised:
        Lake.open(path, create=False)
    assert "mvlake init" in str(raised.value)
    assert list(nowhere.iterdir()) == []


def test_a_path_where_no_lake_can_be_made_is_said(nowhere):
    (nowhere / "file").write_text("x")
    for path in ("file", "file/deeper", "bad\0name", "~nobody-of-this-name/x"):
        with pytest.raises(MvlakeError):
            Lake.open(path)


def test_opening_twice_is_the_same_lake(nowhere, commit):
    first = Lake.open()
    commit(first)
    second = Lake.open()
    assert second.status().lake_id == first.status().lake_id
    assert second.show("fraud").entry.ref == "fraud:v1"


def test_init_twice_is_no_error(tmp_path):
    first, second = Lake.init(str(tmp_path)), Lake.init(str(tmp_path))
    assert first == second
    assert first.records == 0
    assert first.is_writable


def test_processes_that_make_a_lake_at_once_make_one(tmp_path, commit):
    gate = FORK.Barrier(6)

    def work(number):
        gate.wait()
        lake = Lake.open(tmp_path / "project")
        assert commit(lake, depth=number).name == "fraud"

    children = [FORK.Process(target=work, args=(number,)) for number in range(6)]
    for child in children:
        child.start()
    for child in children:
        child.join(120)
    assert [child.exitcode for child in children] == [0] * 6
    lake = Lake.open(tmp_path / "project")
    assert [entry.version.number for entry in lake.log().entries] == [6, 5, 4, 3, 2, 1]
    assert lake.verify().is_clean


@pytest.fixture
def settings(disk, commit):
    commit(disk)
    return disk._parts.store._root / "lake.toml"


def rewrite(path, data):
    path.chmod(0o644)
    path.write_bytes(data)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"garbage",
        b"\xff\xfe",
        b"format = 1",
        b'id = "x"',
        b'format = "1"\nid = "x"',
        b"format = 1\nid = 5",
        b'format = true\nid = "x"',
        b'format = 1.0\nid = "x"',
        b"format = [[[",
        b"x = " + b"[" * 100_000,
        b'format = 1\nformat = 1\nid = "x"',
        b'format = 0\nid = "x"',
        b'format = -1\nid = "x"',
        b"format = " + b"9" * 10_000 + b'\nid = "x"',
        b'\x00format = 1\nid = "x"',
    ],
    ids=lambda data: data[:20],
)
def test_settings_that_are_garbage_are_damage(settings, data):
    rewrite(settings, data)
    with pytest.raises((DamagedLake, FormatTooNew)) as raised:
        Lake.open(settings.parent, create=False)
    assert "lake" in str(raised.value)
    assert settings.read_bytes() == data


@pytest.mark.parametrize("found", [2, 10**15])
def test_a_lake_of_a_newer_format_says_to_upgrade(settings, found):
    rewrite(settings, settings.read_bytes().replace(b"format = 1", b"format = %d" % found))
    for create in (True, False):
        with pytest.raises(FormatTooNew) as raised:
            Lake.open(settings.parent, create=create)
        assert raised.value.found == found
        assert "upgrade" in str(raised.value)


def test_settings_that_this_version_does_not_know_are_passed_over(settings):
    rewrite(settings, settings.read_bytes() + b'theme = "dark"\n[storage]\nchunk = 5\n')
    assert Lake.open(settings.parent).show("fraud").entry.ref == "fraud:v1"


def test_a_lake_that_lost_its_settings_gets_no_others(settings):
    settings.unlink()
    with pytest.raises(DamagedLake) as raised:
        Lake.open(settings.parent)
    assert "lake.toml" in str(raised.value)
    assert not settings.exists()


def test_a_lake_half_made_is_finished(tmp_path):
    (tmp_path / ".mvlake").mkdir()
    assert Lake.open(tmp_path).status().records == 0


@pytest.mark.parametrize("folder", ["tmp", "log"])
def test_a_lake_that_cannot_be_written_reads_on(disk, commit, new_draft, folder):
    commit(disk)
    place = disk._parts.store._root / folder
    if folder == "tmp":
        shutil.rmtree(place)
        place.write_text("in the way")
    else:
        (place / "000000").rename(place / "kept")
        (place / "000000").symlink_to("kept")
    lake = Lake.open(disk._parts.store._root, create=False)
    with pytest.raises((ReadOnlyLake, Damaged)) as raised:
        lake.commit(new_draft(lake, params={"depth": 2}))
    assert "\n" in str(raised.value)
    if folder == "tmp":
        for verb in (lambda: lake.note("fraud", "x"), lambda: lake.promote("fraud", "x"), lambda: lake.tag("fraud", "x")):
            with pytest.raises(ReadOnlyLake):
                verb()
        assert lake.show("fraud").entry.ref == "fraud:v1"
        assert lake.verify().is_clean
        assert lake.sql("select count(*) from versions").rows[0][0] == 1


def test_a_lake_that_is_deleted_while_open_is_no_longer_here(disk, commit, new_draft):
    commit(disk)
    assert disk.is_here()
    shutil.rmtree(disk._parts.store._root)
    assert not disk.is_here()
    with pytest.raises(MvlakeError):
        disk.commit(new_draft(disk, params={"depth": 2}))
    assert not disk._parts.store._root.exists()


def test_status_tells_where_and_how_much(disk, commit):
    commit(disk, depth=1)
    commit(disk, depth=2)
    commit(disk, "churn")
    disk.note("fraud", "x")
    status = disk.status()
    assert status.path == disk.path
    assert (status.records, status.versions, status.names) == (4, 3, ("fraud", "churn"))
    assert status.is_writable
    assert status.size == sum(path.lstat().st_size for path in disk._parts.store._root.rglob("*") if path.is_file())


def test_status_passes_over_files_that_are_none_of_a_lake(disk, commit):
    commit(disk)
    (disk._parts.store._root / ".DS_Store").write_bytes(b"x")
    (disk._parts.store._root / "objects" / "Read Me.TXT").write_bytes(b"x")
    (disk._parts.store._root / "log" / "link.json").symlink_to("/etc/passwd")
    os.mkfifo(disk._parts.store._root / "pipe")
    assert disk.status().versions == 1
    assert disk.verify().is_clean


def test_a_lake_in_memory_is_writable(lake):
    assert lake.status().is_writable
    assert lake.is_here()


@pytest.mark.parametrize("path", ["typo/lake", "a/b/c"])
def test_a_path_through_folders_that_are_not_there_makes_none(tmp_path, path):
    with pytest.raises(LakeNotFound, match="there is no folder") as raised:
        Lake.open(tmp_path / path)
    assert f"mvlake init {tmp_path / path}" in raised.value.hint
    assert not (tmp_path / path).parent.exists()
    assert Lake.init(str(tmp_path / path)).versions == 0
    assert Lake.open(tmp_path / path).path == str(tmp_path / path / ".mvlake")


def test_a_long_log_that_is_read_for_the_first_time_says_how_far_it_is(tmp_path, commit, monkeypatch):
    from mvlake.store import log

    lake = Lake.open(tmp_path)
    for depth in range(9):
        commit(lake, depth=depth)
    for path in (tmp_path / ".mvlake/index").glob("catalogue-*"):
        path.unlink()
    monkeypatch.setattr(log, "SHORTEST", 4)
    told = []
    Lake.open(tmp_path, create=False, tell=lambda *said: told.append(said))
    assert told == [("records read", done, 9) for done in (0, 4, 8)]
