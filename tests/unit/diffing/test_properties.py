"""What holds of every comparison of two frames."""

import polars as pl
import pyarrow as pa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mvlake.compare.row_changes import RowOp
from mvlake.handlers.columns import column_digest
from mvlake.handlers.diffing.report import page

CELLS = {
    "whole": (st.integers(-3, 3), pl.Int64),
    "wide": (st.integers(-(2**63), 2**63 - 1), pl.Int64),
    "real": (st.sampled_from([0.0, -0.0, 1.5, float("nan"), float("inf"), 2.0**60]), pl.Float64),
    "text": (st.sampled_from(["", "a", "ab", "null", "\0", "é" * 9, "x" * 40 + "y", "x" * 40 + "z"]), pl.String),
    "truth": (st.booleans(), pl.Boolean),
    "list": (st.lists(st.one_of(st.none(), st.integers(0, 2)), max_size=3), pl.List(pl.Int8)),
    "pair": (
        st.fixed_dictionaries({"u": st.one_of(st.none(), st.integers(0, 1)), "v": st.sampled_from(["", "q"])}),
        pl.Struct({"u": pl.Int8, "v": pl.String}),
    ),
}


@st.composite
def rows_of(draw, names, most=30):
    cells = st.fixed_dictionaries({name: st.one_of(st.none(), CELLS[name][0]) for name in names})
    return draw(st.lists(cells, max_size=most))


@st.composite
def two_frames(draw):
    """A frame with a key, and what somebody made of it: rows edited, left out, put in, in another order; columns too."""
    names = draw(st.lists(st.sampled_from(sorted(CELLS)), min_size=1, max_size=4, unique=True))
    before = [{"key": place, **row} for place, row in enumerate(draw(rows_of(names)))]
    after = [dict(row) for row in before]
    for _ in range(draw(st.integers(0, 4))):
        change = draw(st.sampled_from(["edit", "drop", "insert", "move", "turn", "shuffle"]))
        place = draw(st.integers(0, max(0, len(after) - 1)))
        if change == "insert":
            (row,) = draw(st.lists(st.fixed_dictionaries({name: CELLS[name][0] for name in names}), min_size=1, max_size=1))
            after.insert(place, {"key": 1000 + len(after), **row})
        elif after and change == "edit":
            name = draw(st.sampled_from(names))
            after[place][name] = draw(st.one_of(st.none(), CELLS[name][0]))
        elif after and change == "drop":
            del after[place]
        elif after and change == "move":
            after.insert(draw(st.integers(0, len(after) - 1)), after.pop(place))
        elif change == "turn":
            after.reverse()
        elif change == "shuffle":
            after = draw(st.permutations(after))
    schema = {"key": pl.Int64} | {name: CELLS[name][1] for name in names}
    with_key = draw(st.booleans())
    frames = [pl.DataFrame(rows, schema=schema, strict=False) for rows in (before, after)]
    return [frame if with_key else frame.drop("key") for frame in frames], with_key


def differ(frame, other):
    return [column_digest(pa.chunked_array(one)) for one in frame.get_columns()] != [
        column_digest(pa.chunked_array(one)) for one in other.get_columns()
    ]


SETTINGS = settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@SETTINGS
@given(two_frames(), st.booleans())
def test_applying_the_difference_to_a_gives_b(kept, found, by_key):
    (a, b), with_key = found
    theirs, made = kept(a, b).rebuilt(("key",) if with_key and by_key else ())
    assert list(made) == list(theirs)
    for name, column in theirs.items():
        assert column_digest(made[name]) == column_digest(column), name


@SETTINGS
@given(two_frames(), st.booleans())
def test_b_to_a_is_the_mirror_of_a_to_b(kept, found, by_key):
    (a, b), with_key = found
    if not differ(a, b):
        return
    lake, key = kept(a, b), ("key",) if with_key and by_key else ()

    def all_rows(frames, matched):
        return page(frames, matched, op=None, column=None, start=0, count=1000)[1]

    there, back = lake.asked(all_rows, key), lake.asked(all_rows, key, turned=True)
    turned = {RowOp.ADDED: RowOp.REMOVED, RowOp.REMOVED: RowOp.ADDED}
    assert sorted((turned.get(one.op, one.op).value, one.b_row or -1, one.a_row or -1, one.is_moved) for one in back) == sorted(
        (one.op.value, one.a_row or -1, one.b_row or -1, one.is_moved) for one in there
    )
    if key:
        assert {one.key: {cell.column for cell in one.cells} for one in there} == {
            one.key: {cell.column for cell in one.cells} for one in back
        }


@SETTINGS
@given(two_frames(), st.booleans())
def test_the_numbers_add_up(kept, found, by_key):
    (a, b), with_key = found
    if not differ(a, b):
        return
    lake = kept(a, b)
    rows = lake.rows(key="key" if with_key and by_key else None)
    assert rows.removed + rows.changed + rows.unchanged == len(a)
    assert rows.added + rows.changed + rows.unchanged == len(b)
    assert rows.chunks_read <= rows.chunks
    assert rows.moved <= rows.changed + rows.unchanged
    assert sum(column.cells for column in rows.columns) >= rows.changed
    listed = lake.page(count=1000, key="key" if with_key and by_key else None)
    counts = {op: sum(one.op is op for one in listed.rows) for op in RowOp}
    assert (counts[RowOp.ADDED], counts[RowOp.REMOVED], counts[RowOp.CHANGED]) == (rows.added, rows.removed, rows.changed)
    assert counts[RowOp.MOVED] + sum(one.is_moved and one.op is RowOp.CHANGED for one in listed.rows) == rows.moved
    for column in rows.columns:
        assert lake.page(count=1000, column=column.name, key="key" if with_key and by_key else None).total == column.cells


@SETTINGS
@given(two_frames())
def test_a_frame_and_itself_do_not_differ_and_no_chunk_is_read(kept, found):
    (a, _), _ = found
    lake = kept(a, a.clone())
    rows = lake.rows()
    assert (rows.added, rows.removed, rows.changed, rows.moved, rows.unchanged) == (0, 0, 0, 0, len(a))
    assert rows.chunks_read == 0
    assert rows.examples == ()
    assert lake.asked(lambda frames, matched: (matched.left, len(frames.a.shelf.read & frames.a.chunks))) == (0, 0)
