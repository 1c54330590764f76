"""Code of a version that this user did not make: nothing of it runs without a word, whatever the lake says of itself."""

import getpass
import json
import os
import pty
import subprocess
import sys
import time
from dataclasses import replace

import pytest

from mvlake.errors import UntrustedCode
from mvlake.lake.lake import Lake
from mvlake.records.draft import DraftCell
from mvlake.records.events import Verdict
from mvlake.records.version import Names


@pytest.fixture
def mark(tmp_path):
    """What the code of the stranger's version would leave behind."""
    return tmp_path / "it_ran"


@pytest.fixture
def stranger(tmp_path, mark, new_draft, monkeypatch):
    """A lake that somebody else filled, as it came: they have another home, and say that they are this very user."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "theirs"))
    lake = Lake.open(tmp_path / "lake")
    cell = DraftCell(f"%%track fraud\nx = sorted([2, 1])\n__import__('os').mkdir({str(mark)!r})", 1, is_tracked=True)
    lake.commit(replace(new_draft(lake, outputs={"x": [1, 2]}), cells=(cell,), names=Names()))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "ours"))
    entry = lake.log().entries[0]
    assert entry.author == getpass.getuser()
    return lake


def test_it_is_refused_before_anything_runs(stranger, mark):
    with pytest.raises(UntrustedCode) as caught:
        stranger.replay("fraud:v1")
    assert caught.value.refs == ("fraud:v1",)
    assert "1 cell of " in caught.value.message
    assert "--trust" in caught.value.hint
    assert "trust=True" in caught.value.hint
    assert not mark.exists()
    assert stranger.log().entries[0].replays == ()  # nothing is recorded of what did not happen


def test_no_word_of_the_lake_counts(stranger, mark, tmp_path):
    folder = tmp_path / "lake" / ".mvlake"
    (folder / "policy.toml").write_text('[trust]\nauthors = ["*"]\nreplay = true\n')
    with open(folder / "lake.toml", "a") as settings:
        settings.write("trust = true\ntrusted = true\n")
    with pytest.raises(UntrustedCode):
        Lake.open(tmp_path / "lake").replay("fraud:v1")
    assert not mark.exists()


def test_an_own_version_in_a_copy_of_the_lake_is_still_ones_own(tmp_path, commit):
    lake = Lake.open(tmp_path / "lake")
    commit(lake, outputs={"x": {"a": 1}})
    Lake.init(tmp_path / "copy", source=str(tmp_path / "lake"))
    # What it runs is nothing that can: that it is not refused is what is asked here.
    assert Lake.open(tmp_path / "copy").replay("fraud:v1", timeout=60).replayed.verdict is Verdict.FAILED


def test_a_word_counts_once(stranger, mark):
    assert stranger.replay("fraud:v1", trust=True).replayed.verdict is Verdict.IDENTICAL
    mark.rmdir()
    with pytest.raises(UntrustedCode):
        stranger.replay("fraud:v1")
    assert not mark.exists()


def test_a_job_is_told_what_to_type(stranger, mark, tmp_path):
    words = [sys.executable, "-m", "mvlake", "replay", "fraud:v1", "--lake", str(tmp_path / "lake")]
    ran = subprocess.run(words, capture_output=True, text=True, input="y\n", cwd=tmp_path)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert "--trust" in ran.stderr
    ran = subprocess.run([*words, "--json"], capture_output=True, text=True, cwd=tmp_path)
    assert (ran.returncode, json.loads(ran.stdout)["error"]) == (2, "untrusted-code")
    assert not mark.exists()


def _at_a_terminal(words, answer, folder, **variables):
    """Return the exit code of a command, and what a terminal saw; the answer is typed when it asks."""
    ours, theirs = pty.openpty()
    environment = {key: value for key, value in os.environ.items() if key != "CI"} | variables
    process = subprocess.Popen(words, stdin=theirs, stdout=theirs, stderr=theirs, cwd=folder, env=environment)
    os.close(theirs)
    said, is_answered = b"", False
    while True:
        try:
            said += os.read(ours, 4096)
        except OSError:  # the terminal has nobody left
            break
        if b"[y/N]" in said and not is_answered:
            is_answered = True
            time.sleep(0.05)
            os.write(ours, answer)
    os.close(ours)
    return process.wait(), said.decode()


def test_at_a_terminal_somebody_is_asked(stranger, mark, tmp_path):
    words = [sys.executable, "-m", "mvlake", "replay", "fraud:v1", "--lake", str(tmp_path / "lake")]
    for answer in (b"\n", b"n\n", b"yess\n", b"\x04"):
        code, said = _at_a_terminal(words, answer, tmp_path)
        assert code == 2
        assert "with your rights" in said
        assert "mvlake show fraud:v1 --slice" in said
        assert not mark.exists()
    code, said = _at_a_terminal(words, b"y\n", tmp_path)
    assert (code, "identical" in said) == (0, True)
    assert mark.exists()


def test_a_job_with_a_terminal_is_not_asked(stranger, mark, tmp_path):
    words = [sys.executable, "-m", "mvlake", "replay", "fraud:v1", "--lake", str(tmp_path / "lake")]
    code, said = _at_a_terminal(words, b"y\n", tmp_path, CI="true")
    assert (code, "[y/N]" in said) == (2, False)
    assert not mark.exists()
