"""Notebooks in the programs that people read them with: JupyterLab and Notebook 7 before a real browser, nbconvert, papermill."""

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from chromium import FOUND
from chromium import chromium as started_chromium
from front_end import BUILT, BrowserContext, Page, Seen, Server, server, written
from story import COMPARE, DATA, FIRST, IMPORTS, LOAD, MORE, SECOND

# `make test` installs a browser, and builds the extension, where it can.
collect_ignore_glob = ["test_*.py"] if not FOUND else [] if BUILT.is_dir() else ["test_*widget*.py"]


@dataclass(frozen=True)
class Story:
    """A lake with two versions, and the notebook that made them as nbconvert left it: executed, and as a page."""

    lake: Path
    notebook: Path
    page: Path

    @property
    def environment(self) -> dict[str, str]:
        """What a kernel is told that works in this lake."""
        return {**os.environ, "MVLAKE_LAKE": str(self.lake), "IPYTHONDIR": str(self.lake / "../ipython"), "MVLAKE_USER": "ana"}


@pytest.fixture(scope="session")
def story(tmp_path_factory: pytest.TempPathFactory) -> Story:
    folder = tmp_path_factory.mktemp("story")
    made = Story(folder / "lake", folder / "executed.ipynb", folder / "executed.html")
    again = "%%track fraud-detector -m 'as before, with other words'\ndepth = 6"
    written(folder / "story.ipynb", LOAD, IMPORTS, DATA, FIRST, MORE, SECOND, again, COMPARE)
    for arguments in (
        ("--execute", "--to", "notebook", "--output", "executed.ipynb", "story.ipynb"),
        ("--to", "html", "executed.ipynb"),
    ):
        command = [sys.executable, "-m", "nbconvert", *arguments]
        subprocess.run(command, cwd=folder, env=made.environment, check=True, capture_output=True, timeout=180)
    return made


@pytest.fixture(scope="session")
def jupyter(story: Story, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with our extension."""
    with server(tmp_path_factory.mktemp("jupyter"), extension=BUILT, MVLAKE_LAKE=str(story.lake), MVLAKE_USER="ana") as started:
        yield started


@pytest.fixture(scope="session")
def stranger(story: Story, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server without it: that of another environment than the kernel's."""
    with server(tmp_path_factory.mktemp("stranger"), MVLAKE_LAKE=str(story.lake), MVLAKE_USER="ana") as started:
        yield started


@pytest.fixture(scope="module")
def chromium() -> Iterator[object]:
    """A browser for one module: while it runs, nothing else of this process may run an event loop in this thread."""
    with started_chromium() as started:
        yield started


@pytest.fixture
def seen() -> Seen:
    return Seen()


@pytest.fixture
def context(chromium, seen: Seen) -> Iterator[BrowserContext]:
    """A browser that has seen nothing yet. At the end: it asked nobody but this machine for anything, and had nothing to complain of."""
    opened = chromium.new_context(viewport={"width": 1400, "height": 1000})
    seen.watch(opened)
    yield opened
    opened.close()
    seen.assert_nothing()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()
