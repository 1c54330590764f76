import shutil

import pytest

from mvlake.capture.session import Session
from mvlake.errors import LakeNotFound
from mvlake.lake.lake import Lake


@pytest.fixture
def place(tmp_path, monkeypatch):
    monkeypatch.setenv("MVLAKE_LAKE", str(tmp_path / "project"))
    return tmp_path / "project" / ".mvlake"


def test_a_lake_is_made_when_it_is_first_wanted(place):
    assert not place.exists()
    Session().lake()
    assert (place / "lake.toml").is_file()


def test_a_deleted_lake_does_not_come_back_however_often_it_is_wanted(place):
    session = Session()
    session.lake()
    shutil.rmtree(place)
    for _ in range(3):
        with pytest.raises(LakeNotFound) as raised:
            session.lake()
        assert str(place.parent) in str(raised.value)
        assert not place.exists()


def test_a_lake_made_anew_in_its_place_is_another_one(place):
    session = Session()
    old = session.lake()
    session.built_on("fraud", 47)
    shutil.rmtree(place)
    made = Lake.open(place.parent)
    assert session.lake() is not old
    assert session.parent_for("fraud", session.lake()) is None
    assert session.lake().status().lake_id == made.status().lake_id
    assert session.name_for("", "") == "fraud"
