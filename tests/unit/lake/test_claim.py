"""A scratch folder is known as debris exactly when its owner is gone: killed owners, living ones, links, and other names."""

import os
import signal
import subprocess
import sys
import time

import pytest

from mvlake.lake.claim import Claim, claimed, sweep

OWNER = "from pathlib import Path; import sys, time; from mvlake.lake.claim import Claim\nprint(Claim(Path(sys.argv[1]), 'kind-').folder, flush=True); time.sleep(600)"


@pytest.fixture
def owner(tmp_path):
    """Return a process that owns a folder, and the folder."""
    with subprocess.Popen([sys.executable, "-c", OWNER, str(tmp_path)], stdout=subprocess.PIPE, text=True) as process:
        folder = tmp_path / process.stdout.readline().strip().rpartition("/")[2]
        yield process, folder
        process.kill()


def test_a_folder_outlives_a_sweep_while_its_owner_lives_and_not_longer(tmp_path, owner):
    process, folder = owner
    (folder / "deep" / "er").mkdir(parents=True)
    (folder / "deep" / "er" / "file").write_text("x")
    assert sweep(tmp_path, "kind-") == 0
    assert folder.is_dir()
    process.send_signal(signal.SIGKILL)
    process.wait()
    (folder / "deep").chmod(0o500)  # a cell may take away its own right to remove what it made
    (folder / "deep" / "er").chmod(0)
    assert sweep(tmp_path, "other-") == 0
    assert sweep(tmp_path, "kind-") == 1
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_to_stay_is_asked_for_when_its_owner_is_gone(tmp_path):
    claim = Claim(tmp_path, "kind-")
    claim.release()
    assert sweep(tmp_path, "kind-", is_kept=lambda folder: folder == claim.folder) == 0
    assert sweep(tmp_path, "kind-") == 1


def test_what_is_no_folder_of_ours_is_left_alone(tmp_path):
    precious = tmp_path / "precious"
    precious.mkdir()
    (precious / "owner.lock").write_text("")
    (precious / "work").write_text("x")
    (tmp_path / "kind-link").symlink_to(precious)
    (tmp_path / "kind-file").write_text("x")
    (tmp_path / "kind-without-a-lock").mkdir()
    (tmp_path / "kind-linked-lock").mkdir()
    (tmp_path / "kind-linked-lock" / "owner.lock").symlink_to(precious / "work")
    os.mkfifo(tmp_path / "kind-pipe")
    before = sorted(tmp_path.rglob("*"))
    assert sweep(tmp_path, "kind-") == 0
    assert sorted(tmp_path.rglob("*")) == before


def test_an_owner_that_was_ended_before_it_held_the_lock_is_cleaned_up_a_day_later(tmp_path):
    unborn = tmp_path / "mvlake-unborn-x"
    unborn.mkdir()
    assert sweep(tmp_path, "kind-") == 0
    old = time.time() - 100_000
    os.utime(unborn, (old, old))
    assert sweep(tmp_path, "kind-") == 1


def test_a_folder_goes_with_what_it_holds_when_its_owner_is_done(tmp_path):
    with claimed(tmp_path, "kind-") as folder:
        (folder / "locked").mkdir(mode=0o500)
        assert folder.name.startswith("kind-")
    assert list(tmp_path.iterdir()) == []
    assert sweep(tmp_path / "nowhere", "kind-") == 0
