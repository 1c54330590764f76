"""Runs within notebooks, and programs whose versions are replayed."""

import os
import subprocess
import sys

from mvlake.lake.lake import Lake
from mvlake.records.events import Verdict


def paths(version):
    return sorted(one.path for one in version.files)


def test_a_run_within_a_cell_has_what_its_block_did_and_the_cell_has_all(kernel):
    kernel.run("import mvlake\nrate = 0.5")
    body = """
open("before.txt", "w").close()
with mvlake.track("inner") as run:
    doubled = rate * 2
    open("within.txt", "w").close()
    print("said")
"""
    assert kernel.run(body).text == "said\n"
    assert kernel.run(f"%%track outer{body}").text == "said\n"
    lake = Lake.open(kernel.folder / "lake", create=False)
    inner, outer = lake.show("inner:v1").entry.version, lake.show("outer:v1").entry.version
    assert (paths(inner), paths(outer)) == (["within.txt"], ["before.txt", "within.txt"])
    assert {one.name: one.value for one in outer.params} == {"rate": 0.5}


def test_a_program_that_only_defines_functions_makes_no_version_in_a_replay(tmp_path):
    program = "import mvlake\ndef train():\n    with mvlake.track('called') as run:\n        run.metric(a=1)\n"
    (tmp_path / "module.py").write_text(program)
    environment = {key: value for key, value in os.environ.items() if not key.startswith("MVLAKE")}
    subprocess.run([sys.executable, "-c", "import module; module.train()"], check=True, cwd=tmp_path, env=environment)
    found = Lake.open(tmp_path).replay("called:v1", no_diagnose=True).replayed
    assert found.verdict is Verdict.FAILED
    assert "made no version" in found.items[0].reason
