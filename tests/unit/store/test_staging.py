from random import Random

import pytest

from mvlake.errors import MissingObject
from mvlake.store.compression import ALONE
from mvlake.store.hashing import digest_of
from mvlake.store.keys import object_key, pack_key
from mvlake.store.memory import MemoryStore
from mvlake.store.objects import Objects
from mvlake.store.staging import PACK_SIZE
from mvlake.testing.stores import at_once


def contents(count):
    return [Random(number).randbytes(1 << 16) for number in range(count)]


def packs_in(store):
    return sorted(key for key in store.keys("objects/") if key.endswith(".pack"))


def test_packs_are_written_as_objects_come_so_that_memory_stays_bounded():
    store = MemoryStore()
    staging = Objects(store).staging()
    many = contents(2 * PACK_SIZE // (1 << 16) + 1)
    for data in many[:-1]:
        staging.put(data)
    assert len(packs_in(store)) == 2
    staging.put(many[-1])
    packs = staging.finish()
    assert sorted(map(pack_key, packs)) == packs_in(store)
    reader = Objects(store)
    for pack in packs:
        reader.learn(pack)
    assert [reader.read(digest_of(data)) for data in many] == many


def test_the_same_object_is_kept_once():
    store = MemoryStore()
    staging = Objects(store).staging()
    names = {staging.put(b"same") for _ in range(3)}
    (pack,) = staging.finish()
    assert [digest for digest, _ in Objects(store).contents(pack)] == list(names)


def test_a_large_object_gets_a_file_of_its_own_at_once():
    store = MemoryStore()
    digest = Objects(store).staging().put(b"x" * ALONE)
    assert list(store.keys("objects/")) == [object_key(digest)]


def test_what_the_lake_has_is_not_written_again():
    store = MemoryStore()
    objects = Objects(store)
    for pack in objects.write({digest_of(b"known"): b"known"}):
        objects.learn(pack)
    staging = objects.staging()
    staging.put(b"known")
    assert staging.finish() == ()


def test_what_another_staging_wrote_is_used_and_its_packs_are_named_with_ours():
    store = MemoryStore()
    objects = Objects(store)
    first = objects.staging()
    first.put(b"shared")
    packs = first.finish()
    second = objects.staging()
    second.put(b"shared")
    assert second.finish() == packs
    assert len(packs_in(store)) == 1


def test_what_another_staging_wrote_and_somebody_collected_is_written_again():
    store = MemoryStore()
    objects = Objects(store)
    first = objects.staging()
    first.put(b"shared")
    (pack,) = first.finish()
    store.remove_hint(pack_key(pack))
    second = objects.staging()
    second.put(b"shared")
    assert second.finish() == (pack,)
    assert packs_in(store) == [pack_key(pack)]


def test_nothing_staged_is_seen_before_a_record_names_its_pack():
    objects = Objects(MemoryStore())
    staging = objects.staging()
    digest = staging.put(b"unseen")
    packs = staging.finish()
    assert not objects.has(digest)
    with pytest.raises(MissingObject):
        objects.read(digest)
    objects.learn(packs[0])
    assert objects.read(digest) == b"unseen"


def test_threads_stage_together_and_nothing_is_lost():
    store = MemoryStore()
    objects = Objects(store)
    staging = objects.staging()
    at_once(lambda thread: [staging.put(b"%d of %d" % (number, thread % 3)) for number in range(200)])
    for pack in staging.finish():
        objects.learn(pack)
    assert all(objects.has(digest_of(b"%d of %d" % (number, thread))) for number in range(200) for thread in range(3))
