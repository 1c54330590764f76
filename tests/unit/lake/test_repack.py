from datetime import UTC, datetime, timedelta

import pytest

from mvlake.errors import MissingObject
from mvlake.lake import repack
from mvlake.lake.lake import Lake
from mvlake.lake.open import create_lake, open_parts, parts_of
from mvlake.records.answers import Step
from mvlake.records.events import Repacked
from mvlake.store.keys import pack_key
from mvlake.store.memory import MemoryStore
from mvlake.store.pack import pack_bytes

SECRET = "a secret that nobody may read again"


class Clock:
    def __init__(self):
        self.ahead = timedelta()

    def __call__(self):
        return datetime.now(UTC) + self.ahead


@pytest.fixture(params=["disk", "memory"])
def lake(request, tmp_path):
    clock = Clock()
    if request.param == "disk":
        lake = Lake(open_parts(tmp_path / "here", create=True, clock=clock))
    else:
        store = MemoryStore()
        create_lake(store, clock())
        lake = Lake(parts_of(store, clock=clock))
    return lake


@pytest.fixture
def mixed(lake, commit):
    """A lake whose first version is forgotten; its pack holds code and an output that the second wants, and a secret."""
    commit(lake, depth=1, outputs={"shared": {"rows": list(range(50))}, "unwanted": SECRET})
    commit(lake, depth=1, outputs={"shared": {"rows": list(range(50))}, "other": 2})
    lake.forget("fraud:v1", reason="it holds a secret")
    return lake


def collect(lake, times=4, *, repack=True):
    """Collect, each time after the grace."""
    for _ in range(times):
        lake._parts.clock.ahead += timedelta(days=15)
        answer = lake.gc(apply=True, repack=repack)
    return answer


def packs(lake, prefix=""):
    return {key for key in lake._parts.store.keys(f"{prefix}objects/") if key.endswith(".pack")}


def holds(lake, text):
    """True when some object anywhere below the lake, the trash too, has a text."""
    objects = lake._parts.objects
    found = [one for pack in [*lake._parts.store.keys("objects/"), *lake._parts.store.keys("trash/")] for one in inside(lake, pack)]
    return any(text.encode() in objects.read(digest, first=place) for digest, place in found)


def inside(lake, key):
    from mvlake.store.keys import digest_in

    return lake._parts.objects.contents(digest_in(key.removeprefix("trash/")))


def test_what_is_forgotten_goes_out_of_a_pack_that_others_want(mixed):
    before = packs(mixed)
    assert holds(mixed, SECRET)
    collect(mixed, repack=False)
    assert (packs(mixed), holds(mixed, SECRET)) == (before, True), "without the word a pack stays"
    answer = collect(mixed)
    assert (answer.files, answer.kept) == ((), 0)
    assert not holds(mixed, SECRET)
    assert mixed.load("fraud:v2", "shared") == {"rows": list(range(50))}
    assert mixed.verify(data=True).problems == ()
    assert mixed.show("fraud:v2").dossier.problems == ()
    with pytest.raises(MissingObject, match="was forgotten"):
        mixed.load("fraud:v1", "unwanted")


def test_a_dry_run_says_which_packs_would_be_rewritten_and_touches_nothing(mixed, as_json):
    from mvlake.view.text import as_text

    before = set(mixed._parts.store.keys(""))
    answer = mixed.gc(repack=True)
    (file,) = answer.files
    assert (file.step, file.belonged_to) == (Step.REWRITE, ("fraud:v1",))
    assert 0 < file.size == answer.kept
    assert "1 pack would be rewritten" in as_text(answer)
    assert "gc --repack --apply" in as_text(answer)
    assert as_json(answer)["files"][0]["step"] == "rewrite"
    assert set(mixed._parts.store.keys("")) == before
    assert "gc --repack" in as_text(mixed.gc()), "who has not said the word hears of it"


def test_the_old_pack_takes_the_steps_of_all_files(mixed):
    (old,) = {one.key for one in mixed.gc(repack=True).files}
    steps = [[(one.step, one.key) for one in collect(mixed, 1).files] for _ in range(4)]
    assert steps == [
        [(Step.REWRITE, old), (Step.MARK, old)],
        [(Step.MOVE, old)],
        [(Step.REMOVE, f"trash/{old}")],
        [],
    ]


def test_it_is_one_record_and_a_second_run_writes_none(mixed):
    head = mixed.status().records
    collect(mixed, 1)
    record, _ = mixed._parts.log.read(head + 1)
    assert isinstance(record.body, Repacked)
    assert len(record.packs) == 1
    collect(mixed, 3)
    assert mixed.status().records == head + 1
    (row,) = mixed.sql("select kind, name, number from events where kind = 'repacked'").rows
    assert row == ("repacked", None, None)


def test_a_pack_of_which_nothing_is_wanted_is_replaced_by_none(lake, commit):
    commit(lake, depth=1, outputs={"x": SECRET})
    commit(lake, depth=1, outputs={"y": 2})
    lake.forget("fraud:v1")
    collect(lake)
    commit(lake, "other", outputs={"z": 3})
    lake.forget("fraud:v2")  # what the second pack holds now came with no version that is wanted
    collect(lake)
    assert collect(lake).kept == 0
    assert lake.verify(data=True).problems == ()
    assert lake.load("other:v1", "z") == 3


def test_unforgotten_in_time_nothing_is_lost(mixed):
    collect(mixed, 2)
    assert packs(mixed, "trash/"), "the old pack lies in the trash"
    mixed.unforget("fraud:v1")
    assert mixed.load("fraud:v1", "unwanted") == SECRET
    collect(mixed)
    assert mixed.load("fraud:v1", "unwanted") == SECRET
    assert mixed.verify(data=True).problems == ()
    mixed.forget("fraud:v1")
    collect(mixed, 5)
    assert not holds(mixed, SECRET), "a replaced pack that had to stay is replaced once more"
    assert mixed.verify(data=True).problems == ()


def test_forgotten_content_that_comes_again_is_stored_again(mixed, commit):
    collect(mixed)
    commit(mixed, depth=7, outputs={"unwanted": SECRET, "shared": {"rows": list(range(50))}})
    assert mixed.load("fraud:v3", "unwanted") == SECRET
    collect(mixed)
    assert mixed.verify(data=True).problems == ()
    assert mixed.load("fraud:v3", "unwanted") == SECRET


def test_wanted_content_is_not_stored_a_second_time_after_its_pack_was_replaced(mixed, commit):
    collect(mixed)
    again = Lake(parts_of(mixed._parts.store, clock=mixed._parts.clock))
    before = sum(len(inside(again, key)) for key in packs(again))
    commit(again, "other", depth=1, outputs={"shared": {"rows": list(range(50))}, "other": 2})
    assert sum(len(inside(again, key)) for key in packs(again)) <= before + 1


def test_who_has_read_the_lake_before_still_finds_everything(mixed):
    reader = Lake(parts_of(mixed._parts.store, clock=mixed._parts.clock))
    assert reader.load("fraud:v2", "shared") == {"rows": list(range(50))}
    collect(mixed)
    assert reader.load("fraud:v2", "other") == 2
    assert reader.show("fraud:v2").dossier.problems == ()


def test_a_damaged_pack_is_left_alone_and_said(mixed):
    (old,) = {one.key for one in mixed.gc(repack=True).files}
    store = mixed._parts.store
    data = bytearray(store.get(old))
    data[len(data) // 4] ^= 1
    store.remove(old)
    store.put_new(old, bytes(data))
    head = mixed.status().records
    answer = mixed.gc(apply=True, repack=True)
    assert any("left as it is" in one for one in answer.remarks)
    assert mixed.status().records == head
    assert store.get(old) == bytes(data)


def test_a_record_that_says_more_than_was_done_loses_nothing(mixed, commit, forger):
    """A hostile, or a half-done, log says that all packs were replaced: what lies nowhere else stays."""
    names = [str(digest) for digest in mixed._parts.log.read(1)[0].packs + mixed._parts.log.read(2)[0].packs]
    forger(mixed._parts.store).write("repacked", {"replaced": names})
    collect(mixed, 5, repack=False)
    assert mixed.verify(data=True).problems == ()
    assert mixed.load("fraud:v2", "shared") == {"rows": list(range(50))}


def test_a_new_pack_that_others_removed_before_the_record_is_written_again(mixed, monkeypatch):
    """A collector takes the new pack for what a dead commit left, at the worst moments."""
    store, real, removed = mixed._parts.store, repack._written, []

    def written(parts, entries):
        found = real(parts, entries)
        if not removed:
            removed.append(found[0])
            store.remove(pack_key(found[0]))
        return found

    monkeypatch.setattr(repack, "_written", written)
    collect(mixed)
    assert store.size(pack_key(removed[0])) is not None
    assert mixed.verify(data=True).problems == ()
    assert not holds(mixed, SECRET)


def test_long_packs_give_several_records_of_bounded_size(lake, commit, monkeypatch):
    monkeypatch.setattr(repack, "PACK_SIZE", 1)
    for number in range(3):
        commit(lake, depth=number, outputs={"kept": f"kept {number}", "gone": f"gone {number}"})
        commit(lake, f"keeper{number}", depth=number, outputs={"kept": f"kept {number}"})
        lake.forget(f"fraud:v{number + 1}")
    head = lake.status().records
    collect(lake, 1)
    assert lake.status().records == head + 3
    collect(lake)
    assert [lake.load(f"keeper{number}:v1", "kept") for number in range(3)] == ["kept 0", "kept 1", "kept 2"]
    assert not holds(lake, "gone ")


@pytest.mark.parametrize("verb", ["push", "pull"])
@pytest.mark.parametrize("had", ["nothing", "the old packs"])
def test_a_copy_is_brought_up_whichever_packs_it_had(tmp_path, commit, verb, had):
    np, pd = pytest.importorskip("numpy"), pytest.importorskip("pandas")
    frame = pd.DataFrame({"x": np.random.default_rng(0).random(60_000), "y": range(60_000)})
    here = Lake(open_parts(tmp_path / "here", create=True, clock=Clock()))
    commit(here, depth=1, outputs={"df": frame, "unwanted": SECRET})
    commit(here, depth=2, outputs={"df": frame})
    if had == "the old packs":
        here.push(str(tmp_path / "there"))
    here.forget("fraud:v1")
    collect(here)
    if verb == "push":
        here.push(str(tmp_path / "there"))
        there = Lake(open_parts(tmp_path / "there", create=False, clock=here._parts.clock))
    else:
        if had == "nothing":
            Lake.init(tmp_path / "there", source=str(tmp_path / "here"))
        Lake.open(tmp_path / "there").pull(str(tmp_path / "here"))
        there = Lake(open_parts(tmp_path / "there", create=False, clock=here._parts.clock))
    assert there.verify(data=True).problems == ()
    pd.testing.assert_frame_equal(there.load("fraud:v2", "df"), frame)
    assert holds(there, SECRET) is (had == "the old packs")
    collect(there)
    assert not holds(there, SECRET), "the record is enough for whoever collects there"
    assert there.status().records == here.status().records
    pd.testing.assert_frame_equal(there.load("fraud:v2", "df"), frame)


def test_what_is_lost_with_a_new_pack_is_one_finding_and_comes_back_from_a_copy(tmp_path, commit):
    here = Lake(open_parts(tmp_path / "here", create=True, clock=Clock()))
    commit(here, depth=1, outputs={"shared": "both", "unwanted": SECRET})
    commit(here, depth=1, outputs={"shared": "both", "other": 1})
    here.forget("fraud:v1")
    collect(here)
    here.push(str(tmp_path / "copy"))
    (record,) = [one for seq in range(1, 9) if (one := _record(here, seq)) is not None and one.kind == "repacked"]
    here._parts.store.remove(pack_key(record.packs[0]))
    again = Lake(open_parts(tmp_path / "here", create=False, clock=here._parts.clock))
    (finding,) = again.verify().problems
    assert f"record {record.seq}" in finding.subject
    assert "lost with it" in finding.problem
    assert again.repair(apply=True, source=tmp_path / "copy").left == ()
    assert again.verify(data=True).problems == ()
    assert not any("taken from the copy" in one.act for one in again.repair(source=tmp_path / "copy").done)


def _record(lake, seq):
    return lake._parts.log.read(seq)[0] if seq <= lake.status().records else None


def test_a_rebuilt_index_finds_what_moved(mixed):
    collect(mixed)
    mixed.rebuild()
    fresh = Lake(parts_of(mixed._parts.store, clock=mixed._parts.clock))
    assert fresh.load("fraud:v2", "shared") == {"rows": list(range(50))}


def test_a_pack_of_nothing_is_never_written(mixed):
    collect(mixed)
    assert not any(mixed._parts.store.get(key) == pack_bytes({}) for key in packs(mixed))
