"""Arrays laid out by hand are those that pyarrow makes."""

import json
import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mvlake.index.arrays import array_of, empty
from mvlake.index.columns import _ARROW
from mvlake.index.tables import Kind
from mvlake.lake.lake import Lake

VALUES = {
    Kind.INTEGER: st.integers(-(2**63), 2**63 - 1),
    Kind.NUMBER: st.floats(),
    Kind.TRUTH: st.booleans(),
    Kind.MOMENT: st.datetimes(datetime(1600, 1, 1), datetime(2500, 1, 1)),
    Kind.TEXT: st.text(st.characters(exclude_categories=["Cs"])),
    Kind.WORD: st.sampled_from(["", "a", "\u20ac", "fraud"]),
}


def made_by_pyarrow(values, kind):
    return pa.array(values, pa.string()).dictionary_encode() if kind is Kind.WORD else pa.array(values, _ARROW[kind])


@pytest.mark.parametrize("kind", list(Kind))
@given(data=st.data())
def test_they_hold_what_pyarrow_makes_of_the_same_values(kind, data):
    values = data.draw(st.lists(st.none() | VALUES[kind], max_size=40))
    found, wanted = array_of(values, kind), made_by_pyarrow(values, kind)
    found.validate(full=True)
    assert found.type == wanted.type
    assert found.null_count == wanted.null_count
    assert repr(found.to_pylist()) == repr(wanted.to_pylist())  # NaN too


@pytest.mark.parametrize(
    ("kind", "value"),
    [(Kind.INTEGER, 2**63), (Kind.INTEGER, "3"), (Kind.NUMBER, "x"), (Kind.TEXT, 3), (Kind.TEXT, "\ud800"), (Kind.MOMENT, "now")],
)
def test_what_does_not_fit_is_refused(kind, value):
    with pytest.raises((TypeError, ValueError, OverflowError)):
        array_of([None, value], kind)


def test_a_table_of_no_rows_has_its_columns():
    schema = pa.schema([("a", pa.int64()), ("b", _ARROW[Kind.WORD])])
    assert empty(schema).schema == schema
    assert empty(schema).num_rows == 0


def test_a_question_of_a_new_process_does_not_import_pandas(tmp_path, commit):
    pytest.importorskip("pandas")
    commit(Lake.open(tmp_path))
    ask = "lake.sql('select ref, created_at, git_dirty from versions'); lake.sql('select * from params'); lake.rebuild()"
    code = f"import sys, json\nfrom mvlake import Lake\nlake = Lake.open(sys.argv[1])\n{ask}\nprint(json.dumps('pandas' in sys.modules))"
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3] / "src")}
    said = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, env=environment, check=True)
    assert json.loads(said.stdout) is False
