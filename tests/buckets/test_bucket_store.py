import pytest

from mvlake.errors import DamagedLake, Invalid, ReadOnlyLake, Refused
from mvlake.store.address import address_of
from mvlake.testing import StoreContract
from mvlake.testing.stores import OBJECT, RECORD


class TestBucket(StoreContract):
    @pytest.fixture
    def store(self, server):
        return server.store()


def test_a_range_of_nothing_is_nothing(server):
    store = server.store()
    store.put_new(OBJECT, b"0123456789")
    assert store.get_range(OBJECT, 10, 5) == store.get_range(OBJECT, 99, 5) == store.get_range(OBJECT, 3, 0) == b""
    assert store.get_range(OBJECT, -99, 4) == b"0123"
    assert store.get_range(OBJECT, -4, 99) == b"6789"
    assert store.get_range(RECORD, 3, 0) is None


def test_two_lakes_in_one_bucket_do_not_meet(server):
    one, other = server.store("lakes/one"), server.store("lakes/one-more")
    one.put_new(OBJECT, b"1")
    assert other.get(OBJECT) is None
    assert OBJECT not in list(other.keys(""))
    assert other.put_new(OBJECT, b"2")
    assert one.get(OBJECT) == b"1"


def test_a_bucket_that_is_not_there_is_said(server):
    store = type(server)(server.port, "nowhere-to-be-found").store()
    with pytest.raises(Refused, match="no such bucket") as caught:
        store.get(OBJECT)
    assert "AWS_ENDPOINT_URL" in caught.value.hint
    with pytest.raises(ReadOnlyLake, match="no such bucket"):
        store.put_new(OBJECT, b"x")


def test_names_that_are_no_keys_are_listed_and_never_asked_for(server):
    store = server.store()
    server.ask("PUT", f"/{server.bucket}/lakes/fraud/objects/ab/..%5C..%5Cevil", b"x")
    server.ask("PUT", f"/{server.bucket}/lakes/fraud/objects/AB", b"x")
    store.put_new(OBJECT, b"x")
    assert OBJECT in set(store.keys("objects/"))
    for key in ("objects/ab/..%5C..%5Cevil", "objects/AB", "../other/lake.toml", "/etc/passwd", "a//b", ""):
        with pytest.raises(ValueError, match="not a key"):
            store.get(key)


def test_a_name_that_climbs_is_damage_where_it_is_listed_and_nowhere_else(server):
    store = server.store()
    store.put_new(RECORD, b"r")
    server.ask("PUT", f"/{server.bucket}/lakes/fraud/objects/%2E%2E/evil", b"x")
    with pytest.raises(DamagedLake, match="holds a name that is none"):
        list(store.keys("objects/"))
    assert list(store.keys("log/")) == [RECORD]
    assert store.get(RECORD) == b"r"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("s3://team", "s3://team"),
        ("s3://team/a/b/", "s3://team/a/b"),
        ("S3://team/a b", "s3://team/a b"),
        ("gs://team/x", "gs://team/x"),
        ("az://container/x", "az://container/x"),
        ("s3:/team/through/a/path", "s3://team/through/a/path"),
    ],
)
def test_an_address_is_shown_as_it_is_meant(text, shown):
    assert str(address_of(text)) == shown


@pytest.mark.parametrize("text", [".", "/tmp/x", "C:/lakes", "C:\\lakes", "lakes/s3", "~/x"])
def test_a_path_is_no_address(text):
    assert address_of(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "s3://key:top-secret@team/x", "s3://team/x?X-Amz-Signature=top-secret", "s3://team/../other", "s3://team//x", "s3://", "s3:///",
        "http://team/top-secret", "ftp://x/y", "s3://team/a\nb", "s3://team/%2e%2e/x", "s3://-/x", "s3://team/x#top-secret", "s3://team/ü",
    ],
)  # fmt: skip
def test_an_address_that_is_none_is_refused_without_repeating_it(text):
    with pytest.raises(Invalid) as caught:
        address_of(text)
    assert "top-secret" not in str(caught.value)
