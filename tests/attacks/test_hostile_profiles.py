"""Profiles that nobody's writer made: they are absent, and said to be; the version and its data are still there."""

import pytest

from mvlake.records.canonical import canonical
from mvlake.store.hashing import digest_of
from mvlake.view.html import page
from mvlake.view.text import as_text

NASTY = "<script>alert(1)</script>\x1b[31m\u202e"
COLUMN = {"name": "x", "kind": "number", "rows": 3, "nulls": 0}
REFUSED = {
    "no JSON": b"\x80\x04",
    "another thing": canonical([1, 2]),
    "another kind": canonical({"rows": 1, "columns": [COLUMN | {"kind": "soul"}]}),
    "a later protocol": canonical({"rows": 1, "protocol": 2}),
    "less than nothing": canonical({"rows": 1, "columns": [COLUMN | {"nulls": -5}]}),
    "edges without bins": canonical({"rows": 1, "columns": [COLUMN | {"edges": [1, 2, 3]}]}),
    "bins without end": canonical({"rows": 1, "columns": [COLUMN | {"counts": [1] * 300, "edges": [*range(301)]}]}),
    "columns without end": canonical({"rows": 1, "columns": [COLUMN] * 10_002}),
    "categories without end": canonical({"rows": 1, "columns": [COLUMN | {"categories": [{"value": "a", "rows": 1}] * 300}]}),
}
TOLERATED = {
    "nasty texts": COLUMN
    | dict.fromkeys(("name", "low", "high", "mean", "std", "because"), NASTY)
    | {
        "withheld": [NASTY],
        "quantiles": [{"at": 0.5, "value": NASTY}],
        "categories": [{"value": NASTY, "rows": 3}],
        "kind": "text",
    },
    "numbers that are none": COLUMN | {"low": "NaN", "high": "1e999", "mean": "9" * 5000, "std": "-inf"},
    "more missing than there are": COLUMN | {"rows": 0, "nulls": 9, "categories": [{"value": "a", "rows": 9}], "distinct": 7},
    "a histogram of equals": COLUMN | {"counts": [0, 0], "edges": [1, 1, 1]},
}


def forged(forger, lake, profile):
    artifact, objects = forger(lake._parts.store).artifact(b"1", profile=str(digest_of(profile)))
    forger(lake._parts.store).version(artifact, objects=objects | {"profile": profile}, name="m")
    return lake


@pytest.mark.parametrize("what", REFUSED)
def test_a_profile_that_no_writer_makes_is_absent(lake, forger, what):
    forged(forger, lake, REFUSED[what])
    shown = lake.show("m:v1")
    assert shown.dossier.profiles == {}
    assert any("profile of x" in problem for problem in shown.dossier.problems)
    assert lake.load("m:v1", "x") == 1
    assert lake.sql("select * from columns").rows == ()
    assert "profile of x" in as_text(shown)


@pytest.mark.parametrize("what", TOLERATED)
def test_what_a_profile_says_is_only_text(lake, forger, what):
    forged(forger, lake, canonical({"rows": 3, "columns": [TOLERATED[what]], "whole": TOLERATED[what], "more": 10**9}))
    shown = lake.show("m:v1")
    (found,) = shown.dossier.profiles.values()
    assert len(found.columns) == 1
    for rendered in (as_text(shown), page(shown, "x")):
        assert "\x1b[31m" not in rendered
        assert "\u202e" not in rendered
    assert "<script>" not in page(shown, "x")
    assert len(lake.sql("select * from columns").rows) == 2


def test_a_profile_that_is_missing_or_damaged_is_said_and_harms_nothing_else(disk, forger):
    profile = canonical({"rows": 1, "columns": [COLUMN]})
    forged(forger, disk, profile)
    assert disk.verify(data=True).is_clean
    artifact, objects = forger(disk._parts.store).artifact(b"2", profile=str(digest_of(b"nowhere")))
    forger(disk._parts.store).version(artifact, objects=objects, name="m", number=2)
    shown = disk.show("m:v2")
    assert any("profile of x" in problem for problem in shown.dossier.problems)
    assert disk.load("m:v2", "x") == 2
    assert not disk.verify(data=True).is_clean
