# ruff: noqa: SIM115 - what is opened is the subject, and closed at once
import multiprocessing
import os
import sqlite3
import subprocess
import threading
import urllib.request
from pathlib import Path

import pytest

from mvlake.capture.aside import Aside
from mvlake.capture.files.openings import MOST, Openings


@pytest.fixture
def listen(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.csv").write_text("x\n1\n")
    openings = Openings()
    openings.start()
    yield openings
    openings.stop()


def names(paths):
    return sorted(Path(one).name for one in paths)


def test_whatever_python_opens_is_heard(listen, tmp_path):
    open("a.csv").close()
    (tmp_path / "b.txt").write_text("b")
    os.close(os.open(b"a.csv", os.O_RDONLY))
    sqlite3.connect("c.db").execute("create table t (x)").connection.close()
    sqlite3.connect("c.db").close()
    listen.stop()
    assert names(listen.reads) == ["a.csv", "c.db"]
    assert names(listen.writes) == ["b.txt", "c.db"]  # where there was no database, connecting makes one
    assert listen.given[str(tmp_path / "a.csv")] == "a.csv"
    assert listen.reads[str(tmp_path / "a.csv")].size == 4


def test_a_relative_path_is_that_of_the_folder_at_that_moment(listen, tmp_path, monkeypatch):
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "a.csv").write_text("below")
    monkeypatch.chdir(tmp_path / "below")
    open("a.csv").close()
    assert list(listen.reads) == [str(tmp_path / "below" / "a.csv")]


def test_what_is_truncated_was_not_read_and_what_is_renamed_was_written(listen):
    open("a.csv", "w+").close()
    open("draft", "w").close()
    os.replace("draft", "final")
    listen.stop()
    assert listen.reads == {}
    assert names(listen.writes) == ["a.csv", "draft", "final"]


def test_libraries_code_devices_and_our_own_threads_are_no_news(listen):
    open(os.__file__).close()
    open("/dev/null").close()
    open("module.py", "w").close()
    thread = threading.Thread(target=lambda: open("a.csv").close(), name="mvlake-writer")
    thread.start()
    thread.join()
    assert (listen.reads, listen.writes) == ({}, {})
    assert names(listen.ours) == ["a.csv"]


def test_a_thread_of_the_user_is_heard(listen):
    thread = threading.Thread(target=lambda: open("a.csv").close())
    thread.start()
    thread.join()
    assert names(listen.reads) == ["a.csv"]


def test_a_path_of_the_users_own_class_is_asked_once_by_python_and_never_by_us(listen):
    asked = []

    class Odd(os.PathLike):
        def __fspath__(self):
            asked.append(1)
            return "a.csv"

        def __str__(self):
            raise AssertionError("asked")

    class Text(str):
        __slots__ = ()

        def __str__(self):
            raise AssertionError("asked")

        startswith = __getitem__ = __str__

    open(Odd()).close()
    assert asked == [1]
    open(Text("a.csv")).close()
    assert names(listen.reads) == ["a.csv"]


@pytest.mark.parametrize("path", ["missing.csv", "", "nul\0byte", "x" * 5000, "\udcff"])
def test_an_error_of_the_user_is_theirs_alone(listen, path):
    with pytest.raises((OSError, ValueError)) as heard:
        open(path)
    listen.stop()
    with pytest.raises((OSError, ValueError)) as unheard:
        open(path)
    assert (type(heard.value), str(heard.value)) == (type(unheard.value), str(unheard.value))
    assert listen.reads == {}


def test_a_folder_that_is_gone_stops_nothing(tmp_path, monkeypatch):
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    openings = Openings()
    openings.start()
    (tmp_path / "gone").rmdir()
    with pytest.raises(FileNotFoundError):
        open("a.csv")
    openings.stop()


def test_nothing_is_heard_after_the_end(listen):
    listen.stop()
    open("a.csv").close()
    assert listen.reads == {}


def test_who_listens_later_does_so_beside(listen):
    inner = Openings()
    inner.start()
    open("a.csv").close()
    inner.stop()
    assert names(listen.reads) == names(inner.reads) == ["a.csv"]


def test_who_is_not_meant_hears_nothing(listen):
    other = Openings(is_meant=lambda: False)
    other.start()
    open("a.csv").close()
    other.stop()
    assert (names(listen.reads), other.reads) == (["a.csv"], {})


def test_our_own_code_is_not_heard(listen):
    with Aside():
        open("a.csv").close()
    assert listen.reads == {}


def test_too_many_files_are_counted_and_not_kept(listen, monkeypatch):
    monkeypatch.setattr("mvlake.capture.files.openings.MOST", 3)
    for number in range(5):
        open(f"{number}.txt", "w").close()
    assert len(listen.writes) == 3
    assert listen.lost == 2
    assert MOST > 1000


def test_requests_and_programs_are_heard(listen):
    with pytest.raises(OSError):
        urllib.request.urlopen("http://127.0.0.1:1/x.csv?token=1", timeout=1)
    subprocess.run(["cat", "a.csv"], check=True, stdout=subprocess.DEVNULL)
    assert list(listen.urls) == ["http://127.0.0.1:1/x.csv?token=1"]
    assert list(listen.hosts) == [("127.0.0.1", 1)]
    assert {"cat", "a.csv"} <= set(listen.commands)


def _read_and_write(number):
    open("a.csv").close()
    open(f"from-{number}.txt", "w").close()


@pytest.mark.forks
def test_forked_children_say_what_they_open(listen):
    with multiprocessing.get_context("fork").Pool(2) as pool:
        pool.map(_read_and_write, range(3))
    listen.stop()
    assert names(listen.reads) == ["a.csv"]
    assert names(listen.writes) == ["from-0.txt", "from-1.txt", "from-2.txt"]
