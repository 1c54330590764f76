"""The widget of `%mv compare` in JupyterLab and Notebook 7, as somebody uses it: by mouse, by keyboard, by a screen reader's names."""

import json

import nbformat
from front_end import PATIENCE, Notebook, expect, written
from story import COMPARE, LOAD

WIDGET = "application/vnd.jupyter.widget-"
MIME = "application/vnd.mvlake.comparison+json"


def test_a_notebook_that_is_opened_again_shows_the_page_in_both_front_ends(jupyter, context):
    """It was saved with a live widget behind its output; the kernel is another one now."""
    name = written(jupyter.folder / "again.ipynb", LOAD, COMPARE).name
    notebook = Notebook(context.new_page(), jupyter, name)
    notebook.run_all()
    expect(notebook.widget()).to_be_visible(timeout=PATIENCE)
    notebook.save()
    notebook.command("kernelmenu:shutdown")
    notebook.page.close()
    saved = nbformat.read(jupyter.folder / name, as_version=4)
    assert saved.cells[-1].outputs[-1].metadata[MIME]["model_id"]
    assert WIDGET not in json.dumps(saved)
    for front_end in ("lab/tree", "notebooks"):
        again = Notebook(context.new_page(), jupyter, name, front_end=front_end)
        expect(again.output()).to_contain_text("rate", timeout=PATIENCE)
        expect(again.output()).not_to_contain_text("Error")
        assert again.output().bounding_box()["height"] > 300
        again.page.close()
