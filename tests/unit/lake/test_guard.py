"""What keeps secrets out of a lake, seen from the lake: policy, permission, words, objects that are not kept."""

import os
import sqlite3
from dataclasses import replace

import pytest

from mvlake import track
from mvlake.errors import Invalid, Refused
from mvlake.lake.lake import Lake
from mvlake.records.artifact import Omission, Role
from mvlake.records.described import Described
from mvlake.redaction.marker import markers_in

GITHUB = "ghp_" + "a1B2c3D4e5F6" * 3
ACME = "ACME-0123456789abcdef"


@pytest.fixture
def lake(tmp_path):
    return Lake.open(tmp_path / "lake")


def policy(lake, text):
    with open(os.path.join(lake.path, "policy.toml"), "w", encoding="utf-8") as file:
        file.write(text)


def kept(lake, value, name="word"):
    with track("fraud", lake=lake) as run:
        run.output(**{name: value})
    assert run.committed is not None
    return lake.load(run.committed.version.ref, name)


def test_a_lake_names_what_else_is_secret(lake):
    policy(lake, '[redaction.rules.acme-key]\nstarts = ["ACME-"]\npattern = "ACME-[0-9a-f]{16}"\n')
    [mark] = markers_in(kept(lake, f"x{ACME}"))
    assert mark.rule == "acme-key"


@pytest.mark.parametrize(
    "text",
    [
        '[redaction]\nallow = ["github-token"]',
        "[redaction]\nalow = []",
        '[redaction.rules.x]\nstarts = ["ab"]\npattern = "(a+)+b"',
        '[redaction.rules.x]\nstarts = ["a"]\npattern = "ab"',
        '[redaction.rules.x]\nstarts = ["ab"]\npattern = "ab("',
        '[redaction.rules]\nx = "ab"',
    ],
)
def test_a_policy_that_cannot_be_meant_is_refused(lake, text):
    policy(lake, text)
    with pytest.raises(Invalid, match=r"policy.toml"):
        lake.protect([])


def test_a_lake_cannot_make_the_user_write_what_the_environment_keeps_secret(lake, monkeypatch):
    monkeypatch.setenv("SERVICE_TOKEN", "kq82nXw90aLs")
    [mark] = markers_in(kept(lake, "kq82nXw90aLs"))
    policy(lake, f'[redaction]\nallow = ["{mark.hash}"]')
    assert "kq82nXw90aLs" not in kept(lake, "kq82nXw90aLs!")
    monkeypatch.setenv("MVLAKE_ALLOW", mark.hash)
    assert kept(lake, "kq82nXw90aLs") == "kq82nXw90aLs"


def test_a_word_that_holds_a_secret_is_refused(lake):
    kept(lake, 1)
    for call in (
        lambda: lake.tag("fraud:v1", GITHUB),
        lambda: lake.promote("fraud:v1", GITHUB),
        lambda: lake.protect([]) or _commit(lake, GITHUB),
    ):
        with pytest.raises(Refused, match="holds a secret"):
            call()
    lake.note("fraud:v1", f"it was {GITHUB}")
    assert [mark.rule for mark in markers_in(lake.show("fraud:v1").entry.notes[0].text)] == ["github-token"]


def _commit(lake, name):
    with pytest.warns(UserWarning, match="holds a secret") as seen, track(name, lake=lake) as run:
        run.metric(auc=1.0)
    assert run.committed is None
    raise Refused(str(seen[0].message), hint="")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("db_password", "correct horse"),
        ("credentials", {"user": "ana"}),
        ("environment", dict(os.environ)),
        ("environ", os.environ),
    ],
    ids=["text", "dictionary", "copy", "environ"],
)
def test_an_object_that_is_a_secret_by_name_or_class_is_not_kept(lake, name, value):
    found = lake.preserve(Role.OUTPUT, name, value)
    assert isinstance(found, Omission), found
    assert found.reason


def test_a_connection_is_described_without_what_it_holds_and_its_statement_without_the_password(lake, new_draft):
    found = lake.preserve(Role.OUTPUT, "connection", sqlite3.connect(":memory:"))
    assert isinstance(found, Described)
    assert found.traits == ()
    source = "connection = create_engine('postgresql://ana:Tr0ub4dor_and_3@db.example.org/shop')"
    version = lake.commit(replace(new_draft(lake), described=(replace(found, source=source),))).version
    (described,) = version.described
    assert "Tr0ub4dor" not in described.source
    assert "db.example.org" in described.source


@pytest.mark.parametrize(
    ("name", "value"),
    [("num_tokens", 12), ("token", None), ("secret", 42), ("password", ""), ("tokens", ["a", "b"]), ("key", "order_id")],
)
def test_an_object_that_only_sounds_like_one_is_kept(lake, name, value):
    assert not isinstance(lake.preserve(Role.OUTPUT, name, value), Omission)


def test_a_copy_of_a_lake_does_not_bring_the_key(lake, tmp_path):
    kept(lake, GITHUB)
    lake.push(str(tmp_path / "copy"))
    here = {name for _, _, files in os.walk(lake.path) for name in files}
    there = {name for _, _, files in os.walk(tmp_path / "copy") for name in files}
    assert "redaction.key" in here - there
