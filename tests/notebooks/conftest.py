"""Notebooks that run as their users run them, and the lake that comes of it."""

import shutil
from dataclasses import dataclass
from pathlib import Path

import nbformat
import papermill
import pytest
from nbclient import NotebookClient

from mvlake.lake.lake import Lake

HANDBOOK = Path(__file__).parent / "handbook"
_TRACKING = "--IPKernelApp.extra_extensions=mvlake"


@dataclass(frozen=True)
class Project:
    """A folder with one notebook and the modules beside it."""

    folder: Path
    lake_folder: Path

    @property
    def lake(self) -> Lake:
        return Lake.open(self.lake_folder, create=False)

    def run(self, stem: str, **parameters: object) -> None:
        """Run it under papermill's engine, which tracks."""
        source, output = self.folder / f"{stem}.ipynb", self.lake_folder / "executed.ipynb"
        options = {"engine_name": "mvlake", "progress_bar": False, "cwd": str(self.folder)}
        papermill.execute_notebook(str(source), str(output), parameters=parameters, **options)

    def run_as_it_ran(self, stem: str) -> None:
        """Run the cells in the order that their metadata tell, some of them twice, as in a session of an afternoon."""
        notebook = nbformat.read(self.folder / f"{stem}.ipynb", as_version=4)
        where = {"metadata": {"path": str(self.folder)}}
        client = NotebookClient(notebook, timeout=120, kernel_name="python3", resources=where, extra_arguments=[_TRACKING])
        turns = sorted((turn, place) for place, cell in enumerate(notebook.cells) for turn in cell.metadata.get("order", ()))
        with client.setup_kernel():
            for _, place in turns:
                client.execute_cell(notebook.cells[place], place)


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A copy of the handbook's folder, which the test may remove, and a lake that is elsewhere."""
    monkeypatch.setenv("MVLAKE_LAKE", str(tmp_path / "lake"))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    (tmp_path / "lake").mkdir()
    folder = tmp_path / "project"
    shutil.copytree(HANDBOOK, folder, ignore=shutil.ignore_patterns("*.toml", "__pycache__"))
    return Project(folder, tmp_path / "lake")
