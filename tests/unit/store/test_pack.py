import pytest
from hypothesis import given
from hypothesis import strategies as st

from mvlake.errors import DamagedObject, MissingObject
from mvlake.records.canonical import canonical
from mvlake.store.hashing import digest_of
from mvlake.store.keys import pack_key
from mvlake.store.memory import MemoryStore
from mvlake.store.objects import Objects, content_at
from mvlake.store.pack import MAGIC, TRAILER, entry_of, footer_length, pack_bytes, read_footer

CONTENT = [b"one", b"", b"three" * 50]
OBJECTS = {digest_of(data): data for data in CONTENT}
HEX = digest_of(b"one").hex


def pack_with(footer, *, body=b"one", length=None):
    """Return a pack with a footer of the attacker's choice."""
    return MAGIC + body + footer + (len(footer) if length is None else length).to_bytes(8, "little") + MAGIC


def kept(objects):
    return {digest: entry_of(data) for digest, data in objects.items()}


def store_with(pack):
    store, name = MemoryStore(), digest_of(b"the name of the pack")
    store.put_new(pack_key(name), pack)
    return store, name


@given(st.lists(st.binary(max_size=100) | st.binary(max_size=3).map(lambda one: one * 500), min_size=1, max_size=8))
def test_every_object_of_a_pack_is_where_its_footer_says(contents):
    objects = {digest_of(data): data for data in contents}
    data = pack_bytes(kept(objects))
    name = digest_of(data)
    length = footer_length(data[-TRAILER:])
    places = dict(read_footer(data[-TRAILER - length : -TRAILER], name, len(data)))
    assert {
        digest: content_at(place, data[place.offset : place.offset + place.length]) for digest, place in places.items()
    } == objects


def test_the_same_objects_in_any_order_are_the_same_pack():
    assert pack_bytes(kept(OBJECTS)) == pack_bytes(dict(reversed(kept(OBJECTS).items())))


HOSTILE_FOOTERS = {
    "not JSON": b"{",
    "no objects": b"{}",
    "null": b"null",
    "a list": b"[]",
    "objects are a number": b'{"objects":5}',
    "objects are text": b'{"objects":"abc"}',
    "an object is a number": b'{"objects":[5]}',
    "too few parts": canonical({"objects": [[HEX, 8]]}),
    "too many parts": canonical({"objects": [[HEX, 8, 3, 3, 1]]}),
    "a size beyond what is compressed": canonical({"objects": [[HEX, 8, 3, 2**20 + 1]]}),
    "a negative size": canonical({"objects": [[HEX, 8, 3, -1]]}),
    "a size that is true": b'{"objects":[["%s",8,3,true]]}' % HEX.encode(),
    "no size": canonical({"objects": [[HEX, 8, 3, None]]}),
    "offset before the beginning": canonical({"objects": [[HEX, -8, 3]]}),
    "offset inside the magic": canonical({"objects": [[HEX, 0, 3]]}),
    "offset beyond the end": canonical({"objects": [[HEX, 5000, 3]]}),
    "length beyond the end": canonical({"objects": [[HEX, 8, 4]]}),
    "negative length": canonical({"objects": [[HEX, 8, -1]]}),
    "endless length": canonical({"objects": [[HEX, 8, 2**53]]}),
    "offset is a fraction": canonical({"objects": [[HEX, 8.5, 1]]}),
    "offset is true": b'{"objects":[["%s",true,1]]}' % HEX.encode(),
    "offset is text": canonical({"objects": [[HEX, "8", 3]]}),
    "no digest": canonical({"objects": [["../../etc/passwd", 8, 3]]}),
    "digest is a list": canonical({"objects": [[[HEX], 8, 3]]}),
    "a key twice": b'{"objects":[],"objects":[]}',
    "nested without end": b'{"objects":' + b"[" * 100_000,
    "a number of ten thousand digits": b'{"objects":[["%s",%s,3]]}' % (HEX.encode(), b"9" * 10_000),
}


@pytest.mark.parametrize("name", HOSTILE_FOOTERS)
def test_a_hostile_footer_makes_a_damaged_pack_and_nothing_worse(name):
    store, pack = store_with(pack_with(HOSTILE_FOOTERS[name]))
    objects = Objects(store)
    with pytest.raises(DamagedObject):
        objects.contents(pack)
    objects.learn(pack)
    assert not objects.has(digest_of(b"one"))
    with pytest.raises(MissingObject):
        objects.read(digest_of(b"one"))


@pytest.mark.parametrize("length", [0, 1, 10**6, 2**63, 2**64 - 1])
def test_a_footer_of_a_length_that_cannot_be_is_a_damaged_pack(length):
    store, pack = store_with(pack_with(canonical({"objects": [[HEX, 8, 3]]}), length=length))
    with pytest.raises(DamagedObject):
        Objects(store).contents(pack)


@pytest.mark.parametrize("data", [b"", b"x", MAGIC, MAGIC + MAGIC, bytes(16), bytes(1000)])
def test_what_does_not_end_as_a_pack_is_a_damaged_pack(data):
    store, pack = store_with(data)
    with pytest.raises(DamagedObject):
        Objects(store).contents(pack)


def test_every_cut_of_a_pack_is_a_damaged_pack():
    data = pack_bytes(kept(OBJECTS))
    for length in range(len(data)):
        store, pack = store_with(data[:length])
        with pytest.raises(DamagedObject):
            Objects(store).contents(pack)


def test_a_footer_that_lies_about_content_never_gives_wrong_bytes():
    lie = canonical({"objects": [[digest_of(b"two").hex, 8, 3], [HEX, 8, 2]]})
    store, pack = store_with(pack_with(lie))
    objects = Objects(store)
    objects.learn(pack)
    for content in (b"one", b"two"):
        with pytest.raises(DamagedObject):
            objects.read(digest_of(content))
