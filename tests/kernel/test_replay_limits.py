"""A replay that is too slow, too large or killed ends, with its kernel and its folders, and says which cell it was."""

import hashlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest
from jupyter_client.manager import AsyncKernelManager

from mvlake.lake.lake import Lake
from mvlake.lake.scratch import SCRATCH
from mvlake.records.events import Verdict

AGAIN = "'MVLAKE_CAPTURE_TO' in os.environ"
# A loop in C that holds the interpreter and hears no signal: `sum` of a range that nobody waits for.
DEAF = "import signal\nif AGAIN:\n    signal.signal(signal.SIGINT, signal.SIG_IGN)\n    sum(range(10**12))".replace("AGAIN", AGAIN)
GREEDY = "if AGAIN:\n    heap = []\n    while True:\n        heap.append(bytearray(20_000_000))".replace("AGAIN", AGAIN)
BY_CHILD = f"import subprocess, sys\nif {AGAIN}:\n    subprocess.run([sys.executable, '-c', 'x = bytearray(600_000_000); import time; time.sleep(60)'])"


@pytest.fixture
def lake(kernel):
    kernel.run("import os, time")
    for name, body in (("deaf", DEAF), ("greedy", GREEDY), ("child", BY_CHILD)):
        kernel.run("first = sorted([1])")
        kernel.run(f"%%track {name}\nx = first + [2]\n{body}")
    kernel.run("%mv log")
    return Lake.open(kernel.folder / "lake", create=False)


def failed(answer):
    assert answer.replayed.verdict is Verdict.FAILED
    return answer.replayed.items[0].name, answer.replayed.items[0].reason


def test_what_goes_beyond_its_limits_is_ended_and_named(lake):
    assert failed(lake.replay("deaf:v1", timeout=2, no_diagnose=True)) == ("cell 3", "it was ended: it took more than 2 s")
    cell, why = failed(lake.replay("greedy:v1", memory="400MB", no_diagnose=True))
    assert cell == "cell 3"
    assert why.startswith("it was ended: the kernel held ")
    assert why.endswith("more than the 400 MB that it may")
    cell, why = failed(lake.replay("child:v1", memory="0.5 GB", no_diagnose=True))
    assert cell == "cell 3"
    assert why.startswith("it was ended: the kernel and 1 processes of its own held ")


WAITS = """%%track waits
import ctypes, os
y = [1]
if 'MVLAKE_CAPTURE_TO' in os.environ:
    open(os.environ['MARK'] + '.part', 'w').write(f'{os.getpid()} {os.getcwd()}')
    os.rename(os.environ['MARK'] + '.part', os.environ['MARK'])
    sum(range(10**12))
"""


@pytest.fixture
def killed(kernel, tmp_path):
    """Return what starts a replay, ends it by a signal while a cell holds the interpreter, and tells its kernel and scratch folder."""
    kernel.run(WAITS)
    kernel.run("%mv log")
    scratch = tmp_path / "scratch"
    scratch.mkdir()

    def kill(number):
        mark = tmp_path / f"mark-{number}"
        told = {**os.environ, "MVLAKE_LAKE": str(tmp_path / "lake"), "MARK": str(mark), "TMPDIR": str(scratch)}
        running = subprocess.Popen(
            [sys.executable, "-m", "mvlake", "replay", "waits:v1"], env=told, cwd=tmp_path, start_new_session=True
        )
        deadline = time.monotonic() + 90
        while not mark.exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        child, folder = mark.read_text().split(" ", 1)
        assert Path(folder).is_relative_to(scratch)
        running.send_signal(number)
        return running.wait(60), int(child), scratch

    return kill


def is_gone(process):
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            if Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return True
        except OSError:
            return True
        time.sleep(0.05)
    return False


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_replay_that_is_told_to_end_puts_everything_away(killed, number):
    code, child, scratch = killed(number)
    assert code == (130 if number == signal.SIGINT else 128 + number)
    assert is_gone(child)
    assert list(scratch.iterdir()) == []


def test_what_a_killed_replay_leaves_goes_with_the_next_look(killed, tmp_path, monkeypatch):
    code, child, scratch = killed(signal.SIGKILL)
    assert code == -signal.SIGKILL
    assert is_gone(child)
    assert [one.name.startswith(SCRATCH) for one in scratch.iterdir()] == [True]
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    lake = Lake.open(tmp_path / "lake", create=False)
    assert any("1 scratch folders" in one.found for one in lake.doctor().examined)
    assert list(scratch.iterdir()) == []
    assert not any("scratch folder" in one.found for one in lake.doctor().examined)


def test_a_replay_writes_nowhere_but_into_its_own_folder(start_kernel, tmp_path, monkeypatch):
    project = tmp_path / "project"
    (project / "deep").mkdir(parents=True)
    (project / "data.txt").write_text("given")
    (project / "kept.txt").write_text("given")
    kernel = start_kernel(folder=project)
    kernel.run("import os, pathlib, shutil")
    kernel.run(
        "%%track writes\nseen = [open('data.txt').read()]\nopen('kept.txt', 'w').write('changed')\n"
        "pathlib.Path('new/folder').mkdir(parents=True, exist_ok=True)\npathlib.Path('../beside.txt').write_text('x')\n"
        "pathlib.Path('new/../../up.txt').write_text('x')\nos.chdir('deep')\nopen('here.txt', 'w').write('x')\n"
        "shutil.rmtree('../new')\nos.chdir('..')"
    )
    kernel.run("%mv log")
    (project / "kept.txt").write_text("given")
    for left in (project / "deep/here.txt", tmp_path / "beside.txt", tmp_path / "up.txt"):
        left.unlink()
    before = digest(tmp_path, but=tmp_path / "lake")
    monkeypatch.chdir(project)
    lake = Lake.open(tmp_path / "lake", create=False)
    answer = lake.replay("writes:v1", no_diagnose=True)
    assert (answer.error, answer.replayed.verdict) == ("", Verdict.IDENTICAL)
    assert digest(tmp_path, but=tmp_path / "lake") == before


def digest(folder, but):
    told = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if not path.is_relative_to(but) and "ipython" not in path.parts:
            told.update(f"{path} {path.lstat().st_mode} {path.lstat().st_mtime_ns}".encode())
            told.update(path.read_bytes() if path.is_file() else b"")
    return told.hexdigest()


def test_a_kernel_that_lost_its_port_is_started_again(kernel, tmp_path, monkeypatch):
    kernel.run("%%track one\nx = [1]")
    kernel.run("%mv log")
    taken, choose = [], AsyncKernelManager.write_connection_file

    def choose_and_lose(manager, **options):
        """Let another take a port of the first two kernels, between its choice and their grip on it."""
        choose(manager, **options)
        if len(taken) < 2:
            taken.append(socket.create_server(("127.0.0.1", manager.shell_port)))

    monkeypatch.setattr(AsyncKernelManager, "write_connection_file", choose_and_lose)
    try:
        answer = Lake.open(tmp_path / "lake", create=False).replay("one:v1", no_diagnose=True)
    finally:
        for one in taken:
            one.close()
    assert len(taken) == 2
    assert (answer.error, answer.replayed.verdict) == ("", Verdict.IDENTICAL)
