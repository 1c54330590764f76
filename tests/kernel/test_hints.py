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


def test_each_kind_is_one_line_below_its_cell_and_what_only_looks_like_it_is_silent(kernel):
    (kernel.folder / "inside.csv").write_text("x\n1\n")
    (kernel.folder / "helper.py").write_text("SCALE = 2\n")
    kernel.run(
        "import time\nimport numpy as np, pandas as pd, polars as pl\nfrom datetime import date, datetime\n"
        "df = pl.DataFrame({'k': [1, 1, 2], 'x': [0.1, 0.2, 0.3]})\nfrozen = pd.DataFrame({'x': [1.0, 2.0, 3.0]})"
    )
    speaks = {
        "noise = np.random.normal(size=3)": HintCode.UNSEEDED_RANDOMNESS,
        "age = (date.today() - date(2000, 1, 1)).days": HintCode.TIME_DEPENDENT,
        "sums = df.group_by('k').agg(pl.col('x').sum())": HintCode.UNORDERED_THREADS,
    }
    silent = [
        "rng = np.random.default_rng(0)\nnoise = rng.normal(size=3)",
        "np.random.seed(3)\nnoise = np.random.normal(size=3)",
        "shuffled = frozen.sample(frac=1, random_state=0)",
        "started = time.perf_counter()\ntotal = sum(range(9))\nprint(f'{time.perf_counter() - started:.1f} s')",
        "print('run at', datetime.now())\ntotal = 3",
        "born = date(2000, 1, 1)\nyears = 2026 - born.year",
        "top = df.group_by('k').agg(pl.col('x').max())",
        "rows = pd.read_csv('inside.csv')",
        "import helper\nscaled = helper.SCALE * 3",
        "address = 'https://example.org/x.csv'\nlength = len(address)",
    ]
    for place, (cell, code) in enumerate(speaks.items()):
        ran = kernel.run(f"%%track speaks{place}\n{cell}")
        assert ran.error is None, (cell, ran.error)
        assert list(hints_of(kernel, f"speaks{place}:v1")) == [code], cell
        assert [line for line in ran.cards[0].splitlines() if "may not reproduce" in line] == ran.cards[0].splitlines()[1:], cell
    for place, cell in enumerate(silent):
        ran = kernel.run(f"%%track silent{place}\n{cell}")
        assert ran.error is None, (cell, ran.error)
        assert hints_of(kernel, f"silent{place}:v1") == {}, cell
