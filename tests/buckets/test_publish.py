import sys

import pyarrow.parquet
import pytest
from deltalake import DeltaTable
from pyiceberg.catalog import load_catalog

from mvlake import index
from mvlake.errors import InvalidVerb, Refused
from mvlake.index import cover, segments
from mvlake.index.tables import TABLE_NAMES
from mvlake.lake.lake import Lake


@pytest.fixture(autouse=True)
def short(monkeypatch):
    """Segments of 16 records, four of which become one of 64."""
    monkeypatch.setattr(segments, "SPANS", (64, 16))
    monkeypatch.setattr(cover, "SPANS", (64, 16))


@pytest.fixture(params=["folder", "bucket"])
def lake(request, tmp_path):
    return Lake.open(request.getfixturevalue("server").url() if request.param == "bucket" else tmp_path / "lake")


def grow(lake, commit, to):
    for number in range(len(lake.log()), to):
        commit(lake, depth=number, metrics={"auc": number / 100})


def root(lake):
    return lake.path if lake.path.startswith("s3:") else f"file://{lake.path}"


def delta(lake, table, server=None):
    options = {"AWS_ALLOW_HTTP": "true"} if lake.path.startswith("s3:") else {}
    return DeltaTable(f"{root(lake)}/index/{table}", storage_options=options)


def parquet_files(lake):
    store = lake._parts.store
    return {key: store.get(key) for key in store.keys("index/") if key.endswith(".parquet")}


def test_delta_tables_say_what_sql_says(lake, commit):
    grow(lake, commit, 40)
    lake.sql("select 1")
    before = parquet_files(lake)
    answer = lake.publish(to="delta")
    assert "records 1 to 32" in answer.sentence
    assert parquet_files(lake) == before  # nothing was copied, nothing changed
    for table in TABLE_NAMES:
        rows = delta(lake, table).to_pyarrow_table()
        asked = lake.sql(f"select count(*) from {table} where seq <= 32").rows
        assert ((rows.num_rows,),) == asked
        assert rows.schema.names == list(lake.sql(f"from {table} limit 0").columns)
    metrics = delta(lake, "metrics").to_pyarrow_table().sort_by("number")
    assert metrics["value"].to_pylist() == [number / 100 for number in range(32)]
    assert metrics["name"].to_pylist() == ["fraud"] * 32


def test_publishing_again_follows_the_lake_and_names_each_record_once(lake, commit):
    grow(lake, commit, 40)
    lake.publish(to="delta")
    assert "nothing to do" in lake.publish(to="delta").sentence
    assert delta(lake, "versions").version() == 0
    grow(lake, commit, 70)
    lake.sql("select 1")  # joins four segments into one
    old = delta(lake, "versions").to_pyarrow_table()
    assert sorted(old["number"].to_pylist()) == list(range(1, 33))  # the files that the table names are still there
    lake.publish(to="delta")
    numbers = delta(lake, "versions").to_pyarrow_table()["number"].to_pylist()
    assert sorted(numbers) == list(range(1, 65))
    assert {key.rpartition("/")[2] for key in parquet_files(lake)} == {"000001-000064.parquet"}
    assert lake.sql("select count(*) from versions").rows == ((70,),)


def test_a_rebuild_leaves_delta_its_log(lake, commit):
    grow(lake, commit, 20)
    lake.publish()
    lake.rebuild()
    lake.publish()
    assert delta(lake, "versions").to_pyarrow_table().num_rows == 16
    assert lake.verify().is_clean


def test_a_published_lake_is_pushed_and_published_there(server, tmp_path, commit):
    lake = Lake.open(tmp_path / "lake")
    grow(lake, commit, 20)
    lake.publish()
    lake.push(server.url())
    there = Lake.open(server.url())
    there.publish()
    assert delta(there, "versions").to_pyarrow_table().num_rows == 16


def test_iceberg_tables_say_what_sql_says(lake, commit, tmp_path, server):
    uri = f"sqlite:///{tmp_path}/catalog.db"
    grow(lake, commit, 40)
    lake.sql("select 1")
    before = parquet_files(lake)
    lake.publish(to="iceberg", catalog=uri)
    assert {key: data for key, data in parquet_files(lake).items() if key in before} == before
    catalog = load_catalog("mvlake", type="sql", uri=uri, **{"s3.endpoint": server.environ["AWS_ENDPOINT_URL"]})
    for table in TABLE_NAMES:
        rows = catalog.load_table(("mvlake", table)).scan().to_arrow()
        assert ((rows.num_rows,),) == lake.sql(f"select count(*) from {table} where seq <= 32").rows
    metrics = catalog.load_table(("mvlake", "metrics")).scan(row_filter="value >= 0.3").to_arrow()
    assert sorted(metrics["number"].to_pylist()) == [31, 32]
    assert "nothing to do" in lake.publish(to="iceberg", catalog=uri).sentence
    grow(lake, commit, 70)
    lake.publish(to="iceberg", catalog=uri)
    numbers = catalog.load_table(("mvlake", "versions")).scan().to_arrow()["number"].to_pylist()
    assert sorted(numbers) == list(range(1, 65))


def test_without_the_extension_ducklake_is_refused_and_nothing_is_downloaded(tmp_path, commit):
    lake = Lake.open(tmp_path / "lake")
    grow(lake, commit, 20)
    duckdb = pytest.importorskip("duckdb")
    with duckdb.connect(config={"autoinstall_known_extensions": "false"}) as connection:
        installed = connection.execute("select installed from duckdb_extensions() where extension_name = 'ducklake'").fetchone()
    assert installed in (None, (False,))  # where somebody has it, this test is to become one that reads the tables back
    with pytest.raises(Refused, match="no ducklake extension") as caught:
        lake.publish(to="ducklake", catalog=str(tmp_path / "catalog.ducklake"))
    assert "INSTALL ducklake" in caught.value.hint


def test_what_cannot_be_published_is_said(tmp_path, commit):
    lake = Lake.open(tmp_path / "lake")
    grow(lake, commit, 3)
    with pytest.raises(Refused, match="no segment is finished"):
        lake.publish()
    with pytest.raises(InvalidVerb, match="nothing to publish to"):
        lake.publish(to="hudi")
    with pytest.raises(InvalidVerb, match="to be named"):
        lake.publish(to="iceberg")


@pytest.mark.parametrize("catalog", ["nothere", "sqlite:////no/such/folder/x.db", "postgresql://me:secret@127.0.0.1:1/db"])
def test_a_catalog_that_cannot_be_used_is_refused_without_its_password(tmp_path, commit, catalog):
    lake = Lake.open(tmp_path / "lake")
    grow(lake, commit, 17)
    with pytest.raises(Refused, match="could not be registered") as raised:
        lake.publish(to="iceberg", catalog=catalog)
    assert "--catalog" in raised.value.hint
    assert "secret" not in str(raised.value)


def test_the_files_of_a_table_have_one_schema(tmp_path, commit):
    lake = Lake.open(tmp_path / "lake")
    grow(lake, commit, 40)
    lake.sql("select 1")
    for table in TABLE_NAMES:
        schemas = {str(pyarrow.parquet.read_schema(one)) for one in (tmp_path / "lake/.mvlake/index" / table).glob("*.parquet")}
        assert len({text.partition("-- schema metadata")[0] for text in schemas}) == 1


@pytest.mark.parametrize(("to", "library"), [("delta", "deltalake"), ("iceberg", "pyiceberg")])
def test_without_its_library_it_is_said_what_to_install(tmp_path, commit, monkeypatch, to, library):
    for name in [library, *(one for one in sys.modules if one.startswith(f"{library}."))]:
        monkeypatch.setitem(sys.modules, name, None)
    monkeypatch.delitem(sys.modules, f"mvlake.index.publish_{to}", raising=False)
    monkeypatch.delattr(index, f"publish_{to}", raising=False)
    with pytest.raises(Refused, match=f"needs {library}"):
        Lake.open(tmp_path / "lake").publish(to=to, catalog="" if to == "delta" else "sqlite://")
