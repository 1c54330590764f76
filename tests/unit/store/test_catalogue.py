import random

import pytest

from mvlake.errors import DamagedRecord
from mvlake.records.environment import Author
from mvlake.records.events import Note
from mvlake.records.record import Record, record_bytes
from mvlake.registry.tables import END, Table
from mvlake.store import spans
from mvlake.store.hashing import digest_of, genesis
from mvlake.store.keys import record_key
from mvlake.store.log import Log
from mvlake.store.memory import MemoryStore
from mvlake.store.seal import seal

AT = "2026-03-03T14:00:00.000000Z"
START = genesis("0" * 32)
SHORT = spans.SHORTEST
LENGTH = 5 * SHORT + 100


class CountingStore(MemoryStore):
    """A store that counts which records are read."""

    def __init__(self, held=None):
        super().__init__()
        self._held = dict(held or {})
        self.read = []

    def get(self, key):
        if key.startswith("log/") and key in self._held:
            self.read.append(key)
        return super().get(key)


class Unwritable(CountingStore):
    """A store in which nothing derived stays."""

    def put_hint(self, key, data):
        pass

    def remove_hint(self, key):
        pass


def opened(store, start=START):
    log = Log(store, genesis=start, follow=lambda record, digest: None)
    log.refresh()
    return log


def note(text):
    return lambda seq, prev: Record(seq, prev, AT, Author("ana", "lab"), Note("a", seq, text))


def fill(store, length, start=START, text="n"):
    """Write records as many commits would have, and follow them."""
    log = opened(store, start)
    seq, prev = log.head, log.head_digest
    while seq < length:
        seq += 1
        data = seal(record_bytes(note(f"{text}{seq}")(seq, prev)))
        store.put_new(record_key(seq), data)
        prev = digest_of(data)
    return opened(store, start)


@pytest.fixture(scope="module")
def whole():
    store = MemoryStore()
    fill(store, LENGTH)
    return store


@pytest.fixture
def store(whole):
    return CountingStore(whole._held)


def catalogue_keys(store):
    return sorted(store.keys("index/catalogue-"))


def everything(log):
    return [[row for part in log.parts() for row in part.between(table, b"", END)] for table in (Table.REMARKS, Table.PACKS)] + [
        [log.read(seq) for seq in range(1, log.head + 1)]
    ]


def test_a_lake_is_opened_by_reading_its_tail(store):
    log = opened(store)
    assert log.head == LENGTH
    assert len(store.read) <= LENGTH % SHORT + 1
    assert log.head_digest == digest_of(store.get(record_key(LENGTH)))


def test_chapters_are_joined_four_by_four(store):
    first = 4 * SHORT
    assert spans.covering_key("catalogue", 1, first) in catalogue_keys(store)
    assert spans.covering_key("catalogue", first + 1, first + SHORT) in catalogue_keys(store)
    assert [(part.first, part.last) for part in opened(store).parts()] == [
        (1, first), (first + 1, first + SHORT), (first + SHORT + 1, LENGTH)
    ]  # fmt: skip


def test_what_was_joined_is_removed_one_joining_later(store):
    assert spans.covering_key("catalogue", 1, SHORT) in catalogue_keys(store)
    fill(store, 8 * SHORT)
    assert spans.covering_key("catalogue", 1, SHORT) not in catalogue_keys(store)
    assert spans.covering_key("catalogue", 1, 4 * SHORT) in catalogue_keys(store)


def test_a_covered_record_is_checked_when_it_is_read(store):
    log = opened(store)
    assert log.read(3)[0].body.text == "n3"
    store.put_hint(record_key(3), store.get(record_key(3)).replace(b"n3", b"n9"))
    with pytest.raises(DamagedRecord, match="record 3"):
        log.read(3)
    store.remove_hint(record_key(3))
    with pytest.raises(DamagedRecord, match="missing"):
        log.read(3)


def damage_flip(data, rng):
    place = rng.randrange(len(data))
    return data[:place] + bytes([data[place] ^ 1 << rng.randrange(8)]) + data[place + 1 :]


DAMAGES = {
    "a bit flipped": damage_flip,
    "cut off": lambda data, rng: data[: len(data) // 2],
    "empty": lambda data, rng: b"",
    "something else": lambda data, rng: b"MVTABLE\n" * 500,
    "a later revision": lambda data, rng: data.replace(b'"revision":1', b'"revision":2'),
    "gone": lambda data, rng: None,
}


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("which", [0, -1])
def test_a_damaged_catalogue_is_derived_again_and_changes_no_answer(store, damage, which):
    expected, rng = everything(opened(store)), random.Random(damage)
    for _ in range(5):
        broken = CountingStore(store._held)
        key = spans.covering_key("catalogue", *[(1, 4 * SHORT), (4 * SHORT + 1, 5 * SHORT)][which])
        data = DAMAGES[damage](broken.get(key), rng)
        if data is None:
            broken.remove_hint(key)
        else:
            broken.put_hint(key, data)
        assert everything(opened(broken)) == expected
        opened(broken)
        assert broken.get(key) == store.get(key)


def test_a_catalogue_that_is_damaged_after_it_was_opened_is_derived_again(store):
    expected = everything(opened(store))
    log = opened(store)
    for key in catalogue_keys(store):
        store.put_hint(key, bytes(len(store.get(key))))
    assert everything(log) == expected


def test_a_catalogue_of_another_lake_is_passed_over(store):
    other = MemoryStore()
    fill(other, LENGTH, genesis("another"))
    expected = everything(opened(store))
    for key in catalogue_keys(store):
        store.put_hint(key, other.get(key))
    assert everything(opened(store)) == expected


def test_a_history_that_was_rewritten_is_not_read_from_the_old_catalogue(store):
    other = MemoryStore()
    fill(other, LENGTH, text="rewritten ")
    for key in other.keys("log/"):
        store.put_hint(key, other.get(key))
    log = opened(store)
    assert log.read(1)[0].body.text == "rewritten 1"
    assert everything(log) == everything(opened(other))
    store.read.clear()
    opened(store)
    assert len(store.read) <= LENGTH % SHORT + 1


def test_a_log_that_ends_below_its_catalogue_is_refused_and_takes_no_commit(store):
    for seq in range(5 * SHORT, LENGTH + 1):
        store.remove_hint(record_key(seq))
    store.remove_hint("index/head.json")
    log = Log(store, genesis=START, follow=lambda record, digest: None)
    for _ in range(2):
        with pytest.raises(DamagedRecord, match=f"record {5 * SHORT} "):
            log.refresh()
        with pytest.raises(DamagedRecord):
            log.append(note("on top of a loss"))


def test_a_place_that_keeps_nothing_derived_gives_the_same_answers(store):
    without = Unwritable({key: data for key, data in store._held.items() if not key.startswith("index/")})
    assert everything(opened(without)) == everything(opened(store))
    assert list(without.keys("index/")) == []


def test_who_was_left_behind_leaps_to_the_end_of_the_catalogue(store):
    behind = opened(
        CountingStore({key: data for key, data in store._held.items() if key <= record_key(3) and key.startswith("log/")})
    )
    assert behind.head == 3
    behind._store = behind._catalogue._store = store
    store.put_hint("index/head.json", b'{"digest":"%s","seq":%d}' % (digest_of(store.get(record_key(LENGTH))).encode(), LENGTH))
    store.read.clear()
    behind.refresh()
    assert behind.head == LENGTH
    assert len(store.read) <= LENGTH % SHORT + 1
    assert everything(behind) == everything(opened(store))


def test_a_rebuild_makes_the_same_files(store):
    log = opened(store)
    kept = {key: store.get(key) for key in catalogue_keys(store)}
    store.put_hint("index/catalogue-000001-999999.bin", b"rubbish")
    log.rebuild()
    wanted = {key: store.get(key) for key in catalogue_keys(store)}
    assert wanted == kept


def test_a_log_in_use_keeps_no_more_than_a_tail(store):
    log = opened(store)
    for number in range(2 * SHORT):
        log.append(note(f"more {number}"))
        tail = log.parts()[-1]
        assert tail.last - tail.first < SHORT
    assert log.head == LENGTH + 2 * SHORT
