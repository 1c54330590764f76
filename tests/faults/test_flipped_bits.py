import pytest

from mvlake.errors import Damaged
from mvlake.records.environment import Author
from mvlake.records.events import Note
from mvlake.records.record import Record
from mvlake.store.hashing import digest_of, genesis
from mvlake.store.keys import pack_key, record_key
from mvlake.store.log import Log
from mvlake.store.memory import MemoryStore
from mvlake.store.objects import Objects

START = genesis("0" * 32)
CONTENTS = [b"first content", b"", b"the third"]
OBJECTS = {digest_of(data): data for data in CONTENTS}


def written():
    store = MemoryStore()
    (pack,) = Objects(store).write(OBJECTS)
    log = Log(store, genesis=START, follow=lambda record, digest: None)
    for text in ("one", "two"):
        log.append(
            lambda seq, prev, text=text: Record(
                seq, prev, "2026-03-03T14:00:00.000000Z", Author("ana", "lab"), Note("a", 1, text), (pack,)
            )
        )
    return store, pack


def flips(data):
    for position in range(len(data)):
        for mask in (0x01, 0x20, 0x80, 0xFF):
            yield position, data[:position] + bytes([data[position] ^ mask]) + data[position + 1 :]


@pytest.mark.parametrize("seq", [1, 2])
def test_every_damaged_byte_of_a_record_is_found(seq):
    store, _ = written()
    data = store.get(record_key(seq))
    known = Log(store, genesis=START, follow=lambda record, digest: None)
    known.refresh()
    for position, flipped in flips(data):
        store.put_hint(record_key(seq), flipped)
        with pytest.raises(Damaged):
            Log(store, genesis=START, follow=lambda record, digest: None).refresh()
        with pytest.raises(Damaged):
            known.read(seq)
        assert position < len(data)


def test_no_damaged_byte_of_a_pack_gives_wrong_content():
    store, pack = written()
    data = store.get(pack_key(pack))
    found = {"read": 0, "damaged": 0}
    for _, flipped in flips(data):
        store.put_hint(pack_key(pack), flipped)
        objects = Objects(store)
        objects.learn(pack)
        for digest, content in OBJECTS.items():
            try:
                assert objects.read(digest) == content
                found["read"] += 1
            except Damaged:
                found["damaged"] += 1
        assert digest_of(flipped) != pack  # so `verify` finds it, wherever it is
    assert found["read"] > 0
    assert found["damaged"] > found["read"] / 4


def test_no_damaged_byte_of_a_lone_object_gives_wrong_content():
    store, content = MemoryStore(), b"lone " * 250_000
    Objects(store).write({digest_of(content): content})
    (key,) = store.keys("objects/")
    for position in range(0, len(content), 40_009):
        flipped = bytearray(content)
        flipped[position] ^= 4
        store.put_hint(key, bytes(flipped))
        with pytest.raises(Damaged):
            Objects(store).read(digest_of(content))
