import json
from pathlib import Path

import pytest

from mvlake.errors import Invalid, InvalidQuery, InvalidVerb, MissingObject, VersionNotFound
from mvlake.lake.lake import Lake
from mvlake.lake.verbs import VERBS

SCHEMA = Path(__file__).parents[3] / "docs" / "spec" / "diff.schema.json"


@pytest.fixture
def two(lake, commit):
    commit(lake, depth=1, outputs={"x": {"a": 1}}, metrics={"auc": 0.5, "loss": float("nan")})
    commit(lake, depth=2, outputs={"x": {"a": 2}}, metrics={"auc": 0.75}, source="model = fit(df, 2)", message="second")
    return lake


def test_compare_tells_what_differs(two):
    diff = two.compare("fraud:v1", "fraud:v2")
    assert (diff.a.ref, diff.b.ref) == ("fraud:v1", "fraud:v2")
    (param,) = [one for one in diff.params if one.name == "depth"]
    assert (param.a, param.b) == (1, 2)
    (metric,) = [one for one in diff.metrics if one.name == "auc"]
    assert metric.delta == 0.25
    assert [one.name for one in diff.data] == ["x"]


def test_without_b_a_version_is_compared_with_its_parent(two, commit):
    assert two.compare("fraud:v2") == two.compare("fraud:v1", "fraud:v2")
    commit(two, depth=3, parent=1)
    assert two.compare("fraud").a.ref == "fraud:v1"


def test_without_b_and_parent_there_is_nothing_to_compare_with(two):
    with pytest.raises(VersionNotFound) as raised:
        two.compare("fraud:v1")
    assert "no parent" in str(raised.value)


def test_without_refs_the_newest_version_is_compared_with_where_it_came_from(two, commit):
    assert two.compare() == two.compare("fraud:v1", "fraud:v2")
    commit(two, depth=3, parent=1)
    assert (two.compare().a.ref, two.compare().b.ref) == ("fraud:v1", "fraud:v3")
    commit(two, depth=4)
    assert two.last_two("fraud") == two.last_two() == ("fraud:v3", "fraud:v4")
    commit(two, "churn", depth=1)
    with pytest.raises(VersionNotFound, match="only version of its name"):
        two.compare()


def test_three_versions_are_a_table(two, commit):
    commit(two, depth=2, metrics={"auc": 0.6})
    table = two.compare("fraud:v1", "fraud:v2", "fraud:v3")
    assert [one.ref for one in table.versions] == ["fraud:v1", "fraud:v2", "fraud:v3"]
    rows = {row.name: row for aspect in table.aspects for row in aspect.rows}
    assert [one.value for one in rows["depth"].had] == [1, 2, 2]
    assert [one.is_best for one in rows["auc"].had] == [False, True, False]
    assert not table.is_empty
    assert two.compare(*["fraud:v2"] * 3).is_empty
    assert two.pictures(table) == {}


@pytest.mark.parametrize("asked", [{"key": "x"}, {"exact": True}, {"cells": "all"}])
def test_what_looks_into_two_versions_is_refused_of_three(two, asked):
    with pytest.raises(Invalid, match="looks into two versions, and 3 are named"):
        two.compare(*["fraud:v1"] * 3, **asked)


def test_a_table_is_of_versions_that_exist_and_of_fifty_at_most(two):
    with pytest.raises(VersionNotFound):
        two.compare("fraud:v1", "fraud:v2", "fraud:v9")
    with pytest.raises(Invalid, match="3 refs and a live frame"):
        two.compare(*["fraud:v1"] * 3, with_={})
    assert len(two.compare(*["fraud:v1"] * 50).versions) == 50
    with pytest.raises(Invalid, match="a table takes 50"):
        two.compare(*["fraud:v1"] * 51)


def test_an_empty_lake_has_nothing_to_compare(lake):
    with pytest.raises(VersionNotFound, match="nothing to compare"):
        lake.compare()


def test_versions_of_two_names_compare(two, commit):
    commit(two, "churn", depth=1)
    assert two.compare("churn", "fraud").b.ref == "fraud:v2"


def test_a_version_does_not_differ_from_itself(two, as_json):
    diff = two.compare("fraud:v2", "fraud:v2")
    assert [one for one in diff.params if one.change.value != "unchanged"] == []
    assert as_json(diff)["a"] == as_json(diff)["b"]


def test_a_comparison_follows_its_schema(two, as_json):
    jsonschema = pytest.importorskip("jsonschema")
    jsonschema.validate(as_json(two.compare("fraud:v1", "fraud:v2")), json.loads(SCHEMA.read_text(encoding="utf-8")))


def test_pictures_of_an_answer_are_found_by_digest(lake, commit):
    figure = pytest.importorskip("matplotlib.figure").Figure()
    figure.subplots().plot([1, 2])
    commit(lake, outputs={"plot": figure})
    (artifact,) = lake.show("fraud").entry.version.artifacts
    for answer in (lake.show("fraud"), lake.compare("fraud", "fraud")):
        assert lake.pictures(answer)[artifact.digest].startswith(b"\x89PNG")
    assert lake.pictures(lake.show("fraud"))[artifact.object] == lake.load_bytes("fraud", "plot")


def test_a_picture_that_is_damaged_is_left_out(disk, commit):
    figure = pytest.importorskip("matplotlib.figure").Figure()
    commit(disk, outputs={"plot": figure})
    shown = disk.show("fraud")
    for path in Path(disk.path).glob("objects/*/*"):
        path.unlink()
    assert Lake.open(disk.path).pictures(shown) == {}
    with pytest.raises(MissingObject):
        Lake.open(disk.path).load_bytes("fraud", "plot")


def test_the_log_as_json_is_a_list_of_versions(two, as_json):
    two.note("fraud:v2", "hm")
    two.tag("fraud:v2", "base")
    newest, oldest = as_json(two.log())
    assert newest.keys() >= {
        "ref",
        "name",
        "number",
        "parent",
        "created_at",
        "author",
        "params",
        "metrics",
        "artifacts",
        "git",
        "notes",
        "tags",
    }
    assert (newest["ref"], newest["parent"], oldest["parent"]) == ("fraud:v2", "fraud:v1", None)
    assert (newest["params"], newest["metrics"], newest["message"]) == ({"depth": 2}, {"auc": 0.75}, "second")
    assert oldest["metrics"] == {"auc": 0.5, "loss": "NaN"}
    assert ([note["text"] for note in newest["notes"]], newest["tags"]) == (["hm"], ["base"])


def test_a_version_as_json_has_all_that_is_known(two, as_json):
    shown = as_json(two.show("fraud:v2"))
    assert shown.keys() >= {
        "ref",
        "name",
        "number",
        "parent",
        "created_at",
        "author",
        "params",
        "metrics",
        "artifacts",
        "code",
        "environment",
        "git",
        "notes",
        "tags",
    }
    (artifact,) = shown["artifacts"]
    assert artifact.keys() >= {"role", "name", "handler", "digest", "size"}
    assert (artifact["role"], artifact["name"], artifact["handler"]) == ("output", "x", "plain")
    assert artifact["size"] == len(two.load_bytes("fraud:v2", "x"))
    assert [cell["source"] for cell in shown["code"]] == ["df = read()", "%%track fraud\nmodel = fit(df, 2)"]
    assert shown["environment"]["python"] == "3.11.9"


def test_sql_sees_what_was_committed_a_moment_ago(two, commit):
    question = "select count(*) from versions"
    assert two.sql(question).rows == ((2,),)
    commit(two, depth=9)
    assert two.sql(question).rows == ((3,),)
    two.promote("fraud:v3", "production")
    assert two.sql("select count(*) from labels").rows == ((1,),)


def test_sql_sees_what_another_kernel_committed(tmp_path, commit):
    mine, theirs = Lake.open(tmp_path), Lake.open(tmp_path)
    commit(theirs, depth=1)
    assert mine.sql("select ref from versions").rows == (("fraud:v1",),)


@pytest.mark.parametrize("table", ["versions", "params", "metrics", "artifacts", "labels", "events"])
def test_every_table_is_there_even_in_an_empty_lake(lake, table):
    assert lake.sql(f"select * from {table}").rows == ()


@pytest.mark.parametrize(
    "query",
    [
        "",
        ";",
        "select",
        "select * from nothing",
        "drop table versions",
        "create table x (a int)",
        "select 1; select 2",
        "copy versions to 'x'",
        "attach 'x.db'",
        "install httpfs",
        "load httpfs",
        "select * from read_csv('/etc/passwd')",
        "select * from '/etc/passwd'",
        "select * from read_text('/etc/passwd')",
        "select * from glob('/*')",
        "set enable_external_access = true",
        "pragma database_list",
        "export database 'x'",
        "select getenv('HOME')",
        "insert into versions select * from versions",
        "call pragma_version()",
        "\x00",
        "\ud800",
        "select " * 3000,
    ],
    ids=lambda text: ascii(text[:30]),
)
def test_sql_that_does_not_only_read_the_tables_is_refused(two, tmp_path, monkeypatch, query):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InvalidQuery) as raised:
        two.sql(query)
    assert "versions" in str(raised.value)
    assert "root:" not in str(raised.value)
    assert list(tmp_path.iterdir()) == []
    assert two.sql("select count(*) from versions").rows == ((2,),)


def test_the_index_can_be_thrown_away(disk, commit):
    import shutil

    for depth in range(3):
        commit(disk, depth=depth, metrics={"auc": depth / 10})
    before = disk.sql("select ref, value from metrics order by ref").rows
    shutil.rmtree(Path(disk.path) / "index")
    assert disk.sql("select ref, value from metrics order by ref").rows == before
    assert Lake.open(disk.path).sql("select ref, value from metrics order by ref").rows == before
    assert "3 records" in disk.rebuild().sentence
    assert Lake.open(disk.path).sql("select ref, value from metrics order by ref").rows == before


def test_an_index_that_is_garbage_is_made_anew(disk, commit):
    for depth in range(3):
        commit(disk, depth=depth)
    disk.sql("select 1")
    files = [path for path in (Path(disk.path) / "index").rglob("*") if path.is_file()]
    assert files
    for path in files:
        path.chmod(0o644)
        path.write_bytes(b"garbage")
    assert Lake.open(disk.path).sql("select count(*) from versions").rows == ((3,),)
    disk.rebuild()
    assert Lake.open(disk.path).sql("select count(*) from versions").rows == ((3,),)


def test_show_of_a_version_with_lost_objects_says_so(disk, commit):
    commit(disk, outputs={"x": 1})
    for path in Path(disk.path).glob("objects/*/*"):
        path.unlink()
    shown = Lake.open(disk.path).show("fraud")
    assert shown.entry.ref == "fraud:v1"
    assert shown.dossier.sources == (None, None)
    assert shown.dossier.environment is None
    assert len(shown.dossier.problems) == 4
    assert Lake.open(disk.path).compare("fraud", "fraud")


def test_help_of_a_verb_that_is_none_lists_those_there_are():
    assert Lake.help("show").verbs[0][0] == "show"
    assert len(Lake.help().verbs) == len(VERBS)
    with pytest.raises(InvalidVerb) as raised:
        Lake.help("shwo")
    assert "did you mean show" in str(raised.value)
    assert "rollback" in str(raised.value)


def test_a_lake_says_where_it_is(disk, lake):
    assert repr(disk) == f"Lake({disk.path!r})"
    assert repr(lake) == "Lake('memory')"
