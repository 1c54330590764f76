"""The terminal's IPython: cards that cannot change are followed by another one, and leaving it writes to the end."""

import os
import subprocess
import sys

from mvlake.lake.lake import Lake

SCRIPT = r"""
import sys
from IPython.core.interactiveshell import InteractiveShell

shell = InteractiveShell.instance()
for cell in (
    "%load_ext mvlake",
    "import numpy as np, pandas as pd",
    "%%track big\ndf = pd.DataFrame({'a': np.zeros(1_000_000)})",
    "import mvlake; found = mvlake.Lake.open().log().entries[0].ref",
    "print('found', found)",
    "%%track big\ndf['b'] = 1.0",
):
    assert shell.run_cell(cell, store_history=True).success
"""


def test_a_terminal_says_later_what_became_of_a_version_and_writes_the_last_one_too(tmp_path):
    environment = {"MVLAKE_LAKE": str(tmp_path / "lake"), "IPYTHONDIR": str(tmp_path), "HOME": str(tmp_path), "MVLAKE_USER": "ana"}
    environment |= {name: value for name, value in os.environ.items() if name in ("PATH", "PYTHONPATH")}
    ran = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, timeout=120, env=environment, cwd=tmp_path)
    assert ran.returncode == 0, ran.stderr
    lines = [line for line in ran.stdout.splitlines() if line.startswith(("big", "found"))]
    assert [line.split(" ")[0] for line in lines[:3]] == ["big", "big:v1", "found"], ran.stdout
    assert lines[0].endswith("writing…")
    assert lines[1].endswith("durable")
    lake = Lake.open(tmp_path / "lake", create=False)
    assert [entry.ref for entry in lake.log().entries] == ["big:v2", "big:v1"]
    assert lake.verify().is_clean
