import contextlib
import json
import random
import shutil
from pathlib import Path

import pytest

from mvlake.errors import Damaged, MvlakeError
from mvlake.lake.lake import Lake
from mvlake.store.keys import record_key
from mvlake.store.seal import seal

BIG = b"big " * 300_000


@pytest.fixture(scope="module")
def whole(tmp_path_factory, commit, new_attempt):
    """A lake with every kind of record but a replay, packs, and one object alone in its file."""
    folder = tmp_path_factory.mktemp("whole")
    lake = Lake.open(folder)
    commit(lake, depth=1, outputs={"x": {"a": 1}, "big": BIG})
    commit(lake, depth=2, outputs={"x": {"a": 2}}, metrics={"auc": 0.5})
    commit(lake, depth=2, outputs={"x": {"a": 2}}, metrics={"auc": 0.5})
    lake.record_attempt(new_attempt())
    lake.promote("fraud:v1", "production")
    lake.promote("fraud:v2", "production", reason="better")
    lake.rollback("production")
    lake.note("fraud:v1", "hm")
    lake.tag("fraud:v2", "base")
    commit(lake, depth=3, outputs={"x": {"a": 3}})
    return folder / ".mvlake"


@pytest.fixture
def folder(whole, tmp_path):
    shutil.copytree(whole, tmp_path / ".mvlake")
    return tmp_path / ".mvlake"


def record_file(folder, seq):
    return folder / record_key(seq)


def put(path: Path, data: bytes) -> None:
    path.unlink(missing_ok=True)
    path.write_bytes(data)


def found(folder):
    findings = Lake.open(folder, create=False).verify(data=True)
    assert not findings.is_clean
    return findings.problems


def subjects(folder):
    return {one.subject for one in found(folder)}


def packs(folder):
    return sorted(folder.glob("objects/*/*.pack"))


def alone(folder):
    return [path for path in folder.glob("objects/*/*") if path.suffix != ".pack"]


def everything(lake):
    """All that a user can read of the lake."""
    refs = [entry.ref for entry in lake.log().entries]
    shown = [lake.show(ref) for ref in refs]
    return refs, [one.entry for one in shown], [lake.load(ref, "x") for ref in refs], lake.load("fraud:v1", "big"), lake.labels()


def test_a_clean_lake_has_no_problems(whole):
    findings = Lake.open(whole).verify(data=True)
    assert findings.is_clean
    assert findings.problems == ()
    assert findings.records == 10
    assert findings.objects > 8
    assert findings.size > 1 << 20
    assert findings.remarks == ()
    assert findings.head == Lake.open(whole)._parts.log.head_digest


def test_an_empty_lake_is_clean(lake):
    findings = lake.verify()
    assert findings.is_clean
    assert (findings.records, findings.objects, findings.head) == (0, 0, None)


def test_the_lake_of_the_tests_has_all_kinds_of_files(whole):
    assert len(alone(whole)) == 1
    assert len(packs(whole)) >= 3


def test_a_flipped_bit_is_found_in_every_file_that_is_truth(folder):
    dice = random.Random(7)
    good = everything(Lake.open(folder))
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.relative_to(folder).parts[0] in ("log", "objects"))
    assert len(files) >= 14
    for path in files:
        data = path.read_bytes()
        places = {0, len(data) - 1, *(dice.randrange(len(data)) for _ in range(2 if len(data) > 1 << 20 else 6))}
        for place in places:
            flipped = bytearray(data)
            flipped[place] ^= 1 << dice.randrange(8)
            put(path, bytes(flipped))
            problems = found(folder)
            assert all(one.subject and one.code and one.problem for one in problems)
            with contextlib.suppress(Damaged):
                assert everything(Lake.open(folder)) == good or _is_partial(folder, good)
        put(path, data)
    assert Lake.open(folder).verify().is_clean


def _is_partial(folder, good):
    """True when what was read is right, and what could not be read is said."""
    lake = Lake.open(folder)
    for entry in good[1]:
        shown = lake.show(entry.ref)
        assert shown.entry == entry
        whole = [source for source in shown.dossier.sources if source is not None]
        assert shown.dossier.problems or len(whole) == len(entry.version.cells)
    return True


@pytest.mark.parametrize("file", ["lake.toml", "index/head.json"])
def test_a_flipped_bit_in_a_small_file_is_found_or_harmless(folder, file):
    good = everything(Lake.open(folder))
    data, dice = (folder / file).read_bytes(), random.Random(3)
    for place in range(dice.randrange(6), len(data), 6):
        flipped = bytearray(data)
        flipped[place] ^= 1 << dice.randrange(8)
        put(folder / file, bytes(flipped))
        try:
            lake = Lake.open(folder, create=False)
            if lake.verify().is_clean:
                assert everything(lake) == good
        except MvlakeError:
            pass


def test_a_deleted_record_is_named(folder):
    record_file(folder, 4).unlink()
    assert "record 4" in subjects(folder)
    assert "missing" in found(folder)[0].problem


def test_several_deleted_records_are_named(folder):
    for seq in (3, 4, 5):
        record_file(folder, seq).unlink()
    text = " ".join(subjects(folder))
    assert "3" in text
    assert "5" in text


def test_the_deleted_first_record_is_named(folder):
    record_file(folder, 1).unlink()
    assert "record 1" in subjects(folder)


def test_the_deleted_last_record_is_named_by_the_hint(folder):
    record_file(folder, 10).unlink()
    assert subjects(folder) >= {"record 10"}
    assert not [one for one in found(folder) if "pack" in one.subject]


def test_swapped_records_are_named(folder):
    first, second = record_file(folder, 8).read_bytes(), record_file(folder, 9).read_bytes()
    put(record_file(folder, 8), second)
    put(record_file(folder, 9), first)
    assert {"record 8", "record 9"} <= subjects(folder)


def _edited(data):
    document = json.loads(data)
    document["by"]["user"] = "mallory"
    document.pop("sum")
    return seal(json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode())


def test_an_edited_record_is_named(folder):
    put(record_file(folder, 5), record_file(folder, 5).read_bytes().replace(b"production", b"producti0n"))
    assert "record 5" in subjects(folder)


@pytest.mark.parametrize("seq", [1, 6, 9])
def test_an_edited_record_with_a_new_seal_breaks_the_chain_behind_it(folder, seq):
    put(record_file(folder, seq), _edited(record_file(folder, seq).read_bytes()))
    (problem,) = found(folder)
    assert problem.subject == f"record {seq + 1}"
    assert problem.code == "damaged-record"


def test_an_edited_head_with_a_new_seal_is_not_the_one_that_was_written_last(folder):
    put(record_file(folder, 10), _edited(record_file(folder, 10).read_bytes()))
    (problem,) = found(folder)
    assert problem.subject == "record 10"


def test_a_record_of_another_lake_is_named(folder, tmp_path, commit):
    other = Lake.open(tmp_path / "other")
    commit(other, depth=9)
    put(record_file(folder, 1), (tmp_path / "other" / ".mvlake" / record_key(1)).read_bytes())
    assert "record 1" in subjects(folder)


def test_a_log_under_another_id_is_named(folder):
    put(folder / "lake.toml", (folder / "lake.toml").read_bytes().replace(b'id = "', b'id = "0', 1))
    assert "record 1" in subjects(folder)


def test_a_truncated_record_is_named(folder):
    put(record_file(folder, 7), record_file(folder, 7).read_bytes()[:-1])
    assert "record 7" in subjects(folder)
    put(record_file(folder, 7), b"")
    assert "record 7" in subjects(folder)


def test_a_missing_object_is_named_with_who_needs_it(folder):
    (path,) = alone(folder)
    path.unlink()
    (problem,) = found(folder)
    assert problem.code == "missing-object"
    assert "big of fraud:v1" in problem.subject


def test_a_missing_pack_is_named(folder):
    packs(folder)[0].unlink()
    codes = {one.code for one in found(folder)}
    assert codes == {"missing-object"}
    assert any(one.subject.startswith("pack b3:") for one in found(folder))


@pytest.mark.parametrize("kept", [0, 8, 20, 0.5, -1])
def test_a_truncated_pack_is_named(folder, kept):
    path = packs(folder)[0]
    data = path.read_bytes()
    put(path, data[: int(len(data) * kept) if 0 < kept < 1 else kept])
    assert any(one.subject.startswith("pack b3:") for one in found(folder))


def test_a_pack_under_another_name_is_named(folder):
    one, other = packs(folder)[:2]
    data = one.read_bytes()
    put(one, other.read_bytes())
    assert any(problem.subject.startswith("pack b3:") for problem in found(folder))
    put(one, data)
    assert Lake.open(folder).verify().is_clean


def test_a_damaged_second_copy_of_an_object_is_named(folder):
    from mvlake.store.hashing import digest_of
    from mvlake.store.keys import object_key

    digest = digest_of(b"model = fit(df)")
    lake = Lake.open(folder)
    source = lake.show("fraud:v1").entry.version.cells[0].source
    assert digest != source
    path = folder / object_key(source)
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"other bytes")
    problems = found(folder)
    assert any(source in one.subject or source in one.problem for one in problems)
    assert lake.show("fraud:v1").dossier.sources[0] == "df = read()"


def test_a_record_beyond_the_head_is_named(folder):
    put(record_file(folder, 14), record_file(folder, 10).read_bytes())
    assert "record 14" in subjects(folder)


def test_a_hint_far_beyond_the_log_does_not_keep_anybody_busy(folder):
    put(folder / "index" / "head.json", b'{"digest":"b3:%s","seq":900719925474099}' % (b"0" * 64))
    assert any("900719925474099" in one.subject for one in found(folder))


def test_a_file_far_beyond_the_log_does_not_keep_anybody_busy(folder):
    path = folder / record_key(900_719_925_474_099)
    path.parent.mkdir()
    path.write_bytes(b"{}")
    assert "record 900719925474099" in subjects(folder)


@pytest.mark.parametrize(
    "hint", [b"", b"{}", b"[]", b"null", b'{"seq":"x","digest":1}', b'{"seq":-5,"digest":"b3:"}', b"\xff", b"[" * 9999]
)
def test_a_hint_that_is_garbage_misleads_nobody(folder, hint):
    put(folder / "index" / "head.json", hint)
    assert Lake.open(folder).verify().is_clean


def test_an_old_hint_misleads_nobody(folder, commit):
    hint = (folder / "index" / "head.json").read_bytes()
    commit(Lake.open(folder), depth=77)
    put(folder / "index" / "head.json", hint)
    assert Lake.open(folder).verify().is_clean


def test_extra_files_are_remarked_on(folder):
    (folder / "objects" / "ab").mkdir(exist_ok=True)
    (folder / "objects" / "ab" / ("0" * 62)).write_bytes(b"left")
    (folder / "objects" / "README").write_bytes(b"x")
    (folder / "log" / "000000" / "notes.txt").write_bytes(b"x")
    (folder / "log" / "000000" / ".DS_Store").write_bytes(b"x")
    (folder / "tmp" / "1-a").write_bytes(b"half")
    findings = Lake.open(folder).verify(data=True)
    assert findings.is_clean
    remarks = "\n".join(findings.remarks)
    assert "objects/README" in remarks
    assert "log/000000/notes.txt" in remarks
    assert "1 file" in remarks
    assert "tmp/" in remarks


def test_a_version_that_does_not_follow_is_found(tmp_path, forger):
    Lake.open(tmp_path)
    from mvlake.store.local import LocalStore

    forger(LocalStore(tmp_path / ".mvlake")).version(number=7)
    (problem,) = found(tmp_path)
    assert problem.subject == "record 1"
    assert problem.code == "damaged-record"


def test_a_damaged_lake_opens_and_says_so_at_every_verb(folder):
    put(record_file(folder, 5), b"garbage")
    lake = Lake.open(folder)
    for verb in (
        lake.log, lake.labels, lake.rebuild, lake.status, lambda: lake.show("fraud:v1"), lambda: lake.load("fraud:v1", "x"),
        lambda: lake.sql("select 1"), lambda: lake.note("fraud:v1", "x"), lambda: lake.promote("fraud:v1", "x"),
    ):  # fmt: skip
        with pytest.raises(Damaged):
            verb()
    assert not record_file(folder, 11).exists()


def test_a_lake_that_was_damaged_while_it_is_open_is_found(folder):
    lake = Lake.open(folder)
    put(packs(folder)[0], b"")
    put(record_file(folder, 3), b"garbage")
    assert not lake.verify().is_clean


def test_verify_changes_nothing(folder):
    record_file(folder, 4).unlink()
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    found(folder)
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def flip(path, place=40):
    data = bytearray(path.read_bytes())
    data[place] ^= 1
    put(path, bytes(data))


@pytest.mark.parametrize("seq", range(1, 11))
def test_a_flipped_record_is_one_finding_and_its_followers_are_not_blamed(folder, seq):
    flip(record_file(folder, seq))
    assert [one.subject for one in found(folder)] == [f"record {seq}"]


def test_a_missing_pack_is_one_finding_that_tells_what_is_lost(folder):
    for pack in packs(folder):
        data = pack.read_bytes()
        pack.unlink()
        (problem,) = found(folder)
        assert problem.subject.startswith("pack b3:")
        assert "fraud:v" in problem.problem or "record" in problem.problem
        put(pack, data)


def test_a_flipped_pack_is_one_finding(folder):
    for pack in packs(folder):
        data = pack.read_bytes()
        for place in (8, len(data) // 2, len(data) - 1):
            flip(pack, place)
            (problem,) = found(folder)
            assert problem.subject.startswith("pack b3:")
            put(pack, data)


def test_fast_it_finds_what_is_missing_or_of_another_size(folder):
    (path,) = alone(folder)
    data = path.read_bytes()
    assert Lake.open(folder).verify().share == 0
    flip(path)
    assert Lake.open(folder).verify().is_clean, "bytes are looked at in depth only"
    for damaged in (data[:-1], data + b"x", b""):
        put(path, damaged)
        assert [one.code for one in Lake.open(folder).verify().problems] == ["damaged-object"]
    path.unlink()
    assert [one.code for one in Lake.open(folder).verify().problems] == ["missing-object"]
    put(path, data)
    pack = packs(folder)[0]
    put(pack, pack.read_bytes()[:-1])
    assert len(Lake.open(folder).verify().problems) == 1


def test_a_sample_reads_the_same_files_for_the_same_seed_and_all_in_time(folder):
    (path,) = alone(folder)
    flip(path)
    clean = {seed: Lake.open(folder).verify(sample="40%", seed=seed).is_clean for seed in range(30)}
    assert {Lake.open(folder).verify(sample="0.4", seed=seed).is_clean is was for seed, was in clean.items()} == {True}
    assert set(clean.values()) == {True, False}
    assert not Lake.open(folder).verify(sample="100%").is_clean
    assert not Lake.open(folder).verify(sample=1.0).is_clean


def test_a_sample_of_a_few_packs_reads_one_of_them(folder):
    for path in packs(folder):
        flip(path)
    assert not Lake.open(folder).verify(sample="0.1%", seed=1).is_clean


def test_without_a_seed_the_day_chooses_and_the_answer_says_which(folder):
    findings = Lake.open(folder).verify(sample="5%")
    assert findings.share == 0.05
    assert findings.seed > 700_000
    from mvlake.view.text import as_text

    assert f"--seed {findings.seed}" in as_text(findings, width=200).replace("\n", " ")


@pytest.mark.parametrize("sample", [0, 2, -0.5, "0", "0%", "-5%", "101%", "1.5", "half", "nan", "%"])
def test_a_sample_that_is_none_is_refused(folder, sample):
    with pytest.raises(MvlakeError, match="sample"):
        Lake.open(folder).verify(sample=sample)


def test_it_tells_how_far_it_is(folder):
    told = []
    Lake.open(folder).verify(data=True, tell=lambda what, done, size: told.append((what, done, size)))
    assert {what for what, _, _ in told} >= {"packs", "objects"}
    assert all(0 <= done <= size for _, done, size in told)
