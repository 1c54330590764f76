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

    rested_on, ran = lake.compare("told:v1", "told:v2"), lake.compare("told:v1", "told:v2", cells="all")
    assert [(one.a_position, one.b_position, one.change.value) for one in rested_on.code] == [
        (1, 1, "unchanged"),
        (2, 2, "unchanged"),
        (None, 3, "added"),
        (3, 4, "changed"),
    ]
    assert [(one.a_position, one.b_position, one.change.value) for one in ran.code] == [
        *((place, place, "unchanged") for place in range(1, 5)),
        (None, 5, "added"),
        (5, 6, "changed"),
    ]
    assert (rested_on.cells, ran.cells, ran.problems) == ("slice", "all", ())
    assert json.loads(kernel.run("%mv compare told:v1 told:v2 --cells all --json").text)["cells"] == "all"
    assert "slice or all" in kernel.run("%mv compare told:v1 told:v2 --cells some").text

    assert "4 cells ran before it, 2 of which it rests on" in kernel.run("%mv show told:v1 --history").cards[0]
    assert "unrelated" not in kernel.run("%mv show told:v1 --slice").cards[0]
    where = ["--lake", str(kernel.folder / "lake")]
    assert main(["show", "told:v1", "--slice", *where]) == 0
    ran = subprocess.run([sys.executable, "-c", capsys.readouterr().out], capture_output=True, text=True, check=True)
    assert ran.stdout == "6.0\n"
    assert main(["show", "told:v1", "--history", "--json", *where]) == 0
    told = json.loads(capsys.readouterr().out)["cells"]
    assert [one["source"] for one in told if one["is_needed"]] == ["import math", "rows = [1, 2, 3]"]


def test_what_a_loop_used_up_and_a_file_that_a_cell_wrote_are_depended_on(kernel):
    kernel.run("class Source:\n    def read(self):\n        return iter([1, 2, 3, 4])\nsource = Source()")
    kernel.run("rows = source.read()")
    kernel.run("for row in rows:\n    break")
    kernel.run("unrelated = 1")
    kernel.run("from pathlib import Path\nPath('told.txt').write_text('5')")
    kernel.run("%%track told\nrest = [*rows, int(open('told.txt').read())]")
    lake = Lake.open(kernel.folder / "lake", create=False)
    assert lake.load("told:v1", "rest") == [2, 3, 4, 5]
    sources = lake.show("told:v1").dossier.sources
    assert [source.split("\n")[0] for source in sources[:-1]] == [
        "class Source:",
        "rows = source.read()",
        "for row in rows:",
        "from pathlib import Path",
    ]
