import pytest

from mvlake.errors import DamagedRecord
from mvlake.records.canonical import canonical, parse
from mvlake.records.digest import Digest
from mvlake.records.environment import Author
from mvlake.records.events import Tag
from mvlake.records.record import Record, record_bytes
from mvlake.store.hashing import digest_of
from mvlake.store.seal import check_seal, seal

D = Digest("b3:" + "0d" * 32)
RECORD = record_bytes(Record(1, D, "2026-03-03T14:00:00.000000Z", Author("ana", "lab"), Tag("a", 1, "good"), packs=(D,)))


def test_a_sealed_record_is_still_canonical_json_of_the_same_fields():
    sealed = parse(seal(RECORD))
    assert canonical(sealed) == seal(RECORD)
    assert sealed.pop("sum") == digest_of(RECORD)
    assert canonical(sealed) == RECORD


def test_every_flipped_bit_is_found():
    sealed = seal(RECORD)
    check_seal(sealed, 1)
    for position in range(len(sealed)):
        for bit in range(8):
            flipped = bytearray(sealed)
            flipped[position] ^= 1 << bit
            with pytest.raises(DamagedRecord):
                check_seal(bytes(flipped), 1)


def test_every_cut_and_every_byte_too_many_is_found():
    sealed = seal(RECORD)
    wrong = [sealed[:length] for length in range(len(sealed))]
    wrong += [sealed[length:] for length in range(1, len(sealed))]
    wrong += [sealed + b"\n", b" " + sealed, sealed + sealed, sealed + b"\x00" * 4096, b"\x00" * len(sealed)]
    for data in wrong:
        with pytest.raises(DamagedRecord):
            check_seal(data, 1)


def test_a_record_without_a_seal_is_damaged():
    with pytest.raises(DamagedRecord, match="record 5"):
        check_seal(RECORD, 5)


def test_a_seal_over_a_seal_is_checked_like_any_other():
    check_seal(seal(seal(RECORD)), 1)
