"""The program as a shell starts it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from mvlake.lake.lake import Lake

PROGRAM = [str(Path(sys.executable).with_name("mvlake"))] if Path(sys.executable).with_name("mvlake").exists() else None
PROGRAM = PROGRAM or [sys.executable, "-m", "mvlake"]


@pytest.fixture
def here(tmp_path, commit):
    lake = Lake.open(tmp_path)
    for depth in range(3):
        commit(lake, depth=depth, outputs={"text": "grüße → 🐟"})
    return tmp_path


def start(here, *words, **environment):
    return subprocess.run(
        [*PROGRAM, *words], cwd=here, capture_output=True, env={**os.environ, **environment}, timeout=60, check=False
    )


def test_the_program_answers(here):
    done = start(here, "log", "--json")
    assert done.returncode == 0
    assert done.stderr == b""
    assert [one["number"] for one in json.loads(done.stdout)] == [3, 2, 1]


def test_the_module_is_the_program(here):
    done = subprocess.run([sys.executable, "-m", "mvlake", "show", "frod"], cwd=here, capture_output=True, timeout=60, check=False)
    assert done.returncode == 2
    assert done.stdout == b""
    assert done.stderr.startswith(b"mvlake: no version")


def test_a_reader_that_goes_away_is_no_error(here):
    command = [*PROGRAM, "log", "--json", "-n", "0"]
    with subprocess.Popen(command, cwd=here, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(timeout=60) == 0


@pytest.mark.parametrize("words", [["log"], ["load", "fraud", "text"], ["show", "fraud", "--json"]], ids=" ".join)
def test_a_terminal_that_knows_no_unicode_is_told_what_it_can_show(here, words):
    done = start(here, *words, PYTHONIOENCODING="ascii")
    assert done.returncode == 0
    assert done.stderr == b""
    assert done.stdout.isascii()
