import dataclasses
import json
import types
from enum import Enum
from pathlib import Path
from typing import get_args, get_origin

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from model_parts import PREDICTIONS, WEIGHTS

from mvlake.compare.diff import SCHEMA_VERSION, Change, Diff, Direction, Outcome
from mvlake.compare.document import to_document
from mvlake.compare.likeness import Alike
from mvlake.compare.many import TABLE_SCHEMA_VERSION, Aspect, Many
from mvlake.compare.row_changes import Matching, RowOp
from mvlake.compare.table import compare_many
from mvlake.compare.versions import compare
from mvlake.records.fields import to_fields

SPEC = Path(__file__).parents[3] / "docs/spec"
SCHEMA = json.loads((SPEC / "diff.schema.json").read_text(encoding="utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA)
TABLE = json.loads((SPEC / "comparison-table.schema.json").read_text(encoding="utf-8"))
TABLE_VALIDATOR = Draft202012Validator(TABLE)


def objects(schema, path="$"):
    if isinstance(schema, dict):
        if schema.get("type") == "object":
            yield path, schema
        for key, value in schema.items():
            yield from objects(value, f"{path}.{key}")


OBJECTS = dict(objects(SCHEMA))
TABLE_OBJECTS = dict(objects(TABLE))


def records(kind, found):
    if dataclasses.is_dataclass(kind) and kind not in found:
        found.append(kind)
        for field in dataclasses.fields(kind):
            records(field.type, found)
    for part in get_args(kind) if get_origin(kind) in (tuple, types.UnionType) else ():
        records(part, found)
    return found


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_every_document_is_valid(data, some_dossier):
    document = to_document(compare(data.draw(some_dossier), data.draw(some_dossier)))
    read = json.loads(json.dumps(document, allow_nan=False))
    assert [error.message for error in VALIDATOR.iter_errors(read)] == []


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_every_table_is_valid(data, some_dossier):
    document = to_document(compare_many(data.draw(st.lists(some_dossier, max_size=4))))
    read = json.loads(json.dumps(document, allow_nan=False))
    assert [error.message for error in TABLE_VALIDATOR.iter_errors(read)] == []


@pytest.mark.parametrize(("schema", "version"), [(SCHEMA, SCHEMA_VERSION), (TABLE, TABLE_SCHEMA_VERSION)], ids=["diff", "table"])
def test_a_schema_is_a_schema_of_2020_12_without_an_address(schema, version):
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"].endswith("2020-12/schema")
    assert schema["$id"].startswith("urn:")
    assert schema["properties"]["schema"]["const"] == version


@pytest.mark.parametrize(
    ("kind", "described"),
    [*((kind, OBJECTS) for kind in records(Diff, [])), *((kind, TABLE_OBJECTS) for kind in records(Many, []))],
    ids=lambda one: one.__name__ if isinstance(one, type) else "diff" if one is OBJECTS else "table",
)
def test_a_schema_has_exactly_the_fields_of_each_record(kind, described):
    fields = [field.name for field in dataclasses.fields(kind)]
    same = [schema for schema in described.values() if list(schema["properties"]) == fields]
    assert same
    assert all(schema["required"] == fields for schema in same)


@pytest.mark.parametrize(
    "schema", [*OBJECTS.values(), *TABLE_OBJECTS.values()], ids=[*OBJECTS, *(f"table {path}" for path in TABLE_OBJECTS)]
)
def test_every_field_is_described_and_no_other_is_written(schema):
    assert schema["additionalProperties"] is False
    assert schema["description"]
    assert all(field["description"].endswith(".") for field in schema["properties"].values())


def test_readers_are_told_to_ignore_unknown_fields():
    assert all("Readers ignore fields that they do not know" in schema["description"] for schema in (SCHEMA, TABLE))


@pytest.mark.parametrize(
    ("kind", "listed"),
    [
        (Change, SCHEMA["$defs"]["change"]["enum"]),
        (Direction, SCHEMA["$defs"]["metric"]["properties"]["direction"]["enum"][:-1]),
        (Outcome, SCHEMA["$defs"]["metric"]["properties"]["outcome"]["enum"][:-1]),
        (Alike, SCHEMA["$defs"]["likeness"]["properties"]["alike"]["enum"][:-1]),
        (Matching, SCHEMA["$defs"]["rows"]["properties"]["matched_by"]["enum"]),
        (Aspect, TABLE["$defs"]["aspect"]["properties"]["aspect"]["enum"]),
        (Direction, TABLE["$defs"]["row"]["properties"]["direction"]["enum"][:-1]),
        (RowOp, SCHEMA["$defs"]["row_change"]["properties"]["op"]["enum"]),
    ],
)
def test_the_schema_lists_every_word(kind: type[Enum], listed):
    assert [word.value for word in kind] == listed


def test_a_document_with_a_wrong_word_or_digest_is_not_valid(build):
    pieces = [build.frame("output", "df", [("x", "int64", 1)])]
    document = json.loads(json.dumps(to_document(compare(build.dossier("x"), build.dossier("x", artifacts=pieces)))))
    assert VALIDATOR.is_valid(document)
    document["data"][0]["change"] = "new"
    assert not VALIDATOR.is_valid(document)
    document["data"][0] |= {"change": "added", "b_digest": "b3:00"}
    assert not VALIDATOR.is_valid(document)


def test_what_models_predict_and_learned_is_valid(build):
    made = to_document(compare(*[build.dossier("x", artifacts=[build.model("m", [], content=one)]) for one in "ab"]))
    document = json.loads(json.dumps(made))
    document["models"][0] |= {"predictions": to_fields(PREDICTIONS), "weights": to_fields(WEIGHTS)}
    assert [error.message for error in VALIDATOR.iter_errors(document)] == []
    document["models"][0]["predictions"][0]["labels"]["flipped"] = "37"
    assert not VALIDATOR.is_valid(document)
