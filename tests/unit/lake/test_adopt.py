"""What a replay made in a scratch lake becomes a version of the lake: with its objects, its parent, and paths of the project."""

import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from mvlake.errors import MissingObject
from mvlake.lake.adopt import adopt
from mvlake.lake.lake import Lake
from mvlake.lake.own import is_own
from mvlake.records.files import FileUse, Flow, PlaceKind
from mvlake.records.lineage import Descent, KnownBy, ParentKind, Portion


@pytest.fixture
def scratch(tmp_path):
    return Lake.open(tmp_path / "scratch")


def frame(rows):
    return pd.DataFrame({"x": np.arange(rows), "name": [f"row {row}" for row in range(rows)]})


def adopted(disk, scratch, origin, **options):
    parts, other = disk._parts, scratch._parts
    made = other.ledger.entry("fraud", other.ledger.count("fraud"))
    return adopt(parts, other, made, origin, **{"folder": Path("/scratch/project"), "message": "with depth = 7", **options})


def test_it_is_the_next_version_with_all_of_its_objects(disk, scratch, new_draft):
    disk.commit(new_draft(disk, outputs={"df": frame(50_000)}))
    disk.commit(new_draft(disk, source="other", outputs={"a": [1]}))
    scratch.commit(new_draft(scratch, source="depth = 7", params={"depth": 7}, outputs={"df": frame(60_000), "rows": [1, 2]}))
    done = adopted(disk, scratch, disk.show("fraud:v1").entry)
    assert (done.version.ref, done.version.parent, done.version.message) == ("fraud:v3", 1, "with depth = 7")
    assert disk.load("fraud:v3", "df").equals(frame(60_000))
    assert disk.load("fraud:v3", "rows") == [1, 2]
    assert disk.verify(data=True).is_clean
    again = adopted(disk, scratch, disk.show("fraud:v1").entry)
    assert (again.version.ref, again.is_confirmation) == ("fraud:v3", True)
    assert len(disk.log().entries) == 3


def test_a_version_made_here_by_hand_is_known_as_the_same(disk, scratch, new_draft):
    draft = new_draft(disk, source="depth = 7", outputs={"rows": [1, 2]})
    disk.commit(draft)
    scratch.commit(new_draft(scratch, source="depth = 7", outputs={"rows": [1, 2]}))
    assert adopted(disk, scratch, disk.show("fraud:v1").entry).is_confirmation


def test_paths_are_those_of_the_project(disk, scratch, new_draft):
    read, file = FileUse("../data/rows.csv", Flow.READ, PlaceKind.FILE), ParentKind.FILE
    told = FileUse("/scratch/project/notebooks/log.txt", Flow.WRITTEN, PlaceKind.FILE, "log.txt")
    outside = FileUse("/data/users.csv", Flow.READ, PlaceKind.FILE)
    step = Descent("df", "../data/rows.csv", file, KnownBy.OPENED, Portion.ALL)
    disk.commit(replace(new_draft(disk), folder="notebooks", notebook="notebooks/train.ipynb"))
    scratch.commit(replace(new_draft(scratch, source="depth = 7"), files=(read, told, outside), lineage=(step,)))
    version = adopted(disk, scratch, disk.show("fraud:v1").entry, folder=Path("/scratch/project/notebooks")).version
    assert [one.name for one in version.files] == ["data/rows.csv", "notebooks/log.txt", "/data/users.csv"]
    assert [one.path for one in version.files] == ["../data/rows.csv", "notebooks/log.txt", "/data/users.csv"]
    assert (version.folder, version.notebook) == ("notebooks", "notebooks/train.ipynb")
    assert [one.parent for one in version.lineage] == ["data/rows.csv"]


def test_a_folder_that_is_none_moves_nothing(disk, scratch, new_draft):
    disk.commit(replace(new_draft(disk), folder="../" * 40))
    scratch.commit(replace(new_draft(scratch, source="x"), files=(FileUse("a.csv", Flow.READ, PlaceKind.FILE, "a.csv"),)))
    assert adopted(disk, scratch, disk.show("fraud:v1").entry).version.files[0].name == "a.csv"


def test_the_code_of_a_stranger_stays_one(disk, scratch, new_draft, tmp_path, monkeypatch):
    disk.commit(new_draft(disk))
    scratch.commit(new_draft(scratch, source="depth = 7"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "another home"))
    done = adopted(disk, scratch, disk.show("fraud:v1").entry)
    assert not is_own(disk.show(done.version.ref).entry.digest, os.environ)


def test_what_lacks_an_object_makes_no_version(disk, scratch, new_draft):
    disk.commit(new_draft(disk))
    scratch.commit(new_draft(scratch, source="depth = 7", outputs={"large": np.random.default_rng(0).bytes(4 << 20)}))
    (alone,) = [path for path in Path(scratch.path, "objects").rglob("*") if path.is_file() and path.suffix != ".pack"]
    alone.unlink()
    with pytest.raises(MissingObject):
        adopted(disk, Lake.open(scratch.path, create=False), disk.show("fraud:v1").entry)
    assert len(disk.log().entries) == 1
    assert disk.verify(data=True).is_clean
