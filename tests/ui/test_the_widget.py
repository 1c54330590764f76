"""The widget of `%mv compare` in JupyterLab and Notebook 7, as somebody uses it: by mouse, by keyboard, by a screen reader's names."""

import json
import re

import nbformat
import pytest
from front_end import PATIENCE, Notebook, expect, written
from hostile import MARK, PAYLOADS
from story import COMPARE, LOAD

WIDGET = "application/vnd.jupyter.widget-"
MIME = "application/vnd.mvlake.comparison+json"
LANDMARKS = """
- region "Comparison of versions":
  - group "Versions":
    - combobox "Compare (version 1)"
    - combobox "with (version 2)"
    - button "Compare"
  - search:
    - searchbox "Search names and values"
    - checkbox "Only differences" [checked]
  - status
"""


def opened(context, server, name, *cells, front_end="lab/tree"):
    """Return a notebook that compares, and its widget."""
    path = written(server.folder / f"{name}.ipynb", LOAD, *(cells or (COMPARE,)))
    notebook = Notebook(context.new_page(), server, path.name, front_end=front_end)
    notebook.run_all()
    expect(notebook.widget()).to_be_visible(timeout=PATIENCE)
    return notebook, notebook.widget()


def test_a_comparison_is_looked_into_by_mouse(jupyter, context, tmp_path):
    notebook, widget = opened(context, jupyter, "mouse")
    expect(widget).to_match_aria_snapshot(LANDMARKS)
    notebook.output().screenshot(path=tmp_path / "widget.png")

    few = widget.locator("tbody tr").count()
    widget.get_by_label("Only differences").uncheck()
    expect(widget.locator("summary").first).to_be_visible()
    assert widget.locator("tbody tr").count() + widget.locator("details").count() > few
    widget.get_by_label("Only differences").check()

    widget.get_by_role("searchbox").fill("depth")
    expect(widget.get_by_role("rowheader", name="depth", exact=True).first).to_be_visible()
    expect(widget.get_by_role("rowheader", name="auc", exact=True)).to_have_count(0)
    widget.get_by_role("searchbox").fill("no such name anywhere")
    expect(widget.get_by_text(re.compile("Nothing is called"))).to_be_visible()
    widget.get_by_role("searchbox").fill("")

    grid = widget.get_by_role("grid").first
    heading = grid.get_by_role("columnheader").first
    heading.get_by_role("button").click()
    expect(heading).to_have_attribute("aria-sort", "ascending")
    names = grid.get_by_role("rowheader").all_inner_texts()
    assert names == sorted(names, key=str.lower)
    heading.get_by_role("button").click()
    expect(heading).to_have_attribute("aria-sort", "descending")
    assert grid.get_by_role("rowheader").all_inner_texts() == names[::-1]

    second = widget.get_by_label("with (version 2)")
    second.select_option(index=next(at for at, one in enumerate(second.locator("option").all_inner_texts()) if "v3" in one))
    widget.get_by_role("button", name="Compare", exact=True).click()
    expect(widget.get_by_role("heading", name="fraud-detector:v1 → fraud-detector:v3")).to_be_visible(timeout=PATIENCE)


def test_a_third_version_beside_two_is_a_table_and_two_are_a_comparison_again(jupyter, context, tmp_path):
    notebook, widget = opened(context, jupyter, "three")
    widget.get_by_role("button", name="Add a version").click()
    third = widget.get_by_label("and (version 3)")
    third.select_option(index=next(at for at, one in enumerate(third.locator("option").all_inner_texts()) if "v3" in one))
    widget.get_by_role("button", name="Compare", exact=True).click()
    expect(widget.get_by_role("heading", name="3 versions side by side")).to_be_visible(timeout=PATIENCE)
    grid = widget.get_by_role("grid", name="Metrics")
    assert grid.get_by_role("columnheader").all_inner_texts()[:4] == ["name", "v1", "v2", "v3"]
    expect(grid.get_by_role("row").filter(has=widget.page.get_by_role("rowheader", name="auc"))).to_contain_text("★ best")
    notebook.output().screenshot(path=tmp_path / "table.png")
    widget.get_by_role("button", name="Remove the last").click()
    widget.get_by_role("button", name="Compare", exact=True).click()
    expect(widget.get_by_role("heading", name="fraud-detector:v1 → fraud-detector:v2")).to_be_visible(timeout=PATIENCE)


def test_rows_that_differ_are_asked_from_the_kernel(jupyter, context):
    _, widget = opened(context, jupyter, "rows")
    summary = widget.locator("summary", has_text=re.compile(r"^Data \("))
    summary.wait_for()
    if not summary.locator("..").evaluate("node => node.open"):
        summary.click()
    rows = widget.locator(".mvl-lab-rows").first
    rows.scroll_into_view_if_needed()
    rows.get_by_label("Rows", exact=True).select_option("added")
    expect(rows.locator(".mvl-lab-place").first).to_have_text(re.compile("^1\u2013\\d+ of 300$"), timeout=PATIENCE)
    first = rows.locator("tbody tr").first.inner_text()
    rows.get_by_role("button", name="Next rows").click()
    expect(rows.locator(".mvl-lab-place").first).to_have_text(re.compile("^51\u2013"), timeout=PATIENCE)
    assert rows.locator("tbody tr").first.inner_text() != first
    rows.get_by_role("button", name="Previous rows").click()
    expect(rows.locator(".mvl-lab-place").first).to_have_text(re.compile("^1\u2013"), timeout=PATIENCE)
    assert rows.locator("tbody tr").first.inner_text() == first


def test_everything_is_reached_by_keyboard(jupyter, context):
    notebook, widget = opened(context, jupyter, "keys")
    page, cells = notebook.page, notebook.page.locator(".jp-Notebook .jp-Cell").count()
    widget.get_by_label("Compare (version 1)").focus()
    visited = []
    for _ in range(12):
        visited.append(
            page.evaluate("() => document.activeElement.getAttribute('aria-label') || document.activeElement.textContent")
        )
        page.keyboard.press("Tab")
    order = ["Compare (version 1)", "with (version 2)", "Compare", "Search names and values"]
    places = [visited.index(one) for one in order]
    assert places == sorted(places)  # in the order in which they are read
    widget.get_by_role("searchbox").focus()
    page.keyboard.type("depth")
    expect(widget.get_by_role("rowheader", name="auc", exact=True)).to_have_count(0)
    widget.get_by_label("Only differences").focus()
    page.keyboard.press("Space")
    expect(widget.get_by_label("Only differences")).not_to_be_checked()
    widget.locator("summary").first.focus()
    for key in ("a", "b", "d", "d", "x"):  # in command mode: insert a cell above, below, delete, cut
        page.keyboard.press(key)
    assert notebook.page.locator(".jp-Notebook .jp-Cell").count() == cells
    expect(widget).to_be_visible()


def test_notebook_7_has_the_widget_too(jupyter, context, tmp_path):
    notebook, widget = opened(context, jupyter, "seven", front_end="notebooks")
    expect(widget).to_match_aria_snapshot(LANDMARKS)
    notebook.output().screenshot(path=tmp_path / "notebook.png")


def test_a_notebook_that_is_opened_again_shows_the_page_in_both_front_ends(jupyter, context):
    """It was saved with a live widget behind its output; the kernel is another one now."""
    notebook, _ = opened(context, jupyter, "again")
    name = "again.ipynb"
    notebook.save()
    notebook.page.reload()  # with the same kernel it is the widget still
    notebook.page.locator(".jp-Notebook .jp-Cell").first.wait_for(timeout=PATIENCE)
    expect(notebook.widget().get_by_role("button", name="Compare", exact=True)).to_be_visible(timeout=PATIENCE)
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


@pytest.mark.parametrize("front_end", ["lab/tree"])
def test_a_hostile_lake_is_text_and_nothing_else(jupyter, context, front_end):
    """What a stranger may have written: notes, parameters, columns, cells, files, warnings, printed text, metrics and classes."""
    payloads = [one[:3000].encode("utf-8", "replace").decode() for one in PAYLOADS]
    (jupyter.folder / "payloads.json").write_text(json.dumps(payloads), encoding="utf-8")
    made = """\
%%track hostile-{turn} -m "<img src=x onerror=window.{mark}=1>"
import json, warnings
import pandas as pd
payloads = json.loads(open("payloads.json").read())
params = {{one: [one, {turn}] for one in payloads}}
metrics = {{one: {turn} + place for place, one in enumerate(payloads)}}
df = pd.DataFrame({{one + str(place): [one, "{turn}", one] for place, one in enumerate(payloads)}})
for one in payloads:
    warnings.warn(one + "{turn}")
    print(one, {turn})
"""
    cells = [made.format(turn=turn, mark=MARK) for turn in (1, 2)]
    notebook, widget = opened(context, jupyter, "hostile", *cells, "%mv compare hostile-1:v1 hostile-2:v1", front_end=front_end)
    widget.get_by_label("Only differences").uncheck()
    for summary in widget.locator("summary").all():
        if not summary.locator("..").evaluate("node => node.open"):
            summary.click()
    page = notebook.page
    assert page.evaluate(f"() => window.{MARK}") is None
    assert (
        widget.locator(
            "script, iframe, object, embed, link, style, form, base, meta, math, a[href], img:not([src^='blob:'])"
        ).count()
        == 0
    )
    attributes = widget.evaluate(
        """node => [...new Set([...node.querySelectorAll('*')].flatMap(one => one.getAttributeNames()))]
          .filter(name => name.startsWith('on') || ['id', 'name', 'href', 'srcdoc', 'action', 'data-commandlinker-command'].includes(name))"""
    )
    assert attributes == []
    expect(widget).to_contain_text("onerror")  # it was there, and is shown as what it is
