"""What of a version runs again, and from where it begins."""

import json

import pytest

from mvlake.errors import CannotReplay, Invalid, MvlakeError
from mvlake.lake.lake import Lake
from mvlake.records.asked import Asked, Extent
from mvlake.records.events import DifferenceKind, Verdict
from mvlake.view.text import as_text


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
    heard = []
    answer = lake.replay("whole:v1", cells="all", output=kept, tell=lambda *what: heard.append(what))
    assert heard[0][0].startswith("whole:v1, other cells: the version does not rest on 4 of 6 cells")  # before anything runs
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


def notebook(path, *cells):
    """Write a notebook of (source, *tags)."""
    said = [{"cell_type": "code", "metadata": {"tags": tags}, "source": source, "outputs": []} for source, *tags in cells]
    path.write_text(json.dumps({"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": said}))
    return path


def test_a_notebook_file_is_judged_as_it_stands_today(kernel, tmp_path):
    (tmp_path / "rows.txt").write_text("3 1 2")
    kernel.run("import random\ndepth = 2")
    kernel.run("rows = [random.random() + float(word) for word in open('rows.txt').read().split()]")
    made = kernel.run("%%track fraud\nbest = sorted(rows)[:depth]\nauc = float(max(best))")
    assert made.status == "ok", made.error
    lake, kept = lake_of(kernel), tmp_path / "ran.ipynb"
    (tmp_path / "rows.txt").write_text("9 9 9")  # the world is the version's
    cells = [
        ("import random\ndepth = 2",),
        ("raise ValueError('shown to readers')", "raises-exception"),
        ("depth = 1", "skip-execution"),
        ("rows = [random.random() + float(word) for word in open('rows.txt').read().split()]",),
        ("%mv auto on fraud",),
        ("%%track fraud\nbest = sorted(rows)[:depth]\nauc = float(max(best))",),
        ("later = [1, 2]",),
    ]
    same = lake.replay("fraud:v1", notebook=notebook(tmp_path / "train.ipynb", *cells), output=kept)
    assert same.replayed.verdict is Verdict.IDENTICAL, same.replayed.items
    assert same.replayed.asked.notebook == "train.ipynb"
    assert not [one for one in same.replayed.differences if one.kind is DifferenceKind.CODE]
    changed = lake.replay("fraud:v1", notebook=notebook(tmp_path / "changed.ipynb", ("import random\ndepth = 1",), *cells[1:]))
    assert changed.replayed.verdict is Verdict.DRIFTED
    (told,) = [one for one in changed.replayed.differences if one.kind is DifferenceKind.CODE]
    assert (told.name, "'depth = 1', and was 'depth = 2'" in told.reason) == ("cell 1", True)
    assert len(lake.log().entries) == 1
    assert "changed.ipynb" in kernel.run("%mv show fraud:v1").cards[0]
    with pytest.raises(Invalid, match="do not go together"):
        lake.replay("fraud:v1", notebook=kept, cells="all")


def test_a_replay_begins_with_recorded_frames_and_skips_what_made_them(kernel, tmp_path):
    kernel.run("import pandas as pd\nimport time")
    kernel.run("class Scale:\n    by = 2\nscale = Scale()")
    kernel.run("df = pd.DataFrame({'x': [1.5, 2.5], 'key': [time.time_ns(), 1]})")  # another one whenever it runs
    kernel.run("depth = 3\nnames = {'x': [1, 2]}")
    kernel.run("def scaled(values):\n    return values * scale.by")
    made = kernel.run("%%track fraud\ndf['y'] = scaled(df.x) + depth\ntotal = float(df.y.sum()) + len(names['x'])")
    assert made.status == "ok", made.error
    lake, kept = lake_of(kernel), tmp_path / "ran.ipynb"
    assert lake.replay("fraud:v1").replayed.verdict is Verdict.DRIFTED
    answer = lake.replay("fraud:v1", from_frames=True, output=kept)
    assert answer.replayed.verdict is Verdict.IDENTICAL, (answer.replayed.items, answer.error)
    assert answer.replayed.asked == Asked(Extent.SLICE, from_frames=True)
    sources = [source for source, _ in cells_of(kept)]
    assert [source.partition("\n")[0] for source in sources] == [
        "class Scale:",
        "def scaled(values):",
        "%mv checkout fraud:v1 depth df names --inputs",
        "%%track fraud",
    ]
    (told,) = [one for one in answer.replayed.differences if one.kind is DifferenceKind.INPUT]
    assert (told.name, "made anew (cells that ran: 2, 5)" in told.reason) == ("scale", True)
    into = {}
    lake.checkout("fraud:v1", inputs=True, into=into)
    assert (sorted(into), list(into["df"].columns)) == (["depth", "df", "names"], ["x", "key"])
    with pytest.raises(MvlakeError, match="total") as missing:
        lake.checkout("fraud:v1", ["total"], inputs=True, into=into)
    assert "names" in str(missing.value)
    with pytest.raises(Invalid, match="--inputs is for a kernel"):
        lake.checkout("fraud:v1", inputs=True, to=tmp_path / "out")
    kernel.run("class Own:\n    pass\nthing = Own()\n")
    kernel.run("%%track own\nsame = thing is not None")
    with pytest.raises(CannotReplay, match="no input of its tracked cell can be restored"):
        lake.replay("own:v1", from_frames=True)
    with pytest.raises(Invalid, match="--cells all and --from-frames do not go together"):
        lake.replay("own:v1", from_frames=True, cells="all")


def test_several_runs_measure_how_far_metrics_spread(kernel, tmp_path):
    (tmp_path / "runs").mkdir()
    kernel.run(f"import random, numpy as np, os\nruns = {str(tmp_path / 'runs')!r}")
    kernel.run(
        "%%track noisy\nauc = float(np.mean([random.random() for _ in range(500)]))\nfixed = float(np.sum([0.25, 0.5]))\n"
        "count = len(os.listdir(runs))\nos.mkdir(f'{runs}/{count}')\n"  # no state of a generator decides it
        "odd = float(np.sum([0.5, [-2, -1, 1, 2, 3][count % 5] / 100 if count else 0]))\ngone = 3.5"
    )
    lake, told = lake_of(kernel), []
    once = {one.name: one.verdict for one in lake.replay("noisy:v1").replayed.items}
    assert (once["auc"], once["odd"]) == (Verdict.IDENTICAL, Verdict.DRIFTED)
    answer = lake.replay("noisy:v1", repeat=5, output=tmp_path / "last.ipynb", tell=lambda what, *_: told.append(what))
    assert answer.replayed.asked == Asked(Extent.SLICE, repeat=5)
    spread = {one.metric: one.values for one in answer.replayed.repeats}
    assert len(set(spread["auc"])) == 5
    assert spread["fixed"] == (0.75,) * 5
    found = {one.name: one.verdict for one in answer.replayed.items}
    assert (found["fixed"], found["odd"]) == (Verdict.IDENTICAL, Verdict.STATISTICAL)
    assert found["auc"] in (Verdict.STATISTICAL, Verdict.DRIFTED)  # one value in a hundred lies outside of its band
    assert any(what.startswith("run 5 of 5, cells run") for what in told)
    assert lake.show("noisy:v1").entry.replays[-1].replayed == answer.replayed
    assert len(lake.log().entries) == 1
    assert "Run to run" in as_text(answer, width=200)
    later = {one.name: one.verdict for one in lake.replay("noisy:v1").replayed.items}
    assert (later["auc"], later["odd"]) == (Verdict.IDENTICAL, Verdict.STATISTICAL)  # by what the repeats have measured

    def interrupt(what, *_):
        if what.startswith("run 2 of 3, cells run"):
            raise KeyboardInterrupt

    cut = lake.replay("noisy:v1", repeat=3, tell=interrupt)
    assert cut.is_interrupted
    assert {len(one.values) for one in cut.replayed.repeats} == {1}
    assert cut.replayed.asked.repeat == 3
    assert [one.verdict for one in cut.replayed.items if one.name == "fixed"] == [Verdict.IDENTICAL]
    assert {one.verdict for one in cut.replayed.items if one.name != "fixed"} == {Verdict.NOT_COMPARABLE}
    assert lake.show("noisy:v1").entry.replays[-1].replayed == cut.replayed
    ran = kernel.run("%%track noisy\nodd = float(np.sum([0.5, 0.015]))\nfixed = float(np.sum([0.5, 0.5]))")
    assert "odd 0.515 (+0.015 ≈ within noise)" in ran.cards[-1]
    changed = {one.name: one for one in lake.compare("noisy:v1", "noisy:v2").metrics}
    assert (changed["odd"].outcome, changed["odd"].a_band.runs, changed["odd"].b_band) == ("within noise", 5, None)
    assert (changed["fixed"].outcome, changed["fixed"].a_band.low, changed["fixed"].a_band.high) == (None, 0.75, 0.75)
    assert "within noise (" in as_text(lake.compare("noisy:v1", "noisy:v2"), width=200)
    kernel.run("%%track fails\nassert 'MVLAKE_CAPTURE_TO' not in os.environ\nx = 1.5")
    failed = lake.replay("fails:v1", repeat=4)
    assert (failed.replayed.verdict, len(failed.replayed.items)) == (Verdict.FAILED, 1)
    assert "AssertionError" in failed.error
    for wrong in ({"repeat": 0}, {"repeat": 2, "params": {"gone": 1.0}}):
        with pytest.raises(Invalid):
            lake.replay("noisy:v1", **wrong)
