"""A version's frame with a live one: of every library, from a file, with nothing written and nothing hidden told."""

import json

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from jsonschema import Draft202012Validator

from mvlake.compare.diff import Change
from mvlake.compare.distribution import Basis, Shift
from mvlake.compare.document import to_document
from mvlake.errors import AmbiguousArtifact, ArtifactNotFound, Invalid, VersionNotFound
from mvlake.lake.lake import Lake
from mvlake.view.html import page
from mvlake.view.text import as_text

RANDOM = np.random.default_rng(11)


def frame(mean=40.0, rows=600):
    return pd.DataFrame({"age": RANDOM.normal(mean, 10, rows), "city": RANDOM.choice(["Ulm", "Bonn"], rows), "n": range(rows)})


TRAIN, SERVED = frame(), frame(mean=55.0)


@pytest.fixture
def lake(disk, new_draft):
    disk.commit(new_draft(disk, "fraud", outputs={"train": TRAIN, "other": pd.DataFrame({"z": [1, 2]})}, inputs={"train": TRAIN}))
    return disk


def on_disk(tmp_path):
    return sorted((str(path), path.stat().st_mtime_ns) for path in (tmp_path / "project" / ".mvlake").rglob("*") if path.is_file())


def drift(diff):
    (data,) = diff.data
    return {one.name: {each.name: each for each in one.drift} for one in data.columns}


def test_a_live_frame_is_told_like_a_version_and_nothing_is_written(lake, tmp_path):
    before = on_disk(tmp_path)
    found = lake.compare("fraud:v1", with_={"train": SERVED})
    assert (found.a.ref, found.b.ref, found.b.is_live) == ("fraud:v1", "train", True)
    assert drift(found)["age"]["population_stability_index"].shift is Shift.STRONG
    assert drift(found)["age"]["kolmogorov_smirnov"].basis is Basis.EXACT
    assert next(one for one in found.data[0].columns if one.name == "n").change is Change.UNCHANGED
    assert not found.problems
    assert (found.code, found.params, found.models, found.environment.facts) == ((), (), (), ())
    assert on_disk(tmp_path) == before
    assert lake.log().entries[0].ref == "fraud:v1"


def test_the_same_frame_differs_in_nothing_whatever_its_name(lake):
    assert lake.compare("fraud:v1", with_=TRAIN.copy()).is_empty
    found = lake.compare("fraud:v1", with_={"served": TRAIN})
    assert found.is_empty
    assert found.data[0].name == "train"


def test_a_later_commit_knows_nothing_of_the_live_frame(lake, new_draft):
    lake.compare("fraud:v1", with_=SERVED)
    lake.commit(new_draft(lake, "fraud", source="y = 2", outputs={"served": SERVED}))
    pd.testing.assert_frame_equal(lake.load("fraud:v2", "served"), SERVED)
    assert lake.verify(data=True).is_clean


@pytest.mark.parametrize("library", [pl.from_pandas, lambda some: pa.Table.from_pandas(some, preserve_index=False)])
def test_frames_of_polars_and_pyarrow_are_compared(disk, new_draft, library):
    disk.commit(new_draft(disk, "fraud", outputs={"train": library(TRAIN)}))
    found = disk.compare("fraud:v1", with_=library(SERVED))
    assert drift(found)["age"]["population_stability_index"].shift is Shift.STRONG
    mixed = disk.compare("fraud:v1", with_=SERVED)  # another library than the kept frame's
    assert drift(mixed)["age"]["population_stability_index"].value == drift(found)["age"]["population_stability_index"].value


def test_files_are_read_as_the_frame_that_is_kept(lake, tmp_path):
    SERVED.to_parquet(tmp_path / "train.parquet")
    SERVED.to_csv(tmp_path / "new.CSV", index=False)
    for name in ("train.parquet", "new.CSV"):
        found = lake.compare("fraud:v1", with_=str(tmp_path / name))
        assert found.b.ref == name.partition(".")[0]
        assert not found.problems
        assert {one.name: one.change for one in found.data[0].columns} == {"age": "changed", "city": "changed", "n": "unchanged"}
        assert drift(found)["age"]["kolmogorov_smirnov"].value > 0.4


def test_a_file_of_other_types_says_so(lake, tmp_path):
    (tmp_path / "new.csv").write_text("age,city,n\nold,Ulm,1\n")
    found = lake.compare("fraud:v1", with_=tmp_path / "new.csv")
    assert "does not fit the types" in found.problems[0]


@pytest.mark.parametrize(
    ("content", "name"), [(None, "gone.csv"), (b"", "empty.csv"), (b"not parquet", "x.parquet"), (b"x", "frame.xlsx")]
)
def test_what_is_no_file_of_a_frame_is_refused_with_a_hint(lake, tmp_path, content, name):
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(Invalid, match="Hint:"):
        lake.compare("fraud:v1", with_=tmp_path / name)


def test_the_frame_that_is_meant_is_found_by_name_then_by_columns(lake):
    assert lake.compare("fraud:v1", with_={"other": pd.DataFrame({"z": [3]})}).data[0].name == "other"
    assert lake.compare("fraud:v1", with_=pd.DataFrame({"z": [3]})).data[0].name == "other"
    named = lake.compare("fraud:v1", with_={"other": SERVED}, frame="train")
    assert (named.data[0].name, named.data[0].role) == ("train", "output")
    with pytest.raises(Invalid, match="--frame NAME") as raised:
        lake.compare("fraud:v1", with_=pd.DataFrame({"q": [3]}))
    assert "other, train" in str(raised.value)
    with pytest.raises(ArtifactNotFound, match="train"):
        lake.compare("fraud:v1", with_=SERVED, frame="trian")
    with pytest.raises(Invalid, match="no column in common"):
        lake.compare("fraud:v1", with_=SERVED, frame="other")


def test_two_frames_of_the_same_columns_have_to_be_told_apart(disk, new_draft):
    disk.commit(new_draft(disk, "fraud", outputs={"train": TRAIN, "test": SERVED}))
    with pytest.raises(AmbiguousArtifact, match="test"):
        disk.compare("fraud:v1", with_=frame())
    assert disk.compare("fraud:v1", with_=frame(), frame="test").data[0].name == "test"


class Trap:
    def refuse(self, *_):
        raise AssertionError("asked")

    __repr__ = __str__ = __len__ = __eq__ = __getattr__ = __bool__ = refuse
    __hash__ = object.__hash__


@pytest.mark.parametrize(
    "make", [lambda: {"x": 3}, lambda: [1, 2], lambda: 7, Trap, lambda: {"a": 1, "b": 2}, dict], ids=list("abcdef")
)
def test_what_is_no_frame_is_refused(lake, make):
    with pytest.raises(Invalid):
        lake.compare("fraud:v1", with_=make())


def test_what_does_not_go_together_is_refused(lake):
    with pytest.raises(Invalid, match="leave out"):
        lake.compare("fraud:v1", "fraud:v1", with_=SERVED)
    with pytest.raises(Invalid, match="nothing to compare"):
        lake.compare("fraud:v1", frame="train")
    with pytest.raises(VersionNotFound):
        lake.compare("fraud:v9", with_=SERVED)


@pytest.mark.parametrize("rule", ['mask = ["age"]', 'drop = ["age"]', 'hash = ["city"]'])
def test_what_a_policy_hides_is_not_told_of_the_live_frame_either(lake, tmp_path, rule, new_draft):
    policy = tmp_path / "project" / ".mvlake" / "policy.toml"
    policy.write_text(f"[columns]\n{rule}\n")
    lake = Lake.open(tmp_path / "project")
    lake.commit(new_draft(lake, "fraud", source="y = 2", outputs={"train": TRAIN}))
    policy.unlink()  # what was hidden then stays hidden
    lake = Lake.open(tmp_path / "project")
    secret = SERVED.assign(age=SERVED["age"] + 7_000_000, city="Zanzibar")
    before = on_disk(tmp_path)
    found = lake.compare("fraud:v2", with_={"train": secret})
    said = json.dumps(to_document(found)) + as_text(found, width=200, color=False) + page(found, "x", pictures={})
    assert ("Zanzibar" in said) is ("city" not in rule)
    assert ("7000" in said or "7,000" in said) is ("age" not in rule)
    assert on_disk(tmp_path) == before


def test_a_rule_that_is_new_makes_no_key_in_the_lake(lake, tmp_path, monkeypatch):
    monkeypatch.setenv("MVLAKE_COLUMNS", "hash:city")
    before = on_disk(tmp_path)
    found = lake.compare("fraud:v1", with_={"train": SERVED})
    assert "Ulm" not in str(found.data[0].columns[1].drift)
    assert on_disk(tmp_path) == before


def test_the_document_is_valid(lake):
    from pathlib import Path

    schema = json.loads((Path(__file__).parents[3] / "docs/spec/diff.schema.json").read_text(encoding="utf-8"))
    document = json.loads(json.dumps(to_document(lake.compare("fraud:v1", with_={"train": SERVED})), allow_nan=False))
    assert [error.message for error in Draft202012Validator(schema).iter_errors(document)] == []


def test_a_live_frame_of_no_rows_and_one_of_other_types_are_compared(lake):
    found = lake.compare("fraud:v1", with_={"train": SERVED.iloc[:0]})
    assert found.data[0].b_rows == 0
    found = lake.compare("fraud:v1", with_={"train": SERVED.assign(age="old", city=1.5)})
    assert {one.name: one.b_dtype for one in found.data[0].columns}["city"] == "float64"
    found = lake.compare("fraud:v1", with_={"train": SERVED[["age"]].assign(more=1)})
    assert {one.name: one.change for one in found.data[0].columns} == {
        "age": "changed", "city": "removed", "n": "removed", "more": "added",
    }  # fmt: skip


def test_pictures_of_a_live_comparison_are_none(lake):
    assert lake.pictures(lake.compare("fraud:v1", with_=SERVED)) == {}
