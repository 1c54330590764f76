"""`papermill --engine mvlake`: a real run of papermill, from its command line and from Python, becomes a version."""

import json
import subprocess
import sys
from pathlib import Path

import nbformat
import papermill
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from mvlake.errors import Invalid
from mvlake.lake.lake import Lake
from mvlake.records.events import Verdict

KERNEL = {"kernelspec": {"name": "python3", "language": "python", "display_name": "Python 3"}}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("MVLAKE_LAKE", str(tmp_path / "lake"))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def notebook(path, *cells):
    made = [new_code_cell(source, metadata={"tags": list(tags)}) for source, *tags in cells]
    nbformat.write(new_notebook(cells=made, metadata=KERNEL), path)
    return str(path)


def run(source, output="out.ipynb", **more):
    return papermill.execute_notebook(source, output, engine_name="mvlake", progress_bar=False, **more)


def test_from_the_command_line_a_notebook_that_tracks_nothing_becomes_one_version(folder):
    source = notebook(
        folder / "train.ipynb",
        ("depth = 1\nsplit = None", "parameters"),
        ("total = [depth * 2]\nprint(split)",),
        ("1 / 0", "raises-exception"),
        ("skipped = True", "skip-execution"),
        ("last = sorted(total)",),
    )
    command = [sys.executable, "-m", "papermill", "--engine", "mvlake", source, "out.ipynb", "-p", "depth", "7"]
    ran = subprocess.run([*command, "-y", "split: [0.8, .nan]"], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    made = Lake.open(folder / "lake", create=False).show("train:v1").entry.version
    assert {one.name: one.value for one in made.params}["depth"] == 7
    assert {one.name for one in made.artifacts} >= {"total", "last", "train.ipynb"}
    assert made.notebook == source
    again = Lake.open(folder / "lake", create=False).replay("train:v1")
    assert again.replayed.verdict is Verdict.IDENTICAL, again.replayed.items
    executed = json.loads((folder / "out.ipynb").read_text())
    cells = {"".join(cell["source"]): cell for cell in executed["cells"]}
    assert cells["skipped = True"]["execution_count"] is None
    (told,) = cells["1 / 0"]["outputs"]
    assert told["name"] == "stderr"
    assert "ZeroDivisionError" in "".join(told["text"])
    assert executed["metadata"]["papermill"]["parameters"] == {"depth": 7, "split": [0.8, "nan"]}
    assert "NaN" not in (folder / "out.ipynb").read_text()


def test_a_notebook_that_tracks_cells_becomes_those_versions_alone(folder):
    source = notebook(folder / "tracks.ipynb", ("%load_ext mvlake",), ("%%track fraud\nscores = {'auc': 0.5}",), ("after = 1",))
    run(source, parameters={"pair": (1, 2)})
    lake = Lake.open(folder / "lake", create=False)
    assert [entry.ref for entry in lake.log()] == ["fraud:v1"]


def test_what_cannot_be_passed_fails_before_anything_runs_or_is_written(folder):
    source = notebook(folder / "given.ipynb", ("open('ran', 'w').close()",))
    for parameters in ({"a=1\nopen('evil', 'w')\nb": 1}, {"given": object()}):
        with pytest.raises(Invalid):
            run(source, parameters=parameters)
    assert not [name for name in ("ran", "evil", "out.ipynb", "lake") if Path(name).exists()]


def test_a_cell_that_raises_fails_the_run_as_ever_and_no_version_is_made(folder):
    source = notebook(folder / "fails.ipynb", ("kept = [1]",), ("raise ValueError('no')",), ("never = 1",))
    with pytest.raises(papermill.PapermillExecutionError, match="no"):
        run(source)
    assert "ValueError" in (folder / "out.ipynb").read_text()
    assert not (folder / "lake").exists()


def test_where_nothing_is_to_be_tracked_no_version_is_made(folder, monkeypatch):
    monkeypatch.setenv("MVLAKE_DISABLE", "1")
    run(notebook(folder / "off.ipynb", ("kept = [1]",)))
    run(notebook(folder / "asks.ipynb", ("%%track asked\nkept = [1]",)))
    assert not (folder / "lake").exists()


def test_many_cells_are_saved_a_few_times(folder):
    source = notebook(folder / "many.ipynb", *[(f"x = {n}",) for n in range(60)])
    saves = []
    audit = [True]

    def hear(event, arguments):
        if audit[0] and event == "open" and str(arguments[0]).endswith("saved.ipynb") and arguments[1] and "w" in str(arguments[1]):
            saves.append(arguments[0])

    sys.addaudithook(hear)
    run(source, "saved.ipynb")
    audit[0] = False
    assert 2 <= len(saves) < 30
    executed = nbformat.read("saved.ipynb", 4)
    assert all(cell.metadata.papermill.status == "completed" for cell in executed.cells)
