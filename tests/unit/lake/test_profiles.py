"""Profiles in a lake: kept by content, without secrets, without what a policy hides, and gone with the versions that name them."""

import pandas as pd
import pytest

from mvlake.lake.manner import Manner
from mvlake.lake.preserve import PROFILE
from mvlake.records.artifact import Role
from mvlake.records.canonical import parse

FRAME = pd.DataFrame({"amount": [1.5, 2.5, 4.0] * 10, "country": ["de", "fr", "it"] * 10})
TOKEN = "ghp_" + "16C7e42F292c6912E7710c838347Ae178B4a"


@pytest.fixture
def keep(disk, new_draft):
    def keep(number=1, **frames):
        disk.commit(new_draft(disk, "t", source=f"x = {number}", outputs=frames))
        return disk.show(f"t:v{number}")

    return keep


def columns(shown, name="df"):
    digest = next(one.profile for one in shown.entry.version.artifacts if one.name == name)
    return {one.name: one for one in shown.dossier.profiles[digest].columns}


def test_equal_content_has_one_profile_and_a_changed_column_another(keep):
    one = keep(1, df=FRAME, same=FRAME.copy())
    assert len(one.dossier.profiles) == 1
    two = keep(2, df=FRAME.assign(amount=FRAME.amount * 2))
    assert columns(two)["country"] == columns(one)["country"]
    assert (columns(one)["amount"].high, columns(two)["amount"].high) == ("4", "8")


def test_a_secret_among_the_categories_is_a_mark(keep, disk):
    shown = keep(1, df=FRAME.assign(note=[TOKEN] * 30))
    (category,) = columns(shown)["note"].categories
    assert "redacted" in category.value
    assert TOKEN not in str(shown.dossier.profiles)
    assert any("profile of output df" in one.place for one in shown.entry.version.redacted)
    assert disk.verify(data=True).is_clean


def test_what_a_column_policy_hides_is_not_told(keep, disk, tmp_path):
    (tmp_path / "project" / ".mvlake" / "policy.toml").write_text('[columns]\nmask = ["country"]\ndrop = ["amount"]\n')
    found = columns(keep(1, df=FRAME))
    assert set(found) == {"country"}
    assert [one.value for one in found["country"].categories] == ["masked"]


def test_a_profile_goes_with_the_last_version_that_names_it(keep, disk):
    shown = keep(1, df=FRAME)
    keep(2, df=FRAME.tail(3))
    (digest,) = shown.dossier.profiles
    assert disk._parts.objects.has(digest)
    disk.forget("t:v1", reason="old")
    assert len(disk.sql("select distinct number from columns").rows) == 2
    assert disk.verify(data=True).is_clean


def test_data_kept_out_by_a_policy_has_its_profile_all_the_same(disk):
    made = disk.preserve(Role.OUTPUT, "df", FRAME, Manner(without="somebody said so"))
    assert made.handler == PROFILE
    assert made.profile == disk.preserve(Role.OUTPUT, "df", FRAME).profile
    assert parse(made.profile)["rows"] == 30


def test_the_columns_of_all_versions_are_rows(keep, disk):
    keep(1, df=FRAME)
    keep(2, df=FRAME.assign(amount=[None, 2.0, 4.0] * 10))
    asked = (
        "select number, place, null_share, low_number, median, top, top_share from columns where column_name = '{}' order by number"
    )
    assert [tuple(row) for row in disk.sql(asked.format("amount")).rows] == [
        (1, 1, 0.0, 1.5, 2.5, "1.5", pytest.approx(1 / 3)),
        (2, 1, pytest.approx(1 / 3), 2.0, 3.0, "2", 0.5),
    ]
    assert disk.sql("select count(*) from columns").rows[0][0] == 4
    (moved,) = disk.compare("t:v1", "t:v2").data
    statistics = {one.name: (one.a, one.b) for column in moved.columns for one in column.statistics}
    assert statistics["null_share"] == ("0", "0.333333")
    assert statistics["low"] == ("1.5", "2")
