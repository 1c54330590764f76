"""Frames in a query: which columns are read, how much of them at once, and what their errors become."""

import pyarrow as pa
import pytest

from mvlake.errors import InvalidQuery, MissingObject
from mvlake.index.index import Index

BLOCKS, ROWS = 40, 50_000


class Numbers:
    """A frame of three columns that remembers what was asked of it."""

    def __init__(self, asked, columns=("a", "b", "c"), fail_at=None):
        self.asked, self.columns, self.fail_at = asked, columns, fail_at
        self.schema = pa.schema([(name, pa.int64()) for name in columns])

    def blocks(self):
        for number in range(BLOCKS):
            if number == self.fail_at:
                raise MissingObject("b3:0")
            self.asked.append((number, self.columns))
            yield pa.table({name: pa.array(range(number * ROWS, (number + 1) * ROWS)) for name in self.columns}, schema=self.schema)

    def narrowed(self, columns):
        return Numbers(self.asked, tuple(name for name in self.columns if name in columns) or self.columns[:1], self.fail_at)


@pytest.fixture
def index(log, shelf, new_version):
    log.append(new_version(1))
    return Index(shelf, log)


@pytest.mark.parametrize(
    ("query", "columns"),
    [
        ('select sum(b) from "n:v1/x"', ("b",)), ('select count(*) from "n:v1/x"', ("a",)), ('select b from "n:v1/x" where c > 3 limit 1', ("b", "c")),
        ('select max(b) from "n:v1/x" natural join (select 5 as a)', ("a", "b")), ('from "n:v1/x" limit 1', ("a", "b", "c")),
        ('select (select max(c) from "n:v1/x" i where i.a = o.v) from (values (1)) o(v)', ("a", "c")), ('summarize "n:v1/x"', ("a", "b", "c")),
    ],
)  # fmt: skip
def test_only_the_columns_that_a_query_needs_are_read(index, query, columns):
    asked = []
    assert index.query(query, lambda name: Numbers(asked)).rows
    assert {one for _, one in asked} == {columns}


def test_two_frames_have_each_its_own_columns(index):
    asked = {"n:v1/x": [], "n:v2/x": []}
    query = 'select sum(p.b) from "n:v1/x" p join (select a from "n:v2/x") q using (a)'
    assert index.query(query, lambda name: Numbers(asked[name])).rows == ((sum(range(BLOCKS * ROWS)),),)
    assert all("c" not in columns for one in asked.values() for _, columns in one)


def test_what_has_been_answered_is_not_read_further(index):
    asked = []
    assert index.query('from "n:v1/x" limit 3', lambda name: Numbers(asked)).rows[0] == (0, 0, 0)
    assert len(asked) < BLOCKS


def test_nothing_is_read_to_explain_or_describe(index):
    asked = []
    for query in ('explain select sum(a) from "n:v1/x"', 'describe "n:v1/x"', 'describe select a from "n:v1/x"'):
        assert index.query(query, lambda name: Numbers(asked)).rows
    assert asked == []


@pytest.mark.parametrize("at", [0, 3, BLOCKS - 1])
def test_the_error_of_a_frame_is_raised_as_it_is(index, at):
    with pytest.raises(MissingObject):
        index.query('select sum(a) from "n:v1/x"', lambda name: Numbers([], fail_at=at))
    with pytest.raises(MissingObject):
        index.arrow('select sum(a) from "n:v1/x"', lambda name: Numbers([], fail_at=at))
    assert index.query("select 1").rows == ((1,),)


def test_the_error_of_a_name_is_raised_as_it_is_and_leaves_nothing_shown(index):
    def find(name):
        if name == "n:v2/x":
            raise MissingObject("b3:0")
        return Numbers([])

    with pytest.raises(MissingObject):
        index.query('select 1 from "n:v1/x", "n:v2/x"', find)
    assert not [row for row in index.query("show tables").rows if "/" in row[0]]


def test_names_in_text_remarks_and_other_places_are_not_looked_for(index):
    def find(name):
        raise AssertionError(name)

    for query in (
        "select 'from \"n:v1/x\"'",
        'select 1 -- from "n:v1/x"',
        'select 1 /* from "n:v1/x" */',
        'select 1 as "n:v1/x"',
        "select 1/2",
    ):
        assert index.query(query, find).rows
    with pytest.raises(InvalidQuery):
        index.query('select 1; from "n:v1/x"', find)
    with pytest.raises(InvalidQuery):
        index.query('create view v as from "n:v1/x"', find)


def test_very_many_rows_are_had_as_a_frame_alone(index):
    with pytest.raises(InvalidQuery) as raised:
        index.query('select a from "n:v1/x"', lambda name: Numbers([]))
    assert "LIMIT" in raised.value.message
    assert index.arrow('select a from "n:v1/x"', lambda name: Numbers([])).num_rows == BLOCKS * ROWS
