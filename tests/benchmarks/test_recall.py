"""The recall that `python -m benchmarks recall` prints is what it says it is: every reader that is installed, and no other file."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def run(tmp_path):
    def run(program):
        (tmp_path / "project").mkdir()
        environment = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "MVLAKE_LAKE": str(tmp_path / "lake"),
            "IPYTHONDIR": str(tmp_path / "ipython"),
        }
        done = subprocess.run(
            [sys.executable, "-m", f"benchmarks.{program}"],
            cwd=tmp_path / "project",
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.splitlines()[-1])

    return run


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="native readers are found by inotify, which is Linux's")
def test_whatever_reads_a_file_is_found_and_nothing_else(run):
    told = run("read_recall")
    assert [name for name, found in told["found"].items() if not found] == []
    assert told["false"] == []
    assert told["errors"] == []
    assert told["not installed"] == []
    assert len(told["found"]) == 44


def test_whatever_changes_a_frame_in_place_is_found_and_nothing_else(run):
    told = run("mutation_recall")
    assert [name for name, found in told["found"].items() if not found] == []
    assert told["false"] == []
    assert len(told["found"]) == 18
