import random

import pytest

from mvlake.errors import MissingObject
from mvlake.records.environment import Author
from mvlake.records.events import Note
from mvlake.records.record import Record
from mvlake.store.hashing import digest_of, genesis
from mvlake.store.keys import pack_key
from mvlake.store.log import Log
from mvlake.store.memory import MemoryStore
from mvlake.store.objects import Objects
from mvlake.store.spans import SHORTEST, covering_key

AT = "2026-03-03T14:00:00.000000Z"
START = genesis("0" * 32)
LENGTH = 5 * SHORTEST + 20
FIRST, WIDE = covering_key("objects", 1, SHORTEST), covering_key("objects", 1, 4 * SHORTEST)


def content(seq):
    return b"content of %d" % seq


class CountingStore(MemoryStore):
    """A store that counts which packs are looked into."""

    def __init__(self, held=None):
        super().__init__()
        self._held = dict(held or {})
        self.packs = []

    def get_range(self, key, start, length):
        if key.startswith("objects/"):
            self.packs.append(key)
        return super().get_range(key, start, length)


def opened(store):
    """Return log and objects as a lake opens them."""

    def follow(record, digest):
        if record.seq == log.parts()[-1].first:
            objects.forget()
        for pack in record.packs:
            objects.learn(pack)

    log = Log(store, genesis=START, follow=follow)
    objects = Objects(store, parts=log.parts)
    log.refresh()
    return log, objects


def commit(log, objects, *contents):
    packs = objects.write({digest_of(data): data for data in contents})
    log.append(lambda seq, prev: Record(seq, prev, AT, Author("ana", "lab"), Note("a", seq, ""), packs))


@pytest.fixture(scope="module")
def whole():
    store = CountingStore()
    log, objects = opened(store)
    for seq in range(1, LENGTH + 1):
        commit(log, objects, content(seq), b"in every pack" if seq == 1 else content(seq) * 2)
    opened(store)[1].has(digest_of(content(1)))
    return store


@pytest.fixture
def store(whole):
    return CountingStore(whole._held)


def test_an_object_is_found_without_reading_the_footers(store):
    _, objects = opened(store)
    assert objects.read(digest_of(content(7))) == content(7)
    assert len(store.packs) == 1
    assert objects.read(digest_of(content(LENGTH))) == content(LENGTH)
    with pytest.raises(MissingObject):
        objects.read(digest_of(b"never written"))
    assert len(store.packs) <= 1 + 3 * (LENGTH % SHORTEST + 1)


def test_every_object_is_found(store):
    _, objects = opened(store)
    for seq in range(1, LENGTH + 1):
        assert objects.read(digest_of(content(seq))) == content(seq)
    assert objects.holds(digest_of(content(3)), len(content(3)))
    assert not objects.holds(digest_of(content(3)), 1)


def test_what_a_lake_has_is_not_written_again(store):
    _, objects = opened(store)
    assert objects.write({digest_of(b"in every pack"): b"in every pack"}) == ()


DAMAGES = {
    "a bit flipped": lambda data: data[:100] + bytes([data[100] ^ 1]) + data[101:],
    "cut off": lambda data: data[:-20],
    "empty": lambda data: b"",
    "gone": lambda data: None,
}


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("is_open", [True, False], ids=["while it is open", "before"])
def test_a_damaged_index_is_made_again(store, damage, is_open):
    _, objects = opened(store)
    if is_open:
        objects.has(digest_of(content(1)))
    kept = store.get(WIDE)
    broken = DAMAGES[damage](kept)
    if broken is None:
        store.remove_hint(WIDE)
    else:
        store.put_hint(WIDE, broken)
    if not is_open:
        _, objects = opened(store)
    for seq in random.Random(1).sample(range(1, LENGTH), 40):
        assert objects.read(digest_of(content(seq))) == content(seq)
    if not is_open:
        assert store.get(WIDE) == kept


def test_an_index_of_another_lake_is_passed_over(store):
    other = CountingStore()
    log, objects = opened(other)
    for seq in range(LENGTH):
        commit(log, objects, b"other %d" % seq)
    opened(other)[1].has(digest_of(b"x"))
    store.put_hint(WIDE, other.get(WIDE))
    _, objects = opened(store)
    assert objects.read(digest_of(content(7))) == content(7)


def test_a_pack_that_was_missing_is_found_when_it_is_back(store):
    pack = _pack_of(store, 7)
    kept = store.get(pack_key(pack))
    store.remove_hint(pack_key(pack))
    for key in list(store.keys("index/objects-")):
        store.remove_hint(key)
    _, objects = opened(store)
    with pytest.raises(MissingObject):
        objects.read(digest_of(content(7)))
    store.put_hint(pack_key(pack), kept)
    assert objects.read(digest_of(content(7))) == content(7)
    assert opened(store)[1].read(digest_of(content(7))) == content(7)


def _pack_of(store, seq):
    return opened(store)[0].read(seq)[0].packs[0]


def test_a_log_in_use_forgets_the_packs_that_chapters_know():
    store = CountingStore()
    log, objects = opened(store)
    for seq in range(2 * SHORTEST + 10):
        commit(log, objects, content(seq))
        assert len(objects._known) <= SHORTEST
    assert FIRST in set(store.keys("index/objects-"))
    assert all(objects.has(digest_of(content(seq))) for seq in range(2 * SHORTEST + 10))
