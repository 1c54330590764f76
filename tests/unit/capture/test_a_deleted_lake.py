import shutil

import pytest

from mvlake.capture.destination import Destination
from mvlake.capture.session import Session
from mvlake.errors import LakeNotFound
from mvlake.lake.lake import Lake


@pytest.fixture
def place(tmp_path, monkeypatch):
    monkeypatch.setenv("MVLAKE_LAKE", str(tmp_path / "project"))
    return tmp_path / "project" / ".mvlake"


def test_a_lake_is_made_when_it_is_first_wanted(place):
    assert not place.exists()
    Destination(Session()).lake()
    assert (place / "lake.toml").is_file()


def test_a_deleted_lake_does_not_come_back_however_often_it_is_wanted(place):
    destination = Destination(Session())
    destination.lake()
    shutil.rmtree(place)
    for _ in range(3):
        with pytest.raises(LakeNotFound) as raised:
            destination.lake()
        assert str(place.parent) in str(raised.value)
        assert not place.exists()


def test_a_lake_made_anew_in_its_place_is_another_one(place):
    session = Session()
    destination = Destination(session)
    old = destination.lake()
    session.built_on("fraud", 47)
    shutil.rmtree(place)
    made = Lake.open(place.parent)
    assert destination.lake() is not old
    assert destination.parent_for("fraud") is None
    assert destination.lake().status().lake_id == made.status().lake_id
    assert session.name_for("", "") == "fraud"
