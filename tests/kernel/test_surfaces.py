"""The same cell on every surface: the pages of JupyterLab and Notebook 7, VS Code's and Colab's requests; and the scenario."""

import pytest
from benchmarks.notebook_server import APPS, NotebookServer
from benchmarks.scenario import play, printed, rows

from mvlake.lake.lake import Lake


def lake_of(kernel):
    return Lake.open(kernel.folder / "lake", create=False)


@pytest.mark.parametrize("app", APPS.values(), ids=list(APPS))
def test_a_page_tells_the_cell_and_the_notebook(tmp_path, app):
    project = tmp_path / "project"
    project.mkdir()
    cells = ["%load_ext mvlake", "%%track\nrows = [1]\nprint('hi')\nrows", "%%track\n1 / 0"]
    with NotebookServer(project, app, MVLAKE_USER="ana") as server:
        server.open("fraud.ipynb", cells)
        seen = [server.run(cell, place) for place, cell in enumerate(cells)]
    assert [one.status for one in seen] == ["ok", "ok", "error"]
    assert seen[1].text == "hi\n"
    assert seen[1].cards[0].startswith("fraud:v1")
    lake = Lake.open(project, create=False)
    version = lake.show("fraud:v1").entry.version
    assert version.notebook.endswith("fraud.ipynb")
    assert version.cells[-1].cell_id == "cell-1"
    assert [one.error_type for one, _ in lake.log().attempts] == ["ZeroDivisionError"]


def test_vs_codes_requests(kernel):
    # As vscode-jupyter sends them: a silent cell that says which notebook it is, then cells with ids of their own, attended.
    path = str(kernel.folder / "churn model.ipynb")
    kernel.wait(kernel.start(f"__vsc_ipynb_file__ = {path!r}", silent=True))
    cell_id = "vscode-notebook-cell:/home/ana/churn%20model.ipynb#W2sZmlsZQ%3D%3D"
    ran = kernel.wait(kernel.start("%%track\nrows = [1]\nrows", attended=True, cell_id=cell_id))
    assert (ran.status, ran.result) == ("ok", "[1]")
    version = lake_of(kernel).show("churn-model:v1").entry.version
    assert (version.notebook, version.cells[-1].cell_id) == (path, cell_id)


def test_colabs_requests(kernel):
    # Colab sends its own metadata and no cell id; what its own code runs in the kernel comes to hooks without a raw cell.
    told = {"colab": {"base_uri": "https://colab.example.invalid/notebook#fileId=1"}}
    ran = kernel.wait(kernel.start("%%track colab\nrows = [1]\nrows", attended=True, metadata=told))
    assert (ran.status, ran.result) == ("ok", "[1]")
    kernel.run("import types\nget_ipython().events.trigger('pre_run_cell', types.SimpleNamespace())\n")
    ran = kernel.run("get_ipython().events.trigger('post_run_cell', types.SimpleNamespace())\n'still here'")
    assert ran.result == "'still here'"
    assert "colab:v2" in kernel.run("%%track colab\nrows = [2]").cards[0]
    assert lake_of(kernel).show("colab:v1").entry.version.notebook == ""


def test_the_scenario_leaves_everything_in_the_lake(tmp_path):
    table = rows(play(tmp_path))
    print(printed(table))
    assert [row.what for row in table if not row.has] == [], printed(table)
    assert len(table) >= 20
