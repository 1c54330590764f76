import os
import signal
import subprocess
import sys
import threading
from datetime import UTC, datetime

import pytest

from mvlake.errors import InvalidQuery
from mvlake.index.index import Index
from mvlake.index.tables import TABLES

SECRET = "root:x:0:0"


@pytest.fixture
def index(log, shelf, new_version):
    for number in range(1, 6):
        log.append(new_version(number))
    return Index(shelf, log)


def test_the_best_versions_by_a_metric(index):
    answer = index.query("select ref, value from metrics where metric = 'auc' order by value desc limit 2;")
    assert answer.columns == ("ref", "value")
    assert answer.rows == (("fraud:v5", 0.751), ("fraud:v4", 0.701))


@pytest.mark.parametrize(
    "sql",
    [
        "from versions select ref",
        "with v as (from versions) select * from v",
        "describe versions",
        "show tables",
        "summarize metrics",
        "explain select * from versions",
        "explain analyze select * from versions",
        "values (1)",
        "pivot metrics on metric in ('auc') using max(value)",
        "/* a remark */ select 1 -- another",
    ],
)
def test_every_way_to_read_is_open(index, sql):
    assert index.query(sql).rows


def test_moments_come_back_in_utc(index):
    created, zoned, nested = index.query(
        "select created_at, created_at::timestamptz, [created_at] from versions where number = 1"
    ).rows[0]
    assert created == zoned == nested[0] == datetime(2026, 3, 3, 14, 0, 1, tzinfo=UTC)
    assert {moment.tzinfo for moment in (created, zoned, nested[0])} == {UTC}
    assert index.query("select count(*) from versions where created_at < now()").rows == ((5,),)


def test_columns_of_one_name_are_told_apart(index):
    answer = index.query("select 1 as a, 2 as a, 3 as a_1")
    assert len(set(answer.columns)) == 3
    assert answer.rows == ((1, 2, 3),)


@pytest.mark.parametrize("form", TABLES, ids=lambda form: form.name)
def test_an_empty_lake_has_every_table_with_its_types(log, shelf, form):
    index = Index(shelf, log)
    names = {
        "integer": "BIGINT",
        "number": "DOUBLE",
        "truth": "BOOLEAN",
        "moment": "TIMESTAMP",
        "text": "VARCHAR",
        "word": "VARCHAR",
    }
    described = index.query(f"select column_name, column_type from (describe {form.name})").rows
    assert described == tuple((name, names[kind]) for name, kind in form.columns)
    assert index.query(f"from {form.name}").rows == ()
    assert not dict(shelf)


HOSTILE = [
    "select * from read_csv('/etc/passwd')",
    "select * from '/etc/passwd'",
    "select * from read_text('/etc/passwd')",
    "select * from read_blob('/etc/passwd')",
    "select * from glob('/etc/*')",
    "select * from read_parquet('{folder}/x.parquet')",
    "select * from sniff_csv('/etc/passwd')",
    "attach '{folder}/x.db'",
    "attach 'http://127.0.0.1:9/x.db'",
    "select * from 'http://127.0.0.1:9/x.csv'",
    "copy versions to '{folder}/x.csv'",
    "copy (select 1) to '{folder}/x.parquet'",
    "explain analyze copy versions to '{folder}/x.csv'",
    "export database '{folder}/x'",
    "import database '{folder}'",
    "install httpfs",
    "load httpfs",
    "load '{folder}/x.duckdb_extension'",
    "set threads = 1",
    "set enable_external_access = true",
    "reset enable_external_access",
    "set variable x = 1",
    "pragma database_list",
    "pragma enable_profiling",
    "pragma temp_directory = '{folder}'",
    "create table x as select 1",
    "create temp view versions as select 1",
    "create macro f() as 1",
    "create secret s (type s3)",
    "create persistent secret s (type s3)",
    "drop view versions",
    "delete from versions",
    "insert into versions select * from versions",
    "update versions set name = 'x'",
    "explain analyze delete from versions",
    "explain analyze create table x as select 1",
    "with gone as (delete from versions returning *) select * from gone",
    "begin",
    "commit",
    "use memory",
    "prepare p as select 1",
    "call pragma_version()",
    "checkpoint",
    "vacuum",
    "select * from enable_logging(storage = 'file', storage_path = '{folder}')",
    "select 1; select 2",
    "select 1; drop view versions",
    "",
    ";",
    "-- nothing",
    "select",
    "select nothing from versions",
    "select \x00",
    "select '\ud800'",
    "(" * 5000,
    "select * from a_local_frame",
    "select * from __builtins__",
]


@pytest.mark.parametrize("sql", HOSTILE)
def test_what_does_more_than_read_is_refused(index, shelf, tmp_path, monkeypatch, sql):
    a_local_frame = pytest.importorskip("pyarrow").table({"secret": [SECRET]})
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InvalidQuery) as caught:
        index.query(sql.replace("{folder}", str(tmp_path)))
    assert "versions, params, metrics" in str(caught.value)
    assert SECRET not in str(caught.value)
    assert not list(tmp_path.iterdir())
    assert a_local_frame.num_rows == 1
    assert index.query("select count(*) from versions").rows == ((5,),)
    assert index.query("show tables").rows == tuple(sorted((form.name,) for form in TABLES))


def test_what_an_explain_ran_does_not_stay(index):
    index.query("explain analyze create temp table shadow as select 1")
    with pytest.raises(InvalidQuery):
        index.query("from shadow")


def test_no_stored_secret_is_seen(index):
    assert index.query("from duckdb_secrets()").rows == ()


def test_an_error_shows_where(index):
    with pytest.raises(InvalidQuery) as caught:
        index.query("selec ref from versions")
    assert "LINE 1: selec ref" in caught.value.reason
    assert caught.value.tables == tuple(form.name for form in TABLES)


def test_a_mistyped_column_shows_what_is_near(index):
    with pytest.raises(InvalidQuery, match='"reff" not found') as caught:
        index.query("select reff from versions")
    assert '"ref"' in caught.value.reason


def test_threads_may_share_an_index(index):
    answers = []
    ask = lambda: answers.extend(index.query("select sum(seq) from versions").rows for _ in range(10))  # noqa: E731
    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [((15,),)] * 40


@pytest.mark.parametrize("go", range(5))
def test_an_interrupt_is_an_interrupt_and_the_index_lives_on(index, go):
    index.query("select 1")
    threading.Timer(0.1 + go / 50, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
    with pytest.raises(KeyboardInterrupt):
        index.query("select count(*) from range(1000000) a, range(1000000) b where a.range * b.range % 7 = 3")
    assert index.query("select count(*) from versions").rows == ((5,),)


def test_importing_the_index_loads_neither_duckdb_nor_pyarrow():
    code = "import sys, mvlake.index.index; print({'duckdb', 'pyarrow', '_duckdb', 'blake3'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
