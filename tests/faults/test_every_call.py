"""At every call of every verb the process dies, or the call fails: nothing acknowledged is lost, nothing is half, the lake goes on."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from harness.fault import LONG
from harness.scenarios import SCENARIOS

HERE = Path(__file__).parent


def run(folder: Path, *arguments: str) -> list[dict]:
    """Sweep scenarios in a process of their own, which is small and has one thread to fork."""
    path = os.pathsep.join([str(HERE), os.environ.get("PYTHONPATH", "")]).rstrip(os.pathsep)
    ended = subprocess.run(
        [sys.executable, "-m", "harness.sweep", str(folder), *arguments],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
    )
    assert ended.returncode == 0, ended.stderr
    return [json.loads(line) for line in ended.stdout.splitlines()]


@pytest.fixture
def place(tmp_path):
    """A folder in memory, where there is one: nothing of it is to outlive the test."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if os.access(memory, os.W_OK) else tmp_path) as folder:
        yield Path(folder)


@pytest.mark.parametrize("name", SCENARIOS)
def test_whatever_fails_at_any_call_nothing_is_lost_or_half(name, place, record_property):
    (swept,) = run(place, name)
    for what, number in swept["points"].items():
        record_property(f"faults: calls: {what}", number)
    record_property("faults: calls in all", sum(swept["points"].values()))
    print(f"{name}: {swept['calls']} calls, {swept['points']}, {swept['states']} different lakes left behind")
    assert swept["unwatched"] == [], "the lake was touched by calls that no fault was tried at"
    assert swept["failures"] == [], "\n\n".join(swept["failures"][:5])
    assert swept["points"]["die"] == swept["calls"] + 1 or swept["calls"] > LONG


def test_there_are_thousands_of_calls_to_die_at_and_of_other_faults(place):
    counted = run(place, "--count", *SCENARIOS)
    deaths = sum(one["points"]["die"] + one["points"].get("tear", 0) for one in counted)
    points = sum(sum(one["points"].values()) for one in counted)
    print(f"{len(counted)} scenarios, {deaths} places to die at, {points} faults")
    assert deaths >= 2_000
    assert points >= 5_000
