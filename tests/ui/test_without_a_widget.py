"""Where there is no widget: pages that nbconvert made, and notebooks that are opened again. The comparison is there in all of them."""

import json
import subprocess
import sys

import nbformat
import pytest
from front_end import PATIENCE, Notebook, expect, written
from story import COMPARE, LOAD

WIDGET = "application/vnd.jupyter.widget-"
MIME = "application/vnd.mvlake.comparison+json"


def test_a_notebook_that_was_run_without_anybody_has_no_trace_of_a_widget(story):
    notebook = nbformat.read(story.notebook, as_version=4)
    nbformat.validate(notebook)
    assert "widgets" not in notebook.metadata
    output = notebook.cells[-1].outputs[-1]
    assert set(output.data) == {"text/plain", "text/html", MIME}
    assert MIME not in output.metadata
    assert WIDGET not in json.dumps(notebook)


def test_its_page_shows_the_comparison_without_the_internet(story, chromium):
    context = chromium.new_context(offline=True)  # what nbconvert's own template asks for is not there
    page = context.new_page()
    page.goto(story.page.as_uri(), wait_until="domcontentloaded")
    shown = page.locator(".jp-OutputArea-output .mvl").last
    expect(shown).to_be_visible()
    expect(shown).to_contain_text("rate")
    expect(shown).to_contain_text("deeper trees")
    assert shown.bounding_box()["height"] > 300
    assert shown.locator("script, iframe, object, embed, link, [src^=http], [href]").count() == 0
    context.close()


def test_papermill_leaves_a_notebook_that_github_can_show(story, tmp_path):
    """GitHub refuses a notebook with a `metadata.widgets` that has no `state`."""
    source = written(tmp_path / "in.ipynb", LOAD, COMPARE)
    command = [sys.executable, "-m", "papermill", "--no-progress-bar", str(source), str(tmp_path / "out.ipynb")]
    subprocess.run(command, env=story.environment, check=True, capture_output=True, timeout=120)
    notebook = nbformat.read(tmp_path / "out.ipynb", as_version=4)
    nbformat.validate(notebook)
    assert "widgets" not in notebook.metadata
    assert set(notebook.cells[-1].outputs[-1].data) == {"text/plain", "text/html", MIME}


@pytest.mark.parametrize("front_end", ["lab/tree", "notebooks"])
def test_front_ends_without_our_extension_show_the_page(stranger, context, seen, front_end):
    seen.expected.append("@mvlake/lab")  # the console says that nobody knows our module; the output says nothing of it
    name = written(stranger.folder / f"{front_end[:3]}.ipynb", LOAD, COMPARE).name
    notebook = Notebook(context.new_page(), stranger, name, front_end=front_end)
    notebook.run_all()
    expect(notebook.output()).to_contain_text("rate", timeout=PATIENCE)
    expect(notebook.output()).not_to_contain_text("Error")
    assert notebook.output().bounding_box()["height"] > 300
