import shutil

import pytest

from mvlake.errors import LakeNotFound, Refused
from mvlake.lake.lake import Lake
from mvlake.store.keys import record_key

BIG = b"big " * 300_000


@pytest.fixture
def folder(tmp_path, commit):
    lake = Lake.open(tmp_path / "project")
    commit(lake, depth=1, outputs={"x": {"a": 1}, "big": BIG})
    commit(lake, depth=2, outputs={"x": {"a": 2}})
    commit(lake, depth=3, outputs={"x": {"a": 3}})
    shutil.copytree(tmp_path / "project", tmp_path / "copy")
    return tmp_path / "project/.mvlake"


def put(path, data):
    path.unlink(missing_ok=True)
    path.write_bytes(data)


def flip(path, place=40):
    data = bytearray(path.read_bytes())
    data[place] ^= 1
    put(path, bytes(data))


def packs(folder):
    return sorted(folder.glob("objects/*/*.pack"))


def alone(folder):
    (path,) = [path for path in folder.glob("objects/*/*") if path.suffix != ".pack"]
    return path


def files(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.relative_to(folder).parts[0] in ("log", "objects", "quarantine", "trash", "tmp")
    }


def healed(folder, **options):
    """Repair, and check that nothing was deleted and that all is well."""
    before = set(files(folder).values())
    Lake.open(folder).repair(**options)
    assert set(files(folder).values()) == before, "a dry run touches nothing"
    answer = Lake.open(folder).repair(apply=True, **options)
    assert before <= set(files(folder).values()), "whatever was there is somewhere still"
    assert answer.is_clean
    lake = Lake.open(folder)
    assert lake.verify(data=True).is_clean
    assert [lake.load(f"fraud:v{number}", "x") for number in (1, 2, 3)] == [{"a": number} for number in (1, 2, 3)]
    assert lake.load("fraud:v1", "big") == BIG
    assert [lake.show(f"fraud:v{number}").dossier.problems for number in (1, 2, 3)] == [(), (), ()]
    return answer


def test_a_whole_lake_needs_no_repair(folder):
    assert Lake.open(folder).repair().done == ()
    assert Lake.open(folder).repair().is_clean
    healed(folder)


def test_a_damaged_object_is_set_aside_and_taken_from_a_copy(folder, tmp_path):
    flip(alone(folder))
    answer = healed(folder, source=tmp_path / "copy")
    assert any("quarantine" in one.act for one in answer.done)
    assert len(list((folder / "quarantine").rglob("*"))) >= 1


@pytest.mark.parametrize("place", [8, 40, -1, -20])
def test_a_damaged_pack_is_set_aside_and_taken_from_a_copy(folder, tmp_path, place):
    for pack in packs(folder):
        flip(pack, place)
    healed(folder, source=tmp_path / "copy")
    assert len(packs(folder)) == 3


@pytest.mark.parametrize("kept", [0, 8, 100])
def test_a_truncated_pack_is_taken_from_a_copy(folder, tmp_path, kept):
    put(packs(folder)[0], packs(folder)[0].read_bytes()[:kept])
    healed(folder, source=tmp_path / "copy")


def test_missing_files_are_taken_from_a_copy(folder, tmp_path):
    alone(folder).unlink()
    for pack in packs(folder):
        pack.unlink()
    healed(folder, source=tmp_path / "copy")


def test_a_damaged_object_that_lies_in_the_trash_whole_is_put_back(folder):
    data = alone(folder).read_bytes()
    key = alone(folder).relative_to(folder)
    (folder / "trash" / key).parent.mkdir(parents=True)
    (folder / "trash" / key).write_bytes(data)
    flip(folder / key)
    healed(folder)


def test_what_was_collected_although_it_is_wanted_is_put_back(folder):
    for path in (alone(folder), *packs(folder)):
        key = path.relative_to(folder)
        (folder / "trash" / key).parent.mkdir(parents=True, exist_ok=True)
        path.rename(folder / "trash" / key)
    lake = Lake.open(folder)
    assert lake.load("fraud:v1", "big") == BIG, "readers find it meanwhile"
    assert "`mvlake repair`" in "".join(lake.verify().remarks)
    healed(folder)
    assert not [path for path in (folder / "trash").rglob("*") if path.is_file()]


def test_what_can_be_read_of_a_damaged_pack_is_rescued_and_what_is_lost_is_said(folder, commit):
    pack = max(packs(folder), key=lambda path: path.stat().st_size)
    flip(pack, 20)
    before = Lake.open(folder).repair()
    assert not before.is_clean
    answer = Lake.open(folder).repair(apply=True)
    assert len(answer.left) == len(before.left) == 1
    assert answer.left[0].code == "missing-object"
    assert "fraud:v1" in answer.left[0].problem
    findings = Lake.open(folder).verify(data=True)
    assert [one.subject for one in findings.problems] == [one.subject for one in answer.left]
    assert not pack.exists()


def test_after_a_repair_the_same_content_can_be_committed_again(folder, commit):
    flip(alone(folder))
    assert [one.code for one in Lake.open(folder).repair(apply=True).left] == ["missing-object"]
    lake = Lake.open(folder)
    commit(lake, depth=9, outputs={"big": BIG})
    assert lake.load("fraud:v1", "big") == BIG
    assert Lake.open(folder).verify(data=True).is_clean


def test_content_that_this_process_found_damaged_is_stored_again_by_the_next_commit(folder, commit):
    flip(alone(folder))
    lake = Lake.open(folder)
    with pytest.raises(Exception, match="damaged"):
        lake.load("fraud:v1", "big")
    commit(lake, depth=9, outputs={"big": BIG})
    assert Lake.open(folder).load("fraud:v1", "big") == BIG


@pytest.mark.parametrize("seqs", [[1], [2], [3], [1, 2, 3], [2, 3]])
def test_missing_records_are_taken_from_a_copy(folder, tmp_path, seqs):
    for seq in seqs:
        (folder / record_key(seq)).unlink()
    healed(folder, source=tmp_path / "copy")


def test_a_missing_record_is_not_taken_from_another_history(folder, tmp_path, commit):
    (tmp_path / "other/.mvlake").mkdir(parents=True)
    shutil.copy(folder / "lake.toml", tmp_path / "other/.mvlake")  # it says that it is a copy
    other = Lake.open(tmp_path / "other")
    for depth in (1, 2, 3):
        commit(other, depth=depth)
    (folder / record_key(2)).unlink()
    answer = Lake.open(folder).repair(apply=True, source=tmp_path / "other")
    assert not answer.is_clean
    assert not (folder / record_key(2)).exists()


def test_a_damaged_record_is_left_as_it_is(folder, tmp_path):
    flip(folder / record_key(2))
    before = (folder / record_key(2)).read_bytes()
    answer = Lake.open(folder).repair(apply=True, source=tmp_path / "copy")
    assert (folder / record_key(2)).read_bytes() == before
    assert [one.subject for one in answer.left] == ["record 2"]


def test_a_lost_end_of_the_log_is_given_up_only_when_that_is_said(folder, commit):
    (folder / record_key(3)).unlink()
    assert not Lake.open(folder).repair(apply=True).is_clean
    answer = Lake.open(folder).repair(apply=True, accept=True)
    assert any("given up" in one.act for one in answer.done)
    lake = Lake.open(folder)
    assert lake.verify(data=True).is_clean
    assert commit(lake, depth=9).ref == "fraud:v3"


def test_a_gap_in_the_log_is_never_given_up(folder):
    (folder / record_key(2)).unlink()
    assert not Lake.open(folder).repair(apply=True, accept=True).is_clean
    assert (folder / record_key(3)).exists()


def test_repairing_twice_does_nothing_the_second_time(folder, tmp_path):
    flip(alone(folder))
    healed(folder, source=tmp_path / "copy")
    assert Lake.open(folder).repair(apply=True).done == ()


def test_a_copy_that_is_none_is_said(folder, tmp_path):
    with pytest.raises(LakeNotFound):
        Lake.open(folder).repair(source=tmp_path / "nowhere")


def test_a_hostile_copy_is_believed_nothing(folder, tmp_path):
    flip(alone(folder))
    copy = tmp_path / "copy/.mvlake"
    put(copy / alone(folder).relative_to(folder), b"not big at all")
    for pack in packs(copy):
        put(pack, b"evil")
    answer = Lake.open(folder).repair(apply=True, source=copy)
    assert [one.code for one in answer.left] == ["missing-object"]
    assert Lake.open(folder).load("fraud:v1", "x") == {"a": 1}


def test_an_answer_can_be_read_by_people_and_programs(folder, as_json):
    from mvlake.cli.main import exit_code
    from mvlake.view.text import as_text

    flip(alone(folder))
    answer = Lake.open(folder).repair()
    assert exit_code(answer) == 1
    assert "can be mended" in as_text(answer)
    assert as_json(answer)["is_clean"] is False


def test_another_lake_is_no_copy_to_repair_from(folder, tmp_path, commit):
    commit(Lake.open(tmp_path / "other"))
    with pytest.raises(Refused, match="another lake, and no copy") as raised:
        Lake.open(folder).repair(source=tmp_path / "other")
    assert "backup" in raised.value.hint


def test_what_is_rescued_of_a_version_is_said_once(tmp_path, commit):
    lake = Lake.open(tmp_path / "rescued")
    commit(lake, outputs={f"x{number}": f"text {number}" * 50 for number in range(30)})
    (pack,) = (tmp_path / "rescued/.mvlake/objects").rglob("*.pack")
    flip(pack)
    said = lake.repair(apply=True).done
    assert [one.subject.split(" objects of ")[-1] for one in said[1:]] == ["fraud:v1"]
    assert "x0" in said[1].act
    assert Lake.open(tmp_path / "rescued").load("fraud:v1", "x29") == "text 29" * 50


@pytest.mark.parametrize("lost", [1, 2])
def test_last_records_that_nothing_in_the_lake_tells_of_any_more_are_taken_from_a_copy(folder, tmp_path, lost):
    shutil.rmtree(folder / "index")
    last = Lake.open(folder)._parts.log.head
    shutil.rmtree(folder / "index", ignore_errors=True)
    for seq in range(last - lost + 1, last + 1):
        (folder / record_key(seq)).unlink()
    answer = healed(folder, source=tmp_path / "copy")
    assert [one.subject for one in answer.done] == [f"record {seq}" for seq in range(last - lost + 1, last + 1)]


def test_records_of_a_copy_that_went_another_way_are_not_taken(folder, tmp_path, commit):
    (folder / record_key(Lake.open(folder)._parts.log.head)).unlink()
    shutil.rmtree(folder / "index")
    lake = Lake.open(folder)
    commit(lake, depth=4, outputs={"x": {"a": 3}})
    commit(Lake.open(tmp_path / "copy"), depth=5, outputs={"x": {"a": 5}})
    before = files(folder)
    assert Lake.open(folder).repair(apply=True, source=tmp_path / "copy").done == ()
    assert files(folder) == before
