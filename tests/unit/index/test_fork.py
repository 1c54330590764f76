"""A forked child may let go of a lake that its parent asked, ask it itself, and end, however it ends."""

import os
import subprocess
import sys

import pytest

PROGRAM = """
import gc, os, sys
from mvlake import Lake, track

lake = Lake.open(sys.argv[1])
with track("asked", lake=lake) as run:
    run.param(depth=3)
answer = lake.sql("select ref from versions").rows
pid = os.fork()
if pid == 0:
    if sys.argv[2] == "asks":
        assert lake.sql("select ref from versions").rows == answer
    if sys.argv[2] != "keeps":
        lake = run = None
        gc.collect()
        assert Lake.open(sys.argv[1]).sql("select ref from versions").rows == answer
    if sys.argv[2] == "leaves":
        os._exit(0)
    sys.exit(0)
code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
assert lake.sql("select ref from versions").rows == answer
print("child", code)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
@pytest.mark.parametrize("way", ["keeps", "lets go", "asks", "leaves"])
def test_a_child_ends_well(tmp_path, way):
    command = [sys.executable, "-W", "ignore", "-c", PROGRAM, str(tmp_path / "lake"), way]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert ran.stdout == "child 0\n", ran.stderr
