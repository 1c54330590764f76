"""Which earlier cells are still needed when a tracked cell begins with its recorded inputs."""

from dataclasses import replace

import pytest

from mvlake.errors import CannotReplay
from mvlake.lake.cell_names import names_of
from mvlake.lake.cells_from_inputs import cells_from_inputs, needed
from mvlake.lake.dossier import read_dossier
from mvlake.lake.inputs_kept import inputs_kept
from mvlake.records.version import Origin

CELLS = {
    "imports": "import numpy as np\nfrom slow import read",
    "read": "df = read('rows.csv')",
    "clean": "df.dropna(inplace=True)\ndf['z'] = df.x * 2",
    "limit": "LIMIT = object()",
    "function": "def scaled(values):\n    return values * np.pi + LIMIT",
    "state": "state = {'n': 0}\ndef bump():\n    state['n'] += 1",
    "bump": "bump()",
    "model": "model = fit(df)",
    "predict": "def predict(values):\n    return model.predict(values)",
    "plot": "%config InlineBackend.figure_format = 'svg'\nprint(df)",
}


def ran(last, *restored, cells=tuple(CELLS)):
    names = [names_of(CELLS[one]) for one in cells]
    found = needed([*names, names_of(last)], frozenset(restored), also=restored)
    return {cells[place] for place in found}


@pytest.mark.parametrize(
    ("last", "restored", "cells"),
    [
        ("total = df.x.sum()", ["df"], set()),
        ("total = df.x.sum()", [], {"imports", "read", "clean"}),
        ("%%track a\ntotal = np.sum(df.x)", ["df"], {"imports"}),
        ("total = scaled(df.x)", ["df"], {"imports", "function", "limit"}),
        ("total = scaled(df.x)", ["df", "LIMIT"], {"imports", "function"}),
        ("best = predict(df)", ["df", "model"], {"predict"}),
        ("best = predict(df)", ["df"], {"predict", "model", "imports", "read", "clean"}),
        ("n = state['n']", [], {"state", "bump"}),
        ("n = state['n']", ["state"], set()),
        ("found = [scaled(one) for one in df.x]\nprint(f'{state}')", ["df", "state", "LIMIT"], {"imports", "function"}),
    ],
)
def test_only_cells_that_make_what_cannot_be_restored_run(last, restored, cells):
    assert ran(last, *restored) == cells


def test_a_cell_that_may_bind_more_than_it_says_always_runs():
    cells = [
        "from pylab import *",
        "%run setup.py",
        "%%time\ndf = read()",
        "%time model = fit(df)",
        "%pip install x\ny = 1",
        "exec(code)",
    ]
    found = needed([names_of(cell) for cell in [*cells, "model.score(df)"]], frozenset({"model", "df"}))
    assert found == [0, 1, 5]
    assert needed([names_of(cell) for cell in [*cells, "model.score(df)"]], frozenset({"df"})) == [0, 1, 2, 3, 5]
    assert needed([names_of("%%bash\nls"), names_of("a = 1"), names_of("b = a")], frozenset("a")) == [0, 1]


def test_a_text_that_nobody_can_read_lets_all_before_it_run():
    assert needed([names_of("a = 1"), None, names_of("b = a")], frozenset("a")) == [0, 1]
    assert names_of("def (:") is None
    assert names_of("(" * 5000 + ")" * 5000) is None


def test_what_a_text_says_of_names_errs_on_the_side_of_more():
    names = names_of(
        "@wrap\ndef f(a=default):\n    global seen\n    seen = inner\nclass K(Base):\n    x = made\nx: int = (lambda: y)()\n_ = [a for a in b]"
    )
    assert {"wrap", "default", "Base", "y", "b"} <= names.reads
    assert "inner" not in names.reads
    assert {"f", "K", "x"} <= names.binds
    assert names.later_changes["f"] == {"seen"}
    assert "made" in names.later["K"]


def test_what_has_no_tracked_cell_or_no_input_cannot_begin_with_inputs(lake, new_draft):
    lake.commit(replace(new_draft(lake), origin=Origin.SNAPSHOT))
    lake.commit(new_draft(lake, source="total = 1"))
    for number, said in ((1, "it was made by a snapshot"), (2, "no input of its tracked cell can be restored .df: it is not kept")):
        entry = lake.show(f"fraud:v{number}").entry
        with pytest.raises(CannotReplay, match=said) as error:
            cells_from_inputs(lake._parts, read_dossier(lake._parts, entry))
        assert error.value.hint


def test_inputs_come_right_before_the_tracked_cell(lake, new_draft):
    lake.commit(new_draft(lake, source="total = df + [limit]", inputs={"df": [1, 2]}))
    cells, differences = cells_from_inputs(lake._parts, read_dossier(lake._parts, lake.show("fraud:v1").entry))
    assert [cell.source.partition("\n")[0] for cell in cells] == ["%mv checkout fraud:v1 df --inputs", "%%track fraud"]
    assert [cell.place for cell in cells] == [0, 2]
    assert differences == ()


def test_an_input_that_cannot_be_had_is_made_anew_and_told(lake, new_draft):
    opaque = {"df": [1, 2], "thing": object.__new__(type("Own", (), {}))}
    draft = new_draft(lake, source="total = df + [thing]", inputs=opaque)
    lake.commit(replace(draft, names=replace(draft.names, read=("df", "thing", "lost"))))
    told = inputs_kept(lake._parts, lake.show("fraud:v1").entry.version)
    assert told["df"] == ""
    assert told["thing"]
    assert told["lost"] == "it is not kept"
    _, differences = cells_from_inputs(lake._parts, read_dossier(lake._parts, lake.show("fraud:v1").entry))
    assert [one.name for one in differences] == ["thing", "lost"]
