"""The whole session behind a version, and the code that it rests on, from a real kernel."""

import json
import subprocess
import sys

from mvlake.cli.main import main
from mvlake.lake.lake import Lake


def test_a_version_names_every_cell_that_ran_before_it(kernel, capsys):
    kernel.run("import math", cell_id="a")
    kernel.run("unrelated = 1", cell_id="b")
    kernel.run("1 / 0", cell_id="c")
    kernel.run("rows = [1, 2, 3]", cell_id="d")
    kernel.run("%%track told -m first\ntotal = math.fsum(rows)\nprint(total)", cell_id="e")
    kernel.run("%%track told\ntotal = math.fsum(rows) + 1", cell_id="e")
    lake = Lake.open(kernel.folder / "lake", create=False)

    first = lake.show("told:v1", history_=True)
    sources = ["import math", "unrelated = 1", "1 / 0", "rows = [1, 2, 3]"]
    assert [one.source for one in first.cells] == sources
    assert [one.cell_id for one in first.cells] == list("abcd")
    assert [one.failed for one in first.cells] == [False, False, True, False]
    counts = [one.execution_count for one in first.cells]
    assert counts == list(range(counts[0], counts[0] + 4))
    assert all(one.started_at and 0 <= one.duration < 60 for one in first.cells)
    assert first.needed == {1, 4}
    assert [one.source for one in lake.show("told:v2", history_=True).cells[4:]] == [
        "%%track told -m first\ntotal = math.fsum(rows)\nprint(total)"
    ]

    assert "4 cells ran before it, 2 of which it rests on" in kernel.run("%mv show told:v1 --history").cards[0]
    assert "unrelated" not in kernel.run("%mv show told:v1 --slice").cards[0]
    where = ["--lake", str(kernel.folder / "lake")]
    assert main(["show", "told:v1", "--slice", *where]) == 0
    ran = subprocess.run([sys.executable, "-c", capsys.readouterr().out], capture_output=True, text=True, check=True)
    assert ran.stdout == "6.0\n"
    assert main(["show", "told:v1", "--history", "--json", *where]) == 0
    told = json.loads(capsys.readouterr().out)["cells"]
    assert [one["source"] for one in told if one["is_needed"]] == ["import math", "rows = [1, 2, 3]"]
