import pytest
from hypothesis import given
from hypothesis import strategies as st

from mvlake.errors import DamagedLake, DamagedObject, MissingObject
from mvlake.store.compression import ALONE
from mvlake.store.hashing import digest_of
from mvlake.store.keys import object_key, pack_key
from mvlake.store.memory import MemoryStore
from mvlake.store.objects import Objects
from mvlake.store.pack import entry_of, pack_bytes
from mvlake.testing.stores import at_once

BIG = b"big" * ALONE


def packed(*contents):
    return pack_bytes({digest_of(data): entry_of(data) for data in contents})


def named(*contents):
    return {digest_of(data): data for data in contents}


def reader_of(store, *packs):
    objects = Objects(store)
    for pack in packs:
        objects.learn(pack)
    return objects


@given(st.lists(st.binary(max_size=50), max_size=10))
def test_what_was_written_is_what_is_read(contents):
    store, objects = MemoryStore(), named(*contents)
    packs = Objects(store).write(objects)
    assert len(packs) == (1 if objects else 0)
    reader = reader_of(store, *packs)
    assert {digest: reader.read(digest) for digest in objects} == objects


def test_a_large_object_lies_alone_and_small_ones_together():
    store = MemoryStore()
    (pack,) = Objects(store).write(named(BIG, b"a", b"b"))
    assert sorted(store.keys("objects/")) == sorted([object_key(digest_of(BIG)), pack_key(pack)])


def test_a_large_object_alone_needs_no_pack():
    store = MemoryStore()
    assert Objects(store).write(named(BIG)) == ()
    assert Objects(store).read(digest_of(BIG)) == BIG


def test_what_is_here_already_is_not_written_again():
    store = MemoryStore()
    (pack,) = Objects(store).write(named(BIG, b"a", b"b"))
    again = reader_of(store, pack)
    before = list(store.keys(""))
    assert again.write(named(b"b", BIG, b"a")) == ()
    assert list(store.keys("")) == before


def test_the_pack_of_a_commit_that_never_came_is_not_seen():
    store = MemoryStore()
    Objects(store).write(named(b"a"))
    with pytest.raises(MissingObject):
        Objects(store).read(digest_of(b"a"))


def test_a_pack_that_is_missing_loses_only_what_it_held():
    store = MemoryStore()
    (pack,) = Objects(store).write(named(b"a"))
    objects = reader_of(store, digest_of(b"no such pack"), pack)
    assert objects.read(digest_of(b"a")) == b"a"
    with pytest.raises(MissingObject):
        objects.contents(digest_of(b"no such pack"))


def test_a_pack_that_cannot_be_opened_loses_only_what_it_held():
    class Unreadable(MemoryStore):
        def get_range(self, key, start, length):
            if key == pack_key(bad):
                raise DamagedLake("here", reason="Permission denied")
            return super().get_range(key, start, length)

    store = Unreadable()
    (bad,), (good,) = Objects(store).write(named(b"x")), Objects(store).write(named(b"a"))
    objects = reader_of(store, good, bad)
    assert objects.read(digest_of(b"a")) == b"a"
    assert objects.write(named(b"x")) == (bad,)
    assert not objects.has(digest_of(b"y"))


def test_a_whole_copy_in_another_pack_is_found():
    store = MemoryStore()
    whole, other = packed(b"a", b"b"), bytearray(packed(b"a", b"c"))
    other[other.index(b"a", 8)] ^= 1
    names = [digest_of(whole), digest_of(b"the damaged one")]
    store.put_new(pack_key(names[0]), whole)
    store.put_new(pack_key(names[1]), bytes(other))
    for order in (names, names[::-1]):
        assert reader_of(store, *order).read(digest_of(b"a")) == b"a"


def test_a_whole_copy_alone_is_found_beside_a_damaged_pack():
    store = MemoryStore()
    damaged = bytearray(packed(b"a"))
    damaged[8] ^= 1
    store.put_new(pack_key(digest_of(b"p")), bytes(damaged))
    store.put_new(object_key(digest_of(b"a")), b"a")
    assert reader_of(store, digest_of(b"p")).read(digest_of(b"a")) == b"a"


def test_a_damaged_object_is_damaged_and_an_absent_one_missing():
    store, digest = MemoryStore(), digest_of(b"right")
    with pytest.raises(MissingObject):
        Objects(store).read(digest)
    store.put_new(object_key(digest), b"wrong")
    with pytest.raises(DamagedObject):
        Objects(store).read(digest)


@pytest.mark.parametrize("found", [b"", BIG[:-1], BIG + b"x"])
def test_a_damaged_file_does_not_stand_in_for_what_is_written_now(found):
    store, digest = MemoryStore(), digest_of(BIG)
    store.put_new(object_key(digest), found)
    (pack,) = Objects(store).write({digest: BIG})
    assert reader_of(store, pack).read(digest) == BIG


def test_threads_share_what_is_known_of_packs():
    store = MemoryStore()
    contents = [b"%d" % number for number in range(300)]
    packs = [pack for content in contents for pack in Objects(store).write(named(content))]
    objects = reader_of(store, *packs)
    found = at_once(lambda thread: [objects.read(digest_of(content)) for content in contents[:: 1 if thread % 2 else -1]])
    assert all(sorted(one) == sorted(contents) for one in found)
