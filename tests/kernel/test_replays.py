"""Several versions replayed with one command: every report has all of them, one that fails ends no other, Ctrl-C ends every kernel."""

import json
import os
import signal
import subprocess
import sys
import time
import xml.etree.ElementTree as ElementTree

import pytest

from mvlake.lake.lake import Lake
from mvlake.records.replays import Replays

PROGRAM = [sys.executable, "-m", "mvlake", "replay"]


def environment(folder):
    return {**os.environ, "MVLAKE_LAKE": str(folder / "lake"), "MVLAKE_USER": "ana"}


def run(folder, *words):
    return subprocess.run([*PROGRAM, *words], env=environment(folder), capture_output=True, text=True, cwd=folder)


def test_several_refs_give_one_answer_in_every_form(kernel, tmp_path):
    kernel.run("import os")
    kernel.run("%%track steady\nrows = sorted([2, 1])\nauc = float(sum([0.25, 0.5]))")
    kernel.run("%%track luck\nvalue = [os.urandom(8).hex()]")
    kernel.run("%%track dies\nx = [1]\nassert 'MVLAKE_CAPTURE_TO' not in os.environ")
    for name in ("steady", "luck", "dies"):
        kernel.run(f"%mv promote {name}:v1 production")
    files = ["--junit", "out.xml", "--summary", "out.md", "--html", "out.html", "--output", "notebooks"]

    one_by_one = run(tmp_path, "luck:v1", "dies", "steady", "luck", *files, "--json", "-")
    assert one_by_one.returncode == 2, one_by_one.stderr
    document = json.loads(one_by_one.stdout)
    assert [(one["ref"], one["verdict"]) for one in document["replays"]] == [
        ("luck:v1", "drifted"),
        ("dies:v1", "failed"),
        ("steady:v1", "identical"),
    ]
    assert [suite.get("name") for suite in ElementTree.parse(tmp_path / "out.xml").getroot()] == ["luck:v1", "dies:v1", "steady:v1"]
    assert sorted(path.name for path in (tmp_path / "notebooks").iterdir()) == ["dies-v1.ipynb", "luck-v1.ipynb", "steady-v1.ipynb"]
    for name in ("out.md", "out.html"):
        assert all(ref in (tmp_path / name).read_text().replace("\\", "") for ref in ("luck:v1", "dies:v1", "steady:v1"))

    at_a_time = run(tmp_path, "@production", "--all", "--jobs", "2", *files, "--json", "out.json")
    assert at_a_time.returncode == 2, at_a_time.stderr
    document = json.loads((tmp_path / "out.json").read_text())
    assert [(one["ref"], one["verdict"]) for one in document["replays"]] == [
        ("dies:v1", "failed"),
        ("luck:v1", "drifted"),
        ("steady:v1", "identical"),
    ]
    assert document["jobs"] == 2
    assert "2 at a time" in at_a_time.stdout

    lake = Lake.open(tmp_path / "lake", create=False)
    assert [len(lake.show(f"{name}:v1").entry.replays) for name in ("steady", "luck", "dies")] == [2, 2, 2]
    assert lake.verify().is_clean
    shown = kernel.run("%mv replay steady luck --jobs 2")
    assert "1 ✓ identical" in shown.cards[0]
    assert "1 ≠ drifted" in shown.cards[0]


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_whatever_ends_the_command_ends_every_kernel(kernel, tmp_path, how):
    kernel.run("import os, pathlib, time")
    for name in ("first", "second", "third"):
        kernel.run(
            f"%%track {name}\npathlib.Path(os.environ.get('MARKS', '/dev'), '{name}').write_text(str(os.getpid())) if 'MARKS' in os.environ else 0\ntime.sleep(60 * ('MARKS' in os.environ))\nx = [1]"
        )
    marks = tmp_path / "marks"
    marks.mkdir()
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    given = {**environment(tmp_path), "MARKS": str(marks), "TMPDIR": str(scratch)}
    words = [*PROGRAM, "first", "second", "third", "--jobs", "2"]
    running = subprocess.Popen(words, env=given, cwd=tmp_path, stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 90
    while len([one for one in marks.iterdir() if one.read_text()]) < 2 and time.monotonic() < deadline:
        time.sleep(0.1)
    kernels = [int(one.read_text()) for one in marks.iterdir()]
    assert len(kernels) == 2
    running.send_signal(how)
    _, said = running.communicate(timeout=60)
    assert (running.returncode, said.strip()) == ((130, "interrupted") if how is signal.SIGINT else (-signal.SIGKILL, ""))
    while how is signal.SIGKILL and list(scratch.glob("mvlake-replay-*")) and time.monotonic() < deadline + 30:
        time.sleep(0.1)  # nobody is left to wait for the processes that end by themselves
    assert not list(scratch.glob("mvlake-replay-*"))
    assert not [one for one in kernels if is_alive(one)]
    assert len(list(marks.iterdir())) == 2
    assert Lake.open(tmp_path / "lake", create=False).verify().is_clean


def is_alive(process):
    try:
        with open(f"/proc/{process}/stat") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_a_process_that_ends_without_an_answer_is_told_and_ends_no_other(kernel, tmp_path, monkeypatch):
    kernel.run(
        "%%track kills\nimport os, signal\nx = [1]\nif 'MVLAKE_CAPTURE_TO' in os.environ:\n    os.kill(os.getppid(), signal.SIGKILL)"
    )
    kernel.run("%%track steady\nx = sorted([2, 1])")
    monkeypatch.chdir(tmp_path)
    answer = Lake.open(tmp_path / "lake", create=False).replay("kills", "steady", jobs=2)
    assert isinstance(answer, Replays)
    assert answer.answers[0].reason == "its process ended with -9"
    assert answer.answers[1].replayed.verdict.is_reproduced
