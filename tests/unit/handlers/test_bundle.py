import random

import pytest

from mvlake.handlers.bundle import MAGIC, bundle_bytes, read_bundle
from mvlake.handlers.hashing import digest_of
from mvlake.records.node import Node

PIECES = [
    b"",
    b"x",
    b"abc" * 1000,
    random.Random(1).randbytes(5000),
    bytes(700_000),
    bytes(700_001),
    random.Random(2).randbytes(1_200_000),
]


def write(shelf):
    return Node(b"{}", leaves=tuple(shelf.put(piece) for piece in PIECES))


def block(kept, length, data=b""):
    return MAGIC + kept.to_bytes(8, "little") + length.to_bytes(8, "little") + data


def test_all_objects_of_a_bundle_come_back():
    node, shelf = read_bundle(bundle_bytes(write))
    assert [shelf.get(leaf) for leaf in node.leaves] == PIECES
    assert node.leaves == tuple(map(digest_of, PIECES))


def test_a_bundle_is_the_same_every_time():
    assert bundle_bytes(write) == bundle_bytes(write)


def test_an_object_put_twice_is_there_once():
    data = random.Random(3).randbytes(50_000)
    once = bundle_bytes(lambda shelf: Node(b"", leaves=(shelf.put(data),)))
    twice = bundle_bytes(lambda shelf: Node(b"", leaves=(shelf.put(data), shelf.put(data))))
    assert len(twice) - len(once) < 100


def test_what_repeats_is_small():
    assert len(bundle_bytes(lambda shelf: Node(b"", leaves=(shelf.put(bytes(700_000)),)))) < 1000


def test_a_bundle_without_an_object_that_it_names_says_so():
    node, shelf = read_bundle(bundle_bytes(lambda shelf: Node(b"", leaves=(digest_of(b"elsewhere"),))))
    with pytest.raises(ValueError, match="without the object"):
        shelf.get(node.leaves[0])


@pytest.mark.parametrize(
    "data", [b"", b"MVBUND", MAGIC, MAGIC + b"x", block(5, 5), block(0, 0), block(3, 1 << 60, b"abc"), block(8, 8, bytes(8))]
)
def test_what_is_no_bundle_is_a_value_error(data):
    with pytest.raises(ValueError, match=r"(?s)."):
        read_bundle(data)


def test_a_block_that_would_become_too_large_is_not_unpacked():
    with pytest.raises(ValueError, match="becomes"):
        read_bundle(block(4, 1 << 40, b"abcd"))


def test_damaged_bundles_are_value_errors_or_other_objects():
    whole, dice = bundle_bytes(lambda shelf: Node(b"{}", leaves=(shelf.put(b"abc" * 500), shelf.put(b"x")))), random.Random(4)
    for _ in range(500):
        damaged = bytearray(whole)
        damaged[dice.randrange(len(whole))] ^= 1 << dice.randrange(8)
        for data in (bytes(damaged), whole[: dice.randrange(len(whole))]):
            try:
                node, shelf = read_bundle(data)
                [shelf.get(leaf) for leaf in node.leaves]
            except ValueError:
                continue
