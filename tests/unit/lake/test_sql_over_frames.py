"""SQL over the frames of versions: two of them joined, names that mean something else, and content that is not there."""

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from mvlake.errors import ArtifactNotFound, DamagedObject, Invalid, InvalidQuery, MissingObject, VersionNotFound
from mvlake.store.keys import object_key

ROWS = 300_000  # more than two blocks, and than a row group of DuckDB


@pytest.fixture
def made(lake, commit):
    one = pd.DataFrame({"id": np.arange(ROWS), "x": np.arange(ROWS) * 0.5, "s": ["a", "b", "c"] * (ROWS // 3)})
    commit(lake, depth=1, outputs={"df": one, "note": "text"})
    commit(lake, depth=2, outputs={"df": one.assign(x=one["x"] + (one["id"] % 1000 == 7))})
    lake.promote("fraud:v1", "production")
    return lake


def test_two_versions_of_a_frame_are_joined(made):
    answer = made.sql(
        """select a.s, count(*) as changed, sum(b.x - a.x) as by
           from "fraud:v1/df" a join "fraud:v2/df" b using (id) where a.x <> b.x group by all order by all"""
    )
    assert answer.columns == ("s", "changed", "by")
    assert answer.rows == (("a", 100, 100.0), ("b", 100, 100.0), ("c", 100, 100.0))


@pytest.mark.parametrize("name", ["fraud:v1/df", "fraud@production/df", "fraud:v2~1/df", "fraud:1/df", "@production/df"])
def test_a_ref_of_every_form_names_a_frame(made, name):
    assert made.sql(f'select count(*), max(x) from "{name}"').rows == ((ROWS, (ROWS - 1) * 0.5),)


def test_frames_and_the_log_are_asked_together(made):
    answer = made.sql("""select v.ref, (select max(id) from "fraud:v2/df") from versions v where v.number = 2""")
    assert answer.rows == (("fraud:v2", ROWS - 1),)


@pytest.mark.parametrize(
    "query",
    [
        'describe "fraud:v1/df"', 'summarize "fraud:v1/df"', 'explain select * from "fraud:v1/df"', 'from "fraud:v1/df" limit 2',
        'explain analyze select x from "fraud:v1/df"', 'with w as (from "fraud:v1/df" limit 1) select * from w, versions',
        """select * from 'fraud:v1/df' limit 1""", 'select * from "fraud:v1/df" natural join "fraud:v2/df" limit 1',
        'select columns(lambda c: c like \'%d\') from "fraud:v1/df" limit 1', 'select "fraud:v1/df".x from "fraud:v1/df" limit 1',
        'select * from "fraud:v1/df" where id in (select id from "fraud:v2/df" where x > 3) limit 1', '-- "a:v1/b"\nselect 1',
        "select 'from \"a:v1/b\"'", 'select 1 as "a:v1/b"', 'with "a:v1/b" as (select 1) from "a:v1/b"', "select 6 / 2",
    ],
)  # fmt: skip
def test_whatever_reads_may_name_a_frame_or_only_seem_to(made, query):
    assert made.sql(query).rows


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ('from "nobody:v1/df"', VersionNotFound), ('from "fraud:v9/df"', VersionNotFound), ('from "fraud:v1/nothing"', ArtifactNotFound),
        ('from "fraud:v1/note"', Invalid), ('from "fraud:v1"', Invalid), ('from "fraud:v1/"', ArtifactNotFound),
        ('from "../../etc/passwd"', InvalidQuery), ("from '/etc/passwd'", InvalidQuery), ("from 'https://x.org/a.parquet'", InvalidQuery),
        ('from "fraud:v1/df""; drop table versions; --"', ArtifactNotFound), ('from "fraud:v1/df" join "FRAUD:V1/df" using (id)', InvalidQuery),
        ('select nothing from "fraud:v1/df"', InvalidQuery), ('create table t as from "fraud:v1/df"', InvalidQuery),
        ('drop view "fraud:v1/df"', InvalidQuery), ('from main."fraud:v1/df"', InvalidQuery), ("from query_table('fraud:v1/df')", InvalidQuery),
        ('from "fraud:v1/df"; from "fraud:v1/df"', InvalidQuery), ('copy "fraud:v1/df" to \'x.csv\'', InvalidQuery),
        ('from "fraud:v1/df" limit 100001', InvalidQuery), (f'from "{"x" * 5000}:v1/df"', InvalidQuery),
    ],
)  # fmt: skip
def test_what_names_no_frame_is_said(made, query, error):
    with pytest.raises(error) as raised:
        made.sql(query)
    assert len(str(raised.value)) < 1500
    assert made.sql("select count(*) from versions").rows == ((2,),)


def test_a_frame_is_seen_by_its_query_alone(made):
    made.sql('select count(*) from "fraud:v1/df"')
    assert ("fraud:v1/df",) not in made.sql("show tables").rows


def test_all_rows_come_as_a_frame(made):
    query = 'select id, x from "fraud:v1/df" order by id'
    assert made.sql(query, as_="arrow")["id"].to_pylist() == list(range(ROWS))
    assert isinstance(made.sql(query, as_="polars"), pl.DataFrame)
    pd.testing.assert_frame_equal(made.sql(query, as_="pandas"), made.load("fraud:v1", "df", columns=["id", "x"]))
    with pytest.raises(Invalid):
        made.sql(query, as_="spark")


def test_frames_of_polars_and_arrow_are_joined_with_those_of_pandas(lake, commit):
    frame = pd.DataFrame({"id": [1, 2, 3], "v": [1.5, np.nan, 2.5]}, index=pd.Index(["p", "q", "r"], name="key"))
    commit(
        lake, outputs={"a": frame, "b": pl.DataFrame({"id": [2, 3], "w": ["x", None]}), "c": pa.table({"id": [3], "z": [[1, 2]]})}
    )
    answer = lake.sql(
        'select key, v, w, z from "fraud/a" left join "fraud/b" using (id) left join "fraud/c" using (id) order by id'
    )
    assert answer.rows == (("p", 1.5, None, None), ("q", None, "x", None), ("r", 2.5, None, [1, 2]))
    assert lake.sql('select count(*) from "fraud/a"').rows == ((3,),)


class Counting:
    """The objects of a lake, counting what is read of them."""

    def __init__(self, lake):
        self._read = lake._parts.objects.read
        self.read = []
        lake._parts.objects.read = self._counted

    def _counted(self, digest, **more):
        self.read.append(digest)
        return self._read(digest, **more)


def test_a_column_that_a_query_does_not_need_is_not_read(made):
    counting = Counting(made)
    made.sql('select count(*), max(x) from "fraud:v1/df" where id > 5')
    two, counting.read = set(counting.read), []
    made.sql('select * from (from "fraud:v1/df" order by s limit 3)')
    assert len(two) < len(set(counting.read))
    counting.read = []
    made.load("fraud:v1", "df", columns=["x"])
    one, counting.read = set(counting.read), []
    made.load("fraud:v1", "df", columns=["x"], rows=range(10))
    few, counting.read = set(counting.read), []
    made.load("fraud:v1", "df")
    assert len(few) < len(one) < len(set(counting.read))
    assert len(few) == 5  # the frame, its labels in two, the column, a chunk


def test_damaged_and_forgotten_content_is_said(disk, commit):
    frame = pd.DataFrame({"id": np.arange(ROWS), "x": np.random.default_rng(0).random(ROWS)})
    commit(disk, outputs={"df": frame})
    store = disk._parts.store
    for key in [key for key in store.keys("objects/") if key.endswith(".pack")]:
        data = bytearray(store.get(key))
        data[len(data) // 2] ^= 1
        store.put_hint(key, bytes(data))
    with pytest.raises((DamagedObject, MissingObject)):
        disk.sql('select sum(x), sum(id) from "fraud:v1/df"')
    with pytest.raises((DamagedObject, MissingObject)):
        disk.load("fraud:v1", "df", columns=["id", "x"])
    assert object_key(disk.show("fraud").entry.version.artifacts[0].object)
    assert disk.sql("select count(*) from versions").rows == ((1,),)


def test_a_users_moment_without_a_zone_gets_none(lake, commit, as_json):
    moment = pd.Timestamp("2026-03-03 14:00")
    commit(lake, depth=1, outputs={"df": pd.DataFrame({"at": [moment] * 2})})
    answer = lake.sql('select max("at") from "fraud:v1/df"')
    assert answer.rows == ((moment.to_pydatetime(),),)
    assert list(as_json(answer)[0].values()) == ["2026-03-03T14:00:00"]
