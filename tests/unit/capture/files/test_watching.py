import os
import subprocess
import sys

import pytest

from mvlake.capture.files.watching import MOST, Watching

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="inotify is Linux's")


@pytest.fixture
def watch(tmp_path):
    started = []

    def start(folder=tmp_path):
        watching = Watching(str(folder))
        watching.start()
        watching.wait()
        started.append(watching)
        return watching

    yield start
    for one in started:
        one.stop()


def test_what_another_process_reads_is_noticed(watch, tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "a.csv").write_text("x")
    watching = watch()
    watching.look()
    subprocess.run(["cat", str(tmp_path / "data" / "a.csv")], check=True, stdout=subprocess.DEVNULL)
    (tmp_path / "b.csv").write_text("y")
    touched = watching.look()
    assert touched.read == {str(tmp_path / "data" / "a.csv")}
    assert touched.written == {str(tmp_path / "b.csv")}
    assert watching.look().read == set()


def test_a_folder_that_is_made_is_watched_from_the_next_look_on(watch, tmp_path):
    watching = watch()
    (tmp_path / "new").mkdir()
    watching.look()
    (tmp_path / "new" / "a.csv").write_text("x")
    assert watching.look().written == {str(tmp_path / "new" / "a.csv")}


def test_hidden_folders_links_and_what_libraries_bring_are_left_out(watch, tmp_path):
    for name in (".git", "node_modules", "kept", "kept/deep"):
        (tmp_path / name).mkdir()
    (tmp_path / "round").symlink_to(tmp_path)
    assert watch().folders() == {str(tmp_path), str(tmp_path / "kept"), str(tmp_path / "kept" / "deep")}


def test_the_number_of_folders_is_bounded(watch, tmp_path):
    for number in range(MOST + 20):
        (tmp_path / str(number)).mkdir()
    watching = watch()
    assert len(watching.folders()) == MOST
    watching.add([str(tmp_path / "1" / "x")])
    assert len(watching.folders()) == MOST


def test_a_home_is_watched_without_what_is_below_it(watch, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "projects").mkdir()
    assert watch().folders() == {str(tmp_path)}


def test_a_folder_that_is_gone_or_never_was_is_no_error(watch, tmp_path):
    watching = watch(tmp_path / "nowhere")
    watching.add([str(tmp_path / "neither"), "nul\0byte"[:3]])
    assert watching.look() is not None
    assert watching.folders() == frozenset()


def test_nothing_is_left_open_after_the_end(tmp_path):
    before = len(os.listdir("/proc/self/fd"))
    watching = Watching(str(tmp_path))
    watching.start()
    watching.wait()
    watching.stop()
    assert len(os.listdir("/proc/self/fd")) == before
    assert watching.look() is None


def test_an_end_before_the_beginning_is_the_end(tmp_path):
    watching = Watching(str(tmp_path))
    watching.stop()
    watching.start()
    watching.wait()
    assert watching.look() is None
