import os
import threading

import pytest

from mvlake.lake.lake import Lake
from mvlake.store.cache import Cache
from mvlake.store.cached_bucket import BLOCK, CachedBucket
from mvlake.store.hashing import digest_of
from mvlake.store.hint import write_hint
from mvlake.store.keys import HEAD_HINT, object_key, pack_key, record_key
from mvlake.testing import StoreContract
from mvlake.testing.stores import at_once

NAME = "ab" * 32


@pytest.fixture
def cache(tmp_path):
    return Cache(tmp_path / "kept", limit=10_000)


@pytest.fixture
def cached(server, tmp_path):
    def opened(of=server):
        with pytest.MonkeyPatch.context() as patch:
            for name, value in of.environ.items():
                patch.setenv(name, value)
            store = CachedBucket(server.store()._address if of is server else of.store()._address)
        store.keep(Cache(tmp_path / "kept", limit=1 << 30))
        return store

    return opened


class TestCachedBucket(StoreContract):
    @pytest.fixture
    def store(self, cached):
        return cached()


def files(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


def test_what_is_kept_is_given_back(cache):
    assert cache.get(NAME) is None
    cache.put(NAME, b"data")
    cache.put(f"{NAME}.3", b"")
    assert (cache.get(NAME), cache.get(f"{NAME}.3"), cache.get(f"{NAME}.4")) == (b"data", b"", None)


@pytest.mark.parametrize("name", ["", "x", "../evil", f"{NAME}/x", f"{NAME}.", f"{NAME}.PACK", NAME.upper(), f"{NAME}\n"])
def test_a_name_is_never_a_path(cache, name):
    for ask in (cache.get, lambda name: cache.put(name, b"x")):
        with pytest.raises(ValueError, match="not a name"):
            ask(name)


def test_a_file_with_any_byte_flipped_cut_or_another_name_is_nothing(cache, tmp_path):
    cache.put(NAME, b"data")
    [path] = files(tmp_path / "kept")
    whole = path.read_bytes()
    damaged = [whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :] for at in range(len(whole))]
    for data in [*damaged, *(whole[:length] for length in range(len(whole))), whole + b"x"]:
        path.write_bytes(data)
        assert cache.get(NAME) is None
        assert not path.exists()
    other = "cd" * 32
    (path.parents[1] / "cd").mkdir()
    (path.parents[1] / "cd" / other[2:]).write_bytes(whole)
    assert cache.get(other) is None


def test_it_stays_within_its_limit_and_keeps_what_was_used_last(cache, tmp_path):
    names = [f"{number:064x}" for number in range(100)]
    for age, name in enumerate(names):
        cache.put(name, b"x" * 1000)
        for path in files(tmp_path / "kept"):
            if path.name == name[2:]:
                os.utime(path, (age, age))
    assert sum(path.stat().st_size for path in files(tmp_path / "kept")) <= 12_000
    assert cache.get(names[-1]) == b"x" * 1000
    assert cache.get(names[0]) is None
    cache.put(names[0], b"x" * 3000)
    assert cache.get(names[0]) is None  # it would have pushed out too much


def test_what_earlier_processes_left_counts(cache, tmp_path):
    for number in range(9):
        cache.put(f"{number:064x}", b"x" * 1000)
    later = Cache(tmp_path / "kept", limit=3000)
    later.put(NAME, b"y")
    assert sum(path.stat().st_size for path in files(tmp_path / "kept")) <= 3000


def test_a_place_that_cannot_be_written_is_no_error(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    cache = Cache(tmp_path / "file" / "kept", limit=1000)
    cache.put(NAME, b"data")
    assert cache.get(NAME) is None


def test_a_pack_is_asked_for_in_blocks_and_once(proxy, cached):
    data = os.urandom(BLOCK + 1000)
    key = pack_key(digest_of(data))
    proxy.server.store().put_new(key, data)
    store = cached(proxy.behind())
    ranges = [
        (0, 10),
        (500, 20_000),
        (BLOCK - 5, 10),
        (-16, 16),
        (-2000, 1500),
        (BLOCK + 990, 99),
        (BLOCK + 1000, 5),
        (0, BLOCK * 3),
    ]
    for start, length in ranges:
        first = max(0, len(data) + start) if start < 0 else start
        assert store.get_range(key, start, length) == data[first : first + length]
    assert proxy.asked("GET", key) == 2
    again = cached(proxy.behind())
    assert all(again.get_range(key, start, length) == store.get_range(key, start, length) for start, length in ranges)
    assert proxy.asked("GET", key) == 2


def test_many_threads_that_want_one_block_fetch_it_once(proxy, cached):
    data = os.urandom(50_000)
    key = pack_key(digest_of(data))
    proxy.server.store().put_new(key, data)
    store = cached(proxy.behind())
    assert set(at_once(lambda number: store.get_range(key, number, 1000) == data[number : number + 1000])) == {True}
    assert proxy.asked("GET", key) == 1


def test_what_can_change_is_never_kept(proxy, cached, tmp_path):
    store = cached(proxy.behind())
    store.put_hint("index/head.json", b"1")
    assert store.get("index/head.json") == b"1"
    proxy.server.store().put_hint("index/head.json", b"2")
    assert store.get("index/head.json") == b"2"
    proxy.server.store().put_new(record_key(1), b"r")
    assert store.get(record_key(1)) == b"r"
    proxy.server.store().remove(record_key(1))
    assert store.get(record_key(1)) is None
    key = object_key(digest_of(b"o"))
    store.put_new(key, b"o")
    assert store.get(key) == b"o"
    proxy.server.store().remove(key)
    assert store.size(key) is None  # whether it is there, the bucket says
    assert not [path for path in files(tmp_path / "kept") if path.read_bytes()[32:] == b"r"]


def test_records_that_the_hint_tells_of_are_asked_for_ahead_and_no_others(proxy, cached):
    plain = proxy.server.store()
    for seq in range(1, 61):
        plain.put_new(record_key(seq), b"%d" % seq)
    write_hint(plain, 58, digest_of(b"58"))
    store = cached(proxy.behind())
    store.get(HEAD_HINT)
    together = threading.Barrier(4)

    def fault(request):
        if request.method == "GET" and int(request.path[-11:-5]) in range(3, 7):
            together.wait(30)  # passed only when four are asked for at once
        return ""

    proxy.fault = fault
    for seq in range(1, 61):
        assert store.get(record_key(seq)) == b"%d" % seq
    proxy.fault = lambda request: ""
    assert store.get(record_key(61)) is None
    plain.put_new(record_key(61), b"61")
    assert store.get(record_key(61)) == b"61"  # an absence is not remembered
    assert store.get(record_key(62)) is None
    asked = [one.path[-11:-5] for one in proxy.seen if one.method == "GET" and "/log/" in one.path]
    assert sorted(asked) == [f"{seq:06d}" for seq in (*range(1, 61), 61, 61, 62)]


@pytest.mark.parametrize(
    "hint", [b"", b"{", b"[]", b'{"seq": -1}', b"\xff" * 99, b'{"digest":"b3:' + b"0" * 64 + b'","seq":99999999999}']
)
def test_a_hint_that_is_nonsense_costs_a_few_requests_and_no_answer(proxy, cached, hint):
    plain = proxy.server.store()
    for seq in range(1, 5):
        plain.put_new(record_key(seq), b"%d" % seq)
    plain.put_hint(HEAD_HINT, hint)
    store = cached(proxy.behind())
    assert store.get(HEAD_HINT) == hint
    assert [store.get(record_key(seq)) for seq in range(1, 6)] == [b"1", b"2", b"3", b"4", None]


def test_a_lake_in_a_bucket_is_read_from_the_cache_and_a_damaged_cache_changes_nothing(proxy, commit, caches, monkeypatch):
    for name, value in proxy.behind().environ.items():
        monkeypatch.setenv(name, value)
    url = proxy.behind().url()
    commit(Lake.open(url), outputs={"x": list(range(500))}, models={"m": os.urandom(2_000_000)})
    lake = Lake.open(url)
    assert lake.load("fraud:v1", "x") == list(range(500))
    model = lake.load("fraud:v1", "m")
    before = [one for one in proxy.seen if one.method == "GET" and "/objects/" in one.path]
    again = Lake.open(url)
    assert (again.load("fraud:v1", "x"), again.load("fraud:v1", "m")) == (list(range(500)), model)
    assert [one for one in proxy.seen if one.method == "GET" and "/objects/" in one.path] == before
    assert files(caches)
    for path in files(caches):
        path.write_bytes(path.read_bytes()[:-1] + b"?")
    last = Lake.open(url)
    assert (last.load("fraud:v1", "x"), last.load("fraud:v1", "m")) == (list(range(500)), model)


def test_no_cache_is_kept_where_none_is_wanted(server, commit, caches, monkeypatch):
    monkeypatch.setenv("MVLAKE_CACHE", "0")
    commit(Lake.open(server.url()), outputs={"x": 1})
    assert Lake.open(server.url()).load("fraud:v1", "x") == 1
    assert files(caches) == []
