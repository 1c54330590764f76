import pytest
from hypothesis import given
from hypothesis import strategies as st

from mvlake.records.digest import Digest
from mvlake.store.keys import digest_in, object_key, pack_key, record_key, seq_in

DIGESTS = st.binary(min_size=32, max_size=32).map(Digest.of_hash)


@given(st.integers(1, 10**12))
def test_a_record_key_says_its_number(seq):
    assert seq_in(record_key(seq)) == seq


@given(DIGESTS)
def test_an_object_and_its_pack_have_keys_that_say_the_digest(digest):
    assert digest_in(object_key(digest)) == digest
    assert digest_in(pack_key(digest)) == digest
    assert object_key(digest) != pack_key(digest)


@pytest.mark.parametrize(
    "key",
    ["log/000000/000042", "log/000000/42.json", "log/000001/000042.json", "log/000000/٤٢.json", "log/000042.json", "000042.json",
     "log/000000/000042.json.bak", "log/000000/-00042.json", "log/000000/.json", "", "index/000000/000042.json"],
)  # fmt: skip
def test_a_file_that_is_no_record_has_no_number(key):
    assert seq_in(key) is None


@pytest.mark.parametrize(
    "key",
    ["objects/ab/.nfs0001", "objects/" + "ab" * 32, "objects/AB/" + "cd" * 31, "objects/a/" + "c" * 63, "objects/", "", "x/y"],
)
def test_a_file_that_is_no_object_has_no_digest(key):
    assert digest_in(key) is None
