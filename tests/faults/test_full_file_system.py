"""A file system that is really full: a small tmpfs, in a mount namespace of its own, where the system lets us have one."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SIZE = "6m"
MOUNT = f'mount -t tmpfs -o size={SIZE},nr_inodes=2000 none "$1" && shift && exec "$@"'

PROGRAM = """
import sys
from pathlib import Path

sys.path.insert(0, sys.argv[3])
from harness.checks import check_clean, story_of
from harness.drafts import make_draft, noise
from mvlake.errors import MvlakeError
from mvlake.lake.lake import Lake

small, beside = Path(sys.argv[1]), Path(sys.argv[2])
filler = small / "filler"


def fill():
    with filler.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(b"x" * 4096)
        except OSError:
            pass


def refused(work):
    try:
        work()
    except MvlakeError as error:
        assert "space" in str(error), error
    else:
        raise AssertionError("it was done, although there was no space")


def commit(lake, number):
    return lake.commit(make_draft(lake, "fraud", number, result=noise(number, 200_000))).version


spare = small / "spare"
spare.write_bytes(b"x" * 200_000)
lake = Lake.open(small)
assert commit(lake, 1).number == 1

# Commit: until there is no more room, with and without a whole record's worth of it.
number = 2
try:
    while True:
        assert commit(lake, number).number == number
        number += 1
except MvlakeError as error:
    assert "space" in str(error), error
check_clean(Lake.open(small))
fill()
refused(lambda: commit(lake, number))
refused(lambda: lake.promote("fraud:v1", "production"))
assert Lake.open(small).latest("fraud") == number - 1
check_clean(Lake.open(small))
assert lake.load("fraud:v2", "result") == noise(2, 200_000)

# Collecting makes room where there is none: it moves and removes files, and says so when it cannot write down what it has marked.
filler.unlink()
spare.unlink()
for one in range(2, 6):
    lake.forget(f"fraud:v{one}")
fill()
for _ in range(4):
    try:
        lake.gc(apply=True, grace="0", hasty=True)
    except MvlakeError as error:
        assert "space" in str(error), error
    check_clean(Lake.open(small))
filler.unlink()
for _ in range(4):
    Lake.open(small).gc(apply=True, grace="0", hasty=True)
check_clean(Lake.open(small))
assert commit(Lake.open(small), number).number == number

# Push: to a copy for which there is no room, and then once more.
here = Lake.open(beside)
for one in range(1, 9):
    commit(here, one)
there = small / "copy"
fill()
refused(lambda: here.push(str(there)))
filler.unlink()
for path in (small / ".mvlake" / "objects").rglob("*.pack"):
    path.unlink()
here.push(str(there))
check_clean(Lake.open(there))
assert story_of(Lake.open(there)) == story_of(Lake.open(beside))
print("done")
"""


def in_namespace(folder, *command):
    return subprocess.run(
        ["unshare", "-m", "--propagation", "private", "sh", "-c", MOUNT, "sh", str(folder), *command],
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )


def may_mount(folder):
    return shutil.which("unshare") is not None and in_namespace(folder, "true").returncode == 0


def test_a_full_file_system_costs_nothing_that_was_there(tmp_path):
    small, beside = tmp_path / "small", tmp_path / "beside"
    small.mkdir()
    beside.mkdir()
    if not may_mount(small):
        pytest.skip("no file system can be mounted here: `unshare -m` needs the right to")
    tests = Path(__file__).parent
    environment = f"PYTHONPATH={os.pathsep.join([str(tests.parents[1] / 'src'), os.environ.get('PYTHONPATH', '')])}"
    done = in_namespace(small, "env", environment, sys.executable, "-c", PROGRAM, str(small), str(beside), str(tests))
    assert done.stdout == "done\n", done.stdout + done.stderr
    assert list(small.iterdir()) == [], "what was mounted is gone with its namespace"
