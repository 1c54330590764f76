import os
from datetime import UTC, datetime, timedelta

import pytest

from mvlake.errors import Invalid, MissingObject, Refused, VersionNotFound
from mvlake.lake.lake import Lake
from mvlake.lake.open import create_lake, open_parts, parts_of
from mvlake.records.answers import Step
from mvlake.store.hashing import digest_of
from mvlake.store.keys import object_key
from mvlake.store.memory import MemoryStore

BIG = b"big " * 300_000


class Clock:
    def __init__(self):
        self.ahead = timedelta()

    def __call__(self):
        return datetime.now(UTC) + self.ahead

    def wait(self, **length):
        self.ahead += timedelta(**length)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture(params=["disk", "memory"])
def lake(request, tmp_path, clock):
    if request.param == "disk":
        return Lake(open_parts(tmp_path, create=True, clock=clock))
    store = MemoryStore()
    create_lake(store, clock())
    return Lake(parts_of(store, clock=clock))


@pytest.fixture
def forgotten(lake, commit):
    """A lake of which the first of three versions is forgotten; a file of its own is all that it shares with nobody."""
    commit(lake, depth=1, outputs={"big": BIG})
    commit(lake, depth=2, outputs={"x": {"a": 2}})
    commit(lake, depth=3, outputs={"x": {"a": 3}})
    lake.forget("fraud:v1", reason="wrong data")
    return lake


def steps(answer):
    return [one.step for one in answer.files]


def keys(lake, prefix=""):
    return set(lake._parts.store.keys(prefix))


def read_all(lake):
    return [lake.load(f"fraud:v{number}", "x") for number in (2, 3)], [one.dossier.problems for one in map(lake.show, refs(lake))]


def refs(lake):
    return [entry.ref for entry in lake.log() if entry.forgotten is None]


def test_a_lake_in_which_everything_is_wanted_has_nothing_to_collect(lake, commit):
    commit(lake, outputs={"big": BIG})
    before = keys(lake, "objects/")
    assert lake.gc(apply=True, grace="0", hasty=True).files == ()
    assert keys(lake, "objects/") == before


def test_a_dry_run_shows_whose_it_was_and_touches_nothing(forgotten):
    before = keys(forgotten)
    (file,) = forgotten.gc().files
    assert file.belonged_to == ("fraud:v1",)
    assert file.size == len(forgotten._parts.store.get(file.key))
    assert file.step is Step.MARK
    assert keys(forgotten) == before
    assert keys(forgotten, "index/collecting") == set()


def test_it_takes_three_runs_with_a_grace_before_each(forgotten, clock):
    assert steps(forgotten.gc(apply=True)) == [Step.MARK]
    clock.wait(days=13)
    assert steps(forgotten.gc(apply=True)) == [Step.WAIT]
    assert keys(forgotten, "trash/") == set()
    clock.wait(days=2)
    assert steps(forgotten.gc()) == [Step.MOVE]
    assert steps(forgotten.gc(apply=True)) == [Step.MOVE]
    assert len(keys(forgotten, "trash/")) == 1
    assert forgotten.load("fraud:v1", "big") == BIG, "in the trash it is still there"
    clock.wait(days=13)
    assert steps(forgotten.gc(apply=True)) == [Step.WAIT]
    clock.wait(days=2)
    assert steps(forgotten.gc(apply=True)) == [Step.REMOVE]
    assert keys(forgotten, "trash/") == set()
    assert forgotten.gc(apply=True).files == ()
    assert forgotten.verify(data=True).is_clean
    assert read_all(forgotten) == ([{"a": 2}, {"a": 3}], [(), ()])


def collected(lake):
    for _ in range(4):
        lake.gc(apply=True, grace="0", hasty=True)
    return lake


def test_what_was_collected_says_that_it_was_forgotten_and_why(forgotten):
    collected(forgotten)
    with pytest.raises(MissingObject, match=r"fraud:v1 was forgotten on \d{4}-\d\d-\d\d by .*: wrong data"):
        forgotten.load("fraud:v1", "big")
    with pytest.raises(MissingObject, match="was forgotten"):
        forgotten.unforget("fraud:v1")
    assert forgotten.show("fraud:v1").entry.forgotten.text == "wrong data"


def test_a_frame_that_was_collected_cannot_be_wanted_again_and_says_why(lake, commit):
    np, pd = pytest.importorskip("numpy"), pytest.importorskip("pandas")
    commit(lake, outputs={"df": pd.DataFrame({"x": np.random.default_rng(0).random(60_000)})})
    commit(lake, depth=2)
    lake.forget("fraud:v1", reason="wrong data")
    collected(lake)
    with pytest.raises(MissingObject, match=r"was forgotten on .*: wrong data") as raised:
        lake.unforget("fraud:v1")
    assert "collected" in raised.value.hint


def test_a_grace_under_a_day_needs_a_word(forgotten):
    with pytest.raises(Refused, match="a grace of 3h"):
        forgotten.gc(grace="3h")
    assert forgotten.gc(grace="3h", hasty=True).grace == "3h"
    with pytest.raises(Invalid) as raised:
        forgotten.gc(grace="soon")
    assert "36h" in raised.value.hint


def test_what_is_wanted_again_is_put_back_from_the_trash(forgotten):
    forgotten.gc(apply=True, grace="0", hasty=True)
    forgotten.gc(apply=True, grace="0", hasty=True)
    assert len(keys(forgotten, "trash/")) == 1
    forgotten.unforget("fraud:v1")
    assert keys(forgotten, "trash/") == set()
    assert collected(forgotten).load("fraud:v1", "big") == BIG


def test_a_mark_does_not_outlive_being_wanted(forgotten, clock):
    forgotten.gc(apply=True)
    clock.wait(days=20)
    forgotten.unforget("fraud:v1")
    forgotten.gc(apply=True)
    forgotten.forget("fraud:v1")
    assert steps(forgotten.gc(apply=True)) == [Step.MARK]


def test_the_grace_begins_with_the_last_forgetting(forgotten, clock):
    forgotten.gc(apply=True)
    clock.wait(days=20)
    forgotten.unforget("fraud:v1")
    forgotten.forget("fraud:v1")
    assert steps(forgotten.gc(apply=True)) == [Step.WAIT]


def test_the_same_content_in_a_wanted_version_is_kept(forgotten, commit):
    commit(forgotten, depth=9, outputs={"other": BIG})
    assert collected(forgotten).load("fraud:v4", "other") == BIG


def test_content_that_comes_again_after_it_was_collected_is_stored_again(forgotten, commit):
    collected(forgotten)
    commit(forgotten, depth=9, outputs={"other": BIG})
    assert forgotten.load("fraud:v4", "other") == BIG
    assert forgotten.verify(data=True).is_clean


def test_what_an_interrupted_commit_left_is_collected(lake):
    lake._parts.objects.write({digest_of(BIG): BIG, digest_of(b"small"): b"small"})
    assert len(keys(lake, "objects/")) == 2
    assert {one.belonged_to for one in lake.gc().files} == {()}
    assert keys(collected(lake), "objects/") == set()


def test_a_pack_stays_while_anything_in_it_is_wanted(lake, commit):
    commit(lake, depth=1, outputs={"x": {"a": 1}})
    commit(lake, depth=2, outputs={"x": {"a": 2}})
    lake.forget("fraud:v1")
    before = keys(lake, "objects/")
    answer = lake.gc(apply=True)
    assert answer.files == ()
    assert answer.kept > 0, "what it holds besides is told"
    assert keys(lake, "objects/") == before


def test_attempts_and_replays_keep_what_they_name(lake, new_attempt):
    lake.record_attempt(new_attempt())
    assert lake.gc(apply=True, grace="0", hasty=True).files == ()


def test_what_was_ever_promoted_is_kept_whatever_a_record_says(lake, commit, forger):
    commit(lake, depth=1, outputs={"big": BIG})
    lake.promote("fraud:v1", "production")
    commit(lake, depth=2)
    lake.promote("fraud:v2", "production")
    with pytest.raises(Refused, match="@production"):
        lake.forget("fraud:v1")
    forger(lake._parts.store).write("forgotten", {"name": "fraud", "number": 1})
    assert collected(lake).load("fraud:v1", "big") == BIG


@pytest.mark.parametrize("damage", ["record", "object", "hint"])
def test_nothing_is_collected_of_a_damaged_lake(forgotten, damage):
    store = forgotten._parts.store
    if damage == "record":
        store.remove("log/000000/000002.json")
    elif damage == "object":
        for key in keys(forgotten, "objects/"):
            store.remove(key)
    else:
        store.put_hint("index/head.json", b'{"digest":"b3:%s","seq":9}' % (b"0" * 64))
    with pytest.raises(Exception, match=r"problem|missing"):
        forgotten.gc(apply=True, grace="0", hasty=True)
    assert keys(forgotten, "trash/") == set()


def test_nothing_is_collected_while_records_are_not_understood(forgotten, forger):
    forger(forgotten._parts.store).write("hologram", {"needs": "objects"})
    with pytest.raises(Refused, match="hologram"):
        forgotten.gc()


def test_nothing_is_collected_while_the_clock_is_behind_the_log(forgotten, clock):
    clock.wait(days=-400)
    with pytest.raises(Refused, match="clock"):
        forgotten.gc(apply=True)
    clock.wait(days=400)
    assert steps(forgotten.gc()) == [Step.MARK]


def test_a_clock_that_went_back_only_makes_it_wait_longer(forgotten, clock):
    clock.wait(days=300)
    forgotten.gc(apply=True)
    clock.wait(days=-280)
    assert steps(forgotten.gc(apply=True)) == [Step.WAIT]


@pytest.mark.parametrize("marks", [b"", b"[]", b"null", b'{"objects/ab/cd":7}', b'{"x":"never"}', b"\xff", b"[" * 9999])
def test_marks_that_are_garbage_begin_anew(forgotten, marks):
    forgotten.gc(apply=True)
    forgotten._parts.store.put_hint("index/collecting.json", marks)
    assert steps(forgotten.gc(apply=True)) == [Step.MARK]


def test_files_that_are_none_of_ours_are_left_alone_and_told(forgotten):
    store = forgotten._parts.store
    for key in ("objects/readme", "objects/ab/notes", "objects/ab/" + "0" * 61):
        store.put_new(key, b"mine")
    answer = forgotten.gc(apply=True, grace="0", hasty=True)
    assert len(answer.remarks) == 3
    collected(forgotten)
    assert keys(forgotten) >= {"objects/readme", "objects/ab/notes"}


def test_a_file_that_is_written_anew_waits_anew(tmp_path, commit, clock):
    lake = Lake(open_parts(tmp_path, create=True, clock=clock))
    lake._parts.objects.write({digest_of(BIG): BIG})
    lake.gc(apply=True)
    clock.wait(days=15)
    path = tmp_path / ".mvlake" / object_key(digest_of(BIG))
    os.utime(path, (clock().timestamp(), clock().timestamp()))
    assert steps(lake.gc(apply=True)) == [Step.WAIT]


def test_old_files_in_tmp_are_removed_and_young_ones_stay(tmp_path, commit, clock):
    lake = Lake(open_parts(tmp_path, create=True, clock=clock))
    commit(lake)
    (tmp_path / ".mvlake/tmp/1-half").write_bytes(b"half")
    assert lake.gc(apply=True).files == ()
    clock.wait(days=2)
    assert steps(lake.gc()) == [Step.SWEEP]
    assert steps(lake.gc(apply=True)) == [Step.SWEEP]
    assert not (tmp_path / ".mvlake/tmp/1-half").exists()


def test_an_answer_can_be_read_by_people_and_programs(forgotten, as_json):
    from mvlake.view.html import page
    from mvlake.view.text import as_text

    answer = forgotten.gc()
    assert as_json(answer)["files"][0]["belonged_to"] == ["fraud:v1"]
    assert "would be marked" in as_text(answer)
    assert "fraud:v1" in page(answer, "gc")
    assert "nothing to collect" in as_text(collected(forgotten).gc())


def test_latest_is_the_latest_that_is_wanted(forgotten):
    forgotten.forget("fraud:latest")
    assert forgotten.show("fraud:latest").entry.ref == "fraud:v2"
    forgotten.forget("fraud:v2")
    with pytest.raises(VersionNotFound, match="every version of fraud is forgotten"):
        forgotten.show("fraud:latest")
    assert forgotten.show("fraud:v3").entry.ref == "fraud:v3"
