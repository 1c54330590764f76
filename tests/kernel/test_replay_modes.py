"""What of a version runs again, and from where it begins."""

import json

import pytest

from mvlake.errors import Invalid
from mvlake.lake.lake import Lake
from mvlake.records.asked import Asked, Extent
from mvlake.records.events import DifferenceKind, Verdict


def lake_of(kernel):
    return Lake.open(kernel.folder / "lake", create=False)


def cells_of(path):
    cells = [cell for cell in json.loads(path.read_text())["cells"] if cell["cell_type"] == "code"]
    return [(cell["source"], cell["metadata"].get("tags", [])) for cell in cells]


def test_the_whole_session_runs_in_the_order_in_which_it_ran(kernel, tmp_path):
    kernel.run("import random")
    kernel.run("__import__('builtins').limit = 3")  # no variable of the notebook, and no cell is seen to bind it
    kernel.run("raise ValueError('given up')")
    kernel.run("%%track earlier\nother = [random.random()]")
    kernel.run("%mv replay earlier:v1")
    kernel.run("rows = [random.random() for _ in range(limit)]")
    kernel.run("%%track whole\nordered = sorted(rows)[:limit]\nbest = float(max(ordered))")
    lake, kept = lake_of(kernel), tmp_path / "ran.ipynb"
    assert lake.replay("whole:v1").replayed.verdict is Verdict.FAILED  # the slice has no limit
    answer = lake.replay("whole:v1", cells="all", output=kept)
    assert answer.replayed.verdict is Verdict.IDENTICAL, answer.replayed.items
    assert answer.replayed.asked == Asked(Extent.ALL)
    assert cells_of(kept) == [
        ("import random", []),
        ("__import__('builtins').limit = 3", []),
        ("raise ValueError('given up')", ["raises-exception"]),
        ("other = [random.random()]", []),
        ("%mv replay earlier:v1", []),
        ("rows = [random.random() for _ in range(limit)]", []),
        ("%%track whole\nordered = sorted(rows)[:limit]\nbest = float(max(ordered))", []),
    ]
    assert "as it is: replay is not done again" in kept.read_text()
    told = [one for one in answer.replayed.differences if one.kind is DifferenceKind.PAST]
    assert "does not rest on 4 of 6 cells" in told[0].reason
    assert lake.show("whole:v1").entry.replays[-1].replayed == answer.replayed
    (row,) = lake.sql("select detail->'asked'->>'cells' from events where kind = 'replay' order by seq desc limit 1").rows
    assert row == ("all",)
    with pytest.raises(Invalid, match=r"slice or all") as error:
        lake.replay("whole:v1", cells="some")
    assert "--cells all" in error.value.hint


def test_a_snapshot_is_its_whole_session_already(kernel):
    kernel.run("rows = sorted([3, 1])")
    kernel.run("%mv snapshot whole")
    assert lake_of(kernel).replay("whole:v1", cells="all").replayed.verdict is Verdict.IDENTICAL
