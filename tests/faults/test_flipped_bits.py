"""Flipped bits, cut, swapped and missing files: reading gives what was written or says that it cannot, and `verify` finds it.

Files that are derived may be damaged in any way: what they say is then derived again.
"""

import os
import random

import pytest
from harness import sizes
from harness.checks import answers, indexed, open_store
from harness.drafts import noise
from harness.scenarios import LAKE, long_lake

from mvlake.errors import Damaged, MvlakeError
from mvlake.lake.reach import reach
from mvlake.store.hashing import digest_of
from mvlake.store.local import LocalStore
from mvlake.store.memory import MemoryStore

FLIPS = 10_000
PARTS = 4
SEED = int(os.environ.get("MVLAKE_FAULTS_SEED", "20260303"))
TRUE = ("log/", "objects/", "lake.toml")


@pytest.fixture(scope="module", autouse=True)
def small():
    before = sizes.make_small("mvlake.index.segments", "mvlake.index.cover")
    yield
    sizes.restore(before)


@pytest.fixture(scope="module")
def written(small, tmp_path_factory):
    """Every file of a lake that has records, packs with and without compression, nodes, lone objects, chapters and segments."""
    folder = tmp_path_factory.mktemp("flips")
    lake = long_lake(folder)
    lake.note("fraud:v1", "the last one of a chapter")
    lake._parts.index.refresh()
    lake._parts.objects.read(lake.show("fraud:v2").entry.version.environment)
    source = LocalStore(folder / LAKE)
    files = {key: source.get(key) for key in source.keys("") if not key.startswith("tmp/")}
    kinds = {key.partition("-")[0] for key in files}
    assert {"index/catalogue", "index/manifest", "index/objects", "index/versions/000001", "index/head.json", "lake.toml"} <= kinds
    assert any(key.endswith(".pack") for key in files)
    assert any(key.startswith("objects/") and "." not in key for key in files)
    return files


def store_of(files):
    store = MemoryStore()
    for key, data in files.items():
        store.put_hint(key, data)
    return store


@pytest.fixture(scope="module")
def told(written):
    """What the undamaged lake says, and the content of each object that its log reaches."""
    return told_by(store_of(written), is_indexed=True)


def told_by(store, *, is_indexed):
    """Return what a lake answers; of objects, the content or that it is damaged. Raises Damaged where the log is."""
    lake = open_store(store)
    said = {"answers": answers(lake), "index": indexed(lake) if is_indexed else None}
    objects = {}
    for entry in said["answers"]["entries"]:
        try:
            names = set(reach(entry.version, lake._parts.objects.read))
        except Damaged:
            names = {artifact.object for artifact in entry.version.artifacts}
        for digest in names:
            try:
                objects[digest] = lake._parts.objects.read(digest)
            except Damaged:
                objects[digest] = None
    return said, objects


def check_reading(files, told, *, is_indexed):
    """Return "read" when all was read as it was written, "refused" when something was said to be damaged; anything else fails."""
    (said, objects), outcome = told, "read"
    try:
        found, contents = told_by(store_of(files), is_indexed=is_indexed)
    except MvlakeError:
        return "refused"
    assert found["answers"] == said["answers"], "a wrong answer"
    assert not is_indexed or found["index"] == said["index"], "a wrong row"
    for digest, content in contents.items():
        if content is None:
            outcome = "refused"
        else:
            assert content == objects[digest], "wrong content"
            assert digest_of(content) == digest
    return outcome


def check_found(files, key):
    try:
        findings = open_store(store_of(files)).verify(data=True)
    except MvlakeError:
        return  # lake.toml itself: nothing opens
    assert findings.problems, f"verify does not see that {key} is damaged"


def damaged(written, key, data):
    return {**written, key: data} if data is not None else {other: kept for other, kept in written.items() if other != key}


def check(written, told, key, data):
    files = damaged(written, key, data)
    outcome = check_reading(files, told, is_indexed=key.startswith("index/") and key.endswith((".parquet", ".json")))
    if key.startswith(TRUE[:2]):
        check_found(files, key)
    elif key.startswith("index/") and key != "index/head.json":
        assert outcome == "read", "a derived file is in the way"
    return outcome


@pytest.mark.parametrize("part", range(PARTS))
def test_no_flipped_bit_of_any_file_gives_wrong_content(part, written, told, record_property):
    chance = random.Random(SEED * PARTS + part)
    truth = [key for key in written if key.startswith(TRUE)]
    derived = [key for key in written if not key.startswith(TRUE)]
    outcomes = {"read": 0, "refused": 0}
    for number in range(FLIPS // PARTS):
        # By file, so that small ones get their share; one in ten is derived.
        key = chance.choice(derived if number % 10 == 0 else truth)
        data = bytearray(written[key])
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        outcomes[check(written, told, key, bytes(data))] += 1
    record_property("faults: flipped bits", FLIPS // PARTS)
    print(f"{outcomes['read']} flips were harmless, {outcomes['refused']} were refused, 0 gave wrong content")
    assert outcomes["refused"] > outcomes["read"]


def cuts_of(data):
    """Yield what is left of a file that was cut off, or that something was added to."""
    for length in {0, 4, len(data) // 2, len(data) - 8, len(data) - 1}:
        if 0 <= length < len(data):
            yield data[:length]
    yield data + b"\0"
    yield data + data
    yield bytes(len(data))


def test_no_file_that_was_cut_extended_emptied_or_removed_gives_wrong_content(written, told, record_property):
    count = 0
    for key, data in written.items():
        for changed in (*cuts_of(data), None):
            if changed is not None or key != ".gitignore":
                check(written, told, key, changed)
                count += 1
    record_property("faults: cut, extended and missing files", count)
    assert count > 300


def test_no_two_files_that_were_swapped_give_wrong_content(written, told, record_property):
    chance, count = random.Random(SEED), 0
    for kind in ("log/", "objects/", "index/"):
        keys = [key for key in written if key.startswith(kind)]
        for _ in range(60):
            one, other = chance.sample(keys, 2)
            files = {**written, one: written[other], other: written[one]}
            outcome = check_reading(files, told, is_indexed=kind == "index/")
            if kind == "index/":
                assert outcome == "read" or "index/head.json" in (one, other)
            else:
                check_found(files, one)
            count += 1
    record_property("faults: swapped files", count)


def test_files_that_nobody_knows_are_passed_over(written, told):
    strangers = {"objects/ab/.nfs0001": b"x", "log/000000/.nfs01": b"y", "objects/zz": b"", "index/catalogue-1.bin": noise(1, 99)}
    files = {**written, **strangers}
    assert check_reading(files, told, is_indexed=True) == "read"
    assert open_store(store_of(files)).verify(data=True).is_clean
