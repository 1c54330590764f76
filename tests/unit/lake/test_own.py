import os

import pytest

from mvlake.lake.own import is_own, remember_own
from mvlake.store.hashing import digest_of


def digest(number):
    return digest_of(b"%d" % number)


@pytest.fixture
def home(tmp_path):
    return {"XDG_STATE_HOME": str(tmp_path / "state")}


def test_what_a_user_made_is_known_and_nothing_else(home):
    assert not is_own(digest(1), home)
    remember_own(digest(1), home)
    assert is_own(digest(1), home)
    assert not is_own(digest(2), home)


def test_another_home_knows_nothing_of_it(home, tmp_path):
    remember_own(digest(3), home)
    assert not is_own(digest(3), {"XDG_STATE_HOME": str(tmp_path / "other")})
    assert not is_own(digest(3), {})


def test_it_lies_below_the_home_where_nothing_else_is_said(tmp_path):
    remember_own(digest(4), {"HOME": str(tmp_path)})
    found = [path for path in tmp_path.rglob("made") if path.is_file()]
    assert len(found) == 1
    assert found[0].stat().st_mode & 0o077 == 0


def test_what_the_kernel_of_a_replay_makes_is_nobodys(home):
    remember_own(digest(5), {**home, "MVLAKE_CAPTURE_TO": "/tmp/scratch"})
    assert not is_own(digest(5), home)


def test_where_nothing_can_be_remembered_this_process_still_knows(tmp_path):
    (tmp_path / "file").write_text("no folder")
    blocked = {"XDG_STATE_HOME": str(tmp_path / "file")}
    remember_own(digest(6), blocked)
    assert is_own(digest(6), blocked)
    assert not is_own(digest(7), blocked)


def test_a_torn_line_hides_only_itself(home):
    remember_own(digest(8), home)
    path = next(iter(os.scandir(os.path.join(home["XDG_STATE_HOME"], "mvlake")))).path
    with open(path, "ab") as file:
        file.write(b"0123456789abcdef\n")
    remember_own(digest(9), home)
    assert is_own(digest(8), home)
    assert is_own(digest(9), home)


def test_one_of_very_many_is_found_wherever_it_stands(home):
    remember_own(digest(0), home)
    path = next(iter(os.scandir(os.path.join(home["XDG_STATE_HOME"], "mvlake")))).path
    with open(path, "wb") as file:
        file.write(b"".join(digest(number).hex.encode() + b"\n" for number in range(20_000)))  # more than is read at once
    for number in (0, 1, 16_131, 16_132, 19_999):  # the first and the last, and those on both sides of where a block ends
        assert is_own(digest(number), home)
    assert not is_own(digest(20_000), home)


@pytest.mark.forks
def test_processes_that_commit_at_once_lose_nothing(home):
    children = []
    for child in range(4):
        process = os.fork()
        if not process:
            try:
                for number in range(200):
                    remember_own(digest(1000 * child + number), home)
            finally:
                os._exit(0)
        children.append(process)
    for process in children:
        os.waitpid(process, 0)
    assert all(is_own(digest(1000 * child + number), home) for child in range(4) for number in range(200))
