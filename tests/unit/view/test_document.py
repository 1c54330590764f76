import json
from dataclasses import replace

import pytest

from mvlake.errors import VersionNotFound
from mvlake.records.answers import Table
from mvlake.records.facts import Metric, MetricSource, Param, ParamSource
from mvlake.records.plain import to_plain
from mvlake.view.document import as_document

ALWAYS = {
    "ref", "name", "number", "parent", "created_at", "author", "origin", "message", "duration", "peak_memory", "usage", "started_at", "notebook",
    "params", "metrics", "param_sources", "metric_sources", "metric_details", "guesses", "artifacts", "git", "names", "omitted", "described", "lineage", "redacted", "hints",
    "draws", "imports", "lock", "seeds", "warnings", "files", "notes", "corrections", "tags", "labels", "verdict", "replays",
    "confirmations", "forgotten", "digest", "identity",
}  # fmt: skip
RESOLVED = {
    "code", "environment", "modules", "streams", "displays", "problems", "standing", "gates", "gates_problem"
}  # fmt: skip


def test_every_answer_is_strict_json(make):
    for answer in make.answers().values():
        json.dumps(as_document(answer), allow_nan=False, ensure_ascii=False).encode("utf-8")


@pytest.mark.parametrize("payload", ["\ud800\x00\x1b", "</script>", "x" * 1000])
def test_hostile_answers_are_strict_json_too(make, payload):
    for answer in make.answers().values():
        if not isinstance(answer, Exception):
            json.dumps(as_document(make.poisoned(answer, payload)), allow_nan=False, ensure_ascii=False).encode("utf-8")


def test_a_log_is_a_list_of_versions_newest_first(make):
    document = as_document(make.answers()["History"])
    assert [version["ref"] for version in document] == ["fraud-detector:v3", "fraud-detector:v2", "fraud-detector:v1"]
    assert all(set(version) == ALWAYS for version in document)
    assert document[1]["labels"] == ["production"]
    assert document[1]["replays"][0]["verdict"] == "identical"
    assert document[2]["parent"] is None


def test_show_says_what_log_says_and_what_the_store_holds(make):
    document = as_document(make.answers()["Shown"])
    assert set(document) == ALWAYS | RESOLVED
    assert document["parent"] == "fraud-detector:v2"
    assert document["params"] == {"max_depth": 6, "n_estimators": 300, "layers": [64, 32], "class_weight": None}
    assert document["metrics"] == {"auc": 0.912, "log_loss": "NaN", "threshold": 0.35}
    assert document["metric_sources"]["auc"] == "function"
    assert document["param_sources"]["max_depth"] == "literal"
    assert document["code"][0] == {
        "source": "max_depth = 6\nlayers = (64, 32)",
        "execution_count": 1,
        "is_tracked": False,
        "failed": False,
    }
    assert document["environment"]["packages"] == {"numpy": "2.3.1", "pandas": "3.0.0"}
    assert document["names"] == {"read": ["X_train", "y_train"], "bound": ["model", "auc"], "mutated": []}
    assert document["omitted"] == [{"name": "rows", "type": "generator", "reason": "reading it would consume it"}]
    assert document["notes"] == [{"text": "try without age", "at": "2026-03-03T15:00:00.000000Z", "author": "bo@lab"}]
    assert document["git"]["commit"].startswith("4f2c9d1e")
    assert document["streams"]["stdout"].startswith("auc 0.912")


def test_an_artifact_has_its_summary_where_there_is_one(make):
    shown = make.answers()["Shown"]
    artifact = as_document(shown)["artifacts"][0]
    assert set(artifact) == {"role", "name", "handler", "digest", "size", "object", "summary", "profile"}
    assert artifact["summary"]["kind"] == "frame"
    bare = as_document(replace(shown, dossier=replace(shown.dossier, summaries={})))["artifacts"][0]
    assert "summary" not in bare


def test_odd_values_become_ordinary_json(make):
    odd = {"a": (1, float("inf")), "b": b"\x01", "c": {2: None}}
    params = tuple(Param(name, to_plain(value), ParamSource.LITERAL) for name, value in odd.items())
    metrics = (Metric("loss", to_plain(float("-inf")), MetricSource.COMPUTED),)
    document = as_document(make.entry(3, version=make.version(3, params=params, metrics=metrics)))
    assert document["params"] == {"a": [1, "Infinity"], "b": "AQ==", "c": {"2": None}}
    assert document["metrics"] == {"loss": "-Infinity"}


def test_a_replay_is_its_verdict_item_by_item(make):
    document = as_document(make.answers()["Verdicts"])
    judged = {"ref", "verdict", "items", "differences", "departure", "duration", "notebook", "error", "is_interrupted"}
    assert set(document) == judged | {"asked", "repeats"}
    assert document["verdict"] == "drifted"
    assert set(document["items"][0]) == {"kind", "name", "verdict", "reason"}


def test_a_query_is_a_list_of_objects():
    table = Table(("name", "auc"), (("fraud", float("nan")), ("churn", 0.5)))
    assert as_document(table) == [{"name": "fraud", "auc": "NaN"}, {"name": "churn", "auc": 0.5}]


def test_columns_of_one_name_both_stay():
    assert as_document(Table(("a", "a", "a"), ((1, 2, 3),))) == [{"a": 1, "a_2": 2, "a_3": 3}]


def test_values_of_a_database_become_json():
    import datetime as dt
    import decimal
    import uuid

    row = (
        dt.date(2026, 3, 3),
        decimal.Decimal("1.5"),
        uuid.UUID(int=1),
        b"x",
        [1.0, None],
        {"k": float("inf")},
        dt.timedelta(1),
    )
    values = list(as_document(Table(tuple("abcdefg"), (row,)))[0].values())
    assert values == [
        "2026-03-03",
        "1.5",
        "00000000-0000-0000-0000-000000000001",
        "eA==",
        [1.0, None],
        {"k": "Infinity"},
        "1 day, 0:00:00",
    ]


def test_a_verification_says_whether_it_is_clean(make):
    document = as_document(make.answers()["Findings"])
    assert set(document) == {"is_clean", "records", "objects", "size", "problems", "remarks", "head", "share", "seed"}
    assert document["is_clean"] is False
    assert document["problems"] == [
        {"code": "damaged-record", "subject": "record 17", "problem": "its digest is not the next one's prev"}
    ]


def test_labels_point_at_refs(make):
    document = as_document(make.answers()["Labels"])
    assert document["current"][0]["ref"] == "fraud-detector:v2"
    assert [move["from"] for move in document["history"]] == [None, "fraud-detector:v1"]


def test_an_error_is_its_code_message_and_hint():
    document = as_document(VersionNotFound("fraud:v9", existing=["fraud:v1"]))
    assert document == {"error": "version-not-found", "message": 'no version "fraud:v9" in this lake', "hint": "there is fraud:v1"}


def test_a_comparison_is_the_diff_document(make):
    document = as_document(make.diff())
    assert document["schema"] == 1
    assert document["params"][0] | {"a": 4, "b": 6, "change": "changed"} == document["params"][0]
    assert document["metrics"][0]["outcome"] == "better"


def test_what_is_no_answer_is_refused():
    with pytest.raises(TypeError, match="not an answer"):
        as_document({})
