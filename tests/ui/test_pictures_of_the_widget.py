"""Pictures of a comparison in JupyterLab, light and dark, and in Notebook 7. `make picture` keeps them for the README and the guide."""

import os
from pathlib import Path

import pytest
from front_end import PATIENCE, Notebook, expect, written
from PIL import Image
from story import COMPARE, LOAD

SIZE = {"width": 1200, "height": 860}


@pytest.fixture
def kept(tmp_path):
    """Where pictures go: docs/images when they are to be kept."""
    return Path(os.environ.get("PICTURES") or tmp_path)


def background(path):
    """The most frequent gray of a picture, from 0 to 255."""
    counts = Image.open(path).convert("L").histogram()
    return counts.index(max(counts))


def shown(context, server, name, front_end):
    path = written(server.folder / f"{name}.ipynb", LOAD, COMPARE)
    page = context.new_page()
    page.set_viewport_size(SIZE)
    notebook = Notebook(page, server, path.name, front_end=front_end)
    if front_end.startswith("lab"):
        notebook.command("application:toggle-left-area")  # the list of files
    notebook.run_all()
    notebook.command("notebook:disable-output-scrolling")
    expect(notebook.widget()).to_be_visible(timeout=PATIENCE)
    notebook.widget().locator("svg").first.wait_for(timeout=PATIENCE)
    notebook.page.locator(".jp-Notebook .jp-CodeCell").last.evaluate("cell => cell.scrollIntoView({block: 'start'})")
    return notebook


def themed(page, name):
    """Change the theme, which the server keeps for whoever comes next."""
    page.evaluate("theme => window.jupyterapp.commands.execute('apputils:change-theme', {theme}).then(() => null)", name)
    page.locator(f"body[data-jp-theme-name='{name}']").wait_for(state="attached", timeout=PATIENCE)
    page.locator("#jupyterlab-splash").wait_for(state="detached", timeout=PATIENCE)


def test_jupyterlab_light_and_dark(jupyter, context, kept):
    page = shown(context, jupyter, "fraud", "lab/tree").page
    page.screenshot(path=kept / "widget.png")
    try:
        themed(page, "JupyterLab Dark")
        page.screenshot(path=kept / "widget-dark.png")
    finally:
        themed(page, "JupyterLab Light")
    assert background(kept / "widget.png") > 200 > 60 > background(kept / "widget-dark.png")


def test_notebook_7(jupyter, context, kept):
    notebook = shown(context, jupyter, "fraud-detector", "notebooks")
    notebook.page.screenshot(path=kept / "notebook.png")
    assert background(kept / "notebook.png") > 200
