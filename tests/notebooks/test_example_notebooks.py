import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from mvlake.lake.lake import Lake
from mvlake.records.events import Verdict

FOLDER = Path(__file__).parents[2] / "example_notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))


def cards(notebook):
    return [
        output["data"]["text/plain"]
        for cell in notebook.cells
        if cell.cell_type == "code"
        for output in cell.outputs
        if output.output_type == "display_data" and "mvlake" in output.metadata
    ]


def hints(lake):
    """Return what the versions of a lake say of themselves: what is said in an example should be surely so."""
    return [(entry.ref, one.code.value) for entry in lake.log().entries for one in lake.show(entry.ref).entry.version.hints]


def verdicts(lake):
    """Replay every version of a lake, and return what came of each."""
    return {entry.ref: lake.replay(entry.ref).replayed.verdict for entry in lake.log().entries}


@pytest.fixture
def lake_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("MVLAKE_LAKE", str(tmp_path))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    return tmp_path


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_short_clean_and_explains_itself(path):
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    assert len(notebook.cells) <= 25
    assert notebook.cells[0].cell_type == "markdown"
    assert all(not cell.get("outputs") and cell.get("execution_count") is None for cell in notebook.cells)
    assert "widgets" not in notebook.metadata


def test_there_are_four_example_notebooks():
    names = ["01_first_versions", "02_compare_and_checkout", "03_replay_in_ci", "04_data_and_skew"]
    assert [path.stem for path in NOTEBOOKS] == names


def test_the_first_notebook_runs_under_nbclient_and_makes_four_versions(lake_folder):
    notebook = nbformat.read(NOTEBOOKS[0], as_version=4)
    NotebookClient(notebook, timeout=120, kernel_name="python3", resources={"metadata": {"path": str(lake_folder)}}).execute()
    lake = Lake.open(lake_folder, create=False)
    assert [entry.ref for entry in lake.log().entries] == [f"tumour-classifier:v{number}" for number in (4, 3, 2, 1)]
    said = cards(notebook)
    assert "max_depth 2 → 6" in said[1]
    assert len(lake.show("tumour-classifier:v3").entry.version.artifacts) > 3
    assert lake.compare("tumour-classifier:v3", "tumour-classifier:v4").models
    assert lake.verify().is_clean
    assert hints(lake) == []
    assert set(verdicts(lake).values()) == {Verdict.IDENTICAL}


@pytest.mark.parametrize("path", NOTEBOOKS[1:], ids=lambda path: path.stem)
def test_the_other_notebooks_run_under_papermill(path, lake_folder):
    words = [
        sys.executable,
        "-m",
        "papermill",
        str(path),
        str(lake_folder / "out.ipynb"),
        "--no-progress-bar",
        "--cwd",
        str(lake_folder),
    ]
    ran = subprocess.run(words, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    notebook = nbformat.read(lake_folder / "out.ipynb", as_version=4)
    text = "\n".join(cards(notebook))
    lake = Lake.open(lake_folder, create=False)
    if path.stem.startswith("02"):
        assert hints(lake) == []
        assert "progression@production" in text
        assert lake.show("progression@production").entry.version.number == 1
        assert set(verdicts(lake).values()) == {Verdict.IDENTICAL}
    elif path.stem.startswith("04"):
        assert hints(lake) == []
        assert "12 rows removed" in text
        assert "rows known by patient" in text
        assert text.count("strong") > 3
        assert "today" in text
        assert (lake_folder / "skew.html").exists()
        assert len(lake.log().entries) == 2
        assert set(verdicts(lake).values()) == {Verdict.IDENTICAL}
    else:  # its second version is made wrong on purpose
        assert hints(lake) == [("wine-groups:v2", "unseeded-randomness"), ("wine-groups:v2", "time-dependent")]
        assert "identical" in text
        assert "drifted" in text
        assert (lake_folder / "replay.xml").exists()
        printed = "".join(output.get("text", "") for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs)
        assert "2 versions replayed: 1 ≠ drifted, 1 ✓ identical" in printed
        assert "exit code 1" in printed
        assert len(list((lake_folder / "replayed").glob("wine-groups-v*.ipynb"))) == 2
        assert verdicts(lake) == {"wine-groups:v1": Verdict.IDENTICAL, "wine-groups:v2": Verdict.DRIFTED}
