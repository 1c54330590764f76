"""Frames as people have them: what is told of their rows, and how little is read for it."""

import tracemalloc

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from mvlake.compare.row_changes import Matching, RowOp
from mvlake.errors import ArtifactNotFound, Invalid
from mvlake.handlers.diffing import keyed, side
from mvlake.handlers.diffing.keyed import by_key
from mvlake.lake import compared_rows
from mvlake.lake.lake import Lake

ROWS = 120_000


@pytest.fixture(scope="module")
def large():
    """A frame of several chunks in every column, one of which is of one value alone."""
    dice = np.random.default_rng(1)
    columns = {"id": np.arange(ROWS), "same": np.full(ROWS, 7), "x": dice.normal(size=ROWS), "n": dice.integers(0, 10**9, ROWS)}
    return pl.DataFrame(columns | {"s": [f"text {number}" for number in dice.integers(0, 10**6, ROWS)]})


def counts(rows):
    return rows.added, rows.removed, rows.changed, rows.moved, rows.unchanged


def edited(frame, name, rows, values):
    column = frame[name].to_list()
    for row, value in zip(rows, values, strict=True):
        column[row] = value
    return frame.with_columns(pl.Series(name, column, dtype=frame[name].dtype))


def test_one_edited_cell_reads_the_chunks_around_it(kept, large):
    rows = kept(large, edited(large, "x", [70_000], [0.5])).rows()
    assert counts(rows) == (0, 0, 1, 0, ROWS - 1)
    assert [(column.name, column.cells) for column in rows.columns] == [("x", 1)]
    assert rows.chunks > 20
    assert rows.chunks_read <= 5
    assert [(one.a_row, one.b_row, one.cells[0].b) for one in rows.examples] == [(70_000, 70_000, "0.5")]


def test_who_asks_again_is_told_the_same(kept):
    """Which rows are each other is known by then; what it took to know it is told all the same."""
    pair = kept(pl.DataFrame({"x": [2, 4], "y": [0.1, 0.2]}), pl.DataFrame({"x": [10, 20, 30], "y": [0.1, 0.2, 0.3]}))
    first, again = pair.rows(), pair.rows()
    assert first == again
    assert first.chunks_read == first.chunks == 4


def test_rows_put_in_and_left_out_are_found_by_the_chunks_on_both_sides(large, new_draft, kept):
    new = large.head(2).with_columns(id=pl.lit(-1, pl.Int64), x=pl.lit(0.25))
    after = pl.concat([large[:30_000], new, large[30_000:90_000], large[90_001:]])
    two = kept(large, after)
    rows = two.rows()
    assert counts(rows) == (2, 1, 0, 0, ROWS - 1)
    assert rows.matched_by is Matching.POSITION
    assert rows.chunks_read < rows.chunks * 0.7
    assert [(one.op, one.a_row, one.b_row) for one in rows.examples] == [
        (RowOp.ADDED, None, 30_000),
        (RowOp.ADDED, None, 30_001),
        (RowOp.REMOVED, 90_000, None),
    ]


def test_a_row_left_out_and_one_put_in_shift_no_row_between_them(kept, large):
    after = pl.concat([large[:40_000], large[40_001:60_000], large[:1].with_columns(id=pl.lit(-5, pl.Int64)), large[60_000:]])
    assert counts(kept(large, after).rows()) == (1, 1, 0, 0, ROWS - 1)


def test_rows_in_another_order_are_moved_and_cells_are_not_read_where_row_numbers_tell(kept, large):
    frame = large.to_pandas()
    two = kept(frame, frame.sample(frac=1, random_state=1))
    rows = two.rows()
    assert (rows.added, rows.removed, rows.changed, rows.unchanged) == (0, 0, 0, ROWS)
    assert 0.98 * ROWS < rows.moved < ROWS
    assert rows.chunks_read < rows.chunks / 4
    assert counts(kept(large, pl.concat([large[1000:], large[:1000]])).rows()) == (0, 0, 0, 1000, ROWS)


def test_a_selection_of_rows_is_told_without_a_key(kept, large):
    frame = large.to_pandas()
    rows = kept(frame, frame[frame["x"] > 0]).rows()
    assert (rows.added, rows.changed, rows.moved) == (0, 0, 0)
    assert rows.removed == int((frame["x"] <= 0).sum())


@pytest.mark.parametrize("key", ["id", ["id"], ["id", "same"]])
def test_rows_are_known_by_a_key_wherever_they_stand(kept, large, key):
    after = edited(large, "x", [5, 6], [9.0, None])[1:].sample(fraction=1, shuffle=True, seed=1)
    two = kept(large, pl.concat([after, large[:2].with_columns(id=pl.lit(-1, pl.Int64) - pl.col("id"))]))
    rows = two.rows(key=key)
    assert (rows.added, rows.removed, rows.changed) == (2, 1, 2)
    assert (rows.matched_by, rows.is_key_given, rows.note) == (Matching.KEY, True, "")
    (one, other) = two.page(key=key, op="changed").rows
    assert {one.key[0], other.key[0]} == {"5", "6"}
    found = two.rows()
    assert (found.key, found.is_key_given) == (("id",), False)
    assert "nobody named a key" in found.note
    assert (found.added, found.removed, found.changed) == (2, 1, 2)


def test_rows_of_one_key_are_matched_in_their_order_and_that_is_told(kept):
    a = pl.DataFrame({"k": [1, 1, None, None, 2], "v": [1, 2, 3, 4, 5]})
    b = pl.DataFrame({"k": [2, None, 1, 1, 1], "v": [5, 3, 1, 9, 7]})
    rows = kept(a, b).rows(key="k")
    assert (rows.added, rows.removed, rows.changed) == (1, 1, 1)
    assert rows.note == "2 rows have a key that another row has too: matched in their order"


def test_a_key_that_is_not_there_is_told_and_rows_are_matched_all_the_same(kept):
    a = pl.DataFrame({"v": [1, 2]})
    rows = kept(a, a.head(1)).rows(key="id, v")
    assert rows.note == "the key id is no column of both"
    assert (rows.removed, rows.key) == (1, ())


def test_the_index_of_pandas_is_a_key(kept):
    a = pd.DataFrame({"v": np.arange(50) % 5}, index=[f"row {number}" for number in range(50)])
    b = a.sample(frac=1, random_state=0)
    b.loc[[f"row {number}" for number in range(7, 27)], "v"] = 99
    rows = kept(a, b).rows()
    assert (rows.key, rows.changed, rows.added, rows.removed) == (("index",), 20, 0, 0)
    assert {one.key[0] for one in rows.examples if one.op is RowOp.CHANGED} <= {f"row {number}" for number in range(7, 27)}


def test_columns_that_came_went_or_were_renamed_change_no_row(kept, large):
    after = large.rename({"x": "y"}).drop("n").with_columns(new=pl.lit(1))
    rows = kept(large, after).rows()
    assert counts(rows) == (0, 0, 0, 0, ROWS)
    assert rows.chunks_read == 0
    assert [(column.name, column.a_name, column.cells) for column in rows.columns] == [("y", "x", 0)]


def test_a_column_of_another_dtype_is_compared_by_value_and_told(kept):
    a = pd.DataFrame({"n": [1, 2, 3], "s": ["a", "b", "c"]})
    b = a.astype({"n": float, "s": object})
    b.loc[1, "n"] = np.nan
    rows = kept(a, b).rows()
    assert [(column.name, column.cells, column.is_retyped) for column in rows.columns] == [("n", 1, True), ("s", 0, True)]
    assert rows.changed == 1
    assert (rows.examples[0].cells[0].a, rows.examples[0].cells[0].b) == ("2", "nan")


def test_frames_of_two_libraries_are_compared_by_value(kept):
    a = pd.DataFrame({"n": [1, 2, 3], "s": ["a", None, "c"]})
    rows = kept(a, pl.DataFrame({"n": [1, 2, 4], "s": ["a", None, "c"]})).rows()
    assert counts(rows) == (0, 0, 1, 0, 2)


def test_mixed_cells_categories_moments_and_what_is_missing_keep_apart(kept):
    a = pd.DataFrame({"o": [1, "1", None, np.nan, pd.NA, [1]], "t": pd.to_datetime(["2020-01-01"] * 6), "z": [1j] * 6})
    a["c"] = pd.Categorical(["u", "v", None, "u", "v", "u"])
    b = a.copy()
    b.loc[0, "o"], b.loc[3, "o"], b.loc[2, "t"], b.loc[4, "z"] = "1", None, pd.NaT, 2j
    b["c"] = pd.Categorical(["u", "w", None, "u", "v", "u"], categories=["w", "v", "u"])
    rows = kept(a, b).rows()
    assert [(column.name, column.cells, column.is_retyped) for column in rows.columns] == [
        ("o", 2, False),
        ("t", 1, False),
        ("z", 1, False),
        ("c", 1, False),
    ]
    cells = {(one.a_row, cell.column): (cell.a, cell.b) for one in rows.examples for cell in one.cells}
    assert cells[0, "o"] == ("1 (before)", "1 (after)")
    assert cells[3, "o"] == ("nan", "None")
    assert cells[1, "c"] == ("v", "w")
    assert cells[2, "t"][1] == "null"


def test_arrays_and_series_have_rows_too(kept):
    assert counts(kept(np.arange(10.0), np.append(np.arange(10.0), 3)).rows()) == (1, 0, 0, 0, 10)
    table = np.arange(12).reshape(6, 2)
    other = table.copy()
    other[2, 1] = -1
    rows = kept(table, other).rows()
    assert (counts(rows), rows.columns[0].name) == ((0, 0, 1, 0, 5), "1")
    assert counts(kept(pd.Series([1, 2, 3]), pd.Series([1, 5, 3])).rows()) == (0, 0, 1, 0, 2)
    fields = np.array([(1, 2.0), (3, 4.0)], [("a", int), ("b", float)])
    again = fields.copy()
    again["b"][1] = np.nan
    assert counts(kept(fields, again).rows()) == (0, 0, 1, 0, 1)
    assert kept(np.zeros((2, 2, 2)), np.ones((2, 2, 2))).data().rows is None


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        (pl.DataFrame({"x": []}, schema={"x": pl.Int64}), pl.DataFrame({"x": [1]}), (1, 0, 0, 0, 0)),
        (pl.DataFrame({"x": [1, 2]}), pl.DataFrame({"x": []}, schema={"x": pl.Int64}), (0, 2, 0, 0, 0)),
        (pl.DataFrame({"x": [1, 2]}), pl.DataFrame({"y": [3, 4]}), (0, 0, 0, 0, 2)),
        (pd.DataFrame(index=range(3)), pd.DataFrame(index=range(5)), (2, 0, 0, 0, 3)),
        (pd.DataFrame(index=range(3)), pd.DataFrame({"x": [1, 2, 3]}), (0, 0, 0, 0, 3)),
        (pa.table({"l": [[1], None]}), pa.table({"l": [[1], []]}), (0, 0, 1, 0, 1)),
    ],
)
def test_frames_with_hardly_anything_in_them(kept, a, b, expected):
    assert counts(kept(a, b).rows()) == expected


def test_thousands_of_columns_cost_what_changed(kept):
    names = [f"c{number}" for number in range(5_000)]
    a = pa.table([pa.array([number, 2, 3]) for number in range(5_000)], names=names)
    b = a.set_column(4_000, names[4_000], pa.array([4_000, 2, 4]))
    rows = kept(a, b).rows()
    assert counts(rows) == (0, 0, 1, 0, 2)
    assert [cell.column for cell in rows.examples[0].cells] == [names[4_000]]


def test_pages_are_parts_of_one_list(kept, large):
    after = edited(large, "x", range(0, ROWS, 1000), [0.5] * (ROWS // 1000)).with_columns(n=large["n"])
    after = edited(after, "n", [0, 1], [-1, -1])[:-3]
    two = kept(large, after)
    whole = two.page(count=10_000)
    assert whole.total == 2 + 119 + 3
    pages = [two.page(start=start, count=50) for start in range(0, 150, 50)]
    assert [page.total for page in pages] == [whole.total] * 3
    assert tuple(row for page in pages for row in page.rows) == whole.rows
    assert two.page(column="n").total == 2
    assert {row.b_row for row in two.page(column="n").rows} == {0, 1}
    assert [row.op for row in two.page(op="removed").rows] == [RowOp.REMOVED] * 3
    assert two.page(op="moved").rows == ()
    assert two.page(start=10**6).rows == ()


@pytest.mark.parametrize(
    ("asked", "error", "said"),
    [
        ({"op": "gone"}, Invalid, "added"),
        ({"start": -1}, Invalid, "start"),
        ({"count": 10**6}, Invalid, "10,000"),
        ({"role": "model"}, Invalid, "output"),
        ({"column": "zz"}, ArtifactNotFound, "x"),
    ],
)
def test_what_cannot_be_asked_says_what_can(kept, asked, error, said):
    two = kept(pl.DataFrame({"x": [1]}), pl.DataFrame({"x": [2]}))
    with pytest.raises(error) as found:
        two.page(**asked)
    assert said in str(found.value)


def test_a_name_that_is_not_there_and_what_has_no_rows_are_refused(lake, new_draft, commit):
    for number in range(2):
        lake.commit(new_draft(lake, "frames", source=f"x = {number}", outputs={"d": {"a": number}, "only": [number]}))
    with pytest.raises(ArtifactNotFound, match="df"):
        lake.rows_between("frames:v1", "frames:v2", "df")
    with pytest.raises(Invalid, match="no rows"):
        lake.rows_between("frames:v1", "frames:v2", "d")


def test_a_damaged_chunk_is_a_problem_of_that_frame_alone(tmp_path, large, new_draft):
    lake = Lake.open(tmp_path / "lake")
    small = pl.DataFrame({"x": [1]})
    for number, frame in enumerate((large, edited(large, "x", [9], [0.5]))):
        outputs = {"df": frame, "small": small.with_columns(y=pl.lit(number))}
        lake.commit(new_draft(lake, "frames", source=f"df = {number}", outputs=outputs))
    packs = sorted((tmp_path / "lake").rglob("*.pack"), key=lambda one: one.stat().st_size) or sorted(
        (one for one in (tmp_path / "lake").rglob("objects/**/*") if one.is_file()), key=lambda one: one.stat().st_size
    )
    data = bytearray(packs[-1].read_bytes())
    data[64 : len(data) // 2] = bytes(len(data) // 2 - 64)
    packs[-1].chmod(0o644)
    packs[-1].write_bytes(bytes(data))
    compared_rows.forget()
    found = Lake.open(tmp_path / "lake").compare("frames:v1", "frames:v2")
    by_name = {one.name: one for one in found.data}
    assert by_name["df"].rows is None
    assert any("rows of output df" in problem for problem in found.problems)


def test_keys_in_many_parts_are_those_in_one(kept, large, monkeypatch):
    after = edited(large, "x", [5, 6], [9.0, None])[1:].sample(fraction=1, shuffle=True, seed=1)
    two = kept(large, after)

    def ask(frames, found):
        key = [pair for pair in frames.schema.pairs if pair.b.name == "id"]
        return [by_key(frames.a, frames.b, key, part).blocks.places() for part in (1 << 24, 1 << 12)]

    (one, other), (few, many) = two.asked(ask)
    assert (one == few).all()
    assert (other == many).all()


def test_columns_are_never_in_memory_as_a_whole(kept, monkeypatch):
    """The bound: a few windows of one column, and less than a hundred bytes a row for which row is which."""
    wide = ["x" * 500 + str(number) for number in range(60_000)]
    a = pa.table({"id": np.arange(60_000), "s": wide, "t": wide})
    b = pa.table({"id": np.arange(60_000)[::-1].copy(), "s": [text + "y" for text in wide[::-1]], "t": wide[::-1]})
    two = kept(a, b)
    monkeypatch.setattr(side, "WINDOW", 1 << 11)
    monkeypatch.setattr(keyed, "WINDOW", 1 << 11)
    monkeypatch.setattr("mvlake.handlers.remembering.LIMIT", 1 << 20)
    pool = pa.default_memory_pool()
    tracemalloc.start()
    before = pool.bytes_allocated()
    most = [0]

    def hear(what, done, size):
        most[0] = max(most[0], pool.bytes_allocated() - before + tracemalloc.get_traced_memory()[0])

    rows = two.rows(key="id", tell=hear)
    tracemalloc.stop()
    assert rows.changed == 60_000
    assert most[0] < a.nbytes / 3
