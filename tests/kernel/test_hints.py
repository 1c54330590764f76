"""What a version says of itself that may keep it from reproducing, and when it says nothing."""

import json

from mvlake.lake.lake import Lake
from mvlake.records.hint import HintCode


def hints_of(kernel, ref):
    version = Lake.open(kernel.folder / "lake", create=False).show(ref).entry.version
    return {one.code: one for one in version.hints}


def test_a_cell_that_was_changed_and_run_again_is_said_where_its_older_text_still_counts(kernel):
    kernel.run("rows = [3, 1, 2]\nlimit = 2", cell_id="a")
    kernel.run("limit = 3", cell_id="a")
    ran = kernel.run("%%track stale\nkept = [one for one in rows if one < limit]", cell_id="b")
    hint = hints_of(kernel, "stale:v1")[HintCode.HIDDEN_STATE]
    assert hint.cells == (1,)
    assert "In [2]" in hint.text
    assert ran.cards[0].splitlines()[1] == f"may not reproduce: {hint.text}"
    shown = kernel.run("%mv show stale:v1").cards[0]
    assert "hidden-state" in shown
    table = kernel.run("%mv sql select ref, code, hint from hints").cards[0]
    assert "stale:v1" in table

    kernel.run("rows = [3, 1, 2]", cell_id="a")
    again = kernel.run("%%track fresh\nkept = [one for one in rows if one < 9]", cell_id="b")
    assert hints_of(kernel, "fresh:v1") == {}
    assert len(again.cards[0].splitlines()) == 1


def test_the_order_of_the_notebook_and_the_clock_are_told_in_a_real_kernel(start_kernel, tmp_path):
    notebook = tmp_path / "work.ipynb"

    def save(*cells):
        told = [{"id": name, "cell_type": "code", "source": text} for name, text in cells]
        notebook.write_text(json.dumps({"cells": told, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}))

    kernel = start_kernel(JPY_SESSION_NAME=str(notebook))
    first, second, third = ("a", "base = 2"), ("b", "power = base ** 2"), ("c", "%%track told\nz = power")
    save(first, second, third)
    for name, text in (first, second, third):
        ran = kernel.run(text, cell_id=name)
    assert hints_of(kernel, "told:v1") == {}
    assert len(ran.cards[0].splitlines()) == 1
    save(second, first, third)
    ran = kernel.run(third[1] + " + 1", cell_id="c")
    assert "stands below" in hints_of(kernel, "told:v2")[HintCode.HIDDEN_STATE].text
    assert "a run from top to bottom is another" in ran.cards[0]
    save(("a", "base = 3"), second, third)
    kernel.run(third[1] + " + 2", cell_id="c")
    assert "was edited" in hints_of(kernel, "told:v3")[HintCode.HIDDEN_STATE].text

    kernel.run("from datetime import date\nborn = date(2000, 1, 1)")
    kernel.run("%%track aged\ndays = (date.today() - born).days\nx = power")
    hints = hints_of(kernel, "aged:v1")
    assert hints[HintCode.TIME_DEPENDENT].text == "it depends on when it ran: date.today() - born"
